import BlitzNN
import BlitzTensor

/// A small network for images, `torchvision.models.mobilenet_v3_large` and `mobilenet_v3_small`.
///
///     let model = MobileNetV3(.small)
///     try model.load("mobilenet_v3_small.pth")
///
/// Names of parameters and buffers are torchvision's: `features.0.0.weight`,
/// `features.4.block.2.fc1.bias`, `classifier.3.weight`.
///
/// - Shapes: input `[N, 3, H, W]` of the weights' dtype, H and W 32 or more as a rule; output
///   `[N, classes]`, logits.
/// - Initial weights: torchvision's, of the same distributions.
/// - Error: as for `Conv2d`.
/// - Source: Howard et al., "Searching for MobileNetV3", arXiv:1905.02244.
public struct MobileNetV3: PretrainedNetwork, Layer, Sendable {
  /// The two published forms of the network.
  public enum Size: CaseIterable, Sendable {
    /// 5.5 million parameters with 1000 classes.
    case large
    /// 2.5 million parameters with 1000 classes.
    case small
  }

  /// The form that it was made in.
  public let size: Size
  private let stem: ConvNorm
  private let blocks: [InvertedResidual]
  private let last: ConvNorm
  private let hidden: Linear
  private let dropout: Dropout
  /// The last layer, whose outputs are the classes' logits.
  public let head: Linear

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the form.
  ///   - classes: the number of outputs; `num_classes` in torchvision.
  ///   - width: what every number of channels is multiplied by, before it is rounded to eights;
  ///     `width_mult` in torchvision.
  ///   - dropout: the probability of dropping before the last layer, in training.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Size = .large, classes: Int = 1000, width: Double = 1, dropout: Double = 0.2,
    generator: Generator = .shared
  ) {
    func channels(_ count: Int) -> Int { roundedChannels(Double(count) * width) }
    self.size = size
    let plans = InvertedResidual.plans(of: size)
    var inputs = channels(16)
    stem = ConvNorm(
      3, inputs, size: 3, stride: 2, epsilon: 0.001, momentum: 0.01, activation: .hardSwish,
      generator: generator)
    blocks = plans.map { plan in
      defer { inputs = channels(plan.outputs) }
      return InvertedResidual(plan, inputs: inputs, channels: channels, generator)
    }
    last = ConvNorm(
      inputs, 6 * inputs, size: 1, epsilon: 0.001, momentum: 0.01, activation: .hardSwish,
      generator: generator)
    let hiddenSize = channels(size == .large ? 1280 : 1024)
    hidden = .drawn(6 * inputs, hiddenSize, generator) {
      .normal($0, std: 0.01, generator: generator)
    }
    head = .drawn(hiddenSize, classes, generator) { .normal($0, std: 0.01, generator: generator) }
    self.dropout = Dropout(dropout, generator: generator)
  }

  /// The parts under torchvision's names.
  public var members: [(name: String, value: Any)] {
    let layers: [any Module] = [stem] + blocks + [last]
    return [
      ("features", layers), ("classifier.0", hidden), ("classifier.2", dropout),
      ("classifier.3", head),
    ]
  }

  /// What the last layer is given, `[N, 1280]` or, if small, `[N, 1024]`.
  public func features(_ images: Tensor) -> Tensor {
    let x = last(blocks.reduce(stem(images)) { $1($0) })
    return dropout(hidden(x.adaptiveAvgPool2d(1).flattened(from: 1)).hardSwish())
  }

  /// The logits of the classes.
  public func forward(_ input: Tensor) -> Tensor { head(features(input)) }
}

/// Channels are made more, convolved each by itself, weighed, and made fewer.
private struct InvertedResidual: Layer, Sendable {
  struct Plan {
    let size: Int
    let expanded: Int
    let outputs: Int
    let isWeighed: Bool
    let activation: Activation
    let stride: Int
  }

