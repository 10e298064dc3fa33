import NotebookKernel
import Testing

/// Declarations of several variables, of which each has its own value: read in its turn, from
/// functions and closures before it, from later cells, and declared again.
extension NotebookTests {
  struct BindingTests {
    static let preparation = """
      var calls: [String] = []
      func made<T>(_ value: T, _ name: String = "") -> T { calls.append(name); return value }
      func tried<T>(_ value: T) throws -> T { value }
      func awaited<T>(_ value: T) async -> T { value }
      """

    /// A cell, an expression of the next, and its value.
    static let rows = [
      ("var a = made(1), b = made(2), c = made(3)", "(a, b, c)", "(1, 2, 3)"),
      (
        "let a: Int = made(1), b = made(\"two\"), c: Double = made(3)", "(a, b, c)",
        "(1, \"two\", 3.0)"
      ),
      ("let a = { 1 }(), b = { 2 }(); let c = { 3 }()", "(a, b, c)", "(1, 2, 3)"),
      ("let a = [1].map { $0 * 10 }, b = [1].map { $0 * 20 }", "(a, b)", "([10], [20])"),
      ("let a = made(nil) ?? made(1), b = made(nil) ?? made(2)", "(a, b)", "(1, 2)"),
      ("var a = { 1 }, b = { 2 }, c = { made(3) }", "(a(), b(), c())", "(1, 2, 3)"),
      (
        "var (a, b) = (made(1), made(2)), c = made(3), (d, _) = made((4, 5))", "(a, b, c, d)",
        "(1, 2, 3, 4)"
      ),
      (
        "let a = try tried(1), b = try tried(2), c = made(3), d = 4", "(a, b, c, d)", "(1, 2, 3, 4)"
      ),
      (
        "let a = await awaited({ 1 }()), b: Int = await awaited({ 2 }()), c = try tried(3)",
        "(a, b, c)", "(1, 2, 3)"
      ),
      (
        "let (a, b) = try tried(({ 1 }(), { 2 }())), (c, d) = try tried(({ 3 }(), { 4 }()))",
        "(a, b, c, d)", "(1, 2, 3, 4)"
      ),
      ("let a = made(1), b = a + made(1), c = b + made(1)", "(a, b, c)", "(1, 2, 3)"),
      ("let early = { (a, b) }()\nlet a = made(1), b = made(2)", "(early, a, b)", "((1, 2), 1, 2)"),
      (
        "func read() -> (Int, Int) { (a, b) }\nlet early = read(), a = made(1), b = made(2)",
        "(early, a, b, read())", "((1, 2), 1, 2, (1, 2))"
      ),
      ("var a = made(1), sum: Int { a + b }, b = made(2)", "[sum, a, b]", "[3, 1, 2]"),
      (
        "var a = made(1) { didSet { calls.append(\"set\") } }, b = made(2)\na += b",
        "(a, b, calls.last!)", "(3, 2, \"set\")"
      ),
      ("let a, b: Int, c: String\n(a, b, c) = (1, 2, \"c\")", "(a, b, c)", "(1, 2, \"c\")"),
      ("var a, b: Int?, c = made(3)\nb = 2", "\"\\(a ?? 1) \\(b!) \\(c)\"", "\"1 2 3\""),
      ("nonisolated(unsafe) var a = made(1), b = made(2)", "(a, b)", "(1, 2)"),
      ("@MainActor private\n  var a = made(1), b = made(2)\nlet c = await (a, b)", "c", "(1, 2)"),
      (
        "let a = made(1), // one\n  /* two */ b = made(2)  // and more\n  , c = made(3)",
        "(a, b, c)", "(1, 2, 3)"
      ),
      (
        "calls = []\nlet a = made(1, \"a\"), _ = made(0, \"none\"), b = made(2, \"b\")",
        "(a, b, calls)", "(1, 2, [\"a\", \"none\", \"b\"])"
      ),
      (
        "for i in 1...2 { let a = { i }(), b = { 10 * i }(); calls = [\"\\(a)\", \"\\(b)\"] }",
        "calls", "[\"2\", \"20\"]"
      ),
      ("func f() -> [Int] { let a = { 1 }(), b = { 2 }(); return [a, b] }", "f()", "[1, 2]"),
      (
        "guard let a = Optional({ 1 }()), let b = Optional({ 2 }()) else { fatalError() }\n"
          + "var c = { 3 }(), d = { 4 }()",
        "(a, b, c, d)", "(1, 2, 3, 4)"
      ),
      ("var a = 1, b = 2\nlet swap = { (a, b) = (b, a) }\nswap()", "(a, b)", "(2, 1)"),
    ]

    @Test("each variable of a declaration has its own value", arguments: rows)
    func values(cell: String, expression: String, value: String) throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run(Self.preparation)
      for _ in 0..<2 {
        let declared = try notebook.run(cell)
        #expect(declared.status == "ok", "\(declared.trace)")
        let result = try notebook.run(expression)
        #expect(result.value["text/plain"] == value, "\(result)")
      }
    }

    @Test("with another type, and with the values of the cell before")
    func redefined() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("var a = [1].map { $0 + 1 }, b = [1].map { $0 + 2 }")
      _ = try notebook.run("let a = a.map { $0 * 2 }, b = b.map { \"\\($0 + a[0])\" }")
      #expect(try notebook.run("(a, b)").value["text/plain"] == "([4], [\"7\"])")
    }

    @Test("what fails has no value, and what stands before it has one")
    func failed() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("var old = 0, older = 0\nstruct Boom: Error {}\n\(Self.preparation)")
      let result = try notebook.run(
        "let new = made(1), old = try { () throws -> Int in throw Boom() }(),\n  older = made(3)")
      #expect(result.error == "Boom" && result.trace.contains("before this cell: old, older."))
      #expect(try notebook.run("(new, old, older)").value["text/plain"] == "(1, 0, 0)")
    }

    @Test("errors keep their places")
    func places() throws {
      let notebook = try NotebookTests.shared.get()
      let compiled = try notebook.run("let a = { 1 }(), b = missing, c: Int = \"\"")
      #expect(compiled.trace.contains(":1:22: error: cannot find 'missing'"), "\(compiled.trace)")
      #expect(compiled.trace.contains(":1:40: error: cannot convert"), "\(compiled.trace)")
      let trap = try notebook.run("let none: Int? = nil\nlet a = { 1 }(),\n  b = { none! }()")
      #expect(trap.error == "Trap" && trap.trace.contains("]:3"), "\(trap.trace)")
    }

    @Test("in the first cell, also when it is optimised", arguments: ["", "// swiftc: -O\n"])
    func first(options: String) throws {
      let notebook = try Client()
      let result = try notebook.run(
        options + "var a = { 1 }(), b = { 2 }()\nfunc f() -> Int { b }\n(a, b, f())")
      #expect(result.count == 1 && result.value["text/plain"] == "(1, 2, 2)", "\(result)")
    }
  }
}
