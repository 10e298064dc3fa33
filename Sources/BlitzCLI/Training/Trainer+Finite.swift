import Blitz
import BlitzNN

extension Trainer {
  /// Reads a step's loss; one that is not finite ends the run with what was not, and with the
  /// advice that fits.
  func finite(_ loss: Tensor, age: Int) throws -> Double {
    do {
      return try optimizer.checkFinite(loss, age: age)
    } catch {
      guard try !loss.item().isFinite else { throw error }
      throw RunFailure.run(
        "\(error.rule), in epoch \(progress.epochs.count + 1): "
          + (try cause(step: optimizer.stepCount - age)))
    }
  }

  /// What made the loss of a step infinite or not a number, and what to do about it.
  private func cause(step: Int) throws -> String {
    if let place = try split.firstNotFinite() {
      return "the data is not finite: \(place); correct it or leave it out"
    }
    let weight = try model.parameters.first {
      try !$0.parameter.value.detached().isFinite().all().item(as: Bool.self)
    }
    if weight == nil, scaler != nil {
      return "the weights are finite, but the network's answers are beyond float16, which ends at "
        + "65504; try --precision bfloat16, or a --rate below \(optimizer.rate)"
    }
    // The first loss is that of the weights as they were drawn.
    if step <= 1 {
      return "no step was made before, so the rate is not at fault: the loss alone is beyond the "
        + "range of \(experiment.precision); bring the data to smaller numbers"
    }
    return (weight.map { "weight \($0.name) is not finite: " } ?? "")
      + "the steps are too large; try a --rate below \(optimizer.rate)"
      + (experiment.clip == nil ? "" : " or a smaller --clip")
  }
}
