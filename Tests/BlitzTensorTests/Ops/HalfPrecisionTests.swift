import Foundation
import Testing

@testable import Blitz
@testable import BlitzTensor

/// The op table in bfloat16 and float16 against PyTorch's stored results.
@Suite struct HalfPrecisionTests {
  /// Rows that round once by definition, or not at all: every bit is PyTorch's.
  static let exact: Set<String> = [
    "-x", "abs()", "sign()", "floor()", "ceil()", "round()", "sqrt()", "square()", "isNaN()",
    "x + 2", "2.5 - x", "x - 1", "3 * x", "x / 4", "2 / x", "x + y", "x - y", "x * y", "x / y",
    "minimum(y)", "maximum(y)", "x .< y", "x .>= y", "x .== y", "relu()", "max()", "argmax()",
    "transposed()", "concatenate([x, y], axis: 1)", "padded([(1, 0), (0, 2)], value: 7)",
    "cast(to: .int32)", "cast(to: .float64)", "gather(axis: 1, index: y)", "sort()", "outer(y)",
  ]

  @Test(
    "computes in halves what PyTorch computes, and its gradients",
    arguments: try OpReference.half.get().cases.reduce(into: [String]()) {
      if $0.last != $1.row { $0.append($1.row) }
    })
  func matchesPyTorch(name: String) throws {
    let row = try #require(OpTable.row(name))
    for stored in try OpReference.half.get().cases where stored.row == name {
      let inputs = zip(stored.inputs, stored.gradients).map { $0.tensor(requiresGrad: $1 != nil) }
      let outputs = row.function(inputs)
      try #require(outputs.count == stored.outputs.count, "\(stored.testDescription)")
      for (output, expected) in zip(outputs, stored.outputs) {
        if let error = output.error {
          Issue.record("\(stored.testDescription): \(error)")
          continue
        }
        #expect(
          output.shape == Shape(expected.shape) && output.dtype == expected.type,
          "\(stored.testDescription): \(output.signature), not \(expected.dtype)\(expected.shape)")
        let ulps = Self.exact.contains(name) ? 0.0 : 2.0
        let wrong = Comparison(expected.type, ulps: ulps).mismatch(
          try output.cast(to: .float64).detached().scalars(as: Double.self),
          expected.values.map { Double($0)! })
        #expect(wrong == nil, "\(stored.testDescription): output \(wrong ?? "")")
      }
      let leaves = zip(inputs, stored.gradients).filter { $1 != nil }
      let total = OpTableTests.total(outputs)
      for (index, (leaf, expected)) in leaves.enumerated() {
        let found = total.map { gradients(of: $0, wrt: [leaf])[0] } ?? Tensor.zeros(like: leaf)
        if let error = found.error {
          Issue.record("\(stored.testDescription): gradient \(error)")
          continue
        }
        #expect(found.dtype == leaf.dtype)
        let wrong = Comparison(leaf.dtype, ulps: 4).mismatch(
          try found.cast(to: .float64).scalars(as: Double.self), expected!.map { Double($0)! })
        #expect(
          wrong == nil, "\(stored.testDescription): gradient of input \(index) \(wrong ?? "")")
      }
    }
  }
}

extension OpReference {
  static let half = Result {
    guard
      let url = Bundle.module.url(
        forResource: "half", withExtension: "json", subdirectory: "Reference")
    else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(OpReference.self, from: Data(contentsOf: url))
  }
}

extension Comparison {
  /// So many units in the last place of a half; of another dtype none.
  init(_ dtype: DType, ulps: Double) {
    switch dtype {
    case .bfloat16: self.init(absolute: ulps * 0x1p-8, relative: ulps * 0x1p-8)
    case .float16: self.init(absolute: ulps * 0x1p-11, relative: ulps * 0x1p-11)
    default: self.init(absolute: 0, relative: 0)
    }
  }
}
