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
    "Second derivative of `x.norm()`, x = [0, 0]": { bend([0, 0]) { $0.norm() } },
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
    "`GroupNorm(groups: 2, channels: 4)` of shape [2, 4, 0]: elements": {
      Tensor(GroupNorm(groups: 2, channels: 4)(Tensor.zeros([2, 4, 0])).elementCount)
    },
    "`crossEntropy` of probabilities over no classes": {
      crossEntropy(logits: Tensor.zeros([2, 0]), labels: Tensor.zeros([2, 0]))
    },
    "`x.argSort()`, x = 20 ones": { Tensor.ones([20]).argSort() },
    "`x.topK(2).indices`, x = [1, 1, 1, 1]": { Tensor.ones([4]).topK(2).indices },
    "`Tensor([7]) / 2`, whole numbers": { Tensor([7]).cast(to: .int64) / 2 },
    "`Tensor([1]) + Tensor([1.5])`, whole numbers and floats": {
      Tensor([1]).cast(to: .int64) + Tensor([1.5])
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
    let x = Tensor(numbers).requiringGrad()
    return gradient(of: function(x), wrt: x)
  }

  static func bend(_ numbers: [Double], _ function: (Tensor) -> Tensor) -> Tensor {
    let x = Tensor(numbers).requiringGrad()
    let slope = gradient(of: function(x), wrt: x, createGraph: true)
    return gradient(of: slope.sum(), wrt: x)
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
