import Blitz
import Foundation
import Testing

/// A layer with everything a module can have: a parameter, a buffer, a mode, a child.
private struct Centred: Layer {
  @Parameter var scale: Tensor
  @Parameter(name: "shift") var offset = Tensor.zeros([3])
  @Buffer var runningMean = Tensor.zeros([3])
  let mode = Mode()
  let inner: Linear

  init() {
    scale = Tensor.ones([3])
    inner = Linear(3, 3, generator: Generator(seed: 1))
  }

  func forward(_ input: Tensor) -> Tensor {
    let hidden = inner(input)
    if mode.isTraining { runningMean = 0.9 * runningMean + 0.1 * hidden.mean(axis: 0) }
    return (hidden - runningMean) * scale + offset
  }
}

/// A module of several tensors that lists its members itself.
private struct Pair: Module {
  let first = Linear(2, 2)
  let second = Linear(2, 1)

  var members: [(name: String, value: Any)] { [("a", first), ("b", second)] }

  func callAsFunction(_ left: Tensor, _ right: Tensor) -> Tensor {
    second((first(left) * right).tanh())
  }
}

/// A square weight that is the same from both sides.
private struct Symmetric: Parametrization {
  func value(of originals: [Tensor]) -> Tensor {
    originals[0].triu() + originals[0].triu(diagonal: 1).transposed()
  }
}

@Suite struct OwnLayerTests {
  @Test func computesAWeight() throws {
    let layer = Linear(3, 3).parametrized(by: Symmetric())
    let optimizer = SGD(layer, rate: 0.1)
    try layer(Tensor.randn([4, 3], generator: Generator(seed: 0))).square().sum().backward()
    try optimizer.step()
    let weight = layer.weight
    #expect(try weight.array(as: [[Float]].self) == weight.transposed().array(as: [[Float]].self))
    #expect(layer.parameters.map(\.name) == ["bias", "parametrizations.weight.original"])
  }

  @Test func hasPyTorchsNames() {
    let layer = Centred()
    #expect(
      layer.parameters.map(\.name) == ["scale", "shift", "inner.weight", "inner.bias"])
    #expect(layer.buffers.map(\.name) == ["running_mean"])
    #expect(Pair().parameters.map(\.name) == ["a.weight", "a.bias", "b.weight", "b.bias"])
  }

  @Test func learnsAndKeepsItsBuffer() throws {
    let layer = Centred()
    let optimizer = SGD(layer, rate: 0.1)
    let x = Tensor.randn([8, 3], generator: Generator(seed: 0))
    var losses: [Double] = []
    for _ in 0..<20 {
      let loss = meanSquaredError(predictions: layer(x), targets: x)
      losses.append(try loss.item())
      try loss.backward()
      try optimizer.step()
    }
    #expect(losses[19] < 0.5 * losses[0])
    let mean = try layer.runningMean.array(as: [Float].self)
    #expect(mean.contains { $0 != 0 })
    layer.eval()
    _ = layer(x)
    #expect(try layer.runningMean.array(as: [Float].self) == mean)
  }

  @Test func isSavedAndLoaded() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "external-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "model.safetensors").path
    let model = Sequential(Centred(), ReLU(), Linear(3, 1))
    try Safetensors.save(model.state.map { ($0.name, $0.tensor) }, to: file)
    let other = Sequential(Centred(), ReLU(), Linear(3, 1))
    try other.load(Safetensors.load(file))
    let x = Tensor.ones([2, 3])
    model.eval()
    other.eval()
    #expect(try model(x).array(as: [[Float]].self) == other(x).array(as: [[Float]].self))
  }

  @Test func takesSeveralTensors() throws {
    let pair = Pair()
    let loss = pair(Tensor.ones([4, 2]), Tensor.ones([4, 2])).sum()
    try loss.backward()
    #expect(pair.parameters.allSatisfy { $0.parameter.value.hasGrad })
    #expect(pair.parameterCount == 9)
  }
}

