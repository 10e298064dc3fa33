import Blitz

/// Networks as the examples have them.
enum Networks {
  /// Exported and run with the same sizes.
  static var all: [Case] {
    let generator = Generator(seed: 3)
    func images(_ shape: Shape) -> Tensor { .randn(shape, generator: generator) }
    return [17, 23].flatMap { opset in
      [
        layer("ImageClassifier", opset, Classifier(), images([2, 1, 8, 8])),
        layer("SuperResolution", opset, Sharpener(), images([2, 1, 8, 8])),
        layer("VisionTransformer", opset, VisionTransformer(), images([2, 1, 8, 8])),
        layer("ResidualBlock", opset, Residual(), images([2, 8, 6, 6])),
        layer("TimeSeries", opset, Forecaster(), images([3, 96])),
        layer(
          "GAN", opset,
          Sequential(Linear(32, 64), LeakyReLU(slope: 0.2), Linear(64, 64), Sigmoid()),
          images([4, 32])),
        layer(
          "ConvTranspose generator", opset,
          Sequential(
            ConvTranspose2d(16, 8, size: 4, stride: 2, padding: 1), BatchNorm2d(8), ReLU(),
            ConvTranspose2d(8, 1, size: 4, stride: 2, padding: 1), Tanh()), images([2, 16, 4, 4])),
        layer("SmallGPT", opset, GPT(), Tensor([[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]])),
        writer(opset, Tensor([[1, 2, 3, 4], [4, 3, 2, 1]])),
        graph(opset), recommender(opset), encoder(opset),
        quantized("dynamic", opset, .dynamic),
        quantized("static", opset, .static(calibration: [images([9, 2, 8, 8])])),
        quantizedWords(opset),
      ]
    }
  }

  /// A network whose weights have 8 bits.
  private static func quantized(_ kind: String, _ opset: Int, _ how: Quantization) -> Case {
    let network = Sequential(
      Conv2d(2, 6, size: 3, stride: 2, padding: 1, groups: 2), ReLU(), Conv2d(6, 4, size: 1),
      Flatten(), Linear(64, 32), ReLU(), Linear(32, 5))
    network.eval()
    guard (try? network.quantized(how)) != nil else { fatalError("it is not quantised") }
    return layer("8 bits, \(kind)", opset, network, .randn([3, 2, 8, 8]))
  }

  /// Recurrent layers, a table and attention of 8 bits.
  private static func quantizedWords(_ opset: Int) -> Case {
    struct Words: Layer {
      let table = Embedding(20, 8)
      let lstm = LSTM(8, 6, bidirectional: true)
      let gru = GRU(12, 8)
      let encoder = TransformerEncoderLayer(8, heads: 2, feedForward: 16, dropout: 0)
      func forward(_ input: Tensor) -> Tensor {
        encoder(gru(lstm(table(input)).output).output)
      }
    }
    let network = Words()
    network.eval()
    guard (try? network.quantized()) != nil else { fatalError("it is not quantised") }
    return layer("8 bits, words", opset, network, Tensor([[1, 2, 3], [4, 5, 19], [0, 7, 8]]))
  }

