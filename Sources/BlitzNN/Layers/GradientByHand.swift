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

  /// Where the plans of the function and its gradient are kept, if its graph is a long one.
  var plans: PlannedGraphs? { get }
  /// Whether it walks a sequence from the end.
  var isReversed: Bool { get }
}

extension GradientByHand {
  func plain(_ inputs: [Tensor]) -> Tensor { compute(inputs).output }
  var isProduct: Bool { true }
  var plans: PlannedGraphs? { nil }
  var isReversed: Bool { false }

  /// Applies the function; what it keeps is let go of where nothing will be differentiated.
  func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    if let failed = inputs.first(where: { $0.error != nil }) { return failed }
    if Autocast.isOn {
      // Cast outside, where the casts are recorded; inside nothing changes its dtype.
      let inputs = isProduct ? inputs.map(\.downcast) : inputs
      return Autocast.off { self(inputs) }
    }
    guard inputs.contains(where: \.isRecorded) else { return compute(inputs).output }
    return Recorded(function: self, computed: computed(inputs))(inputs)
  }

  /// The output and what it keeps, as a plan computes them; nil if none is to be run.
  ///
  /// What is kept of many steps is in one tensor, with an axis in front for all.
  fileprivate func computed(_ inputs: [Tensor]) -> (output: Tensor, kept: Tensor?)? {
    guard let plans, PlannedGraphs.canRun(inputs) else { return nil }
    do {
      let results = try plans.run(
        { given in
          let (output, kept) = compute(given)
          return [output, kept.isEmpty ? nil : stack(kept)]
        }, inputs, isReversed: isReversed, isGradient: false)
      return (results[0]!, results[1])
    } catch let error as TensorError {
      return (Tensor(error: error), nil)
    } catch {
      return nil
    }
  }

  /// The gradients, as a plan computes them; nil if none is to be run.
  fileprivate func computedGradients(
    _ inputs: [Tensor], kept: Tensor?, output: Tensor, gradient: Tensor
  ) -> [Tensor?]? {
    let all = inputs + [output, gradient] + (kept.map { [$0] } ?? [])
    guard let plans, PlannedGraphs.canRun(all) else { return nil }
    do {
      return try plans.run(
        { given in
          gradients(
            Array(given[..<inputs.count]),
            kept: given.count == inputs.count + 2 ? [] : given[inputs.count + 2].parts,
            output: given[inputs.count], gradient: given[inputs.count + 1])
        }, all, isReversed: isReversed, isGradient: true)
    } catch let error as TensorError {
      return inputs.map { _ in Tensor(error: error) }
    } catch {
      return nil
    }
  }
}

extension Tensor {
  /// Whether an op on this tensor is recorded for the reverse walk.
  fileprivate var isRecorded: Bool { requiresGrad && (-self).requiresGrad }

  /// What lies along the first axis, each by itself.
  fileprivate var parts: [Tensor] { split(count: shape[0]).map { $0.squeezed(axis: 0) } }
}

private struct Recorded<Function: GradientByHand>: CustomFunction {
  let function: Function
  /// Until the first reverse walk: a second one computes it again.
  private let kept: Kept

  private final class Kept: Sendable {
    let content: Lock<Content>

    init(_ content: Content) { self.content = Lock(content) }
  }

  private enum Content: Sendable {
    case nothing
    /// As the function keeps it.
    case tensors([Tensor])
    /// By a plan: in one tensor.
    case stacked(Tensor?)
    /// The same, and the output that nobody has asked for yet.
    case computed(Tensor, Tensor?)
  }

  init(function: Function, computed: (output: Tensor, kept: Tensor?)?) {
    self.function = function
    kept = Kept(computed.map { .computed($0.output, $0.kept) } ?? .nothing)
  }

  func forward(_ inputs: [Tensor]) -> Tensor {
    kept.content.withLock { content in
      if case .computed(let output, let stacked) = content {
        content = .stacked(stacked)
        return output
      }
      let (output, tensors) = function.compute(inputs)
      content = .tensors(tensors)
      return output
    }
  }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    if inputs.contains(where: \.isRecorded) { return walked(inputs, gradient) }
    let content = kept.content.withLock { content in
      defer { content = .nothing }
      return content
    }
    let tensors: [Tensor]
    switch content {
    case .tensors(let kept): tensors = kept
    case .stacked(let stacked), .computed(_, let stacked):
      let found = function.computedGradients(
        inputs, kept: stacked, output: output, gradient: gradient)
      if let found { return found }
      tensors = stacked?.parts ?? []
    case .nothing: tensors = function.compute(inputs).kept
    }
    return function.gradients(inputs, kept: tensors, output: output, gradient: gradient)
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
