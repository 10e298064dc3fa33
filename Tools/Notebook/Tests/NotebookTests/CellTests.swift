import NotebookKernel
import Testing

/// Cells as readers write them. One kernel serves all cells of a test.
extension NotebookTests {
  struct CellTests {
    @Test("shows the last value, keeps names, and lets them be redefined")
    func names() throws {
      let notebook = try Client()
      #expect(try notebook.run("1 + 1").value["text/plain"] == "2")
      #expect(try notebook.run("let x = 3").value.isEmpty)
      #expect(try notebook.run("x + 1").value["text/plain"] == "4")
      #expect(try notebook.run("let x = \"new\"\nx").value["text/plain"] == "\"new\"")
      #expect(try notebook.run("let x = x + \"er\"\nx").value["text/plain"] == "\"newer\"")
      _ = try notebook.run("func f() -> Int { 1 }\nstruct Point { var a = 1 }")
      #expect(try notebook.run("f()").value["text/plain"] == "1")
      _ = try notebook.run("func f() -> Int { 2 }\nstruct Point { var b = 2.5 }")
      #expect(try notebook.run("f()").value["text/plain"] == "2")
      #expect(try notebook.run("Point()").value["text/plain"] == "Point(b: 2.5)")
      #expect(try notebook.run("extension Point { var twice: Double { 2 * b } }").status == "ok")
      #expect(try notebook.run("Point().twice").value["text/plain"] == "5.0")
      _ = try notebook.run("var n = 1")
      #expect(try notebook.run("n += 5").value.isEmpty)
      #expect(try notebook.run("for _ in 0..<3 { n += 1 }\nn").value["text/plain"] == "9")
      #expect(try notebook.run("n").count == 16)
      #expect(notebook.beats())
    }

    @Test(
      "runs Swift as it is written at top level",
      arguments: [
        ("let (a, b) = (1, 2)\na + b", "3"), ("print(1); let q = 3; print(q); q + 1", "4"),
        ("let q = 1; print(q); func f() -> Int { q }; f()", "1"), ("print(1); struct Q {}\n3", "3"),
        ("let t = try await Task { 5 }.value\nt", "5"),
        ("let text: String = try { () throws -> String in \"made\" }()\ntext", "\"made\""),
        (
          "var total = 0\nfor await i in AsyncStream<Int> { s in s.yield(4); s.finish() } "
            + "{ total += i }\ntotal",
          "4"
        ),
        ("guard let first = [7].first else { fatalError() }\nfirst", "7"),
        ("let numbers = [3, 1, 2]\nnumbers.sorted()", "[1, 2, 3]"),
        ("enum Side: CaseIterable { case left, right }\nSide.allCases.count", "2"),
        ("infix operator +++\nfunc +++ (l: Int, r: Int) -> Int { l * 10 + r }\n4 +++ 2", "42"),
        ("import Foundation\nString(format: \"%.2f\", 1.5)", "\"1.50\""),
        ("let word = \"ab12\".firstMatch(of: /[0-9]+/)!.output\nword", "\"12\""),
        (
          "actor Counter { var n = 0; func add() -> Int { n += 1; return n } }\n"
            + "let c = Counter()\nawait c.add()",
          "1"
        ),
        ("#if os(Linux)\nprint(\"linux\")\n#endif\n8", "8"),
        ("let é = \"ü\" // a comment\né", "\"ü\""),
        ("Optional(3) // the comment stays outside", "3"),
        ("@MainActor func onMain() -> Int { 6 }\nawait onMain()", "6"),
        ("try Tensor([[1.0, 2], [3, 4]]).sum().item()", "10.0"),
        ("import BlitzPlot\nPlot.line([1, 2]).labeled(\"two\").title", "\"two\""),
        (
          "import BlitzLessons\nlet run = LessonRun(steps: 2)\n"
            + "run.report(step: 0, loss: 1.5)\nrun[\"loss\"]",
          "[1.5]"
        ),
        ("var lazy1 = 1 { didSet { print(\"set\") } }\nlazy1 = 2\nlazy1", "2"),
        ("let r = (1...3).map { i in\n  if i == 2 { return 20 }\n  return i\n}\nr", "[1, 20, 3]"),
      ])
    func language(code: String, value: String) throws {
      let result = try NotebookTests.shared.get().run(code)
      #expect(result.value["text/plain"] == value, "\(result.trace)")
    }

