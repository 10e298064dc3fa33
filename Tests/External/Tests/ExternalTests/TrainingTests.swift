import Blitz
import BlitzProcesses
import BlitzXLA
import Synchronization
import Testing

/// Gradient descent by the signs of gradients: an optimizer of one's own, with a state.
private struct SignDescent: UpdateRule {
  var rate: Double
  var memory = 0.5

  var stateNames: [String] { ["mean"] }
  var ranges: [SettingRange] {
    [SettingRange("rate", rate), SettingRange("memory", memory, below: 1)]
  }
  /// The settings as tensors.
  struct Scalars {
    let rate, memory, rest: Tensor
  }

  func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
    Scalars(rate: tensor(rate), memory: tensor(memory), rest: tensor(1 - memory))
  }

  func updated(
    _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
  ) -> (weight: Tensor, state: [Tensor]) {
    let mean = scalars.memory * state[0] + scalars.rest * gradient
    return (weight - scalars.rate * mean.sign(), [mean])
  }
}

/// The rule of an optimizer of Adam's kind, whichever it is.
private func rule<Kind: MomentOptimizer>(of kind: Kind.Type) -> MomentRule<Kind> {
  MomentRule(rate: 0.1, weightDecay: 0)
}

/// A loss of one's own, of nothing but tensors' words.
private func logCosh(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  let error = predictions - targets
  return (error + (-2 * error).exp().log1p()).mean()
}

/// The rate of step `t`, by a schedule that the library does not have.
private func inverseSquareRoot(_ step: Int, base: Double) -> Double {
  base / Double(step + 1).squareRoot()
}

/// Two processes of which the other has the same gradients.
private final class Echo: GradientExchange {
  let process = 0
  let processCount = 2
  let total = ExchangeTraffic()

  func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws(ProcessError) {
    for place in numbers.indices { numbers[place] *= 2 }
  }
}

/// Where the processes of a job on accelerators meet, in one process.
private final class Shelf: KeyValueStore {
  private let values = Mutex<[String: [UInt8]]>([:])

  func get(_ key: String, timeout: Duration) throws(XLAError) -> [UInt8] {
    try tryGet(key) ?? []
  }
  func tryGet(_ key: String) throws(XLAError) -> [UInt8]? { values.withLock { $0[key] } }
  func put(_ key: String, _ value: [UInt8]) throws(XLAError) {
    values.withLock { $0[key] = value }
  }
}

@Suite struct OwnTrainingTests {
  private let x = Tensor.randn([16, 4], generator: Generator(seed: 0))

  /// The losses of ten steps towards the sum of each row.
  private func losses(
    _ optimizer: (any Module) -> Optimizer, rate: ((Int) -> Double)? = nil
  ) throws -> [Double] {
    let model = Linear(4, 1, generator: Generator(seed: 1))
    let optimizer = optimizer(model)
    return try (0..<10).map { step in
      if let rate { optimizer.rate = rate(step) }
      let loss = logCosh(model(x), x.sum(axis: 1, keepDims: true))
      try loss.backward()
      try optimizer.step()
      return try loss.item()
    }
  }

  @Test func trainsWithAnOwnOptimizer() throws {
    let own = try losses { Optimizer($0, SignDescent(rate: 0.1)) }
    #expect(own[9] < 0.5 * own[0])
    let moments = try losses { Optimizer($0, rule(of: AdamW.self)) }
    let adam = try losses { Adam($0, rate: 0.1) }
    #expect(moments == adam)
    let wrong = Optimizer(Linear(4, 1), SignDescent(rate: 0.1, memory: 2))
    #expect(throws: TensorError.self) { try wrong.step() }
  }

  @Test func followsAnOwnSchedule() throws {
    let own = try losses({ SGD($0, rate: 1) }) { inverseSquareRoot($0, base: 0.5) }
    let constant = try losses { SGD($0, rate: 0.5) }
    #expect(own[0] == constant[0] && own[1] == constant[1] && own[2] != constant[2])
  }

  @Test func exchangesGradientsInAnOwnWay() throws {
    let model = Linear(4, 1, generator: Generator(seed: 1))
    let optimizer = SGD(model, rate: 0.1)
    let loss = logCosh(model(x), x.sum(axis: 1, keepDims: true))
    try loss.backward()
    let before = try model.weight.grad.array(as: [[Float]].self)[0]
    let sums = try optimizer.exchangeGradients(Echo(), adding: [3])
    #expect(sums == [6])
    #expect(try model.weight.grad.array(as: [[Float]].self)[0] == before.map { 2 * $0 })
  }

  @Test func meetsInAnOwnStore() throws {
    let store: any KeyValueStore = Shelf()
    try store.put("address", [1, 2])
    #expect(try store.tryGet("address") == [1, 2])
    #expect(try store.tryGet("port") == nil)
  }

  @Test func usesEveryOptimizer() throws {
    let optimizers: [(any Module) -> Optimizer] = [
      { Adadelta($0) }, { Adagrad($0) }, { Adam($0, rate: 0.01) }, { AdamW($0, rate: 0.01) },
      { Lion($0, rate: 0.01) }, { RMSprop($0) }, { SGD($0, rate: 0.1, momentum: 0.9) },
      { SGD(groups: [.init($0, .init(rate: 0.1))]) },
    ]
    for optimizer in optimizers {
      let found = try losses(optimizer)
      #expect(found[9] < found[0])
    }
  }

  @Test func compilesAnOwnLoss() throws {
    let model = Linear(4, 1, generator: Generator(seed: 1))
    let step = compile(model, SGD(model, rate: 0.1), clipping: .norm(1)) { x, y in
      logCosh(model(x), y)
    }
    let y = x.sum(axis: 1, keepDims: true)
    let first = try step(x, y).item()
    for _ in 0..<20 { _ = try step(x, y) }
    #expect(try step(x, y).item() < first)
  }
}
