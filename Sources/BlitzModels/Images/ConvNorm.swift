import BlitzNN
import BlitzTensor

/// A convolution without bias, its batch normalisation and an activation: torchvision's
/// `Conv2dNormActivation`, whose parts are called `0` and `1`.
struct ConvNorm: Layer, Sendable {
  let convolution: Conv2d
  let norm: BatchNorm2d
  let activation: Activation

  /// Padded so that a stride of 1 keeps the image's size.
  init(
    _ channels: Int, _ outputs: Int, size: Int, stride: Int = 1, groups: Int = 1,
    epsilon: Double = 1e-5, momentum: Double = 0.1, activation: Activation = .none,
    generator: Generator
  ) {
    convolution = .drawn(
      channels, outputs, size: size, stride: stride, groups: groups, bias: false, generator)
    norm = BatchNorm2d(outputs, epsilon: epsilon, momentum: momentum)
    self.activation = activation
  }

  var members: [(name: String, value: Any)] { [("0", convolution), ("1", norm)] }

  func forward(_ input: Tensor) -> Tensor { activation(norm(convolution(input))) }
}

/// What follows a layer.
enum Activation: Sendable {
  case none, relu, hardSwish, silu, hardSigmoid, sigmoid

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .none: x
    case .relu: x.relu()
    case .hardSwish: x.hardSwish()
    case .silu: x.silu()
    case .hardSigmoid: x.hardSigmoid()
    case .sigmoid: x.sigmoid()
    }
  }
}

/// Channels weighed by what the whole image has of them: torchvision's `SqueezeExcitation`.
///
/// - Source: Hu et al., "Squeeze-and-Excitation Networks", arXiv:1709.01507.
struct SqueezeExcitation: Layer, Sendable {
  let fc1: Conv2d
  let fc2: Conv2d
  let activation: Activation
  let gate: Activation

  init(
    _ channels: Int, squeezed: Int, activation: Activation, gate: Activation, generator: Generator
  ) {
    fc1 = .drawn(channels, squeezed, size: 1, bias: true, generator)
    fc2 = .drawn(squeezed, channels, size: 1, bias: true, generator)
    (self.activation, self.gate) = (activation, gate)
  }

  var members: [(name: String, value: Any)] { [("fc1", fc1), ("fc2", fc2)] }

  func forward(_ input: Tensor) -> Tensor {
    gate(fc2(activation(fc1(input.adaptiveAvgPool2d(1))))) * input
  }
}

/// A block whose whole output is dropped in training, image by image: torchvision's
/// `StochasticDepth` in the mode "row".
///
/// - Source: Huang et al., "Deep Networks with Stochastic Depth", arXiv:1603.09382.
struct StochasticDepth: Module, Sendable {
  let probability: Double
  let generator: Generator
  let mode = Mode()

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard mode.isTraining, probability > 0, x.error == nil, x.rank == 4 else { return x }
    let kept = 1 - probability
    let noise = Tensor.bernoulli([x.shape[0], 1, 1, 1], probability: kept, generator: generator)
    return x * (noise / kept).cast(to: x.dtype)
  }
}

extension Conv2d {
  /// A convolution padded so that a stride of 1 keeps the image's size, with He's weights for the
  /// units that an input goes to, and biases of 0.
  static func drawn(
    _ channels: Int, _ outputs: Int, size: Int, stride: Int = 1, groups: Int = 1, bias: Bool,
    _ generator: Generator
  ) -> Conv2d {
    // Conv2d's own weights would be drawn for nothing.
    let layer = withoutDrawing {
      Conv2d(
        channels, outputs, size: Size2D(size), stride: Size2D(stride),
        padding: Size2D((size - 1) / 2), groups: groups, bias: bias, generator: generator)
    }
    if layer.weight.error == nil {
      layer.weight = .kaimingNormal(layer.weight.shape, mode: .fanOut, generator: generator)
    }
    return layer
  }
}

/// How many layers are made: no network has more than a few hundred, and none less than 0.
func layerCount(_ count: Int) -> Int { min(max(count, 0), 4096) }

/// A number of channels near `count` times `factor` that eight divides, and not below nine tenths
/// of it: torchvision's `_make_divisible`.
func roundedChannels(_ count: Double, by divisor: Int = 8) -> Int {
  guard count.isFinite, count < 1e9 else { return 0 }
  let divisor = Double(divisor)
  let near = max(divisor, ((count + divisor / 2) / divisor).rounded(.down) * divisor)
  return Int(near < 0.9 * count ? near + divisor : near)
}