    @Test(
      "a function declared again takes the place of the earlier one, whatever type that had",
      arguments: [
        ["func f() -> String { \"one\" }", "func f() -> Int { 2 }", "f()", "2"],
        [
          "func g(_ x: Int) -> Int { x }", "func g(_ x: Int) throws -> Int { x + 1 }", "try g(1)",
          "2",
        ],
        [
          "func g(_ x: Int) throws -> Int { x }", "func g(_ x: Int) -> Int { x + 2 }", "try g(1)",
          "3",
        ],
        ["func h<T>(_ x: T) -> T { x }", "func h<U>(_ x: U) -> [U] { [x] }", "h(1)", "[1]"],
        [
          "func i(_ x: Int = 1) -> Int { x }", "func i(_ x: Int = 5, y: Int = 2) -> Int { x + y }",
          "i()", "7",
        ],
        [
          "extension Int { func half() -> Int { self / 2 } }",
          "extension Int { func half() -> Double { Double(self) / 2 } }", "7.half()", "3.5",
        ],
        [
          "extension Array where Element == Int { func odd() -> Int { 1 } }",
          "extension Array where Element == Int { func odd() throws -> String { \"2\" } }",
          "try [1].odd()", "\"2\"",
        ],
      ])
    func redeclared(cells: [String]) throws {
      let notebook = try NotebookTests.shared.get()
      for cell in cells[..<2] { #expect(try notebook.run(cell).status == "ok") }
      let result = try notebook.run(cells[2])
      #expect(result.value["text/plain"] == cells[3], "\(result.trace)")
      // And the first again, which no module hides any more.
      #expect(try notebook.run(cells[0] + "\nlet again = 1").status == "ok")
      #expect(try notebook.run("let other = " + cells[2]).status == "ok")
    }

    @Test("functions for other operands stay beside a new one")
    func overloads() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("func kind(_ x: Int) -> String { \"whole\" }")
      _ = try notebook.run("func kind(_ x: String) -> String { \"text\" }")
      _ = try notebook.run("func kind(_ x: String, twice: Bool) -> Int { 2 }")
      let result = try notebook.run("[kind(1), kind(\"\"), \"\\(kind(\"\", twice: true))\"]")
      #expect(result.value["text/plain"] == "[\"whole\", \"text\", \"2\"]", "\(result.trace)")
    }

    @Test("a name may get its value later")
    func declaredLater() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run(
        """
        let sign: String  // of it
        let none: Int?
        var found: Int?
        var list: [Int]
        none = nil
        if found == none { sign = "+" } else { sign = "-" }
        """)
      #expect(try notebook.run("sign").value["text/plain"] == "\"+\"")
      let early = try notebook.run("\nlist")
      #expect(early.error == "Trap" && early.trace.contains("no value yet"), "\(early)")
      #expect(early.trace.contains("]:2"), "\(early)")
      #expect(try notebook.run("list = [1]\nlist.append(2)\nlist").value["text/plain"] == "[1, 2]")
      #expect(try notebook.run("found = list.first\nfound").value["text/plain"] == "1")
    }

