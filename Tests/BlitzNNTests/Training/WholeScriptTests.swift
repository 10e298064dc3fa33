import Blitz
import Foundation
import Testing

/// Whole scripts with dropout, samplers and draws by weight against PyTorch, line by line.
///
/// Tests/Reference/scripts.py has the same scripts in Python.
@Suite struct WholeScriptTests {
  struct Reference: Decodable {
    struct Epochs: Decodable {
      let epochs: [[[Int]]]
      let next: Int
    }
    struct Draws: Decodable, Sendable, CustomTestStringConvertible {
      let dtype, view: String
      let count: Int
      let replacement: Bool
      let places: [[Int]]
      let next: Int
      var testDescription: String {
        "\(count) of \(dtype) \(view)" + (replacement ? " with replacement" : "")
      }
    }
    let losses: [String: [Double]]
    let multinomial: [Draws]
    let samplers: [String: Epochs]
    let inStep, lengths: [[Int]]

    static let stored = Result {
      let url = Bundle.module.url(
        forResource: "scripts", withExtension: "json", subdirectory: "Reference")!
      return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }
  }

  struct Classifier: Layer {
    let embedding: Embedding
    let encoder: TransformerEncoder
    let head: Linear

    init(_ g: Generator) {
      embedding = Embedding(20, 16, generator: g)
      encoder = TransformerEncoder(layers: 2) {
        TransformerEncoderLayer(16, heads: 4, feedForward: 32, batchFirst: true, generator: g)
      }
      head = Linear(16, 3, generator: g)
    }

    func forward(_ x: Tensor) -> Tensor { head(encoder(embedding(x)).mean(axis: 1)) }
  }

  struct Tagger: Layer {
    let lstm: LSTM
    let dropout: Dropout
    let head: Linear

    init(_ g: Generator) {
      lstm = LSTM(5, 8, batchFirst: true, generator: g)
      dropout = Dropout(0.5, generator: g)
      head = Linear(8, 3, generator: g)
    }

    func forward(_ x: Tensor) -> Tensor { head(dropout(lstm(x).output))[0..., -1] }
  }

  struct Translator: Layer {
    let encoder: TransformerEncoder
    let decoder: TransformerDecoder
    let head: Linear

    init(_ g: Generator) {
      encoder = TransformerEncoder(layers: 2) {
        TransformerEncoderLayer(
          8, heads: 2, feedForward: 16, batchFirst: true, normFirst: true, generator: g)
      }
      decoder = TransformerDecoder(layers: 2) {
        TransformerDecoderLayer(8, heads: 2, feedForward: 16, batchFirst: true, generator: g)
      }
      head = Linear(8, 3, generator: g)
    }

    func forward(_ x: Tensor) -> Tensor { head(decoder(x, memory: encoder(x)))[0..., -1] }
  }

