import Blitz
import Foundation
import Testing

@testable import BlitzTensor

/// Kernels that run together, a block of rows at a time.
@Suite struct RowGroupingTests {
  private func kernels(_ tensors: Tensor...) throws -> [String] {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(tensors.map(\.node), on: .cpu, state: &state)
      pending.chooseResults()
      return Plan(PlanGraph(pending)).kernels.map(\.summary)
    }
  }

  /// Numbers between -4 and 4 with a pattern that no row repeats.
  private func numbers(_ rows: Int, _ columns: Int) -> [Double] {
    (0..<rows * columns).map { (index: Int) -> Double in
      let pattern = Double(index * 7919 % 1013)
      return pattern / 126.625 - 4
    }
  }

  private func tensor(_ numbers: [Double], _ rows: Int, _ columns: Int) throws -> Tensor {
    try Tensor(numbers.map(Float.init), shape: [rows, columns]).eval()
  }

  @Test("the passes of a softmax and of its gradient are one kernel over rows")
  func groupsSoftmax() throws {
    let x = try tensor(numbers(64, 100), 64, 100)
    #expect(
      try kernels(x.softmax(axis: 1)) == [
        "rows 64 { fused 6400 [maximum] 1 in, 1 out; fused 64x100 [subtract exp sum] 2 in, 2 out;"
          + " fused 64x100 [divide] 2 in, 1 out }"
      ])
    let leaf = x.requiringGrad()
    let slope = gradients(of: (leaf.softmax(axis: 1) * x).sum(), wrt: [leaf])[0]
    #expect(try kernels(slope).count == 1)
  }

  @Test("kernels that read other rows are not put together")
  func keepsOthersApart() throws {
    let x = try tensor(numbers(40, 9), 40, 9)
    let greatest = x.max(axis: 1, keepDims: true)
    let other = x - greatest.flipped(axes: [0])
    #expect(try kernels(other).count == 2)
    let across = (x - greatest).sum(axis: 0)
    #expect(try kernels(across).count == 2)
    let (all, last) = (numbers(40, 9), 39)
    for (place, found) in try other.scalars(as: Double.self).enumerated() {
      let row = last - place / 9
      #expect(found == Double(Float(all[place]) - Float(all[row * 9..<row * 9 + 9].max()!)))
    }
  }

  @Test("a kernel that belongs to no rows may stand between those of a group")
  func passesOver() throws {
    let x = try tensor(numbers(40, 9), 40, 9)
    let powers = x.exp()
    let total = powers.sum(axis: 1, keepDims: true)
    let columns = powers.sum(axis: 0)
    let shares = powers / total
    let found = try kernels(columns, shares)
    #expect(found.contains { $0.hasPrefix("rows 40") })
    try eval(columns, shares)
    let exact = numbers(40, 9).map { exp(Double(Float($0))) }
    for column in 0..<9 {
      let sum = (0..<40).reduce(0) { $0 + exact[$1 * 9 + column] }
      #expect(abs(try columns[column].item(as: Double.self) - sum) < 1e-5 * sum)
    }
    for (place, share) in try shares.scalars(as: Double.self).enumerated() {
      let row = place / 9 * 9
      #expect(abs(share - exact[place] / exact[row..<row + 9].reduce(0, +)) < 1e-6)
    }
  }

  @Test(
    "softmax and its logarithm of any number of rows, NaN and infinity among them",
    arguments: [1, 7, 16, 33, 300], [1, 3, 512, 700])
  func softmax(rows: Int, columns: Int) throws {
    var all = numbers(rows, columns)
    all[all.count / 2] = -.infinity
    all[all.count - 1] = rows > 1 ? .nan : 3
    let x = try tensor(all, rows, columns)
    let y = try x.softmax(axis: 1).scalars(as: Double.self)
    let logarithm = try x.logSoftmax(axis: 1).scalars(as: Double.self)
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let own = all[range].map { Double(Float($0)) }
      let greatest = own.contains(where: \.isNaN) ? .nan : own.max()!
      let sum = own.reduce(0) { $0 + exp($1 - greatest) }
      for (place, number) in zip(range, own) {
        let exact = exp(number - greatest) / sum
        let isRight = exact.isNaN ? y[place].isNaN : abs(y[place] - exact) <= 1e-6
        #expect(isRight, "\(rows) x \(columns), \(place): \(y[place]), not \(exact)")
        let other = number - greatest - log(sum)
        #expect(
          other.isNaN
            ? logarithm[place].isNaN
            : other == logarithm[place] || abs(logarithm[place] - other) <= 1e-5)
        if !isRight { return }
      }
    }
  }

  @Test("rows without elements and no rows at all")
  func empty() throws {
    #expect(try Tensor.zeros([0, 5]).softmax(axis: 1).scalars(as: Double.self).isEmpty)
    #expect(try Tensor.zeros([20, 0]).softmax(axis: 1).scalars(as: Double.self).isEmpty)
  }
}
