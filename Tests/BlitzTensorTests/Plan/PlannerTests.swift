import Blitz
import Foundation
import Testing

@testable import BlitzTensor

/// What plans look like: which ops share a loop, what is folded, what is written where.
@Suite struct PlannerTests {
  /// The plan that evaluating the tensors now would run.
  private func plan(_ tensors: [Tensor]) throws -> Plan {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(tensors.map(\.node), on: .cpu, state: &state)
      pending.chooseResults()
      return Plan(PlanGraph(pending))
    }
  }

  @Test("products in int32 of widened bytes take the bytes, through views and casts")
  func bytes() throws {
    let x = Tensor.ones([4, 32], dtype: .int8)
    let weight = Tensor.ones([16, 32], dtype: .uint8)
    try eval(x, weight)
    let products = [
      x.cast(to: .int32).matmul(weight.cast(to: .int32).transposed()), x.matmul(x.transposed()),
    ]
    let found = try products.map { product in
      try Evaluation.withState { state throws(TensorError) in
        var pending = Pending([product.node], on: .cpu, state: &state)
        pending.chooseResults()
        return Plan(PlanGraph(pending).widened()).kernels[0].summary
      }
    }
    #expect(found == ["matmul of bytes 4x32x16 c = a bᵀ", "matmul of bytes 4x32x4 c = a bᵀ"])
  }

  /// What the plan of evaluating the tensor now is found by.
  private func key(_ tensor: Tensor) throws -> PlanKey {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending([tensor.node], on: .cpu, state: &state)
      pending.chooseResults()
      return PlanKey(pending)
    }
  }

  private func kernels(_ tensors: Tensor...) throws -> [String] {
    try plan(tensors).kernels.map(\.summary)
  }

  private func data(_ shape: Shape) throws -> Tensor {
    try (Tensor.arange(shape.elementCount, dtype: .float32).reshaped(to: shape) * 0.01).eval()
  }

  @Test("elementwise ops with broadcasts and a reduction behind them share one loop")
  func fusesChains() throws {
    let x = try data([64, 100])
    let row = try data([100])
    let loss = ((x * row + 1).tanh() - x).square().sum()
    #expect(
      try kernels(loss) == ["fused 64x100 [multiply add tanh subtract multiply sum] 2 in, 1 out"])
  }

  @Test("transposes are folded into products")
  func foldsTransposes() throws {
    let x = try data([64, 100])
    let y = try data([64, 10])
    #expect(try kernels(x.transposed().matmul(y)) == ["matmul 100x64x10 c = aᵀ b"])
    #expect(try kernels(y.matmul(y.transposed())) == ["matmul 64x10x64 c = a bᵀ"])
    let batches = try data([8, 5, 6])
    #expect(
      try kernels(batches.matmul(batches.transposed(-1, -2))) == ["matmul 8 x 5x6x5 c = a bᵀ"])
  }

  @Test("an update is one product that accumulates in place, when nobody holds the old weights")
  func foldsUpdates() throws {
    let x = try data([64, 100])
    let g = try data([64, 10])
    var w = try data([100, 10])
    let old = w
    w -= 1e-3 * x.transposed().matmul(g)
    #expect(try kernels(w) == ["matmul 100x64x10 c += -alpha aᵀ b (kept)"])
    try withExtendedLifetime(old) { _ = try w.eval() }

    var v = try data([100, 10])
    let address = try v.storage().pointer
    v -= 1e-3 * x.transposed().matmul(g)
    #expect(try kernels(v) == ["matmul 100x64x10 c += -alpha aᵀ b (in place)"])
    #expect(try v.storage().pointer == address)
    #expect(try v.scalars(as: Float.self) == w.scalars(as: Float.self))
  }

  @Test("an elementwise update overwrites an input that nobody else holds")
  func updatesInPlace() throws {
    var x = try data([1000])
    let address = try x.storage().pointer
    x = x * 2 + 1
    #expect(try x.storage().pointer == address)
    let held = x
    x = x * 2
    #expect(try x.storage().pointer != address)
    #expect(try held.storage().pointer == address)
  }

  @Test("a plan depends on structure, not on numbers")
  func cachesByStructure() throws {
    let x = try data([7, 3])
    let stored = try key((x * 0.25 + 3).sum())
    for rate in [0.5, 0.125, 1e-6] { #expect(try key((x * rate + 3).sum()) == stored) }
    #expect(try key((x * 0.5 - 3).sum()) != stored)
    #expect(try key((x * 0.5 + 3).sum(axis: 0)) != stored)
    #expect(try key((x[1..<4] * 0.5 + 3).sum()) != stored)
  }

  @Test("views cost no kernel where a loop or product can walk them")
  func viewsAreFree() throws {
    let x = try data([6, 8])
    #expect(try plan([x.reshaped(to: [48])]).kernels.isEmpty)
    #expect(try plan([x[2..<4]]).kernels.isEmpty)
    #expect(try kernels(x.transposed() * 2) == ["fused 8x6 [multiply] 1 in, 1 out"])
    #expect(try kernels(x.transposed()[1..<3].sum()) == ["fused 2x6 [sum] 1 in, 1 out"])
  }

  @Test("a value that a loop computes on the way is written by that loop")
  func writesOnTheWay() throws {
    let x = try data([64, 10])
    let difference = x - 1
    let loss = difference.square().sum()
    #expect(
      try kernels(difference, loss) == ["fused 640 [subtract multiply sum] 1 in, 2 out"])
  }

  @Test("a printed plan names kernels, fused ops, what they read and write, bytes and flops")
  func printsItself() throws {
    let x = try data([64, 100])
    let text = try plan([x.matmul(x.transposed()).tanh().sum()]).description
    #expect(
      text == """
        plan: 1 kernels, 3 buffers, 16384 temporary bytes
          0: rows 64 { matmul 64x100x64 c = a bᵀ; fused 4096 [tanh sum] 1 in, 1 out }; \
        0, 1 -> 1, 2; 83972 bytes, 827392 flops
          buffer 0: argument 0, 25600 bytes
          buffer 1: temporary at 0, 16384 bytes
          buffer 2: new, 4 bytes, result 0
        """)
  }

  @Test("a printed graph names values, what they are computed from, and results")
  func graphPrintsItself() throws {
    let x = try data([2, 3])
    let total = (x.matmul(x.transposed()) + 1).sum()
    let text = try Evaluation.withState { state throws(TensorError) in
      var pending = Pending([total.node], on: .cpu, state: &state)
      pending.chooseResults()
      return PlanGraph(pending).description
    }
    #expect(
      text == """
        graph: 6 values, 1 of them arguments
          %0 = argument float32 [2x3]
          %1 = scalar float32 []
          %2 = permute(%0) float32 [3x2]
          %3 = matmul(%0, %2) float32 [2x2]
          %4 = add(%3, %1) float32 [2x2]
          %5 = sum(%4) float32 [], a result
        """)
  }

  @Test(
    "planning ten times the nodes takes at most twelve times as long",
    .enabled(if: TestSize.isFull, "seconds in a debug build: BLITZ_TEST_FULL=1"))
  func planningIsLinear() async {
    // In a process of its own: other tests would hold up the evaluations that are timed. Neighbours
    // on the machine only ever add time, so the fastest of each kind are compared, of as few as
    // show it; and as many nodes are planned on both sides, so that both find the same caches.
    await #expect(processExitsWith: .success) {
      var small = Double.infinity
      var large = Double.infinity
      var rounds = 0
      while rounds < 2 || (rounds < 20 && large / small > 12) {
        rounds += 1
        small = min(small, try Planning.seconds(graphs: 10, nodes: 1000) / 10)
        large = min(large, try Planning.seconds(graphs: 1, nodes: 10_000))
      }
      #expect(large / small <= 12, "\(large) s over \(small) s")
    }
  }
}

/// How long planning takes.
private enum Planning {
  /// The processor time to plan some graphs of about so many nodes each.
  static func seconds(graphs: Int, nodes: Int) throws -> Double {
    let roots = try (0..<graphs).map { _ in try expressions(nodes).map(\.node) }
    var plans: [Plan] = []
    let start = clock()
    for roots in roots {
      try Evaluation.withState { state throws(TensorError) in
        var pending = Pending(roots, on: .cpu, state: &state)
        pending.chooseResults()
        _ = PlanKey(pending)
        plans.append(Plan(PlanGraph(pending)))
      }
    }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    #expect(plans.count == graphs)
    return seconds
  }

  /// Many short expressions over shared operands, ten nodes each.
  private static func expressions(_ nodes: Int) throws -> [Tensor] {
    let a = try Tensor.rand([4, 4]).eval()
    let b = try Tensor.rand([4]).eval()
    return (0..<nodes / 10).map { index in
      var x = a * Double(index) + b
      x = (x.matmul(a) - b).tanh() * x.sum(axes: [0])
      return x.transposed() + x
    }
  }
}
