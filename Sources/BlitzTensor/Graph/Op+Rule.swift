/// The one list of all primitives.
extension Op {
  /// The primitive's rule.
  package var rule: Rule {
    switch self {
    case .elementwise(let op): op.rule
    case .reduce(let kind, _): kind.rule
    case .data: .data
    case .scalar: .scalar
    case .transfer: .transfer
    case .reshape: .reshape
    case .permute: .permute
    case .expand: .expand
    case .slice: .slice
    case .embed: .embed
    case .concatenate: .concatenate
    case .argReduce: .argReduce
    case .cumulativeSum: .cumulativeSum
    case .argSort: .argSort
    case .matmul: .matmul
    case .gather: .gather
    case .scatter: .scatter
    case .convolution: .convolution
    case .windowMaximum: .windowMaximum
    case .custom: .custom
    }
  }
}

extension Rule: CaseIterable {
  /// The rules of all primitives.
  package static let allCases =
    Elementwise.allCases.map(\.rule) + Reduction.allCases.map(\.rule) + others

  /// Those of the cases of `Op` that are neither elementwise nor reductions.
  private static let others: [Rule] = [
    .data, .scalar, .transfer, .reshape, .permute, .expand, .slice, .embed, .concatenate,
    .argReduce, .cumulativeSum, .argSort, .matmul, .gather, .scatter, .convolution,
    .windowMaximum, .custom,
  ]

  fileprivate static let data = constant(
    "data", .given, samples: [Sample("data", .normal([7, 5])) { $0[0] }],
    lowering: .refused("is what programs are given"))
  fileprivate static let scalar = constant(
    "scalar", .given, samples: [Sample("scalar", .normal([7, 5])) { $0[0] + 1.5 }],
    lowering: .refused("is what programs are given"))
}

extension Elementwise {
  /// The primitive's rule.
  package var rule: Rule {
    switch self {
    case .negate: .negate
    case .abs: .abs
    case .sign: .sign
    case .floor: .floor
    case .ceil: .ceil
    case .round: .round
    case .exp: .exp
    case .log: .log
    case .log1p: .log1p
    case .expm1: .expm1
    case .sqrt: .sqrt
    case .rsqrt: .rsqrt
    case .sin: .sin
    case .cos: .cos
    case .tan: .tan
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .erf: .erf
    case .not: .not
    case .isNaN: .isNaN
    case .cast: .cast
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .minimum: .minimum
    case .maximum: .maximum
    case .remainder: .remainder
    case .less: .less
    case .lessEqual: .lessEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .and: .and
    case .or: .or
    case .xor: .xor
    case .select: .select
    }
  }
}

extension Reduction {
  /// The primitive's rule.
  package var rule: Rule {
    switch self {
    case .sum: .sum
    case .product: .product
    case .maximum: .maximumOfAxes
    case .minimum: .minimumOfAxes
    }
  }
}

extension Op {
  /// The op and what its case holds, as numbers; scalars' values are arguments, not structure.
  func encode(into words: inout [Int]) {
    // Appending an array would make one first.
    func append(_ first: Int, _ second: Int) {
      words.append(first)
      words.append(second)
    }
    func append(_ first: Int, _ second: Int, _ third: Int) {
      append(first, second)
      words.append(third)
    }
    switch self {
    case .data: words.append(0)
    case .scalar: words.append(1)
    case .transfer: words.append(17)
    case .elementwise(let op): words.append(100 + Int(op.rawValue))
    case .reshape, .custom: words.append(2)
    case .permute(let axes):
      words.append(3)
      words.append(contentsOf: axes)
    case .expand: words.append(4)
    case .slice(let slices):
      words.append(5)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .embed(let slices):
      words.append(6)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .concatenate(let axis): append(7, axis)
    case .reduce(let kind, let axes):
      append(8, Int(kind.rawValue), axes.count)
      words.append(contentsOf: axes)
    case .argReduce(let greatest, let axis): append(9, greatest ? 1 : 0, axis)
    case .cumulativeSum(let axis): append(10, axis)
    case .argSort(let axis, let descending): append(11, axis, descending ? 1 : 0)
    case .matmul: words.append(12)
    case .gather(let axis): append(13, axis)
    case .scatter(let axis, let adds): append(14, axis, adds ? 1 : 0)
    case .convolution(let convolution):
      append(15, Int(convolution.role.rawValue), convolution.groups)
      convolution.window.encode(into: &words)
    case .windowMaximum(let window, let places):
      append(16, places ? 1 : 0)
      window.encode(into: &words)
    }
  }
}

extension Window {
  fileprivate func encode(into words: inout [Int]) {
    for size in [size, stride, padding, dilation] {
      words.append(size.height)
      words.append(size.width)
    }
  }
}
