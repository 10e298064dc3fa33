import NotebookKernel
import Testing

/// One rule for errors, traps and interrupts: the names above the place where a cell ended have
/// their values, the others are as they were, and nothing of the cell runs later.
extension NotebookTests {
  struct EndedCellTests {
    static let ways = [
      ("throw", "throw Boom()", "Boom"), ("throw in a value", "let made = try boom()", "Boom"),
      ("throw in a loop", "for i in 0..<3 { if i == 1 { throw Boom() } }", "Boom"),
      ("trap", "[1][one]", "Trap"), ("trap in a value", "let made = [1][one]", "Trap"),
      ("interrupt", "print(\"on\")\nwhile true { count += 1 }", "Interrupted"),
      ("interrupt in a function", "print(\"on\")\nspin()", "Interrupted"),
      ("interrupt in a value", "print(\"on\")\nlet made = spin()", "Interrupted"),
      (
        "interrupt of a stream",
        "print(\"on\")\nfor await n in AsyncStream<Int>(unfolding: "
          + "{ try? await Task.sleep(for: .seconds(600)); return nil }) { print(n) }",
        "Interrupted"
      ),
    ]

    @Test("keeps what was reached, and nothing else", arguments: ways)
    func rule(_ way: String, _ end: String, _ error: String) throws {
      let notebook = try Client()
      #expect(
        try notebook.run(
          """
          struct Boom: Error {}
          func boom() throws -> Int { throw Boom() }
          var (count, calls, one) = (0, 0, 1)
          func next() -> Int { calls += 1; return calls }
          func spin() -> Int { while count >= 0 { count += 1 }; return 1 }
          var old = 10
          func f() -> Int { old }
          func g(_ x: Int) -> Int { x }
          struct Kind { var a = 1 }
          """
        ).status == "ok")
      let id = notebook.start(
        """
        let kept = 5
        func g(_ x: String) -> String { x + x }
        struct Mine { var n = 7 }
        extension Int { var doubled: Int { 2 * self } }
        func early() -> Int { fresh }
        \(end)
        let fresh = next()
        let old = "new"
        func f() -> Int { next() }
        struct Kind { var b = 2 }
        calls += 100
        """)
      let result = try notebook.finish(id) { if $0.hasPrefix("on") { notebook.interrupt() } }
      #expect(result.error == error, "\(way): \(result)")
      #expect(result.trace.contains("fresh, old, f, Kind."), "\(result.trace)")
      func value(_ code: String) throws -> String? {
        let result = try notebook.run(code)
        return result.value["text/plain"] ?? result.error + result.trace
      }
      // What was reached.
      #expect(try value("(kept, g(\"a\"), Mine().n, 3.doubled)") == "(5, \"aa\", 7, 6)")
      // What has an older value, and takes new ones.
      #expect(try value("old += 1\nold") == "11")
      #expect(try value("(f(), g(4), Kind().a)") == "(11, 4, 1)")
      // What has none, however often it is asked for.
      #expect(try value("fresh")?.contains("ended before it reached 'fresh'") == true)
      for _ in 0..<2 {
        let asked = try notebook.run("early()")
        #expect(asked.error == "Trap" && asked.trace.contains("no value"), "\(asked)")
        #expect(asked.trace.contains("in early"), "\(asked)")
      }
      #expect(try value("calls") == "0")
      // The name is free, and the cell can be run again.
      #expect(try value("let fresh = \"again\"\nfresh") == "\"again\"")
    }

    @Test("a cell of which nothing was reached leaves nothing")
    func nothing() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("var w = 1\nstruct Boom: Error {}")
      #expect(try notebook.run("throw Boom()\nlet w = 2\nlet never = w").error == "Boom")
      #expect(try notebook.run("w += 1\nw").value["text/plain"] == "2")
      #expect(try notebook.run("never").error == "CompileError")
    }

    @Test("imports and hidden functions are those of what was reached")
    func imports() throws {
      let notebook = try Client()
      _ = try notebook.run(
        "struct Boom: Error {}\nfunc up() -> Int { 1 }\nfunc down() -> Int { 1 }")
      let result = try notebook.run(
        """
        import Foundation
        private let secret = 4
        func up() -> String { "up" }
        throw Boom()
        func down() -> String { "down" }
        """)
      #expect(result.error == "Boom")
      let after = try notebook.run("(up(), down(), secret, Date(timeIntervalSince1970: 0))")
      #expect(
        after.value["text/plain"] == "(\"up\", 1, 4, 1970-01-01 00:00:00 +0000)", "\(after)")
    }

    @Test("runs a call whose result no name gets, once and in its turn")
    func unnamed() throws {
      let notebook = try NotebookTests.shared.get()
      let result = try notebook.run(
        "var n = 0\nfunc count() -> Int { n += 1; return n }\nlet _ = count()\nn")
      #expect(result.value["text/plain"] == "1", "\(result)")
    }
  }
}
