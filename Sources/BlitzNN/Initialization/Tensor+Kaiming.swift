import BlitzTensor

extension Tensor {
  /// Uniform initial weights after He, `torch.nn.init.kaiming_uniform_`: they keep the variance
  /// from layer to layer. The same bits as PyTorch's for the same seed.
  ///
  ///     bound = gain * sqrt(3 / fan)
  ///
  /// - Parameters:
  ///   - shape: `[outputs, inputs, kernel...]`.
  ///   - nonlinearity: the activation that follows the layer, which sets the gain.
  ///   - mode: whether `fan` counts the inputs of a unit or the units that an input goes to.
  ///   - generator: the source of the numbers, which are drawn at the call.
  ///   - dtype: a floating dtype.
  /// - Error: fewer than two axes; a shape or dtype that `Tensor.uniform` does not take.
  /// - Source: He et al., "Delving Deep into Rectifiers", arXiv:1502.01852.
  public static func kaimingUniform(
    _ shape: Shape, nonlinearity: Nonlinearity = .relu, mode: FanMode = .fanIn,
    generator: Generator = .shared, dtype: DType = .float32
  ) -> Tensor {
    scaled("kaimingUniform", shape, dtype) { fan in
      let std = nonlinearity.gain / Double(fan.count(mode)).squareRoot()
      let bound = 3.0.squareRoot() * std
      return uniform(shape, from: -bound, to: bound, generator: generator, dtype: dtype)
    }
  }

  /// Normal initial weights after He, `torch.nn.init.kaiming_normal_`: they keep the variance from
  /// layer to layer. PyTorch's numbers for the same seed.
  ///
  ///     std = gain / sqrt(fan)
  ///
  /// The parameters and errors are those of `kaimingUniform`.
  public static func kaimingNormal(
    _ shape: Shape, nonlinearity: Nonlinearity = .relu, mode: FanMode = .fanIn,
    generator: Generator = .shared, dtype: DType = .float32
  ) -> Tensor {
    scaled("kaimingNormal", shape, dtype) { fan in
      let std = nonlinearity.gain / Double(fan.count(mode)).squareRoot()
      return normal(shape, std: std, generator: generator, dtype: dtype)
    }
  }

  /// Uniform initial weights after Glorot, `torch.nn.init.xavier_uniform_`: they keep the variance
  /// of values and of gradients. The same bits as PyTorch's for the same seed.
  ///
  ///     bound = gain * sqrt(6 / (inputs + outputs))
  ///
  /// - Parameters:
  ///   - shape: `[outputs, inputs, kernel...]`.
  ///   - gain: the factor of the bound, for example `Nonlinearity.tanh.gain`.
  ///   - generator: the source of the numbers, which are drawn at the call.
  ///   - dtype: a floating dtype.
  /// - Error: fewer than two axes; a shape or dtype that `Tensor.uniform` does not take.
  /// - Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward
  ///   neural networks", 2010.
  public static func xavierUniform(
    _ shape: Shape, gain: Double = 1, generator: Generator = .shared, dtype: DType = .float32
  ) -> Tensor {
    scaled("xavierUniform", shape, dtype) { fan in
      let std = gain * (2 / Double(fan.input + fan.output)).squareRoot()
      let bound = 3.0.squareRoot() * std
      return uniform(shape, from: -bound, to: bound, generator: generator, dtype: dtype)
    }
  }

  /// Normal initial weights after Glorot, `torch.nn.init.xavier_normal_`: they keep the variance of
  /// values and of gradients. PyTorch's numbers for the same seed.
  ///
  ///     std = gain * sqrt(2 / (inputs + outputs))
  ///
  /// The parameters and errors are those of `xavierUniform`.
  public static func xavierNormal(
    _ shape: Shape, gain: Double = 1, generator: Generator = .shared, dtype: DType = .float32
  ) -> Tensor {
    scaled("xavierNormal", shape, dtype) { fan in
      let std = gain * (2 / Double(fan.input + fan.output)).squareRoot()
      return normal(shape, std: std, generator: generator, dtype: dtype)
    }
  }

  /// Weights drawn by the number of inputs and outputs; nothing is drawn for a shape without
  /// elements, whose fan can be 0.
  private static func scaled(
    _ name: String, _ shape: Shape, _ dtype: DType, _ draw: (Fan) -> Tensor
  ) -> Tensor {
    if let error = TensorError.badShape(name, shape.sizes) { return Tensor(error: error) }
    guard let fan = Fan(shape.sizes) else {
      return Tensor(
        error: TensorError(
          name, "inputs and outputs are counted on two axes or more, \(shape) has \(shape.rank)",
          help: "weights are [outputs, inputs, kernel...]; draw others with uniform or normal"))
    }
    return (shape.sizes.contains(0) ? zeros(shape, dtype: dtype) : draw(fan)).named(name)
  }
}
