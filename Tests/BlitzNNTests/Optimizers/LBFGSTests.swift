import Blitz
import Foundation
import Testing

struct LBFGSCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let steps: [OptimizerCase.Step]
  let iterations: Int
  let evaluations: Int

  var testDescription: String { name }
}

@Suite struct LBFGSTests {
  static let cases = TrainingReference<LBFGSCase>.cases("lbfgs")

  static let optimizers: [String: @Sendable (Sequential) -> LBFGS] = [
    "LBFGS": { LBFGS($0, rate: 0.3, iterations: 4) },
    "LBFGS history": { LBFGS($0, rate: 0.3, iterations: 6, history: 2) },
    "LBFGS strongWolfe": { LBFGS($0, iterations: 5, lineSearch: .strongWolfe) },
    "LBFGS strongWolfe long": {
      LBFGS(
        $0, rate: 3, iterations: 12, evaluations: 40, history: 3, lineSearch: .strongWolfe)
    },
  ]

  static func loss(_ network: Sequential) -> Tensor {
    meanSquaredError(predictions: network(drawn(50, [6, 3])), targets: drawn(70, [6, 2]))
  }

  @Test("steps are PyTorch's, and as many losses are computed", arguments: cases)
  func equalsPyTorch(_ row: LBFGSCase) throws {
    let network = referenceNetwork()
    let make = try #require(Self.optimizers[row.name])
    let optimizer = make(network)
    for expected in row.steps {
      let loss = try optimizer.step { Self.loss(network) }
      #expect(abs(try loss.item() - Double(expected.loss)!) < 1e-9)
      for ((name, parameter), weight) in zip(network.parameters, expected.weights) {
        try expectClose(parameter.value, weight, relative: 1e-8, name)
      }
    }
    #expect(optimizer.state.numbers.stepCount == row.iterations)
    #expect(optimizer.state.numbers.updateCounts == ["func_evals": row.evaluations])
  }

  @Test("every row is read")
  func rows() { #expect(Set(Self.cases.map(\.name)) == Set(Self.optimizers.keys)) }

  @Test("goes up where that is asked for")
  func maximizes() throws {
    let network = referenceNetwork()
    let optimizer = LBFGS(network, rate: 0.1, iterations: 3)
    optimizer.maximizes = true
    let before = try optimizer.step { Self.loss(network) }.item()
    #expect(try Self.loss(network).item() > before)
  }

  @Test("goes on from a checkpoint as if it had not stopped")
  func checkpoint() throws {
    let network = referenceNetwork()
    let optimizer = LBFGS(network, rate: 0.3, iterations: 4, history: 3)
    _ = try optimizer.step { Self.loss(network) }
    let path = FileManager.default.temporaryDirectory
      .appending(path: "blitz-lbfgs-\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Checkpoint(network, optimizer).write(to: path)
    _ = try optimizer.step { Self.loss(network) }
    let expected = try network.parameters.map { try $0.parameter.value.scalars(as: Double.self) }

    let fresh = referenceNetwork()
    let other = LBFGS(fresh, iterations: 4, history: 3)
    try Checkpoint(contentsOf: path).restore(fresh, other)
    _ = try other.step { Self.loss(fresh) }
    #expect(
      try fresh.parameters.map { try $0.parameter.value.scalars(as: Double.self) } == expected)

    let small = Linear(3, 2)
    #expect(throws: TensorError.self) { try LBFGS(small).load(optimizer.state) }
    #expect(throws: TensorError.self) { try LBFGS(network).load(SGD(network, rate: 1).state) }
  }

  @Test("says what it cannot use")
  func messages() throws {
    let model = Linear(3, 2)
    let mixed = Sequential(Linear(3, 2), Linear(2, 2))
    mixed.layers[1].cast(to: .float64)
    let rows: [(LBFGS, String)] = [
      (LBFGS(model, rate: -1), "rate is -1.0"), (LBFGS(model, history: 0), "history is 0"),
      (LBFGS(Flatten()), "there are no parameters to train"),
      (LBFGS(mixed), "parameters have several dtypes"),
    ]
    for (optimizer, rule) in rows {
      #expect(throws: TensorError.self, "\(rule)") {
        do { _ = try optimizer.step { model(Tensor.ones([1, 3])).sum() } } catch {
          #expect((error as? TensorError)?.rule == rule)
          throw error
        }
      }
    }
    #expect(throws: TensorError.self) { try LBFGS(model).step { Tensor.ones([]) } }
  }
}
