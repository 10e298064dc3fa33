import Blitz
import Foundation
import Testing

/// Digits that a formula written down as it is in books would lose: small losses of large logits,
/// deviations around a large mean, squares beyond a dtype's range, and second derivatives where a
/// branch bends.
@Suite struct DigitsTests {
  static func numbers(_ tensor: Tensor) throws -> [Double] {
    try tensor.detached().cast(to: .float64).scalars(as: Double.self)
  }

  static func expect(
    _ tensor: Tensor, _ expected: [Double], _ relative: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try numbers(tensor)
    try #require(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(
        a == b || abs(a - b) <= relative * abs(b), "\(found), not \(expected)",
        sourceLocation: sourceLocation)
    }
  }

  // MARK: Losses

  /// `F.cross_entropy(torch.tensor([[1000., 988, 987]] * 128), torch.zeros(128, dtype=torch.long))`
  @Test("crossEntropy keeps the digits of a small loss", arguments: LossReduction.allCases)
  func crossEntropyOfLargeLogits(reduction: LossReduction) throws {
    let logits = Tensor([[1000.0, 988, 987]]).expanded(to: [128, 3])
    let loss = crossEntropy(
      logits: logits, labels: Tensor.zeros([128], dtype: .int64), reduction: reduction)
    let expected = reduction == .sum ? 0.0010833694832399487 : 8.4638240878121e-06
    try Self.expect(loss, [Double](repeating: expected, count: loss.elementCount))
  }

  /// In float64 PyTorch 2.15.0 gives 2.0611536e-09 for both; in float32 0 for the first.
  @Test("binaryCrossEntropy keeps the digits of a small loss on both sides")
  func smallBinaryLoss() throws {
    for (logit, target) in [(-20.0, 0.0), (20, 1)] {
      let (x, t) = (Tensor([logit]), Tensor([target]))
      try Self.expect(binaryCrossEntropy(logits: x, targets: t), [2.0611536e-09])
      try Self.expect(
        binaryCrossEntropy(logits: x, targets: t, positiveWeight: Tensor([1.0])), [2.0611536e-09])
    }
  }

  // MARK: Around a large offset

  /// About a mean of 1e6 that float32 cannot hold, against the same in float64.
  static let offset: Tensor = {
    let numbers: [Double] = (0..<60).map { index in
      let step = (index * 37 + 11) % 64
      return 1_000_000 + Double(step) / 16
    }
    return Tensor(numbers, shape: [6, 10], dtype: .float64)
  }()

  @Test("variance, std and normalisation are right around a large offset")
  func largeOffset() throws {
    let x = Self.offset.cast(to: .float32), exact = Self.offset.cast(to: .float64)
    for axes in [[], [0], [1]] as [[Int]] {
      try Self.expect(x.variance(axes: axes), try Self.numbers(exact.variance(axes: axes)))
      try Self.expect(x.std(axes: axes), try Self.numbers(exact.std(axes: axes)))
    }
    func gap(_ layer: (Tensor) -> Tensor) throws -> Double {
      let pairs = zip(try Self.numbers(layer(x)), try Self.numbers(layer(exact)))
      return pairs.map { abs($0 - $1) }.max()!
    }
    let layers: [(Tensor) -> Tensor] = [
      { LayerNorm(10, affine: false)($0) },
      { GroupNorm(groups: 2, channels: 10, affine: false)($0) },
      { BatchNorm1d(10, affine: false, trackRunningStats: false)($0) },
    ]
    for layer in layers { #expect(try gap(layer) < 1e-6) }
  }

  @Test("gradients of variance and std are right around a large offset")
  func gradientOfVariance() throws {
    let functions: [(Tensor) -> Tensor] = [
      { $0.variance(axis: 1) }, { $0.variance(axis: 0, correction: 0) }, { $0.std(axis: 1) },
      { $0.std(axis: 0) }, { $0.std() },
    ]
    for function in functions {
      func both(_ dtype: DType) throws -> [Double] {
        let x = Self.offset.cast(to: dtype).requiringGrad()
        let g = gradient(of: function(x).pow(3).sum(), wrt: x, createGraph: true)
        return try Self.numbers(g) + Self.numbers(gradient(of: (g * g).sum(), wrt: x))
      }
      for (a, b) in zip(try both(.float32), try both(.float64)) {
        #expect(abs(a - b) < 1e-5 * max(1, abs(b)))
      }
    }
    let alike = Tensor.ones([2, 3]).requiringGrad()
    try Self.expect(
      gradient(of: alike.std(axis: 1).sum(), wrt: alike), [0, 0, 0, 0, 0, 0])
  }

  // MARK: Beyond the range of squares

  @Test("norms and normalisation of large and small numbers do not overflow")
  func largeNumbers() throws {
    let expected = [-1.3416407, -0.4472136, 0.4472136, 1.3416407]
    for size in [1.0, 1e18, 1e30, 4e37] {
      let x = Tensor([[1.0, 2, 3, 4]]) * size
      try Self.expect(LayerNorm(4, epsilon: 0)(x), expected)
      try Self.expect(GroupNorm(groups: 1, channels: 4, epsilon: 0)(x), expected)
      let columns = x.reshaped(to: [4, 1])
      try Self.expect(BatchNorm1d(1, epsilon: 1e-30)(columns), expected)
      let shares = [0.36514837, 0.7302967, 1.0954452, 1.4605935]
      try Self.expect(RMSNorm(4, epsilon: 0)(x), shares)
      try Self.expect(x.std(correction: 0) / size, [1.118034])
      let leaf = x.requiringGrad()
      try Self.expect(
        gradient(of: leaf.norm(), wrt: leaf), [0.18257418, 0.36514837, 0.5477226, 0.7302967])
      // Once by hand and once by the walk.
      let factors = Tensor([1.0, 2, 3, 5])
      let y = { (x: Tensor) -> Tensor in
        (LayerNorm(4, affine: false)(x) * factors).sum()
      }
      let byHand = gradient(of: y(leaf), wrt: leaf) * size
      let walked = gradient(of: y(leaf), wrt: leaf, createGraph: true) * size
      for (a, b) in zip(try Self.numbers(byHand), try Self.numbers(walked)) {
        #expect(abs(a - b) < 1e-3)
      }
      // In float64 PyTorch 2.15.0 gives these for the numbers 1 to 4, and without epsilon the
      // gradient times the size depends on nothing but their ratios.
      let squared = (LayerNorm(4, epsilon: 0, affine: false)(leaf) * factors).square().sum()
      for createGraph in [false, true] {
        let slope = gradient(of: squared, wrt: leaf, createGraph: createGraph) * size
        try Self.expect(slope[0], [11.84, -8.72, -18.08, 14.96], 1e-5)
      }
    }
    for (size, dtype) in [
      (1e30, DType.float32), (1e-30, .float32), (3e37, .float32), (1e300, .float64),
      (1e-300, .float64),
    ] {
      let x = Tensor([3.0, 4]).cast(to: dtype) * size
      try Self.expect(x.norm(), [5 * size])
      try Self.expect(x.norm(axis: 0, keepDims: true), [5 * size])
    }
    try Self.expect(Tensor([3.0, 4]).norm(), [5], 0)
    #expect(try Self.numbers(Tensor([.infinity, 1]).norm()) == [.infinity])
    #expect(try Self.numbers(Tensor([.nan, 1]).norm())[0].isNaN)
  }

  /// In float64 PyTorch 2.15.0 gives 0.98316; `1 - 3 / sqrt(10)` is the loss.
  @Test("cosines of large vectors are right")
  func cosines() throws {
    let large = Tensor([[2.0775e38, 3.0262e38]]), ones = Tensor([[1.0, 1]])
    try Self.expect(cosineSimilarity(large, ones), [0.98316], 1e-5)
    try Self.expect(cosineSimilarity(ones * 1e-6, ones), [1])
    let loss = cosineEmbedding(
      left: Tensor([[1e30, 2e30]]), right: ones, targets: Tensor([1.0]))
    try Self.expect(loss, [0.05131670], 1e-5)
    #expect(cosineSimilarity(Tensor([1.0]), Tensor([1.0])).error?.op == "cosineSimilarity")
  }

  /// `torch.ones(70000, dtype=torch.float16).max()` gives each 1.4305e-05.
  @Test("ties and lengths of halves are counted in float32")
  func halves() throws {
    let ones = Tensor.ones([70_000], dtype: .float16).requiringGrad()
    try Self.expect(gradient(of: ones.max(), wrt: ones)[0], [1.4305115e-05])
    for (dtype, size, norm) in [
      (DType.float16, 300.0, 3000.0), (.float32, 1e20, 1e21), (.float64, 1e200, 1e201),
    ] {
      let layer = Weights(Tensor.zeros([100], dtype: dtype))
      try (layer.weight * size).sum().backward()
      try Self.expect(layer.clipGradients(norm: 1), [norm])
      try Self.expect(layer.weight.grad, [Double](repeating: 0.1, count: 100), 1e-3)
    }
  }

  struct Weights: Module {
    @Parameter var weight: Tensor
    init(_ weight: Tensor) { self.weight = weight }
  }

  /// PyTorch 2.15.0: `[0, 0, 0, 0]`, and `[1e-40, 1e10, 1e-40, 1e10]` for the second.
  @Test("a product's gradient does not overflow where a factor is 0 or small")
  func products() throws {
    for (factors, expected) in [
      ([1e20, 0, 1e20, 0], [0, 0, 0, 0]), ([1e20, 1e-30, 1e20, 1e-30], [0, 1e10, 0, 1e10]),
      ([1e20, 1e20], [1e20, 1e20]), ([1e20, 0, 1e10], [0, 1e30, 0]),
    ] as [([Double], [Double])] {
      let x = Tensor(factors, requiresGrad: true)
      for (a, b) in zip(try Self.numbers(gradient(of: x.prod(), wrt: x)), expected) {
        #expect(abs(a - b) <= 1e-6 * abs(b) + 1e-39)
      }
    }
  }

  // MARK: Where branches meet

  /// `F.huber_loss(x, zeros, reduction="sum")` and `F.smooth_l1_loss`, PyTorch 2.15.0; with
  /// `delta=0.3` the first has 0.3 for 1.
  @Test("huber and smoothL1 have their slope at infinity, too")
  func infiniteDistances() throws {
    let x = Tensor([Float.infinity, -.infinity, 3e38, -1, 0.25]).requiringGrad()
    let zeros = x.detached() * 0
    let targets = Tensor.where(zeros.isNaN(), 0, zeros)
    try Self.expect(
      gradient(of: huber(predictions: x, targets: targets, reduction: .sum), wrt: x),
      [1, -1, 1, -1, 0.25])
    try Self.expect(
      gradient(of: smoothL1(predictions: x, targets: targets, reduction: .sum), wrt: x),
      [1, -1, 1, -1, 0.25])
    try Self.expect(
      gradient(
        of: huber(predictions: x, targets: targets, delta: 0.3, reduction: .sum), wrt: x),
      [0.3, -0.3, 0.3, -0.3, 0.25])
  }

  /// `torch.autograd.grad` twice at 0, PyTorch 2.15.0.
  @Test("second derivatives at 0 are right")
  func secondDerivatives() throws {
    let targets = Tensor([0.0, 1, 0.5]), zeros = Tensor([0.0, 0, 0])
    let rows: [([Double], Double, (Tensor) -> Tensor)] = [
      (
        [0.5, -0.5, 0], 0.25,
        { binaryCrossEntropy(logits: $0, targets: targets, reduction: .sum) }
      ),
      (
        // `pos_weight=2`: the weights are 1, 2 and 1.5.
        [0.5, -0.5, -1.0 / 6], 0.25,
        {
          let loss = binaryCrossEntropy(
            logits: $0, targets: targets, positiveWeight: Tensor([2.0]), reduction: .none)
          return (loss / (1 + targets)).sum()
        }
      ),
      ([0, 0, 0], 1, { huber(predictions: $0, targets: zeros, reduction: .sum) }),
      ([0, 0, 0], 1, { smoothL1(predictions: $0, targets: zeros, reduction: .sum) }),
      ([0, 0, 0], 2, { $0.pow(2.0).sum() }),
      ([0.5, 0.5, 0.5], 0.25, { $0.softplus().sum() }),
      ([0.5, 0.5, 0.5], 0.5, { $0.silu().sum() }),
      ([0.5, 0.5, 0.5], 0.7978846, { $0.gelu().sum() }),
    ]
    for (first, second, function) in rows {
      let x = zeros.requiringGrad()
      let slope = gradient(of: function(x), wrt: x, createGraph: true)
      try Self.expect(slope, first)
      try Self.expect(gradient(of: slope.sum(), wrt: x), [second, second, second])
    }
  }
}
