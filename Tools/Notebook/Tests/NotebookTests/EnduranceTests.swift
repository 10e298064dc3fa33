import NotebookKernel
import Testing

extension NotebookTests {
  struct EnduranceTests {
    /// A cell of a lesson's size, 25 lines.
    static let training = """
      let x = Tensor.randn([64, 100]), y = Tensor.randn([64, 10])
      var w1 = Tensor.randn([100, 20]), w2 = Tensor.randn([20, 10])
      let rate = 1e-6
      var losses: [Double] = []

      func forward(_ x: Tensor) -> (hidden: Tensor, output: Tensor) {
        let hidden = x.matmul(w1)
        return (hidden, hidden.clamp(min: 0).matmul(w2))
      }

      for step in 0..<20 {
        let (h, output) = forward(x)
        let loss = (output - y).square().sum()
        losses.append(try loss.item())
        let gradOutput = 2 * (output - y)
        let active = h.clamp(min: 0)
        let gradW2 = active.transposed().matmul(gradOutput)
        var gradH = gradOutput.matmul(w2.transposed())
        gradH[h .< 0] = 0
        let gradW1 = x.transposed().matmul(gradH)
        w1 -= rate * gradW1
        w2 -= rate * gradW2
        if step % 10 == 0 { print(step, losses[step]) }
      }
      losses.last! < losses[0]
      """

    @Test("200 cells in one notebook: memory and latency do not grow")
    func manyCells() throws {
      let begin = ContinuousClock.now
      let notebook = try Client()
      let first = try notebook.run("var total = 0")
      print("first cell, from the start of the kernel: \(milliseconds(.now - begin)) ms")
      _ = try notebook.run("struct Kept { var value = 0 }\nvar kept = Kept()")
      #expect(first.status == "ok")
      var durations: [Duration] = []
      var times: [Duration] = []
      var early = 0
      for cell in 1...200 {
        // Every third declares something, as in a notebook that explains what it does.
        let declaration = "func step(_ n: Int) -> Int { n + \(cell) }\n"
        let result = try notebook.run(
          """
          \(cell % 3 == 0 ? declaration : "")total += \(cell)
          kept.value += 1
          total
          """)
        #expect(result.value["text/plain"] == "\(cell * (cell + 1) / 2)", "\(result)")
        durations.append(result.duration)
        if cell % 40 == 0 { times.append(try notebook.processorTime()) }
        if cell == 20 { early = try notebook.hostMemory() }
      }
      let late = try notebook.hostMemory()
      let (start, end) = ((times[1] - times[0]) / 40, (times[4] - times[3]) / 40)
      print(
        "small cells: median \(milliseconds(median(durations.prefix(40)))) ms of the first 40, "
          + "\(milliseconds(median(durations.suffix(40)))) ms of the last 40; processor time "
          + "\(milliseconds(start)) ms of the second 40, \(milliseconds(end)) ms of the last 40; "
          + "host \(early) KiB after 20 cells, \(late) KiB after 200")
      let training = try (0..<5).map { _ in
        let result = try notebook.run(Self.training)
        #expect(result.value["text/plain"] == "true", "\(result)")
        return result.duration
      }
      _ = try notebook.run(BindingTests.preparation)
      for (cell, expression, value) in BindingTests.rows {
        #expect(try notebook.run(cell).status == "ok")
        #expect(try notebook.run(expression).value["text/plain"] == value)
      }
      print("25 lines that train: median \(milliseconds(median(training[...]))) ms")
      #expect(try notebook.run("kept.value").value["text/plain"] == "200")
      #expect(early > 0 && late - early < 16 << 10, "\(early) KiB, then \(late) KiB")
      // A module more to read takes 0.7 ms of the compiler's time. Processor time, since other work
      // on the machine makes cells wait.
      #expect(start > .zero && end < start * 2 + .milliseconds(100), "\(start), then \(end)")
    }

    private func median(_ durations: ArraySlice<Duration>) -> Duration {
      durations.sorted()[durations.count / 2]
    }

    private func milliseconds(_ duration: Duration) -> Int {
      Int(duration / .milliseconds(1))
    }
  }
}
