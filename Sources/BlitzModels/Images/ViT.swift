import BlitzNN
import BlitzTensor

/// A transformer that reads an image as a row of square patches, `torchvision.models.vit_b_16` and
/// its kin.
///
///     let model = ViT(.b16)
///     try model.load("vit_b_16.pth")
///
/// Names of parameters are torchvision's: `conv_proj.weight`,
/// `encoder.layers.encoder_layer_0.self_attention.in_proj_weight`, `heads.head.bias`.
///
/// - Shapes: input `[N, 3, imageSize, imageSize]` of the weights' dtype; output `[N, classes]`,
///   logits.
/// - Initial weights: torchvision's, of the same distributions: the last layer starts as zeros.
/// - Error: images of another size; a patch that does not divide the image; heads that do not
///   divide the width.
/// - Source: Dosovitskiy et al., "An Image is Worth 16x16 Words", arXiv:2010.11929.
public struct ViT: PretrainedNetwork, Layer, Sendable {
  /// The sizes of the network.
  public struct Size: Hashable, Sendable {
    /// The pixels of a patch along each side.
    public var patch: Int
    /// The number of encoder layers.
    public var layers: Int
    /// The number of heads of each layer's attention.
    public var heads: Int
    /// The size of each patch's vector; `hidden_dim` in torchvision.
    public var width: Int
    /// The size between the two linear layers of a block; `mlp_dim` in torchvision.
    public var feedForward: Int

    /// Sizes of one's own.
    ///
    /// - Parameters:
    ///   - patch: the pixels of a patch along each side.
    ///   - layers: the number of encoder layers.
    ///   - heads: the number of heads, a divisor of the width.
    ///   - width: the size of each patch's vector.
    ///   - feedForward: the size between the two linear layers of a block.
    public init(patch: Int, layers: Int, heads: Int, width: Int, feedForward: Int) {
      (self.patch, self.layers, self.heads) = (patch, layers, heads)
      (self.width, self.feedForward) = (width, feedForward)
    }

    /// B/16: 86.6 million parameters.
    public static let b16 = Size(patch: 16, layers: 12, heads: 12, width: 768, feedForward: 3072)
    /// B/32: 88.2 million parameters.
    public static let b32 = Size(patch: 32, layers: 12, heads: 12, width: 768, feedForward: 3072)
    /// L/16: 304 million parameters.
    public static let l16 = Size(patch: 16, layers: 24, heads: 16, width: 1024, feedForward: 4096)
  }

  /// The sizes that it was made with.
  public let size: Size
  /// The pixels of an image along each side.
  public let imageSize: Int
  private let projection: Conv2d
  private let classToken: Parameter
  private let positions: Parameter
  private let dropout: Dropout
  private let layers: [EncoderBlock]
  private let norm: LayerNorm
  /// The last layer, whose outputs are the classes' logits.
  public let head: Linear

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the sizes; `.b16` and so on are the published ones.
  ///   - imageSize: the pixels of an image along each side, a multiple of the patch.
  ///   - classes: the number of outputs; `num_classes` in torchvision.
  ///   - dropout: the probability of dropping in training, of the input and of each block.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Size = .b16, imageSize: Int = 224, classes: Int = 1000, dropout: Double = 0,
    generator: Generator = .shared
  ) {
    (self.size, self.imageSize) = (size, imageSize)
    projection = withoutDrawing {
      Conv2d(3, size.width, size: Size2D(size.patch), stride: Size2D(size.patch))
    }
    if projection.weight.error == nil {
      let inputs = 3 * size.patch * size.patch
      projection.weight = .truncatedNormal(
        projection.weight.shape, std: (1 / Double(inputs)).squareRoot(), generator: generator)
    }
    let width = max(size.width, 0)
    classToken = Parameter(.zeros([1, 1, width]))
    let across = size.patch > 0 ? max(imageSize, 0) / size.patch : 0
    positions = Parameter(
      .normal([1, across &* across &+ 1, width], std: 0.02, generator: generator))
    self.dropout = Dropout(dropout, generator: generator)
    layers = (0..<layerCount(size.layers)).map { _ in EncoderBlock(size, dropout, generator) }
    norm = LayerNorm(size.width, epsilon: 1e-6)
    head = .drawn(size.width, classes, generator) { .zeros($0) }
  }

  /// The parts under torchvision's names.
  public var members: [(name: String, value: Any)] {
    [
      ("class_token", classToken), ("conv_proj", projection),
      ("encoder.pos_embedding", positions), ("encoder.dropout", dropout),
    ] + layers.enumerated().map { ("encoder.layers.encoder_layer_\($0)", $1) }
      + [("encoder.ln", norm), ("heads.head", head)]
  }

  /// What the last layer is given: the vector that stands for the whole image, `[N, width]`.
  public func features(_ images: Tensor) -> Tensor {
    let patches = projection(images)
    if patches.error != nil { return patches }
    guard images.rank == 4, images.shape[2] == imageSize, images.shape[3] == imageSize,
      imageSize % size.patch == 0
    else {
      return Tensor(
        error: TensorError(
          "ViT",
          "the network takes images of \(imageSize) x \(imageSize) in patches of "
            + "\(size.patch)", operands: [("input", images.signature)],
          help: "resize the images, or make the network with their size, a multiple of the patch"))
    }
    let batch = images.shape[0]
    let rows = patches.flattened(from: 2).transposed(1, 2)
    let first = classToken.value.cast(to: rows.dtype).expanded(to: [batch, 1, size.width])
    var x = concatenate([first, rows], axis: 1) + positions.value
    x = layers.reduce(dropout(x)) { $1($0) }
    return norm(x)[0..., 0]
  }

  /// The logits of the classes.
  public func forward(_ input: Tensor) -> Tensor { head(features(input)) }
}

/// Attention and a feed-forward block, each normalised before.
private struct EncoderBlock: Layer, Sendable {
  let norm1: LayerNorm
  let attention: MultiHeadAttention
  let norm2: LayerNorm
  let linear1: Linear
  let linear2: Linear
  let dropout: Dropout

  init(_ size: ViT.Size, _ dropout: Double, _ generator: Generator) {
    norm1 = LayerNorm(size.width, epsilon: 1e-6)
    attention = MultiHeadAttention(
      size.width, heads: size.heads, batchFirst: true, generator: generator)
    norm2 = LayerNorm(size.width, epsilon: 1e-6)
    func linear(_ inputs: Int, _ outputs: Int) -> Linear {
      let layer = Linear.drawn(inputs, outputs, generator) {
        .xavierUniform($0, generator: generator)
      }
      if layer.weight.error == nil {
        layer.parameters.last?.parameter.value = .normal(
          [outputs], std: 1e-6, generator: generator)
      }
      return layer
    }
    linear1 = linear(size.width, size.feedForward)
    linear2 = linear(size.feedForward, size.width)
    self.dropout = Dropout(dropout, generator: generator)
  }

  var members: [(name: String, value: Any)] {
    [
      ("ln_1", norm1), ("self_attention", attention), ("ln_2", norm2), ("mlp.0", linear1),
      ("mlp.3", linear2), ("dropout", dropout),
    ]
  }

  func forward(_ input: Tensor) -> Tensor {
    let x = input + dropout(attention(norm1(input)))
    return x + dropout(linear2(dropout(linear1(norm2(x)).gelu())))
  }
}