    @Test("the names of a guard are there for the cells that follow")
    func guarded() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run(
        """
        guard let first = [3, 4].first, let half = Double("0.5"), first > 2 else { fatalError() }
        guard case let second? = Int("5"), var third = Optional(6) else { fatalError() }
        third += 1
        """)
      #expect(try notebook.run("(first, half)").value["text/plain"] == "(3, 0.5)")
      #expect(try notebook.run("third += second\nthird").value["text/plain"] == "12")
      _ = try notebook.run("let maybe = Optional(2)")
      _ = try notebook.run("guard let maybe else { fatalError() }")
      #expect(try notebook.run("maybe + 1").value["text/plain"] == "3")
      let ended = try notebook.run("guard let none = Int(\"x\") else { return }\nprint(none)")
      #expect(ended.status == "ok" && ended.output == "")
      let failed = try notebook.run(
        "struct Missing: Error {}\nguard let number = Int(\"x\") else {\n  throw Missing()\n}")
      #expect(failed.error == "Missing" && failed.trace.contains("]:3"), "\(failed)")
      #expect(try notebook.run("number").trace.contains("ended before it reached 'number'"))
    }

    @Test(
      "shows the line, column and caret of a compile error",
      arguments: [
        (
          "let a = 1\nlet b: String = a", "In[N]:2:17: error:",
          "  let b: String = a\n                  ^"
        ),
        ("  missing(1)", "In[N]:1:3: error: cannot find 'missing'", "    missing(1)\n    ^"),
        (
          "for i in 0..<3 { print(j) }", "In[N]:1:24: error: cannot find 'j'",
          "{ print(j) }\n                         ^"
        ),
        ("let z = (1\n", "In[N]:1:11: error: expected ')'", "  let z = (1\n            ^"),
        (
          "let v = try nothing()", "In[N]:1:13: error: cannot find 'nothing'",
          "try nothing()\n              ^"
        ),
        ("print(\"é\", oops)", "In[N]:1:12: error: cannot find 'oops'", "oops)\n             ^"),
      ])
    func compileErrors(code: String, head: String, tail: String) throws {
      let result = try NotebookTests.shared.get().run(code)
      #expect(result.error == "CompileError")
      let trace = result.trace.replacing("In[\(result.count)]", with: "In[N]")
      #expect(trace.contains(head), "\(trace)")
      #expect(trace.contains(tail), "\(trace)")
    }

    @Test("shows the text and the place of a thrown error, and keeps the names before it")
    func thrown() throws {
      let notebook = try Client()
      let result = try notebook.run(
        """
        let before = 4
        struct Lost: Error { var where_ = "sea" }
        func find() throws -> Int {
          throw Lost()
        }
        let after_ = try find()
        """)
      #expect(result.error == "Lost")
      #expect(result.trace.contains("Lost(where_: \"sea\")"))
      #expect(result.trace.contains("at In[1]:4 in find()"))
      #expect(result.trace.contains("at In[1]:6"))
      #expect(try notebook.run("before").value["text/plain"] == "4")
      #expect(result.trace.contains("Not reached, and as before this cell: after_."))
      let missing = try notebook.run("after_")
      #expect(missing.trace.contains("In[1] ended before it reached 'after_'"), "\(missing)")
      let tensor = try notebook.run("\ntry Tensor([1.0]).matmul(Tensor([1.0, 2])).item()")
      #expect(tensor.error == "TensorError")
      #expect(tensor.trace.contains("at:    In[4]:2"), "\(tensor.trace)")
    }

    @Test("answers nobody without the key")
    func unsigned() throws {
      let notebook = try Client()
      let forged = notebook.start("print(\"forged\")", key: Array("another".utf8))
      #expect(throws: Client.Silence.self) { try notebook.finish(forged, within: 1) }
      #expect(try notebook.run("1").count == 1)
    }

    @Test("does not run the cells behind one that failed")
    func stops() throws {
      let notebook = try Client()
      _ = try notebook.run("1")
      let first = notebook.start("missing")
      let second = notebook.start("print(\"ran\")")
      #expect(try notebook.finish(first).status == "error")
      let aborted = try notebook.finish(second)
      #expect(aborted.status == "aborted")
      #expect(aborted.output == "")
    }
  }
}
