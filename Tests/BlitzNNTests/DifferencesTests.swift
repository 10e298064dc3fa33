import Blitz
import Foundation
import Testing

/// The site's page on what differs from PyTorch says what is true: every row's value of Blitz is
/// run.
@Suite struct DifferencesTests {
  static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Docs/Site/Blitz.docc/Differences.md")

  /// What a row is about, and what the page says of PyTorch and of Blitz.
  struct Row: Sendable, CustomTestStringConvertible {
    let what: String
    let pyTorch: String
    let blitz: String
    var testDescription: String { what }

    /// A line of a table of four columns; nil for its head and for all other lines.
    init?(_ line: Substring) {
      let cells = line.components(separatedBy: " | ")
      guard line.hasPrefix("| "), cells.count == 4, cells[0] != "| What" else { return nil }
      (what, pyTorch, blitz) = (String(cells[0].dropFirst(2)), cells[1], cells[2])
    }
  }

  static let rows = ((try? String(contentsOf: page, encoding: .utf8)) ?? "")
    .split(separator: "\n").compactMap(Row.init)

  static let large = Tensor([[1.0, 2, 3, 4]]) * 1e30

  static let calls: [String: @Sendable () throws -> Tensor] = [
    "Gradient of `x.clamp(min: 0)`, x = [-1, 0, 1]": {
      slope([-1, 0, 1]) { $0.clamp(min: 0).sum() }
    },
    "Gradient of `x.max(axis: 0)`, x = [1, 3, 3]": { slope([1, 3, 3]) { $0.max(axis: 0) } },
    "Gradient of `x.max(axis: 0)`, x = [1, nan, 3, nan]": {
      slope([1, .nan, 3, .nan]) { $0.max(axis: 0) }
    },
    "Second derivative of `x.elu()`, x = 0": { bend([0]) { $0.elu().sum() } },
    "Second derivative of `x.elu(alpha: 1.5)`, x = 0": { bend([0]) { $0.elu(alpha: 1.5).sum() } },
    "Gradient of `x.elu()`, x = nan": { slope([.nan]) { $0.elu().sum() } },
    "Gradient of `x.variance()`, x = [1, 2, inf]": {
      slope([1, 2, .infinity]) { $0.variance() }
    },
    "Gradient in y of `x % y`, x = inf, y = 1": {
      slope([1]) { (Tensor([Float.infinity]) % $0).sum() }
    },
    "Second derivative in y of `x.pow(y)`, x = 0, y = 2": {
      bend([2]) { Tensor([0.0]).pow($0).sum() }
    },
    "Second derivative of `x.norm()`, x = [0, 0]": { bend([0, 0]) { $0.norm() } },
    "`binaryCrossEntropy(logits: -inf, targets: 1)`": {
      binaryCrossEntropy(logits: Tensor([-Float.infinity]), targets: Tensor([1.0]))
    },
    "`binaryCrossEntropy(probabilities: 1.5, targets: 1)`": {
      binaryCrossEntropy(probabilities: Tensor([1.5]), targets: Tensor([1.0]))
    },
    "`multiClassHinge` of the scores [nan, nan], label 0": {
      multiClassHinge(scores: Tensor([[Float.nan, .nan]]), labels: Tensor([0]))
    },
    "`multiClassHinge` of the scores [inf, inf], label 0": {
      multiClassHinge(scores: Tensor([[Float.infinity, .infinity]]), labels: Tensor([0]))
    },
    "Gradient of `(x.square() * 0).sum()`, x = 3e38": { slope([3e38]) { ($0.square() * 0).sum() } },
    "`x.norm()`, x = [3e30, 4e30]": { Tensor([3e30, 4e30]).norm() },
    "`x.norm()`, x = [3e-30, 4e-30]": { Tensor([3e-30, 4e-30]).norm() },
    "`LayerNorm(4)(x)`, x = [1e30, 2e30, 3e30, 4e30]": { LayerNorm(4)(large) },
    "`RMSNorm(4)(x)`, x = [1e30, 2e30, 3e30, 4e30]": { RMSNorm(4)(large) },
    "`BatchNorm1d(1)(x)`, x = [[1e30], [2e30], [3e30], [4e30]]": {
      BatchNorm1d(1)(large.transposed())
    },
    "`cosineSimilarity(x, y)`, x = [[2.0775e38, 3.0262e38]], y = [[1, 1]]": {
      cosineSimilarity(Tensor([[2.0775e38, 3.0262e38]]), Tensor([[1.0, 1]]))
    },
    "`cosineEmbedding(...)`, left = [[1e30, 2e30]], right = [[1, 1]], target 1": {
      cosineEmbedding(
        left: Tensor([[1e30, 2e30]]), right: Tensor([[1.0, 1]]), targets: Tensor([1.0]))
    },
    "`clipGradients(norm: 1)` of 100 gradients of 1e20: the length": { try clipped().length },
    "`clipGradients(norm: 1)` of 100 gradients of 1e20: each, clipped": {
      try clipped().gradient[0]
    },
    "Gradient of `x.prod()`, x = [1e20, 1e20]": { slope([1e20, 1e20]) { $0.prod() } },
    "`BatchNorm1d(1)(x)` in training, x = [[1000000], [1000000.5], [1000001], [1000003]]": {
      BatchNorm1d(1)(Tensor([[1000000], [1000000.5], [1000001], [1000003]]))
    },
    "`binaryCrossEntropy(logits: -20, targets: 0)`": {
      binaryCrossEntropy(logits: Tensor([-20.0]), targets: Tensor([0.0]))
    },
    "`x.cast(to: .uint8)`, x = [300, -1]": { Tensor([300.0, -1]).cast(to: .uint8) },
    "`x.cast(to: .int32)`, x = [nan, 3e9, -3e9]": { Tensor([.nan, 3e9, -3e9]).cast(to: .int32) },
    "`MultiHeadAttention.withWeights` of a sequence that is all padding: a weight": {
      let x = Tensor.randn([1, 3, 4])
      return MultiHeadAttention(4, heads: 2, batchFirst: true).withWeights(
        query: x, key: x, value: x, keyPadding: Tensor([[true, true, true]])
      ).weights[0][0][0]
    },
    "`TransformerEncoderLayer` after `eval()`, a sequence of 3 x 4 numbers that is all padding, "
      + "without gradients: how many NaN": {
        let layer = TransformerEncoderLayer(4, heads: 2, feedForward: 8, batchFirst: true)
        layer.eval()
        let padding = Tensor([[true, true, true]])
        return noGrad {
          layer(Tensor.randn([1, 3, 4]), keyPadding: padding, isCausal: false).isNaN().sum()
        }
      },
    "`multiClassHinge` of no rows": {
      multiClassHinge(scores: Tensor.zeros([0, 3]), labels: Tensor.zeros([0], dtype: .int64))
    },
    "`crossEntropy` of probabilities over no classes": {
      crossEntropy(logits: Tensor.zeros([2, 0]), labels: Tensor.zeros([2, 0]))
    },
    "`multinomial(2)` of the weights [1, 0, 0], seed 0": {
      Tensor([1.0, 0, 0]).multinomial(2, generator: Generator(seed: 0))
    },
    "`multinomial(2)` of the float16 weights [1, 2, 3], seed 0": {
      Tensor([1.0, 2, 3]).cast(to: .float16).multinomial(2, generator: Generator(seed: 0))
    },
    "`RandomSampler` of 64 of 1000 with replacement, one number drawn from its generator after 32: "
      + "the next": {
        let generator = Generator(seed: 0)
        let data = try TensorDataset(Tensor.zeros([1000, 1]), Tensor.zeros([1000]))
        let sampler = RandomSampler(data, replacement: true, count: 64, generator: generator)
        let loader = DataLoader(data, batchSampler: BatchSampler(sampler, batchSize: 1))
        var places: [Int] = []
        for batch in loader.batches {
          if places.count == 32 { _ = Tensor.rand([1], generator: generator) }
          places += batch.indices
        }
        return Tensor(places[32])
      },
    "A 16-bit grey PNG, Pillow's `convert(\"L\")`: 32768 of 65535": {
      try pixel(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAAAAABq7kcWAAAA"
          + "C0lEQVR4nGNoYAAAAQMAgT5MxZMAAAAASUVORK5CYII=")
    },
    "A PNG of grey and alpha, Pillow's `convert(\"L\")`: 0, wholly transparent": {
      try pixel(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAA"
          + "C0lEQVR4nGNgYAAAAAMAAbitOmMAAAAASUVORK5CYII=")
    },
    "`x.argSort()`, x = 20 ones": { Tensor.ones([20]).argSort() },
    "`x.topK(2).indices`, x = [1, 1, 1, 1]": { Tensor.ones([4]).topK(2).indices },
    "`x + y`, x = [1] of uint16, y = [1] of int16": {
      Tensor.ones([1], dtype: .uint16) + Tensor.ones([1], dtype: .int16)
    },
    "`x * z`, x = [1] of float16, z = 1 of complex64 with no axis: bytes of an element": {
      let product = Tensor.ones([1], dtype: .float16) * Tensor.ones([], dtype: .complex64)
      return Tensor(product.dtype.byteCount)
    },
    "`bytes + 300`, bytes = [1] of uint8": { Tensor.ones([1], dtype: .uint8) + 300 },
    "`multiClassHinge` of the float16 scores [1, 2], label 0": {
      multiClassHinge(scores: Tensor([[1.0, 2]]).cast(to: .float16), labels: Tensor([0]))
    },
    "`adaptiveAvgPool2d` of one pixel to [134217729, 1]: elements": {
      Tensor.ones([1, 1, 1, 1]).adaptiveAvgPool2d([134_217_729, 1])
    },
    "`crossEntropy` of the label -100": {
      crossEntropy(logits: Tensor([[1.0, 2]]), labels: Tensor([-100]))
    },
  ]

