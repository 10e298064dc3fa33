import Blitz
import BlitzData
import BlitzNN
import BlitzTensor

/// Compares a network's gradients with finite differences, in float64, at some elements of each
/// parameter: all would take hours.
///
/// The differences, and what counts as a kink, are those of `gradCheck`.
struct GradientCheck {
  /// The largest `|a - n| / max(|a|, |n|, 0.001)`, where `a` is the reverse walk's gradient and
  /// `n` the finite difference.
  private(set) var relativeError = 0.0
  /// The parameter that has it.
  private(set) var parameterName = ""
  /// How many elements were compared, and how many were left out at kinks.
  private(set) var compared = 0
  private(set) var kinks = 0

  /// The largest relative error that passes.
  static let tolerance = 1e-4
  private static let elementsPerParameter = 12

  var passes: Bool { compared > 0 && relativeError <= GradientCheck.tolerance }

  /// Checks a network on a few rows; it is left as it was.
  init(_ trainer: Trainer) throws {
    let (model, network) = (trainer.model, trainer.network)
    let rows = Array(0..<min(4, trainer.split.training.count))
    let loader = trainer.split.loader(
      try Subset(trainer.split.training, indices: rows), batch: rows.count)
    var batches = loader.makeIterator()
    guard let batch = batches.next() else { return }
    let inputs = batch.inputs.to(trainer.device).cast(to: .float64)
    let labels = (batch.labels.dtype.isFloating ? batch.labels.cast(to: .float64) : batch.labels)
      .to(trainer.device)
    let kept = model.parameters.map { ($0.parameter, $0.parameter.value.detached()) }
    // Without dropout, so that it is one function.
    model.eval()
    defer {
      for (parameter, value) in kept { parameter.value = value }
      model.train()
    }
    model.cast(to: .float64)
    func loss() -> Tensor { network.loss(of: model(inputs), labels) }
    let middleLoss = loss()
    try middleLoss.backward()
    let middle = try middleLoss.item()
    for (name, parameter) in model.parameters {
      let point = parameter.value.detached()
      let slopes = try parameter.value.grad.scalars(as: Double.self)
      var numbers = try point.scalars(as: Double.self)
      var found = GradCheckReport.Input()
      for place in 0..<min(numbers.count, GradientCheck.elementsPerParameter) {
        let element = place * numbers.count / GradientCheck.elementsPerParameter % numbers.count
        let x = numbers[element]
        let difference = try FiniteDifference(middle: middle) { offset in
          numbers[element] = x + offset
          defer { numbers[element] = x }
          parameter.value = Tensor(
            numbers, shape: point.shape, dtype: point.dtype, device: point.device)
          return try noGrad { try loss().item() }
        }
        found.compare(slopes[element], with: difference, at: element)
      }
      compared += found.compared
      kinks += found.kinks
      if found.compared > 0, found.relativeError > relativeError || parameterName.isEmpty {
        (relativeError, parameterName) = (found.relativeError, name)
      }
      parameter.value = point
    }
  }
}
