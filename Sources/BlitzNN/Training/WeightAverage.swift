import BlitzTensor

/// The mean of a model's weights over the steps of a training, stochastic weight averaging:
/// `torch.optim.swa_utils.AveragedModel`.
///
///     let average = WeightAverage(model)
///     for epoch in 0..<20 {
///       ... // one epoch, and from the tenth on:
///       if epoch >= 10 { try average.update() }
///     }
///     average.exchange()     // the model now has the mean, the average what was trained
///
/// - Source: Izmailov et al., "Averaging weights leads to wider optima", arXiv:1803.05407.
public final class WeightAverage {
  private let parameters: [(name: String, parameter: Parameter)]
  private let decay: Double?
  private var means: [Tensor]
  /// How many weights are in the mean.
  public private(set) var count = 0

  /// Makes an average of nothing yet.
  ///
  /// - Parameters:
  ///   - model: whose parameters are averaged.
  ///   - decay: how much of the mean stays at an update, for a mean that forgets (an exponential
  ///     moving average, EMA); nil for the mean of all.
  public init(_ model: any Module, decay: Double? = nil) {
    parameters = model.parameters
    self.decay = decay
    means = parameters.map { $0.parameter.value.detached() }
  }

  /// Takes the model's weights, as they are, into the mean.
  ///
  /// - Throws: `TensorError` for a decay outside of 0 to 1, or what went wrong with a weight.
  public func update() throws(TensorError) {
    if let decay, !(0...1).contains(decay) {
      throw TensorError(
        "WeightAverage", "the decay is \(decay)", help: "give 0 to 1, such as 0.999")
    }
    let share = count == 0 ? 1 : decay.map { 1 - $0 } ?? 1 / Double(count + 1)
    let new = noGrad {
      zip(means, parameters).map { mean, entry in
        let weight = entry.parameter.value.detached()
        return share == 1 ? weight : mean + (weight - mean) * share
      }
    }
    try eval(new)
    means = new
    count += 1
  }

  /// Gives the model the mean, and keeps the model's own weights in its place; a second call takes
  /// that back. Without any update nothing changes.
  public func exchange() {
    if count == 0 { return }
    for (place, entry) in parameters.enumerated() {
      let own = entry.parameter.value.detached()
      entry.parameter.value = means[place]
      means[place] = own
    }
  }

  /// The means under the names of the model's parameters, to save.
  public var state: [(name: String, tensor: Tensor)] {
    zip(parameters, means).map { ($0.name, $1) }
  }
}
