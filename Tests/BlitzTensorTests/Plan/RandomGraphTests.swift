import Blitz
import Testing

@testable import BlitzTensor

/// Graphs made at random, computed as a whole (fused, folded, in place) and op by op; 600 of them
/// with BLITZ_TEST_FULL=1, else 200.
@Suite struct RandomGraphTests {
  @Test(
    "a graph computed as a whole equals one computed op by op",
    arguments: 0..<(TestSize.isFull ? 60 : 20))
  func wholeEqualsOpByOp(seed: UInt64) throws {
    for round in 0..<10 {
      let graph = seed * 1000 + UInt64(round)
      var whole = RandomGraph(seed: graph, isEager: false)
      var eager = RandomGraph(seed: graph, isEager: true)
      let a = try whole.build()
      let b = try eager.build()
      // Some of the results are asked for together, the others one by one afterwards.
      try eval(Array(a.prefix(2)))
      for (index, (left, right)) in zip(a, b).enumerated() {
        #expect(left.shape == right.shape)
        let (x, y) = (try left.scalars(as: Double.self), try right.scalars(as: Double.self))
        for element in x.indices {
          let isClose = abs(x[element] - y[element]) <= 1e-9 * max(1, abs(y[element]))
          #expect(
            isClose || (x[element].isNaN && y[element].isNaN),
            "graph \(graph), result \(index), element \(element): \(x[element]) and \(y[element])"
          )
          if !isClose { return }
        }
      }
    }
  }
}

/// Makes the same graph for the same seed, computing every op at once if asked to.
struct RandomGraph {
  var random: SplitMix64
  let isEager: Bool
  var pool: [Tensor] = []

  init(seed: UInt64, isEager: Bool) {
    random = SplitMix64(state: seed)
    self.isEager = isEager
  }

  mutating func build() throws -> [Tensor] {
    for shape in [[2, 3, 4], [3, 4], [4], [4, 4], []] as [Shape] {
      let count = shape.elementCount
      pool.append(
        Tensor(
          (0..<count).map { _ in Double(Int.random(in: -8...8, using: &random)) / 4 },
          shape: shape, dtype: .float64))
    }
    var kept: [Tensor] = []
    for _ in 0..<Int.random(in: 5...40, using: &random) {
      let tensor = next()
      if let error = tensor.error { throw error }
      if isEager { try tensor.eval() }
      pool.append(tensor)
      // Old operands go out of reach, so that their memory may be used again.
      if pool.count > 9 { pool.remove(at: Int.random(in: 0..<5, using: &random)) }
      if Int.random(in: 0..<6, using: &random) == 0 { kept.append(tensor) }
    }
    kept.append(pool[pool.count - 1])
    return kept
  }

  private mutating func pick() -> Tensor { pool[Int.random(in: 0..<pool.count, using: &random)] }

  private mutating func next() -> Tensor {
    let x = pick()
    let rank = x.rank
    let axis = rank == 0 ? 0 : Int.random(in: 0..<rank, using: &random)
    switch Int.random(in: 0..<22, using: &random) {
    case 0: return x.tanh()
    case 1: return x * 0.5 + 1
    case 2: return x.abs().sqrt()
    case 3: return -x
    case 4, 5:
      let y = pick()
      return Shape.broadcast(x.shape, y.shape) == nil ? x + 1 : x - y
    case 6:
      let y = pick()
      return Shape.broadcast(x.shape, y.shape) == nil ? x * x : (x * y).tanh()
    case 7: return rank >= 2 ? x.transposed(-1, -2) : x.exp().minimum(3)
    case 8: return rank == 0 ? x : x.sum(axes: [axis])
    case 9: return rank == 0 ? x : x.max(axes: [axis], keepDims: true)
    case 10: return x.reshaped(to: [x.elementCount])
    case 11: return rank == 0 ? x : x.flipped(axes: [axis])
    case 12:
      if rank < 2 { return x * 2 }
      let product = x.matmul(x.transposed(-1, -2)) * 0.25
      return product.tanh()
    case 13:
      return x.elementCount == 12 ? x.reshaped(to: [4, 3]) : x.unsqueezed(axis: 0).squeezed()
    case 14:
      return rank == 0 ? x : concatenate([x, x * 2], axis: axis).sum(axes: [axis], keepDims: true)
    case 15:
      return rank == 0 || x.shape[axis] < 2
        ? x : x.split(sizes: [1, x.shape[axis] - 1], axis: axis)[1].tanh()
    case 16:
      return rank == 1
        ? x.expanded(to: [3, x.shape[0]])
        : x.expanded(to: Shape([2] + x.shape.sizes)).mean(axes: [0])
    case 17: return Tensor.where(x .> 0, x, x * 0.1)
    case 18:
      guard rank == 2, x.shape[0] == x.shape[1] else { return x - 1 }
      // An update that a product can be folded into.
      return x - 0.125 * x.matmul(x.tanh())
    case 19: return rank == 0 ? x : x.cumsum(axis: axis).tanh()
    case 20: return rank == 0 ? x : x.indexSelect(axis: axis, indices: Tensor([0, 0]))
    default:
      let total = x.sum(axes: rank >= 3 ? [0, 2] : Array(0..<rank))
      return total.tanh()
    }
  }
}

/// A small generator whose sequence is written down in the literature (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
