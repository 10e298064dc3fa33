import BlitzTensor

extension Optimizer {
  /// Throws unless a loss is finite; reads the loss.
  ///
  ///     optimizer.watchesGradients = true
  ///     ...
  ///     try optimizer.step()
  ///     let value = try optimizer.checkFinite(loss)
  ///
  /// Call it after `step()`, so that reading the loss needs no computation of its own.
  ///
  /// - Parameter loss: a single number.
  /// - Parameter age: the number of steps made after the loss; on an accelerator, reading each loss
  ///   one step late keeps it busy.
  /// - Returns: the loss.
  /// - Throws: `TensorError` with the number of the step if the loss is infinite or not a number;
  ///   with ``watchesGradients`` also the largest gradient and the name of its parameter.
  @discardableResult
  public func checkFinite(_ loss: Tensor, age: Int = 0) throws(TensorError) -> Double {
    let value = try loss.item()
    if value.isFinite { return value }
    // The processor makes NaNs with either sign, which says nothing.
    let age = min(max(age, 0), stepCount)
    var text = "the loss is \(value.isNaN ? .nan : value) at step \(stepCount - age)"
    if value.isNaN, try isFinite() {
      throw TensorError(
        name, text + ", and all weights are finite",
        help: "the mean of nothing is not a number: leave out batches whose labels are all "
          + "ignored, or take the loss with reduction: .sum; if a LossScaler skipped the step, "
          + "look for what overflows float16")
    }
    if let latest = try largestGradient(age) {
      text += "; the largest gradient is \(latest)"
      // Once it is infinite it says little: the step before shows where it came from.
      if !latest.isFinite, let earlier = try largestGradient(age + 1) {
        text += ", the step before \(earlier)"
      }
    }
    throw TensorError(
      name, text,
      help: "lower the rate, or clip the gradients; the weights before the step are gone, so go "
        + "back to a checkpoint")
  }

  /// Whether all weights are: a step by a gradient that is not a number leaves none of its own.
  private func isFinite() throws(TensorError) -> Bool {
    for slot in slots {
      let value = slot.parameter.value.detached()
      if try !value.isFinite().all().item(as: Bool.self) { return false }
    }
    return true
  }

  private struct Largest: CustomStringConvertible {
    let value: Double
    let name: String
    var isFinite: Bool { value.isFinite }
    var description: String { "\(Float(value)), of \(name)" }
  }

  /// The largest gradient of a step, counted back from the latest; one that is not finite before
  /// all others.
  private func largestGradient(_ age: Int) throws(TensorError) -> Largest? {
    guard age < gradientSizes.count else { return nil }
    let sizes = try gradientSizes[age].scalars(as: Double.self)
    let named = zip(sizes, sizedNames).map { Largest(value: $0, name: $1) }
    return named.first { !$0.isFinite } ?? named.max { $0.value < $1.value }
  }

  /// The largest absolute value of each parameter's gradient, 0 where there is none: float64, one
  /// for each slot.
  func sizes() -> [Tensor] {
    guard watchesGradients else { return [] }
    let each = noGrad {
      slots.map { slot -> Tensor in
        let value = slot.parameter.value
        guard value.hasGrad, value.elementCount > 0 else {
          return Tensor.zeros([], dtype: .float64)
        }
        return value.grad.abs().max().cast(to: .float64)
      }
    }
    return [stack(each)]
  }

  /// Keeps the sizes of a step, and those of the step before.
  func keep(_ sizes: [Tensor]) {
    if let latest = sizes.first { gradientSizes = [latest] + gradientSizes.prefix(1) }
  }

  private var sizedNames: [String] { slots.map(\.name) }
}