  /// Run with other sizes than they are exported with.
  static var ofOtherSizes: [Case] {
    let generator = Generator(seed: 4)
    func numbers(_ shape: Shape) -> Tensor { .randn(shape, generator: generator) }
    let words = Tensor([[1, 2, 3, 4, 5, 6]])
    let moreWords = Tensor([[3, 1, 2], [4, 4, 5], [6, 0, 1], [2, 2, 2], [1, 5, 3]])
    let batch = [0: "batch"]
    let text = [0: "batch", 1: "sequence"]
    return [17, 23].flatMap { opset in
      [
        resized(
          layer("ImageClassifier", opset, Classifier(), numbers([1, 1, 8, 8])), batch,
          numbers([5, 1, 8, 8])),
        resized(
          layer("SuperResolution of any image", opset, Sharpener(), numbers([1, 1, 8, 8])),
          [0: "batch"], numbers([3, 1, 8, 8])),
        resized(
          layer(
            "convolutions of any image", opset,
            Sequential(
              Conv2d(1, 4, size: 3, padding: 1), ReLU(), MaxPool2d(2), Conv2d(4, 2, size: 1),
              AdaptiveAvgPool2d(1), Flatten()), numbers([1, 1, 8, 8])),
          [0: "batch", 2: "height", 3: "width"], numbers([3, 1, 12, 10])),
        resized(
          layer("VisionTransformer", opset, VisionTransformer(), numbers([1, 1, 8, 8])), batch,
          numbers([4, 1, 8, 8])),
        resized(
          layer("ResidualBlock", opset, Residual(), numbers([2, 8, 6, 6])), batch,
          numbers([7, 8, 6, 6])),
        resized(
          layer("TimeSeries", opset, Forecaster(), numbers([3, 96])), batch, numbers([1, 96])),
        resized(layer("SmallGPT", opset, GPT(), words), text, moreWords),
        resized(writer(opset, words), text, moreWords),
        resized(encoder(opset), [0: "batch", 1: "sequence"], numbers([5, 7, 16])),
        resized(
          layer(
            "LayerNorm, softmax and means", opset,
            Function { x in
              let y = (x - x.mean(axis: 1, keepDims: true)).softmax(axis: 1)
              return concatenate([y, x[0..., (-1)...], x.flipped(axes: [1])], axis: 1) * x.mean()
            }, numbers([2, 3, 4])), text, numbers([4, 6, 4])),
        resized(
          layer(
            "causal mask by hand", opset,
            Function { x in
              let length = x.shape[1]
              let scores = x.matmul(x.transposed(1, 2))
              let mask = Tensor.ones([length, length]).tril()
              return Tensor.where(mask .== 0, -Double.infinity, scores).softmax(axis: -1).matmul(x)
            }, numbers([2, 3, 4])), text, numbers([4, 6, 4])),
      ]
    }
  }

  static func layer(
    _ name: String, _ opset: Int, _ model: some Layer, _ input: Tensor
  ) -> Case {
    Case(name: "\(name), opset \(opset)", opset: opset, model: model, inputs: [input]) {
      [model($0[0])]
    }
  }

  static func resized(_ one: Case, _ axes: [Int: String], _ input: Tensor) -> Case {
    Case(
      name: one.name + ", other sizes", opset: one.opset, dynamicAxes: ["input_0": axes],
      other: [input], model: one.model, inputs: one.inputs, forward: one.forward)
  }

  private static func writer(_ opset: Int, _ letters: Tensor) -> Case {
    let model = Writer()
    return Case(
      name: "CharacterLSTM, opset \(opset)", opset: opset, model: model, inputs: [letters]
    ) { inputs in
      let (output, state) = model.lstm(model.embedding(inputs[0]))
      return [model.head(output), state.hidden, state.cell]
    }
  }

  private static func graph(_ opset: Int) -> Case {
    let model = Linear(6, 4)
    let inputs = [Tensor.randn([5, 6], generator: Generator(seed: 5)), Tensor.eye(5)]
    return Case(
      name: "GraphConvolution, opset \(opset)", opset: opset, model: model, inputs: inputs
    ) { [$0[1].matmul(model($0[0])).relu()] }
  }

  private static func recommender(_ opset: Int) -> Case {
    let (people, films) = (Embedding(7, 4), Embedding(9, 4))
    let model = Pair(people: people, films: films)
    return Case(
      name: "Recommender, opset \(opset)", opset: opset, model: model,
      inputs: [Tensor([1, 3, 6]), Tensor([8, 0, 2])]
    ) { [(people($0[0]) * films($0[1])).sum(axis: 1)] }
  }

