/// Tells how training goes: a bar on a terminal, lines elsewhere, JSON for programs.
struct TrainingReport {
  private(set) var epochs: [Training.Epoch] = []
  private let isJSON: Bool
  private let terminal: Terminal
  private var bar: ProgressBar

  init(isJSON: Bool, epochCount: Int, terminal: Terminal = .standardOutput) {
    self.isJSON = isJSON
    self.terminal = terminal
    bar = ProgressBar(label: "epoch", total: epochCount, terminal: terminal)
  }

  /// Takes what an epoch came to.
  mutating func add(_ epoch: Training.Epoch) {
    epochs.append(epoch)
    if isJSON {
      var line = JSONLine([
        "event": "epoch", "epoch": .integer(epoch.number), "loss": .number(epoch.loss),
      ])
      if let accuracy = epoch.accuracy {
        line.append("training_accuracy", .number(accuracy.training))
        line.append("accuracy", .number(accuracy.test))
      }
      writeOutput("\(line)\n")
      return
    }
    var detail = "loss \(epoch.loss.short)"
    if let accuracy = epoch.accuracy { detail += "  test \((100 * accuracy.test).decimal(1)) %" }
    bar.update(epoch.number, detail: detail)
  }

  /// Leaves the bar's line, so that an error starts on its own.
  mutating func endLine() { bar.finish() }

  /// Shows the curve and the result.
  mutating func finish(testAccuracy: Double?, testCount: Int, seconds: Double, wasStopped: Bool) {
    if isJSON {
      var line = JSONLine(["event": "result"])
      if let testAccuracy { line.append("test_accuracy", .number(testAccuracy)) }
      if let last = epochs.last { line.append("loss", .number(last.loss)) }
      line.append("epochs", .integer(epochs.count))
      line.append("seconds", .number(seconds))
      line.append("stopped", .bool(wasStopped))
      writeOutput("\(line)\n")
      return
    }
    bar.finish()
    if epochs.count > 1 {
      let plot = TerminalPlot(
        title: "loss", xLabel: "epoch", series: [Series("training", epochs.map(\.loss))])
      writeOutput("\n" + plot.lines(for: terminal).joined(separator: "\n") + "\n\n")
    }
    var text = wasStopped ? "stopped: " : ""
    if let testAccuracy {
      let right = Int((testAccuracy * Double(testCount)).rounded())
      text += "test accuracy \((100 * testAccuracy).decimal(1)) % (\(right) of \(testCount))"
    } else {
      text += "loss \(epochs.last?.loss.short ?? "unknown")"
    }
    text += " after \(epochs.count) \(epochs.count == 1 ? "epoch" : "epochs")"
    writeOutput("\(text) in \(seconds.decimal(2)) s\n")
  }
}