  private func check(
    _ name: String, _ make: (Generator) -> any Layer, _ inputs: (Generator) -> Tensor,
    _ optimizer: (any Layer) -> Optimizer
  ) throws {
    let g = Generator(seed: 3)
    let model = make(g)
    let x = inputs(g)
    let y = Tensor.randint(0, 3, [x.shape[0]], generator: g)
    let update = optimizer(model)
    for (step, expected) in try #require(Reference.stored.get().losses[name]).enumerated() {
      let loss = crossEntropy(logits: model(x), labels: y)
      let found = try loss.item()
      #expect(abs(found - expected) <= 1e-5, "step \(step): \(found) instead of \(expected)")
      update.zeroGrad()
      try loss.backward()
      try update.step()
    }
  }

  @Test("an encoder classifier, batch first, dropout 0.1, AdamW: 48 losses of PyTorch")
  func encoder() throws {
    try check(
      "encoder", Classifier.init, { .randint(0, 20, [6, 7], generator: $0) },
      { AdamW($0, rate: 1e-3) })
  }

  @Test("an LSTM, batch first, with dropout on its output: 30 losses of PyTorch")
  func lstm() throws {
    try check(
      "lstm", Tagger.init, { .randn([6, 7, 5], generator: $0) }, { Adam($0, rate: 1e-2) })
  }

  @Test("an encoder and a decoder with dropout: 20 losses of PyTorch")
  func decoder() throws {
    try check(
      "decoder", Translator.init, { .randn([6, 5, 8], generator: $0) }, { SGD($0, rate: 0.05) })
  }

  @Test("multinomial draws PyTorch's places", arguments: try Reference.stored.get().multinomial)
  func multinomial(_ stored: Reference.Draws) throws {
    let numbers = (0..<60).map { Double($0 % 7) + 0.25 }
    let dtype: DType = stored.dtype == "float32" ? .float32 : .float64
    let weights =
      stored.view == "rows"
      ? Tensor(numbers, shape: [3, 20], dtype: dtype)
      : Tensor(numbers, shape: [20, 3], dtype: dtype).transposed()
    let g = Generator(seed: 9)
    let found = weights.multinomial(
      stored.count, replacement: stored.replacement, generator: g)
    #expect(found.shape == [3, stored.count])
    #expect(try found.scalars(as: Int.self) == stored.places.flatMap { $0 })
    #expect(try Tensor.randint(0, 1 << 20, [1], generator: g).item(as: Int.self) == stored.next)
  }

  @Test(
    "samplers give PyTorch's batches and leave its generator",
    arguments: [
      "weighted", "weighted once", "replacement", "more", "twice", "subset", "batches",
    ])
  func samplers(name: String) throws {
    let stored = try #require(Reference.stored.get().samplers[name])
    let numbers = Tensor.arange(10)
    let data = try TensorDataset(numbers)
    let g = Generator(seed: 5)
    let weights = [0.1, 3, 0, 1, 1, 7, 0.5, 2, 0.2, 1]
    let sampler: any Sampler =
      switch name {
      case "weighted": WeightedRandomSampler(weights, count: 12, generator: g)
      case "weighted once":
        WeightedRandomSampler(weights, count: 6, replacement: false, generator: g)
      case "replacement": RandomSampler(data, replacement: true, count: 40, generator: g)
      case "more": RandomSampler(data, count: 25, generator: g)
      case "twice": RandomSampler(data, count: 20, generator: g)
      case "subset": SubsetRandomSampler([9, 3, 4, 1, 7], generator: g)
      default: RandomSampler(data, generator: g)
      }
    let loader =
      name == "batches"
      ? DataLoader(
        data, batchSampler: BatchSampler(sampler, batchSize: 3, dropLast: true), generator: g)
      : DataLoader(data, batchSize: 4, sampler: sampler, generator: g, workers: 0, prefetch: 0)
    for epoch in stored.epochs {
      #expect(try loader.map { try $0.inputs.scalars(as: Int.self) } == epoch)
    }
    #expect(try Tensor.randint(0, 1 << 20, [1], generator: g).item(as: Int.self) == stored.next)
  }

  struct Backwards: Sampler {
    let count: Int
    func indices(by generator: Generator) -> [Int] { (0..<count).reversed() }
  }

  @Test("a sampler of one's own names the examples; one that there is not is an error")
  func ownSampler() throws {
    let data = try TensorDataset(Tensor.arange(5), Tensor.arange(5) * 2, Tensor.arange(5) * 3)
    let batches = Array(DataLoader(data, batchSize: 3, sampler: Backwards(count: 5)).batches)
    #expect(batches.map(\.indices) == [[4, 3, 2], [1, 0]])
    #expect(try batches[0][2].scalars(as: Int.self) == [12, 9, 6])
    #expect(batches[0][3].error?.rule == "there is no tensor 3: an example has 3")
    let outside = Array(DataLoader(data, batchSize: 3, sampler: Backwards(count: 6)).batches)
    #expect(outside.first?.error?.rule == "there is no example 5 among 5")
  }

  // In a process of its own: other tests draw from the shared generator, too.
  @Test("two shuffled loaders walked in step have PyTorch's orders")
  func inStep() async {
    await #expect(processExitsWith: .success) {
      manualSeed(0)
      let data = try TensorDataset(Tensor.arange(6))
      let loaders = (0..<2).map { _ in DataLoader(data, batchSize: 6, shuffledBy: .shared) }
      var (first, second) = (loaders[0].batches.makeIterator(), loaders[1].batches.makeIterator())
      let orders = [first.next()?.indices, second.next()?.indices]
      #expect(orders == [[5, 0, 3, 2, 1, 4], [2, 3, 1, 5, 4, 0]])
      #expect(try Reference.stored.get().inStep == orders)
    }
  }

  @Test("splits by lengths as PyTorch, and refuses lengths that do not add up")
  func lengths() throws {
    let data = try TensorDataset(Tensor.arange(10))
    let parts = try data.randomSplit([7, 3], by: Generator(seed: 5))
    #expect(try parts.map(\.indices) == Reference.stored.get().lengths)
    #expect(throws: TensorError.self) { try data.randomSplit([7, 4]) }
    #expect(throws: TensorError.self) { try data.randomSplit([Int.max, Int.max]) }
  }

  @Test("a stack of no layers says so")
  func noLayers() {
    let encoder = TransformerEncoder(layers: 0) { TransformerEncoderLayer(4, heads: 2) }
    #expect(encoder(Tensor.ones([2, 1, 4])).error?.rule == "the number of layers is 0")
  }
}
