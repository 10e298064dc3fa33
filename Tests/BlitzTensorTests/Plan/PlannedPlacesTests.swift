import Blitz
import Testing

@testable import BlitzTensor

/// Values that are computed where another value has them, or with what another does to them: no
/// kernel copies them, and the numbers are those of the ops one by one.
@Suite struct PlannedPlacesTests {
  private func kernels(_ tensors: [Tensor]) throws -> [String] {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(tensors.map(\.node), on: .cpu, state: &state)
      pending.chooseResults()
      return Plan(PlanGraph(pending)).kernels.map(\.summary)
    }
  }

  private let generator = Generator(seed: 5)

  private func data(_ shape: Shape) throws -> Tensor {
    try Tensor.randn(shape, generator: generator).eval()
  }

  @Test("parts of a stack are computed in its memory, also where the next part reads them")
  func stacks() throws {
    let (start, weight) = (try data([4, 8]), try data([8, 8]))
    /// The states of a recurrence.
    func states(evaluating: Bool) throws -> [Tensor] {
      var state = start
      return try (0..<12).map { _ in
        state = state.matmul(weight).tanh()
        if evaluating { state = try state.eval() }
        return state
      }
    }
    let together = stack(try states(evaluating: false))
    let summaries = try kernels([together])
    #expect(summaries.count == 1, "\(summaries)")
    #expect(summaries[0].split(separator: "matmul").count == 13, "\(summaries)")
    #expect(!summaries.contains { $0.contains("[copy]") })
    let apart = try states(evaluating: true)
    #expect(
      try together.scalars(as: Float.self) == apart.flatMap { try $0.scalars(as: Float.self) })
  }

  @Test("sums are parts of a stack, too: the norms of many gradients")
  func stackedSums() throws {
    let x = try data([6, 4])
    func parts() -> [Tensor] {
      (0..<12).map { (x * Double($0 + 1)).sin().norm() } + [(x + 1).sum(axis: 0).sum()]
        + (0..<3).map { (x - Double($0)).max() }
    }
    func rows() -> [Tensor] {
      (0..<12).map { (x * Double($0 + 1)).sin().sum(axis: 1) }
    }
    let (together, lines) = (stack(parts()), concatenate(rows(), axis: 0))
    let norm = together.norm()
    try eval(together, lines, norm)
    #expect(try together.scalars(as: Float.self) == parts().map { try $0.item(as: Float.self) })
    #expect(
      try lines.scalars(as: Float.self) == rows().flatMap { try $0.scalars(as: Float.self) })
    #expect(try norm.item(as: Float.self) == together.norm().item(as: Float.self))
  }

  @Test("a stack's parts that are read elsewhere, twice in it, viewed or given are right")
  func sharedParts() throws {
    let x = try data([3, 5])
    func parts(_ y: Tensor) -> [Tensor] {
      let z = y * 2
      return [y, z, y, x, z.transposed().contiguous().reshaped(to: [3, 5]), y + z]
        + (0..<6).map { (z + Double($0)).exp() }
    }
    let y = x.sin()
    let together = stack(parts(y))
    let (also, sum) = (y * 3, together.sum())
    try eval(together, also, sum)
    let fixed = try x.sin().eval()
    let apart = try parts(fixed).map { try $0.eval() }
    #expect(
      try together.scalars(as: Float.self) == apart.flatMap { try $0.scalars(as: Float.self) })
    #expect(try also.scalars(as: Float.self) == (fixed * 3).scalars(as: Float.self))
  }

  @Test("a sum with a product whose parts are read apart is the product's")
  func splitSums() throws {
    let (x, h, w) = (try data([4, 12]), try data([4, 6]), try data([6, 12]))
    let moved = x + 1
    let parts = (moved + h.matmul(w)).split(count: 3, axis: 1)
    let result = parts[0].sigmoid() * parts[1].tanh() + parts[2].exp()
    #expect(try kernels([result]).contains { $0.contains("matmul 4x6x12 c += a b") })
    let sum = try ((x + 1).eval() + h.matmul(w).eval()).eval().split(count: 3, axis: 1)
    let expected = sum[0].sigmoid() * sum[1].tanh() + sum[2].exp()
    let error = try (result - expected).abs().max().item()
    #expect(error <= 1e-5, "off by \(error)")
  }

  @Test("the gradient of a ReLU before a pooling is written by the pooling's", arguments: [2, 3])
  func maskedPooling(size: Int) throws {
    let weight = try data([6, 3, 3, 3])
    let x = try data([2, 3, 13, 12])
    /// The gradient of what is convolved, and that of the weights.
    func gradients(evaluating: Bool) throws -> [Tensor] {
      let (input, filters) = (x.requiringGrad(), weight.requiringGrad())
      let before = input.conv2d(filters, padding: 1)
      let after = before.relu()
      let seed = (after.maxPool2d(Size2D(size)) * 0.5).detached()
      if !evaluating {
        let loss = (after.maxPool2d(Size2D(size)) * seed).sum()
        return BlitzTensor.gradients(of: loss, wrt: [input, filters])
      }
      // The same by hand, one op after the other.
      let held = try after.detached().eval()
      let pooled = held.requiringGrad()
      let placed = BlitzTensor.gradient(
        of: (pooled.maxPool2d(Size2D(size)) * seed).sum(), wrt: pooled)
      let masked = Tensor.where(try before.detached().eval() .<= 0, 0, try placed.eval())
      return BlitzTensor.gradients(of: (before * masked.detached()).sum(), wrt: [input, filters])
    }
    let fused = try gradients(evaluating: false)
    #expect(try kernels(fused).contains { $0.contains("masked") })
    for (ours, expected) in zip(fused, try gradients(evaluating: true)) {
      let error = try (ours - expected).abs().max().item()
      #expect(error <= 1e-4, "off by \(error)")
    }
  }
}
