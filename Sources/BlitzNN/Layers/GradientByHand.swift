import BlitzTensor

/// A function of tensors whose gradient takes less work when it is written out than the reverse
/// walk's own, and that keeps some of what it computed for it.
///
/// The gradient by hand is for gradients that are not differentiated again. Where they are
/// (`createGraph: true`) the reverse walk goes through `plain` itself.
protocol GradientByHand: Sendable {
  /// The output, and the intermediate results that the gradient will use.
  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor])

  /// The gradient of each input, nil where there is none.
  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?]

  /// The output by ops that the reverse walk can differentiate twice.
  func plain(_ inputs: [Tensor]) -> Tensor

  /// Whether mixed precision casts the inputs down, as those of a product.
  var isProduct: Bool { get }
}

extension GradientByHand {
  func plain(_ inputs: [Tensor]) -> Tensor { compute(inputs).output }
  var isProduct: Bool { true }

  /// Applies the function; what it keeps is let go of where nothing will be differentiated.
  func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    if let failed = inputs.first(where: { $0.error != nil }) { return failed }
    if Autocast.isOn {
      // Cast outside, where the casts are recorded; inside nothing changes its dtype.
      let inputs = isProduct ? inputs.map(\.downcast) : inputs
      return Autocast.off { self(inputs) }
    }
    guard inputs.contains(where: \.isRecorded) else { return compute(inputs).output }
    return Recorded(function: self)(inputs)
  }
}

extension Tensor {
  /// Whether an op on this tensor is recorded for the reverse walk.
  fileprivate var isRecorded: Bool { requiresGrad && (-self).requiresGrad }
}

private struct Recorded<Function: GradientByHand>: CustomFunction {
  let function: Function
  /// Until the first reverse walk: a second one computes it again.
  private let kept = Kept()

  private final class Kept: Sendable {
    let tensors = Lock<[Tensor]?>(nil)
  }

  init(function: Function) { self.function = function }

  func forward(_ inputs: [Tensor]) -> Tensor {
    let (output, kept) = function.compute(inputs)
    self.kept.tensors.withLock { $0 = kept }
    return output
  }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    if inputs.contains(where: \.isRecorded) { return walked(inputs, gradient) }
    let kept = self.kept.tensors.withLock { kept in
      defer { kept = nil }
      return kept
    }
    return function.gradients(
      inputs, kept: kept ?? function.compute(inputs).kept, output: output, gradient: gradient)
  }

  /// The gradients that the reverse walk finds, which can be differentiated in their turn.
  ///
  /// The incoming gradient may depend on the inputs, too. So the walk is to points that only the
  /// function reads, and ends there.
  private func walked(_ inputs: [Tensor], _ gradient: Tensor) -> [Tensor?] {
    let points = inputs.map { $0.waypoint() }
    let tracked = points.filter(\.requiresGrad)
    let total = (function.plain(points) * gradient).sum()
    var found = BlitzTensor.gradients(of: total, wrt: tracked, createGraph: true)[...]
    return points.map { $0.requiresGrad ? found.removeFirst() : nil }
  }
}