  @Test("every row has a call, and every call a row")
  func isWhole() {
    #expect(Set(Self.rows.map(\.what)) == Set(Self.calls.keys))
    #expect(Set(Self.rows.map(\.what)).count == Self.rows.count)
    #expect(Self.rows.allSatisfy { $0.pyTorch != $0.blitz })
  }

  @Test("Blitz gives what the page says", arguments: rows)
  func givesWhatItSays(_ row: Row) throws {
    let call = try #require(Self.calls[row.what])
    if row.blitz == "error" {
      #expect(throws: TensorError.self) { try call().eval() }
      return
    }
    let expected = row.blitz.split { "[], ".contains($0) }.map { Double($0)! }
    let found = try call().cast(to: .float64).scalars(as: Double.self)
    try #require(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      #expect(a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 2e-5 * abs(b), "\(found)")
    }
  }

  // MARK: What calls are made of

  static func slope(_ numbers: [Double], _ function: (Tensor) -> Tensor) -> Tensor {
    let x = Tensor(numbers, requiresGrad: true)
    return gradient(of: function(x), wrt: x)
  }

  static func bend(_ numbers: [Double], _ function: (Tensor) -> Tensor) -> Tensor {
    let x = Tensor(numbers, requiresGrad: true)
    let slope = gradient(of: function(x), wrt: x, createGraph: true)
    return gradient(of: slope.sum(), wrt: x)
  }

  /// The first level of a picture, a file in base 64.
  static func pixel(_ file: String) throws -> Tensor {
    let picture = try Image(bytes: [UInt8](Data(base64Encoded: file)!), path: "picture.png")
    return Tensor(Int(picture.pixels[0]))
  }

  struct Weights: Module {
    @Parameter var weight = Tensor.zeros([100])
  }

  static func clipped() throws -> (length: Tensor, gradient: Tensor) {
    let weights = Weights()
    try (weights.weight * 1e20).sum().backward()
    let length = weights.clipGradients(norm: 1)
    return (length, weights.weight.grad)
  }
}