@Suite struct EveryLayerTests {
  /// Layers of one tensor, with the shapes that they take and return.
  private static var layers: [(layer: any Layer, input: Shape, output: Shape)] {
    [
      (AdaptiveAvgPool2d(2), [1, 3, 8, 8], [1, 3, 2, 2]),
      (AvgPool2d(2), [1, 3, 8, 8], [1, 3, 4, 4]),
      (BatchNorm1d(3), [4, 3], [4, 3]),
      (BatchNorm2d(3), [2, 3, 4, 4], [2, 3, 4, 4]),
      (Conv1d(3, 5, size: 3), [2, 3, 8], [2, 5, 6]),
      (Conv2d(3, 5, size: 3, padding: 1), [2, 3, 8, 8], [2, 5, 8, 8]),
      (ConvTranspose2d(3, 5, size: 2, stride: 2), [2, 3, 4, 4], [2, 5, 8, 8]),
      (Dropout(0.5), [4, 3], [4, 3]),
      (ELU(), [3], [3]),
      (Flatten(), [2, 3, 4], [2, 12]),
      (GELU(approximate: .tanh), [3], [3]),
      (GroupNorm(groups: 2, channels: 4), [2, 4, 3], [2, 4, 3]),
      (Hardtanh(), [3], [3]),
      (Identity(), [3], [3]),
      (LayerNorm(3), [2, 3], [2, 3]),
      (LeakyReLU(), [3], [3]),
      (Linear(3, 2), [4, 3], [4, 2]),
      (LogSoftmax(axis: -1), [2, 3], [2, 3]),
      (MaxPool2d(2), [1, 3, 8, 8], [1, 3, 4, 4]),
      (RMSNorm(3), [2, 3], [2, 3]),
      (ReLU(), [3], [3]),
      (Sequential(Linear(3, 2), Tanh()), [4, 3], [4, 2]),
      (SiLU(), [3], [3]),
      (Sigmoid(), [3], [3]),
      (Softmax(axis: -1), [2, 3], [2, 3]),
      (Softplus(), [3], [3]),
      (Tanh(), [3], [3]),
      (
        TransformerEncoder(layers: 2) { TransformerEncoderLayer(8, heads: 2, feedForward: 16) },
        [5, 2, 8], [5, 2, 8]
      ),
      (TransformerEncoderLayer(8, heads: 2, feedForward: 16), [5, 2, 8], [5, 2, 8]),
    ]
  }

  @Test(arguments: layers.indices) func returnsItsShape(_ index: Int) throws {
    let (layer, input, output) = Self.layers[index]
    let result = layer(Tensor.randn(input, generator: Generator(seed: 0)))
    #expect(result.error == nil, "\(layer)")
    #expect(result.shape == output, "\(layer)")
    #expect(try result.isFinite().all().item(as: Bool.self), "\(layer)")
  }

  @Test func takesWhatIsNoLayer() throws {
    let tokens = Embedding(10, 8)(Tensor([[1, 2, 3], [4, 5, 6]]))
    #expect(tokens.shape == [2, 3, 8])
    let (output, state) = LSTM(8, 4, batchFirst: true)(tokens)
    #expect(output.shape == [2, 3, 4] && state.cell.shape == [1, 2, 4])
    #expect(GRU(8, 4, batchFirst: true)(tokens).hidden.shape == [1, 2, 4])
    #expect(RNN(8, 4, batchFirst: true)(tokens).output.shape == [2, 3, 4])
    let attention = MultiHeadAttention(8, heads: 2, batchFirst: true)
    #expect(attention(tokens, isCausal: true).shape == [2, 3, 8])
    let layer = TransformerDecoderLayer(8, heads: 2, feedForward: 16, batchFirst: true)
    #expect(layer(tokens, memory: tokens).shape == [2, 3, 8])
    let decoder = TransformerDecoder(layers: 2) {
      TransformerDecoderLayer(8, heads: 2, feedForward: 16, batchFirst: true)
    }
    #expect(decoder(tokens, memory: tokens).shape == [2, 3, 8])
  }
}
