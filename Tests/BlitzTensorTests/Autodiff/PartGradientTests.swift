import Blitz
import Testing

@testable import BlitzTensor

/// Gradients of tensors of which parts were used.
@Suite struct PartGradientTests {
  private func leaf() throws -> Tensor {
    Tensor((0..<24).map(Double.init), shape: [4, 6], dtype: .float64, requiresGrad: true)
  }

  /// The gradient of the sum of the parts, each times its number from 1 on.
  private func gradient(_ cut: (Tensor) -> [Tensor]) throws -> [Double] {
    let x = try leaf()
    let terms = cut(x).enumerated().map { ($1 * Double($0 + 1)).sum() }
    return try gradients(of: terms.dropFirst().reduce(terms[0]) { $0 + $1 }, wrt: [x])[0]
      .scalars(as: Double.self)
  }

  @Test("parts that make up the whole are put side by side, in whatever order they were used")
  func whole() throws {
    let columns = try gradient { $0.split(count: 3, axis: 1).reversed() }
    #expect(columns == Array(repeating: [3, 3, 2, 2, 1, 1], count: 4).flatMap(\.self))
    let rows = try gradient { [$0[1..<4], $0[0..<1]] }
    #expect(rows == Array(repeating: 2, count: 6) + Array(repeating: 1, count: 18))
    let x = try leaf()
    let slope = gradients(of: concatenate(x.split(count: 2, axis: 1)).square().sum(), wrt: [x])[0]
    guard case .concatenate(axis: 1) = slope.node.op else {
      Issue.record("the gradient is made by \(slope.node.op)")
      return
    }
  }

  @Test("parts that overlap, leave something out, or are of several axes are added")
  func others() throws {
    #expect(
      try gradient { [$0[0..<3], $0[2..<4]] }
        == [1, 1, 3, 2].flatMap { Array(repeating: $0, count: 6) })
    #expect(
      try gradient { [$0[0..<1], $0[2..<4]] }
        == [1, 0, 2, 2].flatMap { Array(repeating: $0, count: 6) })
    #expect(
      try gradient { [$0[0..<2], $0[..., 0..<2]] }
        == [[3, 3, 1, 1, 1, 1], [3, 3, 1, 1, 1, 1], [2, 2, 0, 0, 0, 0], [2, 2, 0, 0, 0, 0]]
        .flatMap(\.self))
    // A part, and the whole besides.
    #expect(
      try gradient { [$0[0..<2], $0, $0[2..<4]] }
        == [3, 3, 5, 5].flatMap { Array(repeating: $0, count: 6) })
  }

  @Test("what turns an axis round has a gradient that turns it back")
  func flipped() throws {
    let x = try leaf()
    let weights = Tensor((0..<24).map(Double.init), shape: [4, 6], dtype: .float64)
    let slope = gradients(of: (x.flipped(axes: [1]) * weights).sum(), wrt: [x])[0]
    let exact: [Double] = (0..<4).flatMap { (row: Int) -> [Double] in
      (row * 6..<row * 6 + 6).reversed().map(Double.init)
    }
    #expect(try slope.scalars(as: Double.self) == exact)
  }
}
