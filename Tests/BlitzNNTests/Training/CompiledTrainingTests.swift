import Blitz
import Testing

@testable import BlitzNN
@testable import BlitzTensor

@Suite struct CompiledTrainingTests {
  /// A network with dropout and batch normalisation, whose noise comes from `generator`.
  static func network(_ generator: Generator) -> Sequential {
    Sequential(
      Linear(8, 16, generator: generator), BatchNorm1d(16), ReLU(),
      Dropout(0.5, generator: generator), Linear(16, 3, generator: generator))
  }

  static let x = drawn(3, [12, 8], dtype: .float32)
  static let y = Tensor((0..<12).map { $0 % 3 })

  /// The losses of some steps, with a rate that changes.
  static func losses(
    compiled: Bool, count: Int = 8, _ make: (Sequential) -> Optimizer
  ) throws -> (losses: [Double], weights: [[Float]]) {
    let generator = Generator(seed: 4)
    let model = network(generator)
    let optimizer = make(model)
    let schedule = Schedule.cosine(over: count)
    let step = compile(model, optimizer, clipping: .norm(1)) { x, y in
      crossEntropy(logits: model(x), labels: y)
    }
    let losses = try (0..<count).map { index -> Double in
      optimizer.follow(schedule, at: index)
      if compiled { return try step(x, y).item() }
      let loss = crossEntropy(logits: model(x), labels: y)
      try loss.backward()
      optimizer.clipGradients(norm: 1)
      try optimizer.step()
      return try loss.item()
    }
    if compiled { #expect(step.planCount == 1) }
    return (losses, try model.state.map { try $0.tensor.cast(to: .float32).scalars() })
  }

  @Test(
    "compiled steps have the losses and weights of the others, dropout and changing rates too",
    arguments: 0..<3)
  func sameLosses(_ which: Int) throws {
    let makes: [(Sequential) -> Optimizer] = [
      { Adam($0, rate: 0.05) }, { SGD($0, rate: 0.1, momentum: 0.9, nesterov: true) },
      { SGD($0, rate: 0.1) },
    ]
    let one = try Self.losses(compiled: false, makes[which])
    let other = try Self.losses(compiled: true, makes[which])
    #expect(one.losses == other.losses)
    #expect(one.weights == other.weights)
    #expect(Set(one.losses).count == one.losses.count)
  }

  @Test("noise is drawn anew by every call, from the same generator in the same order")
  func drawsAnew() throws {
    let (one, other) = (Generator(seed: 1), Generator(seed: 1))
    @Sendable func draw(_ x: Tensor, _ generator: Generator) -> Tensor {
      let whole = Tensor.randperm(4, generator: generator).cast(to: .float32)
      let noise = Tensor.randn([4], generator: generator)
      return x + noise * Tensor.bernoulli([4], probability: 0.5, generator: generator) + whole
        + Tensor.rand([4], generator: generator)
    }
    let function = compile { x in draw(x, one) }
    for index in 0..<3 {
      let x = Tensor.full([4], Double(index))
      let expected = try draw(x, other).scalars(as: Float.self)
      #expect(try function(x).scalars(as: Float.self) == expected)
    }
    #expect(one.state == other.state)
    #expect(function.planCount == 1)
    let wrong = compile { x in x + Tensor.bernoulli([4], probability: 2, generator: one) }
    #expect(throws: TensorError.self) { try wrong(Tensor.zeros([4])) }
  }

  @Test("evaluation mode, a frozen parameter and other shapes make plans of their own")
  func plansAgain() throws {
    let model = Self.network(Generator(seed: 4))
    let optimizer = Adam(model, allowUnused: true)
    let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
    func mean() throws -> [Float] {
      try model.buffers[0].buffer.wrappedValue.scalars()
    }
    _ = try step(Self.x, Self.y)
    let trained = try mean()
    #expect(trained != [Float](repeating: 0, count: 16))
    model.eval()
    let (a, b) = (try step(Self.x, Self.y).item(), try step(Self.x, Self.y).item())
    #expect(a != b && step.planCount == 2)
    #expect(try mean() == trained)
    model.train()
    _ = try step(Self.x, Self.y)
    #expect(step.planCount == 2)
    let weight = model.parameters[0].parameter
    weight.isFrozen = true
    let before = try weight.value.scalars(as: Float.self)
    _ = try step(Self.x, Self.y)
    #expect(step.planCount == 3)
    #expect(try weight.value.scalars(as: Float.self) == before)
    _ = try step(Self.x[0..<5], Self.y[0..<5])
    #expect(step.planCount == 4)
  }

  @Test("a step that fails leaves the model as it was, and who holds a weight keeps its numbers")
  func keepsWhatIsHeld() throws {
    let model = Linear(4, 3)
    let optimizer = SGD(model, rate: 0.1, momentum: 0.9)
    let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
    let x = Tensor.ones([2, 4])
    _ = try step(x, Tensor([0, 1]))
    let held = model.weight
    let before = try held.scalars(as: Float.self)
    #expect(throws: TensorError.self) { try step(x, Tensor([0, 7])) }
    #expect(try model.weight.scalars(as: Float.self) == before)
    #expect(optimizer.stepCount == 1)
    _ = try step(x, Tensor([0, 1]))
    #expect(try held.scalars(as: Float.self) == before)
    #expect(try model.weight.scalars(as: Float.self) != before)
    let reading = compile(model, optimizer) { x, _ in Tensor(try model(x).sum().item()) }
    let error = try #require(throws: TensorError.self) { try reading(x, x) }
    #expect(
      error.rule == "numbers are asked for inside a function that is being compiled")
    #expect(try model.weight.scalars(as: Float.self).allSatisfy(\.isFinite))
  }

