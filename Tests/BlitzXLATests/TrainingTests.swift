import Blitz
import BlitzXLA
import Foundation
import Testing

@testable import BlitzNN
@testable import BlitzTensor

/// Whole programs on the CPU plugin, against the same programs on the CPU.
@Suite(.enabled(if: RealPlugin.isFound)) struct TrainingTests {
  static let devices: [Device] = [.cpu, .xla("cpu")]

  /// What a program computes on both devices.
  static func both<Answer>(_ run: (Device) throws -> Answer) rethrows -> (Answer, Answer) {
    (try run(devices[0]), try run(devices[1]))
  }

  static func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), 1e-3) }
  }

  @Test("500 steps as one program are 500 steps one by one")
  func repeated() throws {
    @Sendable func step(_ w: inout [Tensor], _ batch: [Tensor]) -> Tensor {
      let (loss, grads) = valueAndGradients(at: w) { w in
        (batch[0].matmul(w[0]).relu().matmul(w[1]) - batch[1]).square().sum()
      }
      for i in w.indices { w[i] -= 1e-4 * grads[i] }
      return loss
    }
    let (cpu, xla) = try Self.both { device in
      let generator = Generator(seed: 1)
      func draw(_ shape: Shape) -> Tensor { .randn(shape, generator: generator, device: device) }
      let (x, y) = (draw([16, 20]), draw([16, 3]))
      var w = [draw([20, 10]), draw([10, 3])]
      let losses = try compile(steps: 500, step)(&w, x, y)
      #expect(losses.shape == [500] && losses.device == device && w[0].device == device)
      return try losses.scalars(as: Double.self)
    }
    #expect(Self.agree(cpu, xla, 1e-4))
    #expect(cpu[499] < cpu[0] / 10)
  }

  @Test(
    "a network with dropout and batch normalisation learns the same numbers",
    arguments: [nil, 6], [true, false])
  func training(steps: Int?, usesAdam: Bool) throws {
    let (cpu, xla) = try Self.both { device -> (losses: [Double], state: [[Double]]) in
      let generator = Generator(seed: 4)
      let model = Sequential(
        Linear(8, 16, generator: generator), BatchNorm1d(16), ReLU(),
        Dropout(0.5, generator: generator), Linear(16, 3, generator: generator))
      model.to(device)
      let x = Tensor.randn([6, 12, 8], generator: generator, device: device)
      let y = Tensor.randint(0, 3, [6, 12], generator: generator, device: device)
      let optimizer =
        usesAdam ? Adam(model, rate: 0.05) : SGD(model, rate: 0.05, momentum: 0.9)
      let step = compile(model, optimizer, clipping: .norm(1), steps: steps) { x, y in
        crossEntropy(logits: model(x), labels: y)
      }
      let losses =
        steps == nil
        ? try (0..<6).map { try step(x[$0], y[$0]).item() }
        : try step(x, y).scalars(as: Double.self)
      return (
        losses, try model.state.map { try $0.tensor.cast(to: .float64).scalars(as: Double.self) }
      )
    }
    #expect(Self.agree(cpu.losses, xla.losses))
    // The bias before the normalisation has no gradient but rounding, of which Adam makes steps.
    if usesAdam { return }
    for (a, b) in zip(cpu.state, xla.state) { #expect(Self.agree(a, b, 1e-3)) }
  }

  @Test("define-by-run training updates weights in place: memory stays what it was")
  func inPlace() async {
    await #expect(processExitsWith: .success) {
      let device = Device.xla("cpu")
      let backend = try #require(try device.backend() as? XLABackend)
      let x = Tensor.randn([64, 100], generator: Generator(seed: 1), device: device)
      var w = Tensor.randn([100, 100], generator: Generator(seed: 2), device: device)
        .requiringGrad()
      var bytes: [Int] = []
      for _ in 0..<20 {
        let loss = x.matmul(w).relu().square().mean()
        try loss.backward()
        noGrad { w -= 0.01 * w.grad }
        _ = try loss.item()
        bytes.append(backend.client.devices[0].liveBytes)
      }
      let (early, late) = (bytes[5], bytes[19])
      #expect(late <= early)
    }
  }

  @Test("another batch size is one more program, the same one none")
  func shapes() throws {
    let model = Linear(4, 2)
    model.to(.xla("cpu"))
    let step = compile(model, SGD(model, rate: 0.1)) { x, y in (model(x) - y).square().mean() }
    for rows in [8, 8, 3, 8, 3] {
      _ = try step(
        .ones([rows, 4], device: .xla("cpu")), .ones([rows, 2], device: .xla("cpu")))
    }
    #expect(step.planCount == 2)
  }

  @Test(
    "a batch that is too large for the memory is an error, and training goes on with a smaller one",
    arguments: [false, true])
  func outOfMemory(isCompiled: Bool) throws {
    let device = Device.xla("cpu")
    let model = Linear(1, 2, generator: Generator(seed: 1))
    model.to(device)
    let optimizer = SGD(model, rate: 0.01)
    // The products of all pairs of rows: 70 TB of them for 4 million rows.
    func loss(_ x: Tensor) -> Tensor {
      let h = model(x)
      return h.matmul(h.transposed()).square().mean()
    }
    let compiled = compile(model, optimizer) { x, _ in loss(x) }
    func step(rows: Int) throws -> Double {
      let x = Tensor.ones([rows, 1], device: device)
      if isCompiled { return try compiled(x, x).item() }
      let loss = loss(x)
      try loss.backward()
      try optimizer.step()
      optimizer.zeroGrad()
      return try loss.item()
    }
    let first = try step(rows: 8)
    let error = try message { _ = try step(rows: 1 << 22) }
    #expect(error.contains("xla:cpu is out of memory: "))
    #expect(error.contains("use a smaller batch"))
    let second = try step(rows: 8)
    #expect(second < first && second > 0)
  }

  @Test("autocast to bfloat16 computes near float32, in float32 weights; a scaler too")
  func mixedPrecision() throws {
    func losses(_ precision: Precision) throws -> [Double] {
      let generator = Generator(seed: 7)
      let model = Sequential(
        Linear(16, 32, generator: generator), ReLU(), Linear(32, 4, generator: generator))
      model.to(.xla("cpu"))
      let x = Tensor.randn([24, 16], generator: generator, device: .xla("cpu"))
      let y = Tensor.randint(0, 4, [24], generator: generator, device: .xla("cpu"))
      let scaler = precision == .float16 ? LossScaler() : nil
      let step = compile(model, SGD(model, rate: 0.1), scaler: scaler) { x, y in
        autocast(to: precision) { crossEntropy(logits: model(x), labels: y) }
      }
      let losses = try (0..<30).map { _ in try step(x, y).item() }
      #expect(model.parameters.allSatisfy { $0.parameter.value.dtype == .float32 })
      return losses
    }
    let exact = try losses(.float32)
    #expect(Self.agree(try losses(.bfloat16), exact, 0.02))
    #expect(Self.agree(try losses(.float16), exact, 0.02))
    #expect(exact[29] < exact[0])
  }

  @Test("a checkpoint of a model on a device goes back to it")
  func checkpoints() throws {
    let path = NSTemporaryDirectory() + "blitz-device-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func make() -> (Linear, Adam) {
      let model = Linear(3, 2)
      model.to(.xla("cpu"))
      return (model, Adam(model, rate: 0.1))
    }
    let x = Tensor.ones([4, 3], device: .xla("cpu"))
    let (model, optimizer) = make()
    func step(_ model: Linear, _ optimizer: Adam) throws -> Double {
      let loss = model(x).square().mean()
      try loss.backward()
      try optimizer.step()
      return try loss.item()
    }
    _ = try step(model, optimizer)
    try Checkpoint(model, optimizer).write(to: path)
    let (other, otherOptimizer) = make()
    try Checkpoint(contentsOf: path).restore(other, otherOptimizer)
    #expect(other.weight.device == .xla("cpu"))
    #expect(try step(model, optimizer) == step(other, otherOptimizer))
    #expect(try step(model, optimizer) == step(other, otherOptimizer))
  }

  @Test("gradients come back through a move to a device")
  func moves() throws {
    let x = Tensor([1.0, 2, 3], requiresGrad: true)
    let there = x.to(.xla("cpu"))
    #expect(there.device == .xla("cpu"))
    try (there * there).sum().to(.cpu).backward()
    #expect(x.grad.device == .cpu)
    #expect(try x.grad.scalars(as: Double.self) == [2, 4, 6])
  }

  @Test("operands on two devices are an error that names both, and the move to write")
  func twoDevices() {
    let error = (Tensor([1.0]) + Tensor([1.0], device: .xla("cpu"))).error
    #expect(
      error?.message == """
        add: the operands are on different devices: cpu and xla:cpu
          operand 0: float32[1] on cpu
          operand 1: float32[1] on xla:cpu
          help:      move one of them, for example with .to(.cpu)
        """)
    let zeros = Tensor.zeros([1]) + Tensor([1.0], device: .xla("cpu"))
    #expect(zeros.error == nil && zeros.device == .xla("cpu"))
  }

  @Test("a compiled function that moves its tensors says to move them outside")
  func movesInside() throws {
    let function = compile { x in x.to(.xla("cpu")) * 2 }
    let error = try #require(throws: TensorError.self) { try function(.ones([2])) }
    #expect(error.rule == "the function moves a tensor to another device")
  }

  @Test("reads outside an axis give NaN on an accelerator, writes are left out")
  func outside() throws {
    let x = Tensor([1.0, 2, 3], device: .xla("cpu"))
    let index = Tensor([0, 5], device: .xla("cpu"))
    let read = try x.gather(axis: 0, index: index).scalars(as: Float.self)
    #expect(read[0] == 1 && read[1].isNaN)
    let updates = Tensor([7.0, 8.0], device: .xla("cpu"))
    #expect(
      try x.scatter(axis: 0, index: index, updates: updates).scalars(as: Float.self) == [7, 2, 3])
  }
}
