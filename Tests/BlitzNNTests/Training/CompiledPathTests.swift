import Blitz
import Foundation
import Testing

@testable import BlitzTensor

/// Every way to make a step against define-by-run, step for step: compiled, many steps at once,
/// with a scaler that skips one, and all of them with `BLITZ_EAGER=1` too.
@Suite struct CompiledPathTests {
  typealias Make = @Sendable (any Module) -> Optimizer

  static let optimizers: [(name: String, make: Make)] = [
    ("SGD", { SGD($0, rate: 0.1) }),
    ("SGD with momentum", { SGD($0, rate: 0.1, momentum: 0.9, weightDecay: 0.01) }),
    ("SGD, Nesterov's", { SGD($0, rate: 0.1, momentum: 0.9, nesterov: true) }),
    ("Adam", { Adam($0, rate: 0.05) }),
    ("Adam, the greatest", { Adam($0, rate: 0.05, weightDecay: 0.1, amsgrad: true) }),
    ("AdamW", { AdamW($0, rate: 0.05) }),
    ("Adagrad", { Adagrad($0, rate: 0.05) }),
    ("Adadelta", { Adadelta($0, rate: 0.5) }),
    ("RMSprop", { RMSprop($0, rate: 0.01) }),
    ("Lion", { Lion($0, rate: 0.01) }),
    ("NAdam", { NAdam($0, rate: 0.05, weightDecay: 0.1) }),
    ("RAdam", { RAdam($0, rate: 0.05) }),
    ("Adamax", { Adamax($0, rate: 0.05) }),
    ("Rprop", { Rprop($0, rate: 0.05) }),
    ("ASGD", { ASGD($0, rate: 0.05, start: 2) }),
    ("Adafactor", { Adafactor($0, rate: 0.05) }),
  ]

  /// A weight that the inputs reach, and one whose gradient depends on neither inputs nor weights.
  struct Net: Module {
    @Parameter var w = Tensor([[0.5, -0.25], [1.0, 0.75]])
    @Parameter var bias = Tensor([1.0, 2.0])

    func loss(_ x: Tensor) -> Tensor { x.matmul(w).tanh().square().sum() + (6 * bias).sum() }
  }

  /// How steps are made.
  enum Path: CaseIterable, Sendable { case defined, compiled, repeated }

  static let stepCount = 8

  /// The weights after each step (of `repeated` after the last), the losses and the count of steps.
  static func run(
    _ path: Path, _ make: Make, scaled: Bool, device: Device = .cpu
  ) throws -> (weights: [[Float]], losses: [Float], count: Int) {
    let net = Net()
    net.to(device)
    let optimizer = make(net)
    // Times 6, a factor of 2 ** 126 overflows, and two good steps double it again: steps are
    // skipped at the start, in the middle and at the end.
    let scaler = scaled ? LossScaler(initialScale: 0x1p127, growthInterval: 2) : nil
    let numbers = (0..<stepCount * 6).map { (index: Int) -> Float in
      let eighths = Float(index * 7 % 11)
      return eighths / 8 - 0.5
    }
    let x = Tensor(numbers, shape: [stepCount, 3, 2], device: device)
    func weights() throws -> [Float] {
      try net.w.scalars(as: Float.self) + net.bias.scalars(as: Float.self)
    }
    var all: [[Float]] = []
    var losses: [Float] = []
    switch path {
    case .defined:
      for index in 0..<stepCount {
        let loss = net.loss(x[index])
        try (scaler?.scale(loss) ?? loss).backward()
        if let scaler { try scaler.step(optimizer) } else { try optimizer.step() }
        losses.append(try loss.item(as: Float.self))
        all.append(try weights())
      }
    case .compiled:
      let step = compile(net, optimizer, scaler: scaler) { x, _ in net.loss(x) }
      for index in 0..<stepCount {
        losses.append(try step(x[index], x[index]).item(as: Float.self))
        all.append(try weights())
      }
    case .repeated:
      let step = compile(net, optimizer, scaler: scaler, steps: stepCount) { x, _ in net.loss(x) }
      losses = try step(x, x).scalars(as: Float.self)
      all.append(try weights())
    }
    return (all, losses, optimizer.stepCount)
  }

  static func differ(_ a: [Float], _ b: [Float], by tolerance: Float) -> Bool {
    a.count != b.count
      || zip(a, b).contains { !(abs($0 - $1) <= tolerance * max(1, abs($1))) }
  }

  /// What differs between the paths, in words.
  static func faults(
    device: Device = .cpu, tolerance: Float = 1e-6, optimizers: [(name: String, make: Make)]
  ) throws -> [String] {
    var faults: [String] = []
    for (name, make) in optimizers {
      for scaled in [false, true] {
        let wanted = try run(.defined, make, scaled: scaled)
        for path in Path.allCases {
          let found = try run(path, make, scaled: scaled, device: device)
          let expected = path == .repeated ? Array(wanted.weights.suffix(1)) : wanted.weights
          for (step, (a, b)) in zip(found.weights, expected).enumerated()
          where differ(a, b, by: tolerance) {
            faults.append("\(name), \(path), scaled \(scaled), step \(step): \(a), not \(b)")
            break
          }
          if differ(found.losses, wanted.losses, by: tolerance) || found.count != wanted.count {
            faults.append("\(name), \(path), scaled \(scaled): \(found), not \(wanted)")
          }
        }
      }
    }
    return faults
  }

