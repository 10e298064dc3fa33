import BlitzNN
import BlitzTensor

/// A residual network for images, `torchvision.models.resnet18` to `resnet152`.
///
///     let model = ResNet(.resNet50)
///     try model.load("resnet50.pth")
///     model.eval()
///     let logits = model(images)          // [N, 3, 224, 224] -> [N, 1000]
///
/// Names of parameters and buffers are torchvision's: `conv1.weight`, `layer1.0.bn1.running_mean`,
/// `layer2.0.downsample.0.weight`, `fc.bias`.
///
/// - Shapes: input `[N, channels, H, W]` of the weights' dtype, H and W 32 or more as a rule;
///   output `[N, classes]`, logits.
/// - Initial weights: torchvision's, of the same distributions.
/// - Error: as for `Conv2d`.
/// - Source: He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385; a
///   bottleneck's stride is that of its 3 x 3 convolution, as torchvision has it.
public struct ResNet: PretrainedNetwork, Layer, Sendable {
  /// The sizes of a residual network.
  public struct Size: Hashable, Sendable {
    /// The number of blocks of each of the stages, each of twice the channels of the one before.
    public var blocks: [Int]
    /// Whether a block is 1 x 1, 3 x 3 and 1 x 1 with four times the channels, not twice 3 x 3.
    public var isBottleneck: Bool
    /// The number of channels of the first stage, 64 in all published sizes.
    public var width: Int

    /// Sizes of one's own.
    ///
    /// - Parameters:
    ///   - blocks: the number of blocks of each stage.
    ///   - isBottleneck: whether blocks are of three convolutions, as from ResNet-50 on.
    ///   - width: the number of channels of the first stage.
    public init(blocks: [Int], isBottleneck: Bool = false, width: Int = 64) {
      (self.blocks, self.isBottleneck, self.width) = (blocks, isBottleneck, width)
    }

    /// ResNet-18: 11.7 million parameters.
    public static let resNet18 = Size(blocks: [2, 2, 2, 2])
    /// ResNet-34: 21.8 million parameters.
    public static let resNet34 = Size(blocks: [3, 4, 6, 3])
    /// ResNet-50: 25.6 million parameters.
    public static let resNet50 = Size(blocks: [3, 4, 6, 3], isBottleneck: true)
    /// ResNet-101: 44.5 million parameters.
    public static let resNet101 = Size(blocks: [3, 4, 23, 3], isBottleneck: true)
    /// ResNet-152: 60.2 million parameters.
    public static let resNet152 = Size(blocks: [3, 8, 36, 3], isBottleneck: true)
  }

  /// The sizes that it was made with.
  public let size: Size
  private let stem: ConvNorm
  private let stages: [[ResidualBlock]]
  /// The last layer, whose outputs are the classes' logits.
  public let fc: Linear

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the sizes; `.resNet50` and so on are the published ones.
  ///   - classes: the number of outputs; `num_classes` in torchvision.
  ///   - channels: the number of channels of the images.
  ///   - generator: the source of the initial weights.
  public init(
    _ size: Size = .resNet18, classes: Int = 1000, channels: Int = 3,
    generator: Generator = .shared
  ) {
    self.size = size
    stem = ConvNorm(channels, size.width, size: 7, stride: 2, generator: generator)
    var inputs = size.width
    stages = size.blocks.enumerated().map { stage, count in
      let width = size.width << min(stage, 16)
      return (0..<layerCount(count)).map { place in
        let block = ResidualBlock(
          inputs, width, stride: stage > 0 && place == 0 ? 2 : 1, isWide: size.isBottleneck,
          generator)
        inputs = block.outputs
        return block
      }
    }
    fc = Linear(inputs, classes, generator: generator)
  }

  /// The parts under torchvision's names.
  public var members: [(name: String, value: Any)] {
    [("conv1", stem.convolution), ("bn1", stem.norm)]
      + stages.enumerated().map { ("layer\($0 + 1)", $1) } + [("fc", fc)]
  }

  /// What the last layer is given: the mean of each channel, `[N, channels of the last stage]`.
  public func features(_ images: Tensor) -> Tensor {
    let start = stem(images).relu().maxPool2d(3, stride: 2, padding: 1)
    return stages.joined().reduce(start) { $1($0) }.adaptiveAvgPool2d(1).flattened(from: 1)
  }

  /// The logits of the classes.
  public func forward(_ input: Tensor) -> Tensor { fc(features(input)) }
}

/// Convolutions whose output is added to their input.
private struct ResidualBlock: Layer, Sendable {
  let convolutions: [ConvNorm]
  let downsample: ConvNorm?
  let outputs: Int

  init(_ inputs: Int, _ width: Int, stride: Int, isWide: Bool, _ generator: Generator) {
    let outputs = isWide ? 4 &* width : width
    func layer(_ from: Int, _ to: Int, size: Int, stride: Int = 1) -> ConvNorm {
      ConvNorm(from, to, size: size, stride: stride, generator: generator)
    }
    convolutions =
      isWide
      ? [
        layer(inputs, width, size: 1), layer(width, width, size: 3, stride: stride),
        layer(width, outputs, size: 1),
      ]
      : [layer(inputs, width, size: 3, stride: stride), layer(width, width, size: 3)]
    downsample =
      stride != 1 || inputs != outputs
      ? layer(inputs, outputs, size: 1, stride: stride) : nil
    self.outputs = outputs
  }

  var members: [(name: String, value: Any)] {
    convolutions.enumerated().flatMap { place, layer -> [(name: String, value: Any)] in
      [("conv\(place + 1)", layer.convolution), ("bn\(place + 1)", layer.norm)]
    } + (downsample.map { [("downsample", $0)] } ?? [])
  }

  func forward(_ input: Tensor) -> Tensor {
    let inner = convolutions.dropLast().reduce(input) { $1($0).relu() }
    let last = convolutions[convolutions.count - 1](inner)
    return (last + (downsample.map { $0(input) } ?? input)).relu()
  }
}
