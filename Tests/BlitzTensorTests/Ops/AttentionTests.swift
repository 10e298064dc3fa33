import Blitz
import Foundation
import Testing

@Suite("attention block by block")
struct AttentionTests {
  /// Queries, keys and values; of float64 the scores are held.
  private func operands(
    _ q: Shape, _ k: Shape, valueSize: Int, _ dtype: DType = .float32
  ) -> [Tensor] {
    let generator = Generator(seed: 7)
    let v = Shape(Array(k.sizes.dropLast()) + [valueSize])
    return [q, k, v].map {
      Tensor.randn($0, generator: generator, dtype: .float64).cast(to: dtype)
    }
  }

  private func results(
    _ operands: [Tensor], mask: Tensor?, isCausal: Bool
  ) throws -> [Tensor] {
    let leaves = operands.map { $0.requiringGrad() }
    let y = scaledDotProductAttention(
      query: leaves[0], key: leaves[1], value: leaves[2], mask: mask, isCausal: isCausal)
    let weights = Tensor.arange(y.elementCount).cast(to: y.dtype).reshaped(to: y.shape).sin()
    return [y.detached()] + gradients(of: (y * weights).sum(), wrt: leaves)
  }

  @Test(
    "is what whole scores give, across blocks, grouped and masked",
    arguments: [
      ([1, 2, 5, 3], [1, 2, 7, 3], 2, false, false),
      ([2, 4, 260, 4], [2, 2, 521, 4], 3, false, true),
      ([1, 2, 300, 4], [1, 1, 300, 4], 4, true, false),
      ([1, 1, 3, 2], [1, 1, 600, 2], 2, true, true),
      ([1, 1, 600, 2], [1, 1, 5, 2], 2, true, false),
    ] as [([Int], [Int], Int, Bool, Bool)])
  func values(q: [Int], k: [Int], valueSize: Int, isCausal: Bool, isMasked: Bool) throws {
    let wide = operands(Shape(q), Shape(k), valueSize: valueSize, .float64)
    let mask = Tensor.randn([q[2], k[2]], generator: Generator(seed: 1)) .> -1
    let exact = try results(wide, mask: isMasked ? mask : nil, isCausal: isCausal)
    let found = try results(
      wide.map { $0.cast(to: .float32) }, mask: isMasked ? mask : nil, isCausal: isCausal)
    for (a, b) in zip(found, exact) {
      #expect(a.shape == b.shape && a.dtype == .float32)
      let scale = Swift.max(1, try b.abs().max().item(as: Double.self))
      let worst: Double = try (a.cast(to: .float64) - b).abs().max().item()
      #expect(worst < 1e-5 * scale, "\(worst) of \(scale)")
    }
  }

  @Test("adds masks that broadcast, and gives 0 where nothing may be heeded")
  func masks() throws {
    let wide = operands([2, 2, 3, 4], [2, 2, 5, 4], valueSize: 4)
    let padding = Tensor([[false, false, false, false, false], [true, true, false, true, true]])
      .reshaped(to: [2, 1, 1, 5])
    let y = scaledDotProductAttention(
      query: wide[0], key: wide[1], value: wide[2], mask: padding)
    #expect(try y[0].abs().max().item() == 0)
    let added = Tensor.where(padding, 0.0, Tensor.full([2, 1, 1, 5], -Double.infinity))
    let other = scaledDotProductAttention(
      query: wide[0], key: wide[1], value: wide[2], mask: added)
    #expect(try y.scalars(as: Float.self) == other.scalars(as: Float.self))
  }

  @Test("memory grows with the length, not with its square")
  func memory() async {
    // In a process of its own, where no other test takes memory.
    await #expect(processExitsWith: .success) {
      let size = 2048
      let x = try Tensor.randn([1, 1, size, 8], generator: Generator(seed: 0)).eval()
        .requiringGrad()
      let live = Memory.liveBytes
      Memory.resetPeak()
      let y = scaledDotProductAttention(query: x, key: x, value: x)
      try eval(gradient(of: y.sum(), wrt: x))
      let scores = size * size * MemoryLayout<Float>.size
      #expect(Memory.peakBytes - live < scores / 2)
    }
  }

  @Test("drops weights by one number of the generator, the same ones in the gradient")
  func dropout() throws {
    let all = operands([1, 2, 40, 4], [1, 2, 50, 4], valueSize: 4)
    func attended(_ value: Tensor) -> Tensor {
      scaledDotProductAttention(
        query: all[0], key: all[1], value: value, dropout: 0.5, generator: Generator(seed: 3))
    }
    // The result is linear in the values, so the gradient tells the same weights.
    let v = all[2].requiringGrad()
    let y = attended(v)
    let slope = gradient(of: y.sum(), wrt: v)
    let (a, b) = (try y.sum().item(as: Double.self), try (slope * v).sum().item(as: Double.self))
    #expect(abs(a - b) < 1e-3 * Swift.max(1, abs(a)))
    let ones = try attended(Tensor.ones(all[2].shape)).scalars(as: Float.self).map(Double.init)
    let mean = ones.reduce(0, +) / Double(ones.count)
    #expect(abs(mean - 1) < 0.15 && Set(ones).count > 10)
  }

  @Test("has gradients of gradients, through the scores")
  func second() throws {
    let all = operands([1, 2, 4, 3], [1, 1, 5, 3], valueSize: 2)
    func curvature(_ operands: [Tensor]) throws -> Tensor {
      let q = operands[0].requiringGrad()
      let y = scaledDotProductAttention(query: q, key: operands[1], value: operands[2])
      let slope = gradient(of: y.square().sum(), wrt: q, createGraph: true)
      return gradient(of: slope.square().sum(), wrt: q)
    }
    let (a, b) = (try curvature(all), try curvature(all.map { $0.cast(to: .float64) }))
    let worst: Double = try (a.cast(to: .float64) - b).abs().max().item()
    #expect(worst < 1e-4)
  }

  @Test("refuses what does not fit, by name")
  func refuses() {
    let x = Tensor.zeros([2, 3, 4])
    let refused = [
      scaledDotProductAttention(query: x, key: Tensor.zeros([2, 3, 5]), value: x),
      scaledDotProductAttention(query: x, key: x, value: Tensor.zeros([2, 4, 4])),
      scaledDotProductAttention(query: x, key: x, value: x, mask: Tensor.zeros([3, 4])),
      scaledDotProductAttention(query: x, key: x, value: x, dropout: 2),
      scaledDotProductAttention(query: x, key: x.cast(to: .float64), value: x),
      scaledDotProductAttention(
        query: Tensor.zeros([3, 3, 4]), key: x, value: Tensor.zeros([2, 3, 4])),
    ]
    for tensor in refused { #expect(tensor.error?.op == "scaledDotProductAttention") }
  }
}
