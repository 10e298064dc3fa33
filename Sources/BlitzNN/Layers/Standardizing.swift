import BlitzTensor

/// Numbers moved and scaled to mean 0 and variance 1 along axes: what batch, layer and group
/// normalisation share.
///
///     y = (x - mean(x)) / sqrt(variance(x) + epsilon)
///
/// Inputs are the tensor and its ``Scaling``, which carries no gradient of its own: that of the
/// tensor goes through it.
struct Standardizing: GradientByHand {
  let axes: [Int]
  let epsilon: Double
  var isProduct: Bool { false }

  /// What is known of the numbers along the axes, which stay with size 1.
  struct Statistics {
    /// What standardizes them.
    let scaling: Scaling
    /// The root of the mean squared deviation: of large numbers the square would overflow.
    let deviation: Tensor

    init(_ input: Tensor, axes: [Int], epsilon: Double) {
      if let known = input.standardization(axes, epsilon: epsilon) {
        scaling = (known.mean, known.scale, known.shift)
        deviation = known.deviation
        return
      }
      (scaling, deviation) = noGrad {
        let mean = input.splitMean(axes)
        let deviation = (input - mean.rounded - mean.rest).rootMeanSquare(axes)
        let scale = deviation.reciprocal(beside: epsilon)
        return ((mean.rounded, scale, -mean.rest * scale), deviation)
      }
    }
  }

  /// The answer as `(x - mean) * scale + shift`, with the mean as the dtype holds it.
  typealias Scaling = (mean: Tensor, scale: Tensor, shift: Tensor)

  static func apply(_ input: Tensor, axes: [Int], epsilon: Double) -> Tensor {
    apply(
      input, Statistics(input, axes: axes, epsilon: epsilon), axes: axes, epsilon: epsilon)
  }

  static func apply(
    _ input: Tensor, _ known: Statistics, axes: [Int], epsilon: Double
  ) -> Tensor {
    let scaling = known.scaling
    return Standardizing(axes: axes, epsilon: epsilon)([
      input, scaling.mean, scaling.scale, scaling.shift,
    ])
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    ((inputs[0] - inputs[1]) * inputs[2] + inputs[3], [])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let mean = gradient.mean(axes: axes, keepDims: true)
    let slope = (gradient * output).mean(axes: axes, keepDims: true)
    return [inputs[2] * (gradient - mean - output * slope), nil, nil, nil]
  }

  func plain(_ inputs: [Tensor]) -> Tensor {
    inputs[0].deviation(axes).scaledToOne(axes, inputs[2], epsilon)
  }
}

/// The same with a scale and a bias that are one number each along the axes, as those of batch
/// normalisation are: their gradients are the sums that the input's takes, too.
///
/// Inputs are those of ``Standardizing``, the scale, and the bias if there is one, in shapes that
/// broadcast.
struct ScaledStandardizing: GradientByHand {
  let standardizing: Standardizing
  var isProduct: Bool { false }

  static func apply(
    _ input: Tensor, _ known: Standardizing.Statistics, axes: [Int], epsilon: Double,
    scale: Tensor, bias: Tensor?
  ) -> Tensor {
    let (mean, factor, shift) = known.scaling
    return ScaledStandardizing(standardizing: Standardizing(axes: axes, epsilon: epsilon))(
      [input, mean, factor, shift, scale] + (bias.map { [$0] } ?? []))
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    (scaled(standardizing.compute(inputs).output, inputs), [])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let axes = standardizing.axes
    let count = Double(axes.reduce(1) { $0 * inputs[0].shape[$1] })
    let standard = standardizing.compute(inputs).output
    let sum = gradient.sum(axes: axes, keepDims: true)
    let slope = (gradient * standard).sum(axes: axes, keepDims: true)
    let own =
      (inputs[2] * inputs[4]) * (gradient - sum * (1 / count) - standard * (slope * (1 / count)))
    return [own, nil, nil, nil]
      + zip([slope, sum], inputs[4...]).map { $0.reshaped(to: $1.shape) }
  }

  func plain(_ inputs: [Tensor]) -> Tensor {
    scaled(standardizing.plain(inputs), inputs)
  }

  private func scaled(_ standard: Tensor, _ inputs: [Tensor]) -> Tensor {
    standard.scaled(by: inputs[4], movedBy: inputs.count > 5 ? inputs[5] : nil)
  }
}

/// Numbers scaled to mean square 1 along axes: root-mean-square normalisation.
///
///     y = x / sqrt(mean(x²) + epsilon)
///
/// Inputs are the tensor and `1 / sqrt(mean(x²) + epsilon)`, which carries no gradient of its own.
struct MeanSquareScaling: GradientByHand {
  let axes: [Int]
  let epsilon: Double
  var isProduct: Bool { false }

  static func apply(_ input: Tensor, axes: [Int], epsilon: Double) -> Tensor {
    let scale =
      input.rootScale(axes, epsilon: epsilon)
      ?? noGrad { input.rootMeanSquare(axes).reciprocal(beside: epsilon) }
    return MeanSquareScaling(axes: axes, epsilon: epsilon)([input, scale])
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    (inputs[0] * inputs[1], [])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let slope = (gradient * output).mean(axes: axes, keepDims: true)
    return [inputs[1] * (gradient - output * slope), nil]
  }

  func plain(_ inputs: [Tensor]) -> Tensor {
    inputs[0].scaledToOne(axes, inputs[1], epsilon)
  }
}

extension Tensor {
  /// The root of the mean square along axes, which stay with size 1.
  fileprivate func rootMeanSquare(_ axes: [Int]) -> Tensor {
    let count = axes.reduce(1) { $0 * shape[$1] }
    return length(axes: axes, keepDims: true) * (1 / Double(count).squareRoot())
  }

  /// `1 / sqrt(x² + epsilon)` without the square, which could overflow.
  fileprivate func reciprocal(beside epsilon: Double) -> Tensor {
    if epsilon < 0 { return (square() + epsilon).rsqrt() }
    let other = epsilon.squareRoot()
    let greater = maximum(other)
    return 1 / (greater * ((minimum(other) / greater).square() + 1).sqrt())
  }

  /// The tensor over `sqrt(mean square + epsilon)`, by ops that can be differentiated twice.
  ///
  /// - Parameter scale: one over that root: what is large is divided by it first.
  fileprivate func scaledToOne(_ axes: [Int], _ scale: Tensor, _ epsilon: Double) -> Tensor {
    let size = noGrad { (1 / scale).maximum(1) }
    let scaled = self / size
    let square = scaled.square().mean(axes: axes, keepDims: true)
    return scaled * (square + epsilon / size.square()).rsqrt()
  }
}
