import Blitz
import Foundation
import Testing

@testable import BlitzTensor

struct OptimizerCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let dtype: String
  let steps: [Step]
  let state: [String: StoredTensor]

  struct Step: Decodable, Sendable {
    let loss: String
    let weights: [StoredTensor]
  }

  var testDescription: String { "\(name) in \(dtype)" }
}

/// Numbers that look drawn, those of `draw` in Tests/Reference/training.py.
func drawn(_ start: Int, _ shape: Shape, _ scale: Double = 1, dtype: DType = .float64) -> Tensor {
  let numbers = (0..<shape.elementCount).map { index -> Double in
    let angle: Double = 1.7 * Double(start + index) + 0.3
    return angle.sine * scale
  }
  return Tensor(numbers, shape: shape, dtype: dtype)
}

/// The network of the stored cases.
func referenceNetwork(_ dtype: DType = .float64) -> Sequential {
  let network = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
  for (index, (_, parameter)) in network.parameters.enumerated() {
    parameter.value = drawn(7 * index, parameter.value.shape, 0.8, dtype: dtype)
  }
  return network
}

/// A group of the network's matrices; nothing else of it is trained.
private func matrices(
  of network: Sequential, _ rule: Muon.Rule
) -> [ParameterGroup<Muon.Rule>] {
  for (_, parameter) in network.parameters where parameter.value.rank == 1 {
    parameter.isFrozen = true
  }
  return [ParameterGroup(network.parameters.filter { $0.parameter.value.rank == 2 }, rule)]
}

@Suite struct OptimizerTests {
  static let cases = TrainingReference<OptimizerCase>.cases("optimizers")

  static let optimizers: [String: @Sendable (Sequential) -> Optimizer] = [
    "SGD": { SGD($0, rate: 0.1) },
    "SGD momentum": { SGD($0, rate: 0.1, momentum: 0.9) },
    "SGD dampening": { SGD($0, rate: 0.1, momentum: 0.9, dampening: 0.3) },
    "SGD nesterov": { SGD($0, rate: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true) },
    "SGD decay": { SGD($0, rate: 0.1, weightDecay: 0.1) },
    "Adam": { Adam($0, rate: 0.01) },
    "Adam all": {
      Adam(
        $0, rate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, amsgrad: true)
    },
    "AdamW": { AdamW($0, rate: 0.01) },
    "AdamW all": { AdamW($0, rate: 0.01, weightDecay: 0.3, amsgrad: true) },
    "RMSprop": { RMSprop($0, rate: 0.01) },
    "RMSprop momentum": { RMSprop($0, rate: 0.01, weightDecay: 0.1, momentum: 0.9) },
    "RMSprop centered": { RMSprop($0, rate: 0.01, centered: true) },
    "RMSprop all": { RMSprop($0, rate: 0.01, alpha: 0.9, momentum: 0.5, centered: true) },
    "Adagrad": { Adagrad($0, rate: 0.1) },
    "Adagrad all": {
      Adagrad($0, rate: 0.1, rateDecay: 0.1, weightDecay: 0.1, initialSum: 0.5)
    },
    "Adadelta": { Adadelta($0) },
    "Adadelta all": { Adadelta($0, rate: 0.5, rho: 0.8, weightDecay: 0.1) },
    "Lion": { Lion($0, rate: 0.01) },
    "Lion decay": { Lion($0, rate: 0.01, weightDecay: 0.5) },
    "SGD maximize": {
      let optimizer = SGD($0, rate: 0.1, weightDecay: 0.1)
      optimizer.maximizes = true
      return optimizer
    },
    "NAdam": { NAdam($0, rate: 0.01) },
    "NAdam all": {
      NAdam(
        $0, rate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1,
        momentumDecay: 0.3)
    },
    "NAdam decoupled": {
      let optimizer = NAdam($0, rate: 0.01, weightDecay: 0.3, decoupledDecay: true)
      optimizer.maximizes = true
      return optimizer
    },
    "RAdam": { RAdam($0, rate: 0.01) },
    "RAdam all": {
      RAdam($0, rate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.1)
    },
    "RAdam decoupled": { RAdam($0, rate: 0.01, weightDecay: 0.3, decoupledDecay: true) },
    "Adamax": { Adamax($0, rate: 0.01) },
    "Adamax all": {
      Adamax($0, rate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.1)
    },
    "Rprop": { Rprop($0, rate: 0.05) },
    "Rprop all": { Rprop($0, rate: 0.2, shrinking: 0.3, growing: 1.5, least: 0.1, most: 0.5) },
    "ASGD": { ASGD($0, rate: 0.1) },
    "ASGD all": { ASGD($0, rate: 0.1, shrinking: 0.2, power: 0.5, start: 2, weightDecay: 0.1) },
    "Adafactor": { Adafactor($0, rate: 0.1) },
    "Adafactor all": {
      Adafactor(
        $0, rate: 0.5, decayPower: -0.5, epsilon: 1e-3, leastSize: 0.05, largestUpdate: 1.5,
        weightDecay: 0.1)
    },
    "Muon": { Muon(groups: matrices(of: $0, Muon.Rule(rate: 0.05))) },
    "Muon all": {
      Muon(
        groups: matrices(
          of: $0,
          Muon.Rule(
            rate: 0.05, weightDecay: 0.5, momentum: 0.8, nesterov: false, iterations: 3,
            ratio: .likeAdamW)))
    },
    "AdamW groups": {
      AdamW(groups: [
        .init($0.layers[0], .init(rate: 0.01, weightDecay: 0.2)),
        .init($0.layers[2], .init(rate: 0.1, weightDecay: 0)),
      ])
    },
    "clip norm": { SGD($0, rate: 0.1, momentum: 0.9) },
    "clip norm loose": { SGD($0, rate: 0.1, momentum: 0.9) },
    "clip value": { Adam($0, rate: 0.1) },
  ]

