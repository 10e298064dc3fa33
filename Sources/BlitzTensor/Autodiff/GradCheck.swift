/// Compares the gradients that the reverse walk finds with finite differences:
/// `torch.autograd.gradcheck`.
///
/// The inputs are cast to float64, whatever their dtype. An element at which the function has
/// a kink (its slopes to the left and to the right differ) is left out and counted.
///
///     let report = try gradCheck([w1, w2]) { w in
///       (x.matmul(w[0]).relu().matmul(w[1]) - y).square().sum()
///     }
///     print(report)
///
/// - Parameters:
///   - inputs: float tensors to differentiate with respect to.
///   - step: the distance of the finite differences.
///   - order: 2 also checks the gradients' own gradients, against differences of the gradients that
///     `createGraph: false` gives.
///   - function: any function of float64 tensors made of differentiable ops; if its result has
///     several elements, their sum with fixed unequal weights is checked.
/// - Returns: the largest relative error for each input.
/// - Throws: what `function` throws, or the `TensorError` of a tensor.
/// - Source: the advice on gradient checks in Stanford's cs231n notes.
public func gradCheck(
  _ inputs: [Tensor], step: Double = 1e-5, order: Int = 1,
  _ function: ([Tensor]) throws -> Tensor
) throws -> GradCheckReport {
  let points = try inputs.map { try $0.detached().cast(to: .float64).eval() }
  let first = try check(points, step: step) { try weighted(function($0)) }
  guard order > 1 else { return first }
  let second = try check(points, step: step) { leaves in
    // Inside the check the inputs are leaves already, or numbers without a tape.
    let tracked = leaves.map { $0.requiresGrad ? $0 : $0.requiringGrad() }
    let value = try weighted(function(tracked))
    guard value.requiresGrad else { return Tensor(0.0, dtype: .float64) }
    // The differences are of gradients that are not differentiated again: where those that are
    // come out otherwise, it shows here.
    let isDifferentiated = leaves.contains(where: \.requiresGrad)
    let slopes = gradients(of: value, wrt: tracked, createGraph: isDifferentiated)
    return slopes.reduce(Tensor(0.0, dtype: .float64)) { $0 + weighted($1) }
  }
  return GradCheckReport(inputs: first.inputs + second.inputs)
}

/// What `gradCheck` found.
public struct GradCheckReport: Sendable, CustomStringConvertible {
  /// One entry for each input, and behind these one for each input's second order if asked for.
  public let inputs: [Input]

  /// The comparison for one input.
  public struct Input: Sendable {
    /// The largest `|a - n| / max(|a|, |n|, 0.001)` of an element, where `a` is the reverse
    /// walk's gradient and `n` the finite difference.
    public var relativeError: Double
    /// Where that is: the position in the flattened input.
    public var worstElement: Int
    /// The reverse walk's gradient there.
    public var analytic: Double
    /// The finite difference there.
    public var numeric: Double
    /// How many elements were compared.
    public var compared: Int
    /// How many elements were left out because the function has a kink there.
    public var kinks: Int

    /// Nothing yet.
    package init() {
      (relativeError, worstElement, analytic, numeric) = (0, 0, 0, 0)
      (compared, kinks) = (0, 0)
    }
  }

  /// The largest relative error of all inputs.
  public var relativeError: Double { inputs.map(\.relativeError).max() ?? 0 }

  /// Whether something was compared and no relative error is above a tolerance.
  public func passes(_ tolerance: Double = 1e-6) -> Bool {
    inputs.contains { $0.compared > 0 } && inputs.allSatisfy { $0.relativeError <= tolerance }
  }

  /// One line for each input.
  public var description: String {
    inputs.enumerated().map { index, input in
      "input \(index): relative error \(input.relativeError) at element \(input.worstElement) "
        + "(backward \(input.analytic), differences \(input.numeric)); "
        + "\(input.compared) compared, \(input.kinks) at kinks"
    }.joined(separator: "\n")
  }
}

/// The sum of a tensor's elements with weights that are all different, so that errors in
/// different elements do not cancel.
private func weighted(_ value: Tensor) -> Tensor {
  if value.error != nil { return value }
  let count = value.elementCount
  if count == 0 { return value.cast(to: .float64).sum() }
  let weights =
    (Tensor.arange(count, device: value.device).cast(to: .float64) * 0.37 + 1.0).sin() + 1.5
  return (value * weights.reshaped(to: value.shape)).sum()
}

private func check(
  _ points: [Tensor], step: Double, _ function: ([Tensor]) throws -> Tensor
) throws -> GradCheckReport {
  let leaves = points.map { $0.requiringGrad() }
  let value = try function(leaves)
  let analytic: [[Double]] = try gradientValues(of: value, at: leaves)
  var numbers = try points.map { try $0.scalars(as: Double.self) }
  let middle = try value.item()

  func evaluate() throws -> Double {
    let tensors = zip(numbers, points).map {
      Tensor($0, shape: $1.shape, dtype: .float64, device: $1.device)
    }
    return try function(tensors).item()
  }
  var results: [GradCheckReport.Input] = []
  for input in points.indices {
    var result = GradCheckReport.Input()
    for element in numbers[input].indices {
      let x = numbers[input][element]
      let difference = try FiniteDifference(step: step, middle: middle) { offset in
        numbers[input][element] = x + offset
        defer { numbers[input][element] = x }
        return try evaluate()
      }
      result.compare(analytic[input][element], with: difference, at: element)
    }
    results.append(result)
  }
  return GradCheckReport(inputs: results)
}

private func gradientValues(of value: Tensor, at leaves: [Tensor]) throws -> [[Double]] {
  if let error = value.error { throw error }
  guard value.requiresGrad else {
    return leaves.map { [Double](repeating: 0, count: $0.elementCount) }
  }
  return try gradients(of: value, wrt: leaves).map { try $0.scalars(as: Double.self) }
}
