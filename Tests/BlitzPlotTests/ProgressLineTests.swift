import BlitzPlot
import Testing

@Suite("a line of progress")
struct ProgressLineTests {
  private final class Screen {
    var text = ""
    var seconds = 0.0
    /// What was written since the last look.
    func look() -> String {
      defer { text = "" }
      return text
    }
  }

  private func line(
    _ screen: Screen, epochs: Int, batches: Int, done: Int = 0, curves: [String] = [],
    isInteractive: Bool = true
  ) -> ProgressLine {
    ProgressLine(
      epochs: epochs, batches: batches, done: done, curves: curves,
      terminal: Terminal(
        isInteractive: isInteractive, columns: 100, hasColor: false, hasUnicode: false),
      write: { screen.text += $0 }, clock: { screen.seconds })
  }

  @Test("tells the speed and the time left of the whole run, not of the epoch")
  func timeLeft() {
    let screen = Screen()
    var progress = line(screen, epochs: 3, batches: 100)
    screen.seconds = 10
    for _ in 0..<50 { progress.step(["loss": 0.25]) }
    // 50 of 300 steps in 10 s: 5 a second, 50 s for those that are left.
    #expect(screen.look().contains("loss 0.2500  "))
    screen.seconds = 20
    for _ in 0..<50 { progress.step(["loss": 0.25]) }
    let shown = screen.look()
    #expect(shown.contains("epoch 1/3 step 100/100"))
    #expect(shown.hasSuffix("loss 0.2500  5.000 steps/s  40 s left\u{1B}[K"))
    progress.endEpoch(["loss": 0.25, "accuracy": 0.5])
    #expect(screen.look() == "\repoch 1/3  loss 0.2500  accuracy 0.5000\u{1B}[K\n")
  }

  @Test("counts what a run that is resumed has made before")
  func resumed() {
    let screen = Screen()
    var progress = line(screen, epochs: 4, batches: 10, done: 2)
    screen.seconds = 60
    progress.endEpoch(["loss": 1])
    // One epoch in a minute, and one is left.
    #expect(screen.look().hasSuffix("loss 1.000  1 min 00 s left\u{1B}[K"))
    screen.seconds = 120
    progress.endEpoch(["loss": 1])
    #expect(
      screen.look().hasSuffix(
        "epoch 4/4 ########################################  loss 1.000\u{1B}[K"))
  }

  @Test("in a pipe there are about twenty lines, without control characters")
  func pipe() {
    let screen = Screen()
    var progress = line(screen, epochs: 100, batches: 5, curves: ["loss"], isInteractive: false)
    for _ in 0..<100 {
      screen.seconds += 7
      for _ in 0..<5 { progress.step(["loss": 1]) }
      progress.endEpoch(["loss": 1])
    }
    progress.finish()
    let text = screen.look()
    #expect(text.split(separator: "\n").count == 21)
    #expect(!text.contains("\u{1B}") && !text.contains("\r") && !text.contains("left"))
  }

  @Test("draws the curves that were asked for in one place")
  func curves() {
    let screen = Screen()
    var progress = line(screen, epochs: 3, batches: 1, curves: ["loss"])
    var heights: [Int] = []
    for epoch in 1...3 {
      screen.seconds += 1
      progress.endEpoch(["loss": 1 / Double(epoch), "accuracy": 0.5])
      let text = screen.look()
      #expect(text.contains("epoch \(epoch)/3"))
      // Up by as many lines as were drawn before, and erased from there.
      if let height = heights.last { #expect(text.hasPrefix("\r\u{1B}[\(height)A\u{1B}[J")) }
      heights.append(text.count { $0 == "\n" })
    }
    #expect(heights == [heights[0], heights[0], heights[0]] && heights[0] > 5)
    #expect(!"\(progress.plot)".contains("accuracy"))
  }

  @Test(
    "times are said as people say them",
    arguments: [
      (0.0, "0 s"), (0.2, "1 s"), (59.0, "59 s"), (60, "1 min 00 s"), (111, "1 min 51 s"),
      (3600, "1 h 00 min"), (7500, "2 h 05 min"), (.infinity, "long"), (.nan, "long"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }
}
