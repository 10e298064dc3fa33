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

  /// Whether tensors that are evaluated together have the bits of those whose parts were evaluated
  /// one by one, when `step` did so to each of them.
  private func isSame(
    _ name: String, _ make: (_ step: (Tensor) throws -> Tensor) throws -> [Tensor]
  )
    throws
  {
    let together = try make { $0 }
    try eval(together)
    let apart = try make { try $0.eval() }
    for (place, (a, b)) in zip(together, apart).enumerated() {
      #expect(
        try a.scalars(as: Float.self) == b.scalars(as: Float.self), "\(name), result \(place)")
    }
  }

  @Test(
    "a product, what follows it and the next product are one kernel, with the bits of several",
    arguments: [[64, 100, 64, 10], [30, 9, 5, 7], [800, 300, 130, 33], [1000, 20, 9, 300]])
  func products(sizes: [Int]) throws {
    let (rows, inner) = (sizes[0], sizes[1])
    let x = try tensor(numbers(rows, inner), rows, inner)
    let first = try tensor(numbers(inner, sizes[2]), inner, sizes[2])
    let second = try tensor(numbers(sizes[3], sizes[2]), sizes[3], sizes[2])
    let bias = try tensor(numbers(1, sizes[2]), 1, sizes[2])
    func layers(_ step: (Tensor) throws -> Tensor) throws -> [Tensor] {
      let hidden = try step((step(x.matmul(first)) + bias).relu())
      return [try step(hidden.matmul(second.transposed())), hidden]
    }
    #expect(try kernels(layers { $0 }[0]).filter { $0.hasPrefix("rows \(rows)") }.count == 1)
    try isSame("\(sizes)", layers)
  }

  @Test("sums over the rows of a product", arguments: [[64, 100, 64], [800, 300, 130]])
  func totals(sizes: [Int]) throws {
    let (rows, inner, columns) = (sizes[0], sizes[1], sizes[2])
    let x = try tensor(numbers(rows, inner), rows, inner)
    let weights = try tensor(numbers(inner, columns), inner, columns)
    let product = try x.matmul(weights).eval()
    let masked = x.matmul(weights).relu()
    let (sums, all) = (masked.sum(axis: 0), masked.sum())
    #expect(try kernels(sums).count == 1)
    try eval(sums, all, masked)
    let exact = try product.scalars(as: Double.self).map { max($0, 0) }
    #expect(try masked.scalars(as: Double.self) == exact)
    for (column, sum) in try sums.scalars(as: Double.self).enumerated() {
      let right = (0..<rows).reduce(0) { $0 + exact[$1 * columns + column] }
      #expect(abs(sum - right) <= 1e-6 * right)
    }
    let right = exact.reduce(0, +)
    #expect(try abs(all.item(as: Double.self) - right) <= 1e-6 * right)
  }

  @Test("the steps of a sequence are one kernel over its rows")
  func sequence() throws {
    let inputs = try Tensor(numbers(6 * 32, 40).map(Float.init), shape: [6, 32, 40]).eval()
    let weights = try (tensor(numbers(40, 40), 40, 40) * 0.05).eval()
    func steps(_ step: (Tensor) throws -> Tensor) throws -> [Tensor] {
      var state = inputs[0]
      var states: [Tensor] = []
      for index in 0..<6 {
        state = try step((state.matmul(weights) + inputs[index]).tanh())
        states.append(state)
      }
      return [try step(stack(states)), state]
    }
    #expect(try kernels(steps { $0 }[0]).filter { $0.hasPrefix("rows 32") }.count == 1)
    try isSame("sequence", steps)
  }

  @Test("a convolution that is read again, with what follows it, is one kernel over its images")
  func convolution() throws {
    let images = try Tensor(numbers(20 * 3, 144).map(Float.init), shape: [20, 3, 12, 12]).eval()
    let weights = try Tensor(numbers(8, 27).map(Float.init), shape: [8, 3, 3, 3]).eval()
    let bias = try Tensor(numbers(8, 1).map(Float.init), shape: [8, 1, 1]).eval()
    func layer(_ step: (Tensor) throws -> Tensor) throws -> [Tensor] {
      let convolved = try step(images.conv2d(weights, padding: 1))
      let hidden = try step((convolved + bias).relu())
      return [try step(hidden.maxPool2d(2)), hidden, convolved]
    }
    let made = try layer { $0 }
    #expect(
      try kernels(made[0], made[1], made[2]).filter { $0.hasPrefix("rows 20") }.count == 1)
    try isSame("convolution", layer)
  }

  @Test("rows without elements and no rows at all")
  func empty() throws {
    #expect(try Tensor.zeros([0, 5]).softmax(axis: 1).scalars(as: Double.self).isEmpty)
    #expect(try Tensor.zeros([20, 0]).softmax(axis: 1).scalars(as: Double.self).isEmpty)
  }
}
