import NotebookKernel
import Testing

extension NotebookTests {
  struct InputTests {
    @Test("readLine() asks the reader, below what was printed before")
    func asks() throws {
      let notebook = try NotebookTests.shared.get()
      let id = notebook.start(
        """
        print("Name: ", terminator: "")
        let name = readLine()
        print("Age: ", terminator: "")
        let age = readLine().flatMap { Int($0) }
        let none = readLine()
        """, takesInput: true)
      _ = try notebook.answer(id, "Zoë")
      _ = try notebook.answer(id, "36")
      _ = try notebook.answer(id, "\u{4}")  // control-D
      let result = try notebook.finish(id)
      #expect(result.status == "ok" && result.output == "Name: Age: ", "\(result)")
      let value = try notebook.run("\"\\(name!) \\(age!) \\(none == nil)\"")
      #expect(value.value["text/plain"] == "\"Zoë 36 true\"", "\(value)")
      // The end of one cell's input is not that of the next.
      let next = notebook.start("readLine()!", takesInput: true)
      _ = try notebook.answer(next, "more")
      #expect(try notebook.finish(next).value["text/plain"] == "\"more\"")
    }

    @Test("where no input is taken, readLine() is nil, and that is said")
    func refused() throws {
      let notebook = try NotebookTests.shared.get()
      let result = try notebook.run("readLine() ?? \"nothing\"")
      #expect(result.value["text/plain"] == "\"nothing\"", "\(result)")
      #expect(result.errors.contains("takes no input (allow_stdin is false)"))
    }

    @Test("an interrupt ends the wait, and an answer that comes too late is nobody's")
    func interrupted() throws {
      let notebook = try NotebookTests.shared.get()
      let id = notebook.start(
        "let before = 1\nprint(\"on\")\nlet line = readLine()", takesInput: true)
      let question = try notebook.answer(id, "never", to: ["msg_id": "another"])
      notebook.interrupt()
      let result = try notebook.finish(id)
      #expect(result.error == "Interrupted" && result.trace.contains("]:3"), "\(result)")
      notebook.reply("too late", to: question)
      let next = notebook.start("(before, readLine()!)", takesInput: true)
      notebook.reply("too late", to: question)
      _ = try notebook.answer(next, "in time")
      #expect(try notebook.finish(next).value["text/plain"] == "(1, \"in time\")")
    }

    @Test("C's functions that read standard input ask, too, and a task after its cell")
    func others() throws {
      let notebook = try NotebookTests.shared.get()
      let id = notebook.start(
        """
        import Glibc
        let first = getchar()
        let rest = readLine()!
        Task.detached { print("got", readLine() ?? "none") };
        """, takesInput: true)
      _ = try notebook.answer(id, "abc")
      _ = try notebook.answer(id, "later")
      let result = try notebook.finish(id)
      let output = notebook.lateOutput(id, after: result.output, until: "later\n")
      #expect(output == "got later\n")
      #expect(try notebook.run("(first, rest)").value["text/plain"] == "(97, \"bc\")")
    }
  }
}
