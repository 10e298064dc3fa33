/// What a node of the graph computes: the primitives, which everything else is written in.
///
/// Shapes and dtypes of the operands and the result are the nodes'; a case holds only what
/// these do not tell. All else that is known of an op is its `Rule`, in its file in `Ops/`; which
/// rule is an op's is said below: the only list of all primitives.
package enum Op: Sendable, Hashable {
  /// Elements in memory: no operands.
  case data
  /// One scalar, a plan's argument; as an operand it meets any shape without `expand`.
  case scalar(Scalar)
  /// The same elements, from another device.
  case transfer
  /// One value for each element, from the elements at the same place of the operands.
  case elementwise(Elementwise)

  /// Complex numbers as pairs of reals along a new last axis, in the same memory.
  case asReal
  /// Pairs of reals along the last axis as complex numbers, in the same memory.
  case asComplex
  /// The same elements in the same order, under another shape: `torch.reshape`.
  case reshape
  /// Axis `i` of the result is axis `axes[i]` of the operand.
  case permute([Int])
  /// Repeats along axes of size 1 and along new axes in front.
  case expand
  /// Every `step`th element along each axis.
  case slice([AxisSlice])
  /// The first operand at the places that the slice names, the second (a scalar) elsewhere.
  case pad([AxisSlice])
  /// The operands one behind the other along an axis.
  case concatenate(axis: Int)

  /// One value from all those along the axes (ascending), which the result does not have.
  case reduce(Reduction, axes: [Int])
  /// What is asked of the mean and the squared distances from it of float32 numbers along axes
  /// (ascending, side by side but for sizes of 1): see `Moments`.
  case moments(Moments, axes: [Int])
  /// The int64 position of the greatest (or least) along an axis, which the result does not have.
  case argReduce(greatest: Bool, axis: Int)
  /// Running sums along an axis.
  case cumulativeSum(axis: Int)
  /// Running products along an axis.
  case cumulativeProduct(axis: Int)
  /// The int64 positions that would sort along an axis, the first `count` of them; equal elements
  /// keep their order.
  case argSort(axis: Int, descending: Bool, count: Int)

  /// Matrix products of `[batch..., m, k]` and `[batch..., k, n]`.
  case matmul
  /// Discrete Fourier transforms along the last axis, without a factor.
  case fourier(Fourier)
  /// Elements of the first operand along an axis, at the positions that the second names.
  case gather(axis: Int, for: PositionReader)
  /// The first operand with elements along an axis (positions: second operand) replaced by,
  /// or added to, those of the third.
  case scatter(axis: Int, adds: Bool, for: PositionReader)

  /// One of the three arrays of a convolution, from the other two.
  indirect case convolution(Convolution)
  /// The element of the second operand (values, `[n, c, h, w]`) at the place of the largest of
  /// the first (keys, likewise) under each window; or, if `places`, the second operand's (one for
  /// each window) added up at those places.
  indirect case windowMaximum(Window, places: Bool)

  /// Attention block by block, or its gradients: see `Attention`.
  case attention(Attention)

  /// What a function of this machine's processor computes for each of so many items.
  case host(HostFunction, count: Int)

  /// The operand itself; the reverse walk uses the user's rule.
  case custom(CustomRule)
}

/// The places `start + i * step`, `i` in `0..<count`, along one axis.
package struct AxisSlice: Sendable, Hashable {
  /// The first place.
  package var start: Int
  /// The distance to the next one; negative to go backwards.
  package var step: Int
  /// How many.
  package var count: Int
}

/// How a reduction combines two elements.
package enum Reduction: UInt8, Sendable, Hashable, CaseIterable {
  /// Their sum; 0 of nothing.
  case sum
  /// Their product; 1 of nothing.
  case product
  /// The greater; NaN if either is.
  case maximum
  /// The lesser; NaN if either is.
  case minimum
  /// The root of the sum of their squares, without overflow on the way; 0 of nothing. Floats only.
  case norm
}

