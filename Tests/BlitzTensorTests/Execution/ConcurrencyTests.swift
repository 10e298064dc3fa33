import Blitz
import Testing

/// Tensors used from several tasks; CI runs these under the thread sanitizer too.
@Suite struct ConcurrencyTests {
  private static func train(_ seed: UInt64, steps: Int) throws -> [Double] {
    let generator = Generator(seed: seed)
    let x = Tensor.randn([32, 40], generator: generator)
    let y = Tensor.randn([32, 4], generator: generator)
    var w1 = Tensor.randn([40, 20], generator: generator, requiresGrad: true)
    var w2 = Tensor.randn([20, 4], generator: generator, requiresGrad: true)
    var losses: [Double] = []
    for _ in 0..<steps {
      let loss = (x.matmul(w1).relu().matmul(w2) - y).square().sum()
      losses.append(try loss.item())
      try loss.backward()
      noGrad {
        w1 -= 1e-5 * w1.grad
        w2 -= 1e-5 * w2.grad
      }
    }
    return losses
  }

  @Test("models trained from tasks at once have the losses of models trained alone")
  func trainsTwoModels() async throws {
    let alone = try (0..<4).map { try ConcurrencyTests.train(UInt64($0), steps: 60) }
    let together = try await withThrowingTaskGroup(of: (Int, [Double]).self) { group in
      for seed in 0..<4 {
        group.addTask { (seed, try ConcurrencyTests.train(UInt64(seed), steps: 60)) }
      }
      var losses = [[Double]](repeating: [], count: 4)
      for try await (seed, found) in group { losses[seed] = found }
      return losses
    }
    #expect(together == alone)
    #expect(alone.allSatisfy { $0.last! < $0.first! })
  }

  @Test("tasks that ask for the same pending tensor get the same numbers")
  func sharesPendingTensors() async throws {
    for round in 0..<20 {
      let x = (Tensor.arange(5000, dtype: .float32) + round).tanh()
      let shared = (x * x).sum()
      let answers = try await withThrowingTaskGroup(of: Double.self) { group in
        for index in 0..<4 {
          group.addTask { try (shared * Double(index + 1)).item() / Double(index + 1) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.allSatisfy { abs($0 - answers[0]) < 1e-2 })
    }
  }

  @Test("noGrad holds for its own task only")
  func noGradIsLocal() async throws {
    let w = Tensor.ones([2], requiresGrad: true)
    await noGrad {
      let inside = await Task.detached { (w * 2).requiresGrad }.value
      #expect(inside)
      #expect(!(w * 2).requiresGrad)
    }
  }
}
