import Blitz
import Testing

/// Reductions, normalisations and losses of nothing: an axis without elements, or one that is
/// masked throughout.
///
/// The values are those of PyTorch 2.15.0: `torch.zeros(2, 0).mean(1)` is `[nan, nan]`, and so on,
/// call by call.
@Suite struct NothingTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shape: Shape
    /// The number that all elements are; nil for an error.
    let value: Double?
    let tensor: @Sendable () -> Tensor

    init(
      _ call: String, _ shape: Shape, _ value: Double?, _ tensor: @escaping @Sendable () -> Tensor
    ) {
      testDescription = call
      self.shape = shape
      self.value = value
      self.tensor = tensor
    }
  }

  static let x = Tensor.zeros([2, 0])
  static let rows = Tensor.zeros([0, 3])
  static let labels = Tensor.zeros([0], dtype: .int64)
  static let masked = Tensor.full([1, 3], -Double.infinity)

  static let table: [Row] = reductions + normalizations + losses

  static let reductions: [Row] = [
    Row("sum", [2], 0) { x.sum(axis: 1) },
    Row("prod", [2], 1) { x.prod(axis: 1) },
    Row("mean", [2], .nan) { x.mean(axis: 1) },
    Row("variance", [2], .nan) { x.variance(axis: 1) },
    Row("variance of these", [2], .nan) { x.variance(axis: 1, correction: 0) },
    Row("variance of one", [2], .nan) { Tensor.ones([2, 1]).variance(axis: 1) },
    Row("std", [2], .nan) { x.std(axis: 1) },
    Row("std of one", [2], .nan) { Tensor.ones([2, 1]).std(axis: 1) },
    Row("max", [2], nil) { x.max(axis: 1) },
    Row("min", [2], nil) { x.min() },
    Row("argmax", [2], nil) { x.argmax(axis: 1) },
    Row("norm", [2], 0) { x.norm(axis: 1) },
    Row("norm of float64", [2], 0) { x.cast(to: .float64).norm(axis: 1) },
    Row("norm(1)", [2], 0) { x.norm(1, axis: 1) },
    Row("norm(0)", [2], 0) { x.norm(0, axis: 1) },
    Row("norm(3)", [2], 0) { x.norm(3, axis: 1) },
    Row("norm(0.5)", [2], 0) { x.norm(0.5, axis: 1) },
    Row("norm(.infinity)", [2], nil) { x.norm(.infinity, axis: 1) },
    Row("norm(-1)", [2], nil) { x.norm(-1, axis: 1) },
    Row("logSumExp", [2], -.infinity) { x.logSumExp(axes: [1]) },
    Row("any", [2], 0) { x.any(axis: 1) },
    Row("all", [2], 1) { x.all(axis: 1) },
    Row("cumsum", [2, 0], 0) { x.cumsum(axis: 1) },
    Row("sort", [2, 0], 0) { x.sort().values },
    Row("matmul", [2, 3], 0) { x.matmul(Tensor.zeros([0, 3])) },
    Row("cosineSimilarity", [2], 0) { cosineSimilarity(x, x) },
    Row("logSumExp of -inf", [1], -.infinity) { masked.logSumExp(axes: [1]) },
  ]

  static let normalizations: [Row] = [
    Row("softmax", [2, 0], 0) { x.softmax(axis: 1) },
    Row("logSoftmax", [2, 0], 0) { x.logSoftmax(axis: 1) },
    Row("softmax of -inf", [1, 3], .nan) { masked.softmax(axis: 1) },
    Row("logSoftmax of -inf", [1, 3], .nan) { masked.logSoftmax(axis: 1) },
    Row("LayerNorm", [0, 3], 0) { LayerNorm(3)(rows) },
    Row("RMSNorm", [0, 3], 0) { RMSNorm(3)(rows) },
    Row("GroupNorm", [0, 4, 2], 0) { GroupNorm(groups: 2, channels: 4)(Tensor.zeros([0, 4, 2])) },
    Row("BatchNorm1d", [0, 4], 0) { BatchNorm1d(4)(Tensor.zeros([0, 4])) },
    Row("BatchNorm1d of no length", [2, 4, 0], 0) { BatchNorm1d(4)(Tensor.zeros([2, 4, 0])) },
    Row("LayerNorm of alike", [1, 3], 0) { LayerNorm(3)(Tensor.ones([1, 3])) },
  ]

  static let losses: [Row] = [
    Row("meanSquaredError", [], .nan) { meanSquaredError(predictions: x, targets: x) },
    Row("meanSquaredError sum", [], 0) {
      meanSquaredError(predictions: x, targets: x, reduction: .sum)
    },
    Row("l1", [], .nan) { l1(predictions: x, targets: x) },
    Row("huber", [], .nan) { huber(predictions: x, targets: x) },
    Row("smoothL1", [], .nan) { smoothL1(predictions: x, targets: x) },
    Row("binaryCrossEntropy(probabilities)", [], .nan) {
      binaryCrossEntropy(probabilities: x, targets: x)
    },
    Row("binaryCrossEntropy(logits)", [], .nan) { binaryCrossEntropy(logits: x, targets: x) },
    Row("klDivergence", [], .nan) { klDivergence(logProbabilities: x, targets: x) },
    Row("klDivergence batchMean", [], 0) {
      klDivergence(logProbabilities: x, targets: x, reduction: .batchMean)
    },
    Row("klDivergence batchMean of no rows", [], .nan) {
      klDivergence(logProbabilities: rows, targets: rows, reduction: .batchMean)
    },
    Row("crossEntropy", [], .nan) { crossEntropy(logits: rows, labels: labels) },
    Row("crossEntropy sum", [], 0) { crossEntropy(logits: rows, labels: labels, reduction: .sum) },
    Row("crossEntropy of no classes", [], nil) {
      crossEntropy(logits: x, labels: Tensor.zeros([2], dtype: .int64))
    },
    Row("crossEntropy of distributions", [], .nan) { crossEntropy(logits: rows, labels: rows) },
    Row("negativeLogLikelihood", [], .nan) {
      negativeLogLikelihood(logProbabilities: rows, labels: labels)
    },
    Row("cosineEmbedding", [], .nan) {
      cosineEmbedding(left: rows, right: rows, targets: Tensor.zeros([0]))
    },
    Row("hinge", [], .nan) { hinge(scores: x, targets: x) },
  ]

  @Test("has PyTorch's value of nothing", arguments: table)
  func equalsPyTorch(_ row: Row) throws {
    let result = row.tensor()
    guard let value = row.value else {
      #expect(throws: TensorError.self) { try result.eval() }
      return
    }
    #expect(result.error == nil && result.shape == row.shape)
    for number in try result.cast(to: .float64).scalars(as: Double.self) {
      #expect(number == value || (number.isNaN && value.isNaN), "\(number), not \(value)")
    }
  }

  /// `F.cross_entropy(x, tensor([-100, -100]), ...)`: the mean is NaN, the sum 0, all gradients 0.
  @Test("labels that are all ignored have no gradient", arguments: LossReduction.allCases)
  func ignored(_ reduction: LossReduction) throws {
    let labels = Tensor([-100, -100])
    let weights = Tensor([1.0, 2, 3])
    let calls: [(Tensor) -> Tensor] = [
      { crossEntropy(logits: $0, labels: labels, ignoredLabel: -100, reduction: reduction) },
      {
        crossEntropy(
          logits: $0, labels: labels, classWeights: weights, ignoredLabel: -100,
          reduction: reduction)
      },
      {
        crossEntropy(
          logits: $0, labels: labels, labelSmoothing: 0.1, classWeights: weights,
          ignoredLabel: -100, reduction: reduction)
      },
      {
        negativeLogLikelihood(
          logProbabilities: $0, labels: labels, ignoredLabel: -100, reduction: reduction)
      },
    ]
    for call in calls {
      let x = Tensor([[1.0, 2, 4], [0, 0, 1]]).requiringGrad()
      let loss = call(x).sum()
      try loss.backward()
      let value: Double = try loss.item()
      #expect(reduction == .mean ? value.isNaN : value == 0)
      #expect(try x.grad.scalars(as: Double.self) == [0, 0, 0, 0, 0, 0])
    }
  }

  /// `nn.MultiheadAttention(4, 2, batch_first=True)` with a key padding mask of all true, whether
  /// in training or not, `need_weights=False`: the output is `out_proj.bias`, the gradient of the
  /// sequence 0, and no parameter's NaN.
  @Test("a sequence that is all padding has the bias as its answer", arguments: [true, false])
  func padding(isBool: Bool) throws {
    let attention = MultiHeadAttention(4, heads: 2, batchFirst: true)
    for (name, parameter) in attention.parameters where name == "out_proj.bias" {
      parameter.value = Tensor([0.1, 0.2, 0.3, 0.4])
    }
    let x = Tensor.randn([2, 3, 4]).requiringGrad()
    let isPadding = Tensor([[false, false, true], [true, true, true]])
    let mask =
      isBool ? isPadding : Tensor.where(isPadding, -Double.infinity, Tensor.zeros([2, 3]))
    for createGraph in [false, true] {
      let y = attention(x, keyPadding: mask)
      let parameters = attention.parameters.map(\.parameter.value)
      let slopes = gradients(of: y.square().sum(), wrt: [x] + parameters, createGraph: createGraph)
      for row in 0..<3 {
        #expect(try y[1][row].scalars(as: Float.self) == [0.1, 0.2, 0.3, 0.4])
      }
      #expect(try slopes[0][1].scalars(as: Float.self).allSatisfy { $0 == 0 })
      for slope in slopes {
        #expect(try slope.scalars(as: Float.self).allSatisfy(\.isFinite))
      }
    }
    let (output, weights) = attention.withWeights(query: x, key: x, value: x, keyPadding: mask)
    #expect(try output.scalars(as: Float.self).allSatisfy(\.isFinite))
    #expect(try weights[1].scalars(as: Float.self).allSatisfy { $0 == 0 })
  }

  @Test("an encoder trains on with an empty sequence", arguments: [true, false])
  func encoder(normFirst: Bool) throws {
    let layer = TransformerEncoderLayer(
      4, heads: 2, feedForward: 8, batchFirst: true, normFirst: normFirst)
    let isPadding = Tensor([[false, true, true], [true, true, true]])
    let optimizer = SGD(layer, rate: 0.1)
    for _ in 0..<3 {
      let y = layer(Tensor.randn([2, 3, 4]), keyPadding: isPadding, isCausal: false)
      try y.square().mean().backward()
      try optimizer.step()
      #expect(try y.scalars(as: Float.self).allSatisfy(\.isFinite))
    }
  }
}
