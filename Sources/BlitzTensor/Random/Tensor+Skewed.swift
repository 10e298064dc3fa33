import BlitzSystem

extension Tensor {
  /// Random waiting times, PyTorch's for the same seed: `torch.Tensor.exponential_`.
  ///
  ///     x = -log(1 - u) / rate,  u uniform numbers of 53 bits
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - rate: one over the mean; above 0.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  /// - Error: a rate that is not above 0, a bad shape, another dtype.
  public static func exponential(
    _ shape: Shape, rate: Double = 1, generator: Generator = .shared, dtype: DType = .float32,
    device: Device = .default
  ) -> Tensor {
    guard rate > 0 else { return .badParameter("exponential", "the rate is \(rate)") }
    return units("exponential", shape, generator, dtype, device) { -(-$0).log1p() / rate }
  }

  /// Random numbers of Cauchy's distribution, PyTorch's for the same seed: `torch.Tensor.cauchy_`.
  ///
  ///     x = median + spread * tan(pi * (u - 1/2)),  u uniform numbers of 53 bits
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - median: half of the numbers are below it.
  ///   - spread: half of the numbers are nearer to the median; above 0. `sigma` in PyTorch.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  /// - Error: a spread that is not above 0, a bad shape, another dtype.
  public static func cauchy(
    _ shape: Shape, median: Double = 0, spread: Double = 1, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    guard spread > 0 else { return .badParameter("cauchy", "the spread is \(spread)") }
    return units("cauchy", shape, generator, dtype, device) {
      (($0 - 0.5) * Double.pi).tan() * spread + median
    }
  }

  /// How many trials it takes until one succeeds, PyTorch's for the same seed:
  /// `torch.Tensor.geometric_`.
  ///
  ///     x = ceil(log(u) / log(1 - probability)),  u uniform numbers of 53 bits
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - probability: of a success, between 0 and 1.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  /// - Error: a probability that is not between 0 and 1, a bad shape, another dtype.
  public static func geometric(
    _ shape: Shape, probability: Double, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    guard probability > 0, probability < 1 else {
      return .badParameter(
        "geometric", "the probability is \(probability)", "give a number between 0 and 1")
    }
    let failure = logarithm(ofOnePlus: -probability)
    return units("geometric", shape, generator, dtype, device) { ($0.log() / failure).ceil() }
  }

  /// Random numbers whose logarithms are normal: `torch.Tensor.log_normal_`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - mean: of the logarithms.
  ///   - std: the standard deviation of the logarithms; above 0.
  ///   - generator: where the numbers come from; they are drawn at the call. Up to 15 are PyTorch's
  ///     for the same seed.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  /// - Error: a deviation that is not above 0, a bad shape, another dtype.
  public static func logNormal(
    _ shape: Shape, mean: Double = 1, std: Double = 2, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    guard std > 0 else { return .badParameter("logNormal", "the standard deviation is \(std)") }
    guard dtype.isFloating else { return .badFloat("logNormal", dtype) }
    return normal(
      shape, mean: mean, std: std, generator: generator, dtype: .float64, device: device
    ).exp().cast(to: dtype).named("logNormal")
  }

  /// A function of uniform numbers of 53 bits.
  private static func units(
    _ word: String, _ shape: Shape, _ generator: Generator, _ dtype: DType, _ device: Device,
    _ function: (Tensor) -> Tensor
  ) -> Tensor {
    guard dtype.isFloating else { return badFloat(word, dtype) }
    let units = rand(shape, generator: generator, dtype: .float64, device: device)
    return (units.node.failure == nil ? function(units).cast(to: dtype) : units).named(word)
  }

  private static func badParameter(
    _ word: String, _ rule: String, _ help: String = "give a number above 0"
  ) -> Tensor {
    Tensor(error: TensorError(word, rule, help: help))
  }

  private static func badFloat(_ word: String, _ dtype: DType) -> Tensor {
    Tensor(
      error: TensorError(
        word, "draws floats, not \(dtype)",
        help: "draw float32 and write .cast(to: .\(dtype))"))
  }
}

/// The C library's function, which tensors have a word for.
private func logarithm(ofOnePlus x: Double) -> Double { log1p(x) }