  @Test("compiled steps are those of define-by-run", arguments: optimizers.indices)
  func onCPU(_ index: Int) throws {
    #expect(try Self.faults(optimizers: [Self.optimizers[index]]) == [])
  }

  @Test("a scaler's skipped steps are there to be compared")
  func skips() throws {
    let run = try Self.run(.defined, Self.optimizers[0].make, scaled: true)
    #expect(run.count == 4 && Self.stepCount == 8)
  }

  @Test(
    "with BLITZ_EAGER=1, too",
    .enabled(if: LayerTableTests.isFull, "seconds in a debug build: BLITZ_TEST_FULL=1"))
  func eager() async {
    await #expect(processExitsWith: .success) {
      setenv("BLITZ_EAGER", "1", 1)
      #expect((Tensor([1.0]) + 1).isComputed)
      let faults = try CompiledPathTests.faults(optimizers: CompiledPathTests.optimizers)
      #expect(faults == [])
      for (make, expected) in CompiledPathTests.withoutInputs {
        let net = CompiledPathTests.One()
        let step = compile(net, make(net)) { _, _ in (3 * net.w).sum() }
        for _ in 0..<2 { _ = try step(.ones([1]), .ones([1])) }
        let found = try net.w.item()
        #expect(abs(found - expected) < 1e-6)
      }
    }
  }

  /// What two steps of (3 * w).sum() make of 1: torch.optim.SGD([w], 0.1) and Adam([w], 0.1) of
  /// PyTorch 2.15.0.
  static let withoutInputs: [(make: Make, expected: Double)] = [
    ({ SGD($0, rate: 0.1) }, 0.4), ({ Adam($0, rate: 0.1) }, 0.8),
  ]

  struct One: Module { @Parameter var w = Tensor([1.0]) }

  @Test("on an accelerator, too", .enabled(if: hasXLA), arguments: optimizers.indices)
  func onXLA(_ index: Int) throws {
    #expect(
      try Self.faults(
        device: .xla("cpu"), tolerance: 1e-5, optimizers: [Self.optimizers[index]]) == [])
  }

  /// Whether a plugin that drives this machine's processor is installed.
  static let hasXLA = (try? (Tensor.ones([1], device: .xla("cpu")) + 1).item()) != nil

  @Test("an accelerator flushes what is smaller than every normal number", .enabled(if: hasXLA))
  func subnormals() throws {
    let tiny = Tensor([Float(sign: .plus, exponent: -133, significand: 1)])
    #expect(try (tiny * 1).item() > 0)
    #expect(try (tiny.to(.xla("cpu")) * 1).item() == 0)
  }

  @Test("on an accelerator with BLITZ_EAGER=1, too", .enabled(if: hasXLA))
  func eagerOnXLA() async {
    await #expect(processExitsWith: .success) {
      setenv("BLITZ_EAGER", "1", 1)
      // Each op is a program of its own: one optimizer will do.
      let some = [CompiledPathTests.optimizers[3]]
      let faults = try CompiledPathTests.faults(
        device: .xla("cpu"), tolerance: 1e-5, optimizers: some)
      #expect(faults == [])
    }
  }

  @Test("a captured tensor that was replaced is an error, not its first value")
  func replacedCapture() throws {
    let net = One()
    let target = Box(Tensor([1.0]) * 2)
    let step = compile(net, SGD(net, rate: 0.1)) { x, _ in
      (net.w * x - target.tensor).square().sum()
    }
    for _ in 0..<2 { _ = try step(.ones([1]), .ones([1])) }
    target.tensor = Tensor([5.0])
    let error = try #require(throws: TensorError.self) { try step(.ones([1]), .ones([1])) }
    #expect(
      error.message.hasPrefix(
        """
        compile: a tensor that the function captures was replaced after it was compiled
          captured: float32[1]
          help:     a compiled function keeps what it captured first; give it the tensor as an \
        input, or compile it again
        """))
    #expect(net.w.error == nil)
  }

  final class Box {
    var tensor: Tensor
    init(_ tensor: Tensor) { self.tensor = tensor }
  }

  @Test("a loss that is the mean of nothing is not blamed on the rate")
  func allIgnored() throws {
    let model = Linear(2, 3, generator: Generator(seed: 1))
    let optimizer = SGD(model, rate: 0.1)
    let loss = crossEntropy(
      logits: model(Tensor.ones([2, 2])), labels: Tensor([7, 7]), ignoredLabel: 7)
    try loss.backward()
    try optimizer.step()
    let error = try #require(throws: TensorError.self) { try optimizer.checkFinite(loss) }
    #expect(error.rule == "the loss is nan at step 1, and all weights are finite")
    #expect(error.help?.contains("rate") == false)
    #expect(error.help?.contains("labels are all ignored") == true)
  }
}
