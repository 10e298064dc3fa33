import Foundation
import NotebookKernel
import Testing

extension NotebookTests {
  struct AccidentTests {
    @Test(
      "shows the reason and the place of a trap, and keeps what earlier cells made",
      arguments: [
        ("let list = [1, 2, 3]\nlist[7]", "Index out of range", "at In[N]:2"),
        (
          "func add(_ n: Int) -> Int {\n  n + kept\n}\nadd(Int.max)", "arithmetic overflow",
          "at In[N]:2 in add"
        ),
        (
          "func read(_ t: Tensor) -> Int {\n  [1][kept]\n}\nread(Tensor(1.0))",
          "Index out of range", "at In[N]:2 in read(Tensor) -> Int"
        ),
        ("let none: Int? = nil\n\nnone!", "Unexpectedly found nil", "at In[N]:3"),
        ("let none: Int! = nil\nnone + 1", "implicitly unwrapping", "at In[N]:2"),
        ("fatalError(\"the end\")", "the end", "at In[N]:1"),
        (
          "precondition(kept > 50, \"too few\")", "Trap: Precondition failed: too few", "at In[N]:1"
        ),
        ("assert(kept > 50)", "Trap: Assertion failed\n", "at In[N]:1"),
        (
          "var n = 1\nfunc both(_ n: inout Int, _ body: () -> Void) { body() }\nboth(&n) { n = 2 }",
          "Trap: Simultaneous accesses to one variable, but modification requires", "at In[N]:3"
        ),
        ("let zero = 0\nkept / zero", "Division by zero", "at In[N]:2"),
        ("(kept as Any) as! String", "Could not cast value of type 'Swift.Int'", "at In[N]:1"),
        (
          "func down(_ n: Int) -> Int { down(n + 1) + 1 }\ndown(0)", "the stack is full",
          "at In[N]:1"
        ),
        (
          "struct Odd: CustomStringConvertible { var description: String { [\"a\"][kept] } }\n"
            + "print(Odd())",
          "Index out of range", "at In[N]:1"
        ),
        ("await Task { 1 }.value\nfatalError(\"later\")", "later", "at In[N]:2"),
      ])
    func traps(code: String, reason: String, place: String) throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("let kept = 40 + 2")
      let result = try notebook.run(code)
      #expect(result.error == "Trap", "\(result)")
      #expect(result.trace.contains(reason), "\(result.trace)")
      #expect(
        result.trace.replacing("In[\(result.count)]", with: "In[N]").contains(place),
        "\(result.trace)")
      #expect(try notebook.run("print(kept)").output == "42\n")
    }

    @Test(
      "an interrupt stops a loop, a function, a wait, and leaves the names",
      arguments: [
        "for i in 0..<Int.max { count = i }",
        "func spin() { while true { count &+= 1 } }\nspin()",
        "try await Task.sleep(for: .seconds(600))",
        "import Dispatch\nDispatchSemaphore(value: 0).wait()",
        "while true { let t = Tensor.randn([64, 64]); try eval(t.matmul(t)) }",
        "while true { print(String(repeating: \"y\", count: 10_000)) }",
        "for await number in AsyncStream<Int>(unfolding: "
          + "{ try? await Task.sleep(for: .seconds(600)); return nil }) { print(number) }",
      ])
    func interrupts(code: String) throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("var count = 0\nlet safe = \"here\"")
      let id = notebook.start("print(\"started\")\n" + code)
      var asked = ContinuousClock.now
      var isAsked = false
      let result = try notebook.finish(id) { output in
        if isAsked { return }
        isAsked = true
        usleep(200_000)
        asked = .now
        notebook.interrupt()
      }
      let waited = ContinuousClock.now - asked
      #expect(result.error == "Interrupted", "\(result)")
      print("interrupted after \(waited)")
      // It takes a second or two. The host is ended after 6 s that it does not answer, and with it
      // go the names: that they are here says that it did.
      #expect(try notebook.run("safe").value["text/plain"] == "\"here\"")
    }

    @Test("an optimised cell that makes an error of a tensor's keeps the process")
    func optimised() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("let kept = 3")
      let result = try notebook.run(
        "// swiftc: -O\nlet wrong = Tensor([1.0]).matmul(Tensor([1.0, 2]))\ntry wrong.item()")
      #expect(result.error == "TensorError", "\(result)")
      #expect(try notebook.run("kept").value["text/plain"] == "3")
    }

    @Test("says that the host died, starts another, and runs the earlier cells again")
    func death() throws {
      let notebook = try Client()
      _ = try notebook.run("var kept = 1")
      _ = try notebook.run("kept += 1")
      let result = try notebook.run("import Glibc\nprint(\"last words\")\nexit(3)")
      #expect(result.error == "HostDied")
      #expect(result.output == "last words\n")
      #expect(result.trace.contains("it called exit(3)"), "\(result.trace)")
      #expect(result.trace.contains("%rerun to run the 2 earlier cells again"), "\(result.trace)")
      #expect(try notebook.run("kept").error == "CompileError")
      #expect(try notebook.run("%rerun").status == "ok")
      #expect(try notebook.run("kept").value["text/plain"] == "2")
      let other = try notebook.run(
        "Task.detached { fatalError(\"elsewhere\") }\ntry await Task.sleep(for: .seconds(50))")
      #expect(other.error == "HostDied")
      #expect(other.trace.contains("elsewhere"), "\(other.trace)")
      #expect(try notebook.run("5").value["text/plain"] == "5")
    }
  }
}
