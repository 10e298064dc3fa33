import NotebookKernel
import Testing

extension NotebookTests {
  struct LateOutputTests {
    @Test(
      "what goes on after its cell prints below it, as it prints",
      arguments: [
        "Task { await report() }", "Task.detached { await report() }",
        "Task.detached(priority: .low) { try await Task.sleep(for: .zero); await report() }",
        "Task { await withTaskGroup(of: Void.self) { $0.addTask { await report() } } }",
        "Task { @MainActor in await report() }", "Thread.detachNewThread { reportHere() }",
        "DispatchQueue.global().async { reportHere() }",
        "DispatchQueue.main.asyncAfter(deadline: .now() + 0.01) "
          + "{ print(\"one\\ntwo\", terminator: \"\") }",
      ])
    func late(start: String) throws {
      let notebook = try NotebookTests.shared.get()
      // The code that prints is another cell's, and the second line waits for a third.
      _ = try notebook.run(
        """
        import Foundation
        nonisolated(unsafe) var isAwaited = true
        func report() async {
          print("one")
          while isAwaited { try? await Task.sleep(for: .milliseconds(5)) }
          print("two", terminator: "")
        }
        func reportHere() {
          print("one")
          while isAwaited { usleep(5000) }
          print("two", terminator: "")
        }
        """)
      let id = notebook.start(start + ";")
      let first = try notebook.finish(id)
      // No cell runs now.
      let early = notebook.lateOutput(id, after: first.output, until: "one\n")
      #expect(early.contains("one\n"))
      let other = try notebook.run("print(\"other\")\nisAwaited = false")
      #expect(other.output == "other\n")
      #expect(notebook.lateOutput(id, after: first.output, until: "two").hasSuffix("two"))
    }

    @Test("what one call prints comes in one piece")
    func whole() throws {
      let notebook = try NotebookTests.shared.get()
      let result = try notebook.run(
        "for i in 0..<50 { print(i, \"and\", i); try await Task.sleep(for: .milliseconds(7)) }")
      #expect(result.pieces.allSatisfy { $0.hasSuffix("\n") }, "\(result.pieces)")
    }

    @Test("the main thread's output comes while it works")
    func onMain() throws {
      let notebook = try NotebookTests.shared.get()
      var pieces: [ContinuousClock.Instant] = []
      _ = try notebook.run(
        """
        import Glibc
        @MainActor func work() { for i in 0..<4 { print(i); usleep(200_000) } }
        await work()
        """
      ) { if $0.hasSuffix("\n") { pieces.append(.now) } }
      #expect(pieces.count == 4 && pieces[3] - pieces[0] > .milliseconds(400), "\(pieces)")
    }

    @Test("two cells that print at once do not mix their lines")
    func together() throws {
      let notebook = try NotebookTests.shared.get()
      let id = notebook.start(
        "Task.detached { for i in 0..<2000 { print(\"a\", i) }; print(\"end\") };")
      let first = try notebook.finish(id)
      let result = try notebook.run("for i in 0..<2000 { print(\"b\", i) }")
      #expect(result.output == (0..<2000).map { "b \($0)\n" }.joined())
      let all = notebook.lateOutput(id, after: first.output, until: "end")
      #expect(all == (0..<2000).map { "a \($0)\n" }.joined() + "end\n")
    }

    @Test("a value that is shown under a name appears again when its cell is run again")
    func named() throws {
      let notebook = try NotebookTests.shared.get()
      for _ in 0..<2 {
        let result = try notebook.run("for i in 1...3 { show(i, named: \"place\") }")
        #expect(
          result.shown == ["display_data", "update_display_data", "update_display_data"],
          "\(result)")
        #expect(result.value["text/plain"] == "3")
      }
    }

    @Test("the last words of a process that ends are not lost")
    func lastWords() throws {
      let notebook = try Client()
      let result = try notebook.run(
        """
        Task.detached {
          print("nearly there")
          fatalError("elsewhere")
        }
        try await Task.sleep(for: .seconds(50))
        """)
      #expect(result.error == "HostDied" && result.trace.contains("elsewhere"), "\(result)")
      #expect(result.output == "nearly there\n")
    }
  }
}
