import BlitzNN
import BlitzTensor

/// A network for images that grows in width and depth at once, `torchvision.models.efficientnet_b0`
/// to `efficientnet_b4`.
///
///     let model = EfficientNet(.b0)
///     try model.load("efficientnet_b0.pth")
///
/// Names of parameters and buffers are torchvision's: `features.0.0.weight`,
/// `features.2.0.block.2.fc1.bias`, `classifier.1.weight`.
///
/// - Shapes: input `[N, 3, H, W]` of the weights' dtype (224 pixels a side for B0); output
///   `[N, classes]`, logits.
/// - Initial weights: torchvision's, of the same distributions.
/// - Error: as for `Conv2d`.
/// - Source: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
///   Networks", arXiv:1905.11946.
public struct EfficientNet: PretrainedNetwork, Layer, Sendable {
  /// The sizes of the network.
  public struct Size: Hashable, Sendable {
    /// What B0's numbers of channels are multiplied by, before they are rounded to eights.
    public var width: Double
    /// What B0's numbers of blocks are multiplied by, before they are rounded up.
    public var depth: Double
    /// The probability of dropping before the last layer, in training.
    public var dropout: Double

    /// Sizes of one's own.
    ///
    /// - Parameters:
    ///   - width: what B0's numbers of channels are multiplied by.
    ///   - depth: what B0's numbers of blocks are multiplied by.
    ///   - dropout: the probability of dropping before the last layer, in training.
    public init(width: Double, depth: Double, dropout: Double = 0.2) {
      (self.width, self.depth, self.dropout) = (width, depth, dropout)
    }

    /// B0: 5.3 million parameters, for 224 pixels a side.
    public static let b0 = Size(width: 1, depth: 1)
    /// B1: 7.8 million parameters, for 240 pixels a side.
    public static let b1 = Size(width: 1, depth: 1.1)
    /// B2: 9.1 million parameters, for 288 pixels a side.
    public static let b2 = Size(width: 1.1, depth: 1.2, dropout: 0.3)
    /// B3: 12.2 million parameters, for 300 pixels a side.
    public static let b3 = Size(width: 1.2, depth: 1.4, dropout: 0.3)
    /// B4: 19.3 million parameters, for 380 pixels a side.
    public static let b4 = Size(width: 1.4, depth: 1.8, dropout: 0.4)
  }

  /// The sizes that it was made with.
  public let size: Size
  private let stem: ConvNorm
  private let stages: [[MBConv]]
  private let last: ConvNorm
  private let dropout: Dropout
  /// The last layer, whose outputs are the classes' logits.
  public let head: Linear

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the sizes; `.b0` and so on are the published ones.
  ///   - classes: the number of outputs; `num_classes` in torchvision.
  ///   - stochasticDepth: the probability of dropping the last block in training; earlier ones are
  ///     dropped less often.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Size = .b0, classes: Int = 1000, stochasticDepth: Double = 0.2,
    generator: Generator = .shared
  ) {
    func channels(_ count: Int) -> Int { roundedChannels(Double(count) * size.width) }
    self.size = size
    var inputs = channels(32)
    stem = ConvNorm(3, inputs, size: 3, stride: 2, activation: .silu, generator: generator)
    let counts = MBConv.plans.map { plan in
      let count = (Double(plan.count) * size.depth).rounded(.up)
      return count.isFinite && count < 1e4 ? max(Int(count), 0) : 0
    }
    let total = Double(max(counts.reduce(0, +), 1))
    var place = 0
    stages = zip(MBConv.plans, counts).map { plan, count in
      (0..<count).map { index in
        let outputs = channels(plan.outputs)
        let block = MBConv(
          plan, inputs: inputs, outputs: outputs, stride: index == 0 ? plan.stride : 1,
          probability: stochasticDepth * Double(place) / total, generator)
        (inputs, place) = (outputs, place + 1)
        return block
      }
    }
    last = ConvNorm(inputs, 4 * inputs, size: 1, activation: .silu, generator: generator)
    dropout = Dropout(size.dropout, generator: generator)
    let bound = 1 / Double(max(classes, 1)).squareRoot()
    head = .drawn(4 * inputs, classes, generator) {
      .uniform($0, from: -bound, to: bound, generator: generator)
    }
  }

  /// The parts under torchvision's names.
  public var members: [(name: String, value: Any)] {
    let layers: [Any] = [stem] + stages + [last]
    return [("features", layers), ("classifier.0", dropout), ("classifier.1", head)]
  }

  /// What the last layer is given: the mean of each channel, `[N, 1280]` of B0.
  public func features(_ images: Tensor) -> Tensor {
    let x = last(stages.joined().reduce(stem(images)) { $1($0) })
    return dropout(x.adaptiveAvgPool2d(1).flattened(from: 1))
  }

  /// The logits of the classes.
  public func forward(_ input: Tensor) -> Tensor { head(features(input)) }
}

/// The block of MobileNetV2 with channels weighed.
private struct MBConv: Layer, Sendable {
  struct Plan: Sendable {
    let expansion, size, stride, outputs, count: Int
  }

  /// Table 1 of the paper.
  static let plans = [
    Plan(expansion: 1, size: 3, stride: 1, outputs: 16, count: 1),
    Plan(expansion: 6, size: 3, stride: 2, outputs: 24, count: 2),
    Plan(expansion: 6, size: 5, stride: 2, outputs: 40, count: 2),
    Plan(expansion: 6, size: 3, stride: 2, outputs: 80, count: 3),
    Plan(expansion: 6, size: 5, stride: 1, outputs: 112, count: 3),
    Plan(expansion: 6, size: 5, stride: 2, outputs: 192, count: 4),
    Plan(expansion: 6, size: 3, stride: 1, outputs: 320, count: 1),
  ]

  let layers: [any Layer & Sendable]
  let depth: StochasticDepth
  let isResidual: Bool

  init(
    _ plan: Plan, inputs: Int, outputs: Int, stride: Int, probability: Double,
    _ generator: Generator
  ) {
    let expanded = roundedChannels(Double(inputs * plan.expansion))
    var layers: [any Layer & Sendable] = []
    if expanded != inputs {
      layers.append(
        ConvNorm(inputs, expanded, size: 1, activation: .silu, generator: generator))
    }
    layers += [
      ConvNorm(
        expanded, expanded, size: plan.size, stride: stride, groups: expanded, activation: .silu,
        generator: generator),
      SqueezeExcitation(
        expanded, squeezed: max(1, inputs / 4), activation: .silu, gate: .sigmoid,
        generator: generator),
      ConvNorm(expanded, outputs, size: 1, generator: generator),
    ]
    self.layers = layers
    depth = StochasticDepth(probability: probability, generator: generator)
    isResidual = stride == 1 && inputs == outputs
  }

  var members: [(name: String, value: Any)] { [("block", layers), ("stochastic_depth", depth)] }

  func forward(_ input: Tensor) -> Tensor {
    let x = layers.reduce(input) { $1($0) }
    return isResidual ? depth(x) + input : x
  }
}