  /// Table 1 and 2 of the paper, as torchvision has them.
  static func plans(of size: MobileNetV3.Size) -> [Plan] {
    func plan(
      _ size: Int, _ expanded: Int, _ outputs: Int, _ isWeighed: Bool, _ stride: Int,
      _ activation: Activation
    ) -> Plan {
      Plan(
        size: size, expanded: expanded, outputs: outputs, isWeighed: isWeighed,
        activation: activation, stride: stride)
    }
    switch size {
    case .large:
      return [
        plan(3, 16, 16, false, 1, .relu), plan(3, 64, 24, false, 2, .relu),
        plan(3, 72, 24, false, 1, .relu), plan(5, 72, 40, true, 2, .relu),
        plan(5, 120, 40, true, 1, .relu), plan(5, 120, 40, true, 1, .relu),
        plan(3, 240, 80, false, 2, .hardSwish), plan(3, 200, 80, false, 1, .hardSwish),
        plan(3, 184, 80, false, 1, .hardSwish), plan(3, 184, 80, false, 1, .hardSwish),
        plan(3, 480, 112, true, 1, .hardSwish), plan(3, 672, 112, true, 1, .hardSwish),
        plan(5, 672, 160, true, 2, .hardSwish), plan(5, 960, 160, true, 1, .hardSwish),
        plan(5, 960, 160, true, 1, .hardSwish),
      ]
    case .small:
      return [
        plan(3, 16, 16, true, 2, .relu), plan(3, 72, 24, false, 2, .relu),
        plan(3, 88, 24, false, 1, .relu), plan(5, 96, 40, true, 2, .hardSwish),
        plan(5, 240, 40, true, 1, .hardSwish), plan(5, 240, 40, true, 1, .hardSwish),
        plan(5, 120, 48, true, 1, .hardSwish), plan(5, 144, 48, true, 1, .hardSwish),
        plan(5, 288, 96, true, 2, .hardSwish), plan(5, 576, 96, true, 1, .hardSwish),
        plan(5, 576, 96, true, 1, .hardSwish),
      ]
    }
  }

  let layers: [any Layer & Sendable]
  let isResidual: Bool

  init(
    _ plan: Plan, inputs: Int, channels: (Int) -> Int, _ generator: Generator
  ) {
    let (expanded, outputs) = (channels(plan.expanded), channels(plan.outputs))
    func layer(
      _ from: Int, _ to: Int, size: Int = 1, stride: Int = 1, groups: Int = 1,
      _ activation: Activation
    ) -> ConvNorm {
      ConvNorm(
        from, to, size: size, stride: stride, groups: groups, epsilon: 0.001, momentum: 0.01,
        activation: activation, generator: generator)
    }
    var layers: [any Layer & Sendable] = []
    if expanded != inputs { layers.append(layer(inputs, expanded, plan.activation)) }
    layers.append(
      layer(
        expanded, expanded, size: plan.size, stride: plan.stride, groups: expanded,
        plan.activation))
    if plan.isWeighed {
      layers.append(
        SqueezeExcitation(
          expanded, squeezed: roundedChannels(Double(expanded / 4)), activation: .relu,
          gate: .hardSigmoid, generator: generator))
    }
    self.layers = layers + [layer(expanded, outputs, .none)]
    isResidual = plan.stride == 1 && inputs == outputs
  }

  var members: [(name: String, value: Any)] { [("block", layers)] }

  func forward(_ input: Tensor) -> Tensor {
    let x = layers.reduce(input) { $1($0) }
    return isResidual ? x + input : x
  }
}

extension Linear {
  /// A linear layer with given weights, and biases of 0.
  static func drawn(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, _ generator: Generator,
    _ weight: (Shape) -> Tensor
  ) -> Linear {
    let layer = withoutDrawing { Linear(inputs, outputs, bias: bias, generator: generator) }
    if layer.weight.error == nil { layer.weight = weight(layer.weight.shape) }
    return layer
  }
}
