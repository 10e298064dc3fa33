import BlitzNN
import BlitzPlot
import BlitzProcesses

/// Tells how training goes: a bar on a terminal, lines elsewhere, JSON for programs.
struct TrainingReport {
  private let isJSON: Bool
  private let terminal = Terminal.standardOutput
  private var line: ProgressLine

  /// - Parameter done: the epochs that a run that is resumed has made before.
  init(isJSON: Bool, epochCount: Int, batchCount: Int, done: Int) {
    self.isJSON = isJSON
    line = ProgressLine(epochs: epochCount, batches: batchCount, done: done)
  }

  /// Takes what a step came to.
  mutating func add(_ step: Trainer.Step) {
    guard !isJSON else { return }
    line.step(
      step.batch, detail: ProgressLine.text(["loss": step.loss, "rate": step.rate]))
  }

  /// Takes what an epoch came to.
  mutating func add(_ epoch: RunRecord.Epoch) {
    if isJSON {
      var line = JSONLine([
        "event": "epoch", "epoch": .integer(epoch.number), "loss": .number(epoch.trainingLoss),
      ])
      if let accuracy = epoch.trainingAccuracy {
        line.append("training_accuracy", .number(accuracy))
      }
      if let accuracy = epoch.testAccuracy { line.append("accuracy", .number(accuracy)) }
      if let loss = epoch.testLoss { line.append("test_loss", .number(loss)) }
      line.append("rate", .number(epoch.rate))
      line.append("seconds", .number(epoch.seconds))
      writeOutput("\(line)\n")
      return
    }
    var detail = "loss \(epoch.trainingLoss.short)"
    if let accuracy = epoch.testAccuracy {
      detail += "  test \((100 * accuracy).decimal(1)) %"
    } else if let loss = epoch.testLoss {
      detail += "  test \(loss.short)"
    }
    line.endEpoch(detail: detail)
  }

  /// Tells what the check of the gradients has found.
  func tell(_ check: GradientCheck) {
    if isJSON {
      let line = JSONLine([
        "event": "gradient_check", "relative_error": .number(check.relativeError),
        "parameter": .string(check.parameterName), "compared": .integer(check.compared),
        "kinks": .integer(check.kinks), "passed": .bool(check.passes),
      ])
      writeOutput("\(line)\n")
      return
    }
    BlitzPlot.tell(
      "gradients: largest relative error \(check.relativeError.scientific(1)), "
        + "of \(check.parameterName); \(check.compared) compared, \(check.kinks) at kinks")
  }

  /// Leaves the line, so that an error starts on its own.
  mutating func endLine() {
    line.finish()
  }

  /// Shows the curve and the result.
  mutating func finish(
    _ epochs: [RunRecord.Epoch], assessment: Evaluator.Assessment?, fit: RegressionMetrics? = nil,
    seconds: Double, wasStopped: Bool, seed: UInt64, traffic: ExchangeTraffic? = nil
  ) {
    if isJSON {
      var line = JSONLine(["event": "result"])
      if let assessment { line.append("test_accuracy", .number(assessment.metrics.accuracy)) }
      if let fit {
        line.append("test_root_mean_square", .number(fit.rootMeanSquaredError))
        line.append("test_mean_absolute", .number(fit.meanAbsoluteError))
        line.append("test_r2", .number(fit.r2))
      }
      if let last = epochs.last { line.append("loss", .number(last.trainingLoss)) }
      line.append("epochs", .integer(epochs.count))
      line.append("seconds", .number(seconds))
      line.append("stopped", .bool(wasStopped))
      line.append("seed", .unsigned(seed))
      if let traffic {
        line.append("exchanges", .integer(traffic.count))
        line.append("exchanged_numbers", .integer(traffic.numbers))
        if let bytes = traffic.bytes { line.append("sent_bytes", .integer(bytes)) }
        line.append("exchange_seconds", .number(traffic.seconds))
      }
      writeOutput("\(line)\n")
      return
    }
    endLine()
    if epochs.count > 1 {
      let plot = Plot.line(epochs.map(\.trainingLoss), startingAt: 1)
        .labeled(x: "epoch", y: "loss")
      writeOutput("\n\(terminal.text(of: plot))\n\n")
    }
    var text = wasStopped ? "stopped: " : ""
    if let assessment {
      text +=
        "test accuracy \((100 * assessment.metrics.accuracy).decimal(1)) % "
        + "(\(assessment.metrics.rightCount) of \(assessment.metrics.count))"
    } else if let fit {
      text +=
        "test error \(fit.rootMeanSquaredError.short) (root mean square of \(fit.count) rows), "
        + "R\u{00B2} \(fit.r2.decimal(3))"
    } else {
      text += "loss \(epochs.last?.trainingLoss.short ?? "unknown")"
    }
    text += " after \(epochs.count) \(epochs.count == 1 ? "epoch" : "epochs")"
    writeOutput(terminal.wrapped("\(text) in \(seconds.decimal(2)) s") + "\n")
  }
}
