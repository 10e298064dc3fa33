import BlitzTensor

/// Numbers moved and scaled to mean 0 and variance 1 along axes: what batch, layer and group
/// normalisation share.
///
///     y = (x - mean(x)) / sqrt(variance(x) + epsilon)
///
/// Inputs are the tensor, its mean and its variance, which carry no gradient of their own: that of
/// the tensor goes through them.
struct Standardizing: GradientByHand {
  let axes: [Int]
  let epsilon: Double
  var isProduct: Bool { false }

  /// The mean and the (biased) variance along the axes, which stay with size 1.
  static func statistics(_ input: Tensor, axes: [Int]) -> (mean: Tensor, variance: Tensor) {
    noGrad {
      let mean = input.mean(axes: axes, keepDims: true)
      return (mean, (input - mean).square().mean(axes: axes, keepDims: true))
    }
  }

  static func apply(_ input: Tensor, axes: [Int], epsilon: Double) -> Tensor {
    let (mean, variance) = statistics(input, axes: axes)
    return Standardizing(axes: axes, epsilon: epsilon)([input, mean, variance])
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    let scale = (inputs[2] + epsilon).rsqrt()
    return ((inputs[0] - inputs[1]) * scale, [scale])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let mean = gradient.mean(axes: axes, keepDims: true)
    let slope = (gradient * output).mean(axes: axes, keepDims: true)
    return [kept[0] * (gradient - mean - output * slope), nil, nil]
  }

  func plain(_ inputs: [Tensor]) -> Tensor {
    let deviation = inputs[0] - inputs[0].mean(axes: axes, keepDims: true)
    let variance = deviation.square().mean(axes: axes, keepDims: true)
    return deviation * (variance + epsilon).rsqrt()
  }
}