  private static func encoder(_ opset: Int) -> Case {
    let layer = TransformerEncoderLayer(16, heads: 4, feedForward: 32, batchFirst: true)
    let model = TransformerEncoder(layers: 2) { layer }
    let input = Tensor.randn([2, 5, 16], generator: Generator(seed: 6))
    return Case(
      name: "TransformerEncoder, opset \(opset)", opset: opset, model: model, inputs: [input]
    ) { [model($0[0])] }
  }
}

struct Function: Layer {
  let body: (Tensor) -> Tensor
  init(_ body: @escaping (Tensor) -> Tensor) { self.body = body }
  func forward(_ input: Tensor) -> Tensor { body(input) }
}

struct Pair: Module {
  let people: Embedding
  let films: Embedding
}

struct Classifier: Layer {
  let conv1 = Conv2d(1, 4, size: 3, padding: 1)
  let conv2 = Conv2d(4, 8, size: 3, padding: 1)
  let dropout = Dropout(0.3)
  let fc = Linear(32, 10)

  func forward(_ images: Tensor) -> Tensor {
    var h = conv1(images).relu().maxPool2d(2)
    h = conv2(h).relu().maxPool2d(2)
    return fc(dropout(h.flattened(from: 1)))
  }
}

struct Sharpener: Layer {
  let conv1 = Conv2d(1, 8, size: 3, padding: 1)
  let conv2 = Conv2d(8, 4, size: 3, padding: 1)

  func forward(_ small: Tensor) -> Tensor {
    small.resized(by: [2, 2], mode: .cubic) + conv2(conv1(small).relu()).pixelShuffle(2)
  }
}

struct Residual: Layer {
  let conv1 = Conv2d(8, 8, size: 3, padding: 1, bias: false)
  let norm1 = BatchNorm2d(8)
  let conv2 = Conv2d(8, 8, size: 3, padding: 1, bias: false)
  let norm2 = BatchNorm2d(8)

  func forward(_ input: Tensor) -> Tensor {
    (norm2(conv2(norm1(conv1(input)).relu())) + input).relu().mean(axes: [2, 3])
  }
}

struct Forecaster: Layer {
  let gru = GRU(1, 8, batchFirst: true)
  let head = Linear(8, 24)

  func forward(_ hours: Tensor) -> Tensor {
    let shape = hours - hours.mean(axis: 1, keepDims: true)
    let (_, hidden) = gru(shape.unsqueezed(axis: 2))
    return hours.reshaped(to: [-1, 4, 24]).mean(axis: 1) + head(hidden[-1])
  }
}

struct Writer: Module {
  let embedding = Embedding(8, 6)
  let lstm = LSTM(6, 5, batchFirst: true)
  let head = Linear(5, 8)
}

struct GPT: Layer {
  let letterEmbedding = Embedding(8, 16)
  let placeEmbedding = Embedding(6, 16)
  let blocks = TransformerEncoder(layers: 2, norm: LayerNorm(16)) {
    TransformerEncoderLayer(
      16, heads: 4, feedForward: 32, dropout: 0.1, activation: .gelu, batchFirst: true,
      normFirst: true)
  }
  let head = Linear(16, 8)

  func forward(_ letters: Tensor) -> Tensor {
    let h = letterEmbedding(letters) + placeEmbedding(.arange(letters.shape[1]))
    return head(blocks(h, isCausal: true))
  }
}

struct VisionTransformer: Layer {
  let patches = Conv2d(1, 16, size: 4, stride: 4)
  @Parameter var places = 0.02 * Tensor.randn([1, 4, 16])
  let encoder = TransformerEncoder(layers: 2, norm: LayerNorm(16)) {
    TransformerEncoderLayer(
      16, heads: 4, feedForward: 32, dropout: 0.1, activation: .gelu, batchFirst: true,
      normFirst: true)
  }
  let head = Linear(16, 10)

  func forward(_ images: Tensor) -> Tensor {
    let words = patches(images).flattened(from: 2).transposed(1, 2) + places
    return head(encoder(words).mean(axis: 1))
  }
}