  static let clippings: [String: Clipping] = [
    "clip norm": .norm(0.05), "clip norm loose": .norm(100), "clip value": .value(0.02),
  ]

  @Test("updates are PyTorch's, step by step and compiled", arguments: cases, [false, true])
  func equalsPyTorch(_ row: OptimizerCase, compiled: Bool) throws {
    let dtype: DType = row.dtype == "float32" ? .float32 : .float64
    let tolerance = dtype == .float32 ? 2e-6 : 1e-12
    let network = referenceNetwork(dtype)
    let make = try #require(Self.optimizers[row.name])
    let optimizer = make(network)
    let clipping = Self.clippings[row.name]
    let x = drawn(50, [6, 3], dtype: dtype)
    let y = drawn(70, [6, 2], dtype: dtype)
    let step = compile(network, optimizer, clipping: clipping) { x, y in
      meanSquaredError(predictions: network(x), targets: y)
    }
    for expected in row.steps {
      let loss: Tensor
      if compiled {
        loss = try step(x, y)
      } else {
        loss = meanSquaredError(predictions: network(x), targets: y)
        try loss.backward()
        if let clipping { optimizer.clipGradients(clipping) }
        try optimizer.step()
      }
      #expect(abs(try loss.item() - Double(expected.loss)!) < tolerance)
      for ((name, parameter), weight) in zip(network.parameters, expected.weights) {
        try expectClose(parameter.value, weight, relative: tolerance, name)
      }
    }
    let state = Dictionary(optimizer.state.tensors.map { ($0.name, $0.tensor) }) { a, _ in a }
    for (name, expected) in row.state where row.name != "AdamW groups" {
      try expectClose(try #require(state[name], "\(name)"), expected, relative: tolerance, name)
    }
    if row.name != "AdamW groups" { #expect(state.count == row.state.count) }
    if compiled { #expect(step.planCount == 1) }
  }

  @Test("every optimizer has a row, and every row an optimizer")
  func everyOptimizerHasRows() throws {
    #expect(Set(Self.cases.map(\.name)) == Set(Self.optimizers.keys))
    let names = try publicNames("Optimizers", "public final class ")
    #expect(names.count == 14)
    for name in names {
      #expect(Self.cases.contains { $0.name == name }, "\(name) has no row of its own")
    }
  }

  @Test("gradients of several batches add up")
  func accumulates() throws {
    let (x, y) = (drawn(50, [6, 3]), drawn(70, [6, 2]))
    let whole = referenceNetwork()
    let parts = referenceNetwork()
    let (a, b) = (Adam(whole), Adam(parts))
    for _ in 0..<3 {
      try squaredError(predictions: whole(x), targets: y, reduction: .sum).backward()
      try a.step()
      for rows in [0..<2, 2..<6] {
        try squaredError(predictions: parts(x[rows]), targets: y[rows], reduction: .sum)
          .backward(accumulate: true)
      }
      try b.step()
    }
    for ((name, one), (_, other)) in zip(whole.parameters, parts.parameters) {
      let numbers = try other.value.scalars(as: Double.self)
      for (p, q) in zip(try one.value.scalars(as: Double.self), numbers) {
        #expect(abs(p - q) < 1e-12, "\(name)")
      }
    }
  }

  @Test("the norm is that before clipping, and clipping computes nothing")
  func clipsLazily() throws {
    let network = referenceNetwork()
    try squaredError(predictions: network(drawn(50, [6, 3])), targets: drawn(70, [6, 2]))
      .backward()
    var squares = 0.0
    let norm = network.clipGradients(norm: 0.5)
    #expect(!norm.node.hasContents)
    #expect(network.parameters.allSatisfy { !$0.parameter.value.grad.node.hasContents })
    for (_, parameter) in network.parameters {
      for number in try parameter.value.grad.scalars(as: Double.self) { squares += number * number }
    }
    #expect(abs(squares.squareRoot() - 0.5) < 1e-6)
    #expect(try norm.item() > 0.5)
  }

  @Test("a saved state goes on where it stopped; loading refuses another model's")
  func savesState() throws {
    let (x, y) = (drawn(50, [6, 3]), drawn(70, [6, 2]))
    func train(_ network: Sequential, _ optimizer: Optimizer, _ count: Int) throws -> [Double] {
      try (0..<count).map { _ in
        let loss = meanSquaredError(predictions: network(x), targets: y)
        try loss.backward()
        try optimizer.step()
        return try loss.item()
      }
    }
    let network = referenceNetwork()
    let optimizer = AdamW(network, rate: 0.05)
    _ = try train(network, optimizer, 3)
    let state = optimizer.state
    let weights = network.parameters.map { $0.parameter.value.detached() }
    let expected = try train(network, optimizer, 3)

    let fresh = referenceNetwork()
    for ((_, parameter), weight) in zip(fresh.parameters, weights) { parameter.value = weight }
    let other = AdamW(fresh)
    try other.load(state)
    #expect(other.rate == 0.05 && other.stepCount == 3)
    #expect(try train(fresh, other, 3) == expected)
    // Loading shares no memory that a step may change.
    #expect(try state.tensors[0].tensor.scalars(as: Double.self) == optimizerStart(state))

    let wide = Sequential(Linear(3, 5), Tanh(), Linear(5, 2))
    #expect(throws: TensorError.self) { try AdamW(wide).load(state) }
    let rows: [(Optimizer, String)] = [
      (
        AdamW(wide),
        """
        AdamW: 0.weight.exp_avg does not look like its parameter
          state:     float64[4, 3]
          parameter: float32[5, 3]
          help:      load the state of the same model
        """
      ),
      (
        Adam(network),
        "Adam: the state is of AdamW\n  help: make the optimizer that saved it"
      ),
      (
        AdamW(Linear(3, 4)),
        "AdamW: the state has 0.bias, which the model does not\n"
          + "  help: load the state of the same model"
      ),
      (
        AdamW(network, amsgrad: true),
        "AdamW: the state lacks 0.weight.max_exp_avg_sq\n  help: save it with the same settings"
      ),
    ]
    for (optimizer, text) in rows {
      do {
        try optimizer.load(state)
        Issue.record("nothing was thrown, instead of \(text)")
      } catch {
        #expect(error.message == text)
        #expect(optimizer.stepCount == 0)
      }
    }
  }

  private func optimizerStart(_ state: Optimizer.State) throws -> [Double] {
    let copy = state.tensors[0].tensor + 0
    return try copy.scalars(as: Double.self)
  }
}

extension Double {
  /// The sine of an angle in radians.
  var sine: Double { Foundation.sin(self) }
}
