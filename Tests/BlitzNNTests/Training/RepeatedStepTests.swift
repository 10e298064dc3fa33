import Blitz
import Testing

/// Many steps compiled as one.
@Suite struct RepeatedStepTests {
  @Test("compile(steps:) leaves the state and answers the losses of as many single steps")
  func plain() throws {
    @Sendable func step(_ w: inout [Tensor], _ batch: [Tensor]) -> Tensor {
      let (loss, grads) = valueAndGradients(at: w) { w in
        (batch[0].matmul(w[0]).relu().matmul(w[1]) - batch[1]).square().sum()
      }
      for i in w.indices { w[i] -= 1e-3 * grads[i] }
      return loss
    }
    let generator = Generator(seed: 1)
    func draw(_ shape: Shape) -> Tensor { .randn(shape, generator: generator) }
    let (x, y) = (draw([8, 5]), draw([8, 2]))
    let start = [draw([5, 6]), draw([6, 2])]
    var (one, many) = (start, start)
    let single = compile(step)
    let losses = try (0..<7).map { _ in try single(&one, x, y).item() }
    let repeated = compile(steps: 7, step)
    let all = try repeated(&many, x, y)
    #expect(all.shape == [7])
    #expect(try all.scalars(as: Double.self) == losses)
    for (a, b) in zip(one, many) {
      #expect(try a.scalars(as: Float.self) == b.scalars(as: Float.self))
    }
    #expect(repeated.planCount == 1)
  }

  @Test("a model's repeated step takes a batch for each, and draws dropout anew for each")
  func training() throws {
    let x = Tensor.randn([5, 12, 8], generator: Generator(seed: 2))
    let y = Tensor.randint(0, 3, [5, 12], generator: Generator(seed: 3))
    func run(_ steps: Int?) throws -> (losses: [Double], weights: [[Float]], made: Int) {
      let generator = Generator(seed: 4)
      let model = Sequential(
        Linear(8, 16, generator: generator), BatchNorm1d(16), ReLU(),
        Dropout(0.5, generator: generator), Linear(16, 3, generator: generator))
      let optimizer = Adam(model, rate: 0.05)
      let step = compile(model, optimizer, steps: steps) { x, y in
        crossEntropy(logits: model(x), labels: y)
      }
      let losses =
        steps == nil
        ? try (0..<5).map { try step(x[$0], y[$0]).item() }
        : try step(x, y).scalars(as: Double.self)
      return (
        losses, try model.state.map { try $0.tensor.cast(to: .float32).scalars() },
        optimizer.stepCount
      )
    }
    let (single, repeated) = (try run(nil), try run(5))
    #expect(single.losses == repeated.losses)
    #expect(single.weights == repeated.weights)
    #expect(repeated.made == 5)
  }

  @Test("another number of batches than steps is an error that names both")
  func wrongCount() throws {
    let model = Linear(2, 1)
    let step = compile(model, SGD(model, rate: 0.1), steps: 3) { x, y in
      (model(x) - y).square().sum()
    }
    let error = try #require(throws: TensorError.self) {
      try step(.ones([2, 4, 2]), .ones([2, 4, 1]))
    }
    #expect(error.rule == "3 steps take 3 batches, along the first axis")
    #expect(throws: TensorError.self) {
      try compile(model, SGD(model, rate: 0.1), steps: 0) { x, _ in model(x).sum() }(
        .ones([0, 4, 2]), .ones([0]))
    }
  }
}