/// The primitives that work element by element.
package enum Elementwise: UInt8, Sendable, Hashable, CaseIterable {
  // One operand.
  /// `-x`.
  case negate
  /// Without its sign.
  case abs
  /// -1, 0 or 1.
  case sign
  /// The greatest whole number that is not above it.
  case floor
  /// The least whole number that is not below it.
  case ceil
  /// The nearest whole number; a half goes to the even one.
  case round
  /// e to the power of `x`.
  case exp
  /// The natural logarithm.
  case log
  /// `log(1 + x)`, exact near 0.
  case log1p
  /// `exp(x) - 1`, exact near 0.
  case expm1
  /// The square root.
  case sqrt
  /// One over the square root.
  case rsqrt
  /// The sine of radians.
  case sin
  /// The cosine of radians.
  case cos
  /// The tangent of radians.
  case tan
  /// The hyperbolic tangent.
  case tanh
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// The error function.
  case erf
  /// The other bool; of whole numbers, bit by bit.
  case not
  /// Whether it is not a number, as a bool.
  case isNaN
  /// The number in another dtype.
  case cast
  // Two operands.
  /// `a + b`.
  case add
  /// `a - b`.
  case subtract
  /// `a * b`.
  case multiply
  /// `a / b`.
  case divide
  /// `a` to the power of `b`.
  case power
  /// The angle of the point with height `a` and width `b`.
  case atan2
  /// The lesser; NaN if either is.
  case minimum
  /// The greater; NaN if either is.
  case maximum
  /// What is left of `a / b`, with the sign of `b`.
  case remainder
  /// `a < b`, as a bool.
  case less
  /// `a <= b`, as a bool.
  case lessEqual
  /// `a == b`, as a bool.
  case equal
  /// `a != b`, as a bool.
  case notEqual
  /// `a > b`, as a bool.
  case greater
  /// `a >= b`, as a bool.
  case greaterEqual
  /// Whether both bools are true; of whole numbers, bit by bit.
  case and
  /// Whether a bool is true; of whole numbers, bit by bit.
  case or
  /// Whether one of two bools is true; of whole numbers, bit by bit.
  case xor
  // Three operands: a bool, and the two to choose from.
  /// The second where the first, a bool, is true, the third elsewhere.
  case select
}

// The one list of all primitives: each op's rule.

extension Op {
  /// The primitive's rule: functions on nodes and tensors, which hold an op. So `Graph/` and `Ops/`
  /// name each other's types.
  package var rule: Rule {
    switch self {
    case .elementwise(let op): op.rule
    case .reduce(let kind, _): kind.rule
    case .data: .data
    case .scalar: .scalar
    case .transfer: .transfer
    case .asReal: .asReal
    case .asComplex: .asComplex
    case .fourier: .fourier
    case .reshape: .reshape
    case .permute: .permute
    case .expand: .expand
    case .slice: .slice
    case .pad: .pad
    case .concatenate: .concatenate
    case .moments: .moments
    case .argReduce: .argReduce
    case .cumulativeSum: .cumulativeSum
    case .cumulativeProduct: .cumulativeProduct
    case .argSort: .argSort
    case .matmul: .matmul
    case .gather: .gather
    case .scatter: .scatter
    case .convolution: .convolution
    case .windowMaximum: .windowMaximum
    case .attention: .attention
    case .host: .host
    case .custom: .custom
    }
  }
}

extension Rule: CaseIterable {
  /// The rules of all primitives.
  package static let allCases: [Rule] =
    Elementwise.allCases.map(\.rule) + Reduction.allCases.map(\.rule) + others

  /// Those of the cases of `Op` that are neither elementwise nor reductions.
  private static let others: [Rule] = [
    .data, .scalar, .transfer, .asReal, .asComplex, .fourier, .reshape, .permute, .expand, .slice,
    .pad, .concatenate,
    .moments, .argReduce, .cumulativeSum, .cumulativeProduct, .argSort, .matmul, .gather,
    .scatter, .convolution, .windowMaximum, .attention, .host, .custom,
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
    case .atan2: .atan2
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
    case .norm: .norm
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
    case .asReal: words.append(22)
    case .asComplex: words.append(23)
    case .fourier(let fourier): append(24, Int(fourier.kind.rawValue), fourier.count)
    case .reshape, .custom: words.append(2)
    case .permute(let axes):
      words.append(3)
      words.append(contentsOf: axes)
    case .expand: words.append(4)
    case .slice(let slices):
      words.append(5)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .pad(let slices):
      words.append(6)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .concatenate(let axis): append(7, axis)
    case .reduce(let kind, let axes):
      append(8, Int(kind.rawValue), axes.count)
      words.append(contentsOf: axes)
    case .moments(let moments, let axes):
      append(19, moments.kind, Int(truncatingIfNeeded: moments.parameter.bitPattern))
      words.append(axes.count)
      words.append(contentsOf: axes)
    case .argReduce(let greatest, let axis): append(9, greatest ? 1 : 0, axis)
    case .cumulativeSum(let axis): append(10, axis)
    case .cumulativeProduct(let axis): append(18, axis)
    case .argSort(let axis, let descending, let count):
      append(11, axis, descending ? 1 : 0)
      words.append(count)
    case .matmul: words.append(12)
    case .gather(let axis, let reader): append(13, axis, Int(reader.rawValue))
    case .scatter(let axis, let adds, let reader):
      append(14, axis, Int(reader.rawValue) << 1 | (adds ? 1 : 0))
    case .convolution(let convolution):
      append(15, Int(convolution.role.rawValue), convolution.groups)
      convolution.window.encode(into: &words)
    case .windowMaximum(let window, let places):
      append(16, places ? 1 : 0)
      window.encode(into: &words)
    case .attention(let attention):
      words.append(20)
      attention.encode(into: &words)
    case .host(let function, let count):
      append(21, count)
      function.encode(into: &words)
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