  @Test("an Adam step is one loop for each parameter: one pass over memory")
  func plansOneLoop() throws {
    let model = Sequential(Linear(20, 30), ReLU(), Linear(30, 5))
    let optimizer = Adam(model)
    let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
    let (x, y) = (Tensor.ones([4, 20]), Tensor([0, 1, 2, 3]))
    _ = try step(x, y)
    let plan = try #require(step.planDescriptions.first)
    let update =
      "[subtract multiply add multiply multiply multiply multiply add sqrt divide add divide "
      + "subtract] 4 in, 3 out"
    let loops = plan.split(separator: "\n").filter { $0.contains(update) }
    #expect(loops.count == 4, "\(plan)")
    #expect(plan.contains("fused 30x20 [subtract") || plan.contains("fused 600 [subtract"))
  }

  @Test("weights and state change in place: a step takes no memory but a gradient's")
  func changesInPlace() async {
    await #expect(processExitsWith: .success) {
      let model = Linear(512, 512, bias: false)
      let optimizer = Adam(model)
      let step = compile(model, optimizer) { x, y in squaredError(predictions: model(x), targets: y)
      }
      let (x, y) = (Tensor.ones([2, 512]), Tensor.ones([2, 512]))
      for compiled in [true, false] {
        var most = 0
        for _ in 0..<4 {
          Memory.resetPeak()
          let before = Memory.liveBytes
          if compiled {
            _ = try step(x, y)
          } else {
            try squaredError(predictions: model(x), targets: y).backward()
            try optimizer.step()
          }
          // The first step of each kind may still find memory that others hold.
          most = Memory.peakBytes - before
        }
        #expect(most < 3 * 512 * 512 * 4 / 2, "compiled \(compiled): \(most) bytes")
      }
    }
  }

  @Test("steps of Adam hold as many bytes as the first ten, a thousand with BLITZ_TEST_FULL=1")
  func memoryStaysFlat() async {
    await #expect(processExitsWith: .success) {
      for compiled in [false, true] {
        let model = Sequential(Linear(20, 30), ReLU(), Linear(30, 5))
        let optimizer = Adam(model)
        let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
        let (x, y) = (Tensor.ones([4, 20]), Tensor([0, 1, 2, 3]))
        func train(_ count: Int) throws {
          for _ in 0..<count {
            if compiled {
              _ = try step(x, y)
            } else {
              try crossEntropy(logits: model(x), labels: y).backward()
              try optimizer.step()
            }
          }
        }
        try train(10)
        let live = Memory.liveBytes
        try train(LayerTableTests.isFull ? 990 : 190)
        #expect(Memory.liveBytes == live)
      }
    }
  }

  @Test("the loss that is held is computed by the plan of the step")
  func computesTheLoss() throws {
    let model = Linear(4, 3)
    let optimizer = Adam(model)
    let x = Tensor.ones([2, 4])
    for _ in 0..<3 {
      let loss = crossEntropy(logits: model(x), labels: Tensor([0, 1]))
      try loss.backward()
      try optimizer.step()
      #expect(loss.isComputed)
    }
  }
}
