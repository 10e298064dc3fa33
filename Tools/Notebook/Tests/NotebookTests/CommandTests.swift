import NotebookKernel
import Testing

extension NotebookTests {
  struct CommandTests {
    @Test("%help tells what a cell can be, %time how long it took, and others are named")
    func commands() throws {
      let notebook = try NotebookTests.shared.get()
      #expect(try notebook.run("%help").output.contains("%rerun"))
      let timed = try notebook.run("%time let x = 3\nprint(x)")
      #expect(
        timed.output.wholeMatch(of: #/3\nran in \d+\.\d{3} s, compiled in \d+\.\d{3} s\n/#) != nil,
        "\(timed)")
      #expect(try notebook.run("%%time\nx + 1").value["text/plain"] == "4")
      #expect(try notebook.run("%time missing").trace.contains("]:1:7: error: cannot find"))
      let unknown = try notebook.run("%matplotlib inline")
      #expect(unknown.status == "error" && unknown.trace.contains("there is no %matplotlib here"))
      let more = try notebook.run("%help me")
      #expect(more.trace.contains("%help stands alone in its cell"), "\(more)")
    }

    @Test("a name with a question mark is explained")
    func explained() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("/// Where things are.\nstruct Spot {}\nlet values = Tensor([1.0])")
      #expect(try notebook.run("Spot?").output == "struct Spot\n\nWhere things are.\n")
      #expect(try notebook.run("?values.relu").output.hasPrefix("func relu() -> Tensor\n\nThe"))
      #expect(try notebook.run("values.matmul??").output.contains("func matmul"))
      #expect(
        try notebook.run("nothingHere?").trace.contains(
          "nothing is known of nothingHere; run the cell"))
    }

    @Test("a tensor that carries an error is the cell's error when it is shown")
    func carried() throws {
      let notebook = try NotebookTests.shared.get()
      let wrong = "Tensor([1.0]).matmul(Tensor([1.0, 2]))"
      for code in [wrong, "[\(wrong)]", "(1, Optional(\(wrong)))", "let w = \(wrong)\nw"] {
        let result = try notebook.run(code)
        #expect(result.error == "TensorError" && result.value.isEmpty, "\(code): \(result)")
        #expect(result.trace.contains("matmul: the inner axes differ"), "\(result.trace)")
      }
      #expect(try notebook.run("w.error != nil").value["text/plain"] == "true")
    }

    @Test("and said once when it gets a name, or is shown before the end")
    func said() throws {
      let notebook = try NotebookTests.shared.get()
      let wrong = "Tensor([1.0]).matmul(Tensor([1.0, 2]))"
      let declared = try notebook.run("var w = \(wrong), v = w + 1\nprint(2)")
      #expect(declared.status == "ok" && declared.output == "2\n")
      #expect(declared.errors.hasPrefix("w carries an error"), "\(declared)")
      #expect(declared.errors.contains("at:    In[\(declared.count)]:1"), "\(declared.errors)")
      #expect(!declared.errors.contains("v carries"))
      let assigned = try notebook.run("w = Tensor([1.0])\nw += Tensor([1.0, 2, 3]).sum(axis: 4)")
      #expect(assigned.errors.hasPrefix("w carries an error"), "\(assigned)")
      let shown = try notebook.run("show(v)\n1")
      #expect(shown.status == "ok" && shown.errors.hasPrefix("what is shown carries"), "\(shown)")
    }

    @Test("says why a value does not fit a type that was declared again")
    func twice() throws {
      let notebook = try NotebookTests.shared.get()
      let net = "struct Net { var a = 1 }\n"
      _ = try notebook.run(net + "var net = Net()")
      _ = try notebook.run(net + "var net2 = Net()")
      let result = try notebook.run("net = net2")
      #expect(result.trace.contains("hint: Net was declared again"), "\(result.trace)")
    }
  }
}
