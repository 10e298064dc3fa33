import Blitz
import Foundation
import Testing

@testable import BlitzONNX
@testable import BlitzTensor

/// Models that onnxruntime quantised; `Tests/Reference/onnx_quantised.py` writes them, with what
/// onnxruntime computes.
@Suite("quantised models of onnxruntime")
struct QuantisedTests {
  static let folder = Bundle.module.path(forResource: "Reference", ofType: nil)! + "/quantised"

  @Test("give onnxruntime's numbers, to the step")
  func all() throws {
    let tests = try ONNXTest.all(in: Self.folder)
    #expect(tests.count == 9)
    for test in tests {
      guard case .passed = test.run() else {
        Issue.record("\(test.name): \(test.run())")
        continue
      }
    }
  }

  /// How many products of bytes the plan of a model has that is run node by node.
  private func products(_ model: ONNXModel, _ x: Tensor) throws -> Int {
    var values = ["x": Value(x)]
    for (name, weight) in model.weights { values[name] = Value(weight.value) }
    for (name, constant, type) in model.constants {
      values[name] = .tensor(constant.wrappedValue, type)
    }
    let y = try #require(try Interpreter(model: model.message).run(values)[0].tensor)
    return try Evaluation.withState { state throws(TensorError) in
      var pending = Pending([y.node], on: .cpu, state: &state)
      pending.chooseResults()
      let kernels = Plan(PlanGraph(pending).widened()).kernels
      return kernels.count { $0.summary.contains("matmul of bytes") }
    }
  }

  @Test(
    "multiply bytes, and floats where gradients are asked for",
    arguments: [("gemm", [3, 16], 2), ("matmul", [2, 3, 16], 1), ("conv", [2, 4, 7, 6], 2)])
  func bytes(name: String, sizes: [Int], count: Int) throws {
    for kind in ["qdq", "qdq_signed"] {
      let model = try ONNXModel("\(Self.folder)/\(name)_\(kind)/model.onnx")
      let x = Tensor.ones(Shape(sizes))
      #expect(try noGrad { try products(model, x) } == count, "\(kind)")
      #expect(try products(model, x) == 0, "\(kind)")
    }
  }
}
