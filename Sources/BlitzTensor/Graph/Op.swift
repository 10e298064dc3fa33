/// What a node of the graph computes: the primitives, which everything else is written in.
///
/// Shapes and dtypes of the operands and the result are the nodes'; a case holds only what
/// these do not tell. Each op's words, rule and gradient are in its file in `Ops/`.
public enum Op: Sendable, Hashable {
  /// Numbers in memory: no operands.
  case data
  /// One number, a plan's argument; as an operand it meets any shape without `expand`.
  case scalar(Scalar)
  /// The same numbers, from another device.
  case transfer
  /// One number for each element, from the elements at the same place of the operands.
  case elementwise(Elementwise)

  /// The same numbers in the same order under another shape.
  case reshape
  /// Axis `i` of the result is axis `axes[i]` of the operand.
  case permute([Int])
  /// Repeats along axes of size 1 and along new axes in front.
  case expand
  /// Every `step`th element along each axis.
  case slice([AxisSlice])
  /// The first operand at the places that the slice names, the second (a scalar) elsewhere.
  case embed([AxisSlice])
  /// The operands one behind the other along an axis.
  case concatenate(axis: Int)

  /// One number from all those along the axes (ascending), which the result does not have.
  case reduce(Reduction, axes: [Int])
  /// The int64 position of the greatest (or least) along an axis, which the result does not have.
  case argReduce(greatest: Bool, axis: Int)
  /// Running sums along an axis.
  case cumulativeSum(axis: Int)
  /// The int64 positions that would sort along an axis; equal elements keep their order.
  case argSort(axis: Int, descending: Bool)

  /// Matrix products of `[batch..., m, k]` and `[batch..., k, n]`.
  case matmul
  /// Elements of the first operand along an axis, at the positions that the second names.
  case gather(axis: Int)
  /// The first operand with elements along an axis (positions: second operand) replaced by,
  /// or added to, those of the third.
  case scatter(axis: Int, adds: Bool)

  /// One of the three arrays of a convolution, from the other two.
  case convolution(Convolution)
  /// The element of the second operand (values, `[n, c, h, w]`) at the place of the largest of
  /// the first (keys, likewise) under each window; or, if `places`, the second operand's (one for
  /// each window) added up at those places.
  case windowMaximum(Window, places: Bool)

  /// The operand itself; the reverse walk uses the user's rule.
  case custom(CustomRule)
}

/// The places `start + i * step`, `i` in `0..<count`, along one axis.
public struct AxisSlice: Sendable, Hashable {
  /// The first place.
  public var start: Int
  /// The distance to the next one; negative to go backwards.
  public var step: Int
  /// How many.
  public var count: Int
}

/// How a reduction combines two numbers.
public enum Reduction: UInt8, Sendable, Hashable, CaseIterable {
  case sum
  case product
  case maximum
  case minimum
}

/// The primitives that work element by element.
public enum Elementwise: UInt8, Sendable, Hashable, CaseIterable {
  // One operand.
  case negate
  case abs
  case sign
  case floor
  case ceil
  case round
  case exp
  case log
  case log1p
  case expm1
  case sqrt
  case rsqrt
  case sin
  case cos
  case tan
  case tanh
  case sigmoid
  case erf
  case not
  case isNaN
  case cast
  // Two operands.
  case add
  case subtract
  case multiply
  case divide
  case power
  case minimum
  case maximum
  case remainder
  case less
  case lessEqual
  case equal
  case notEqual
  case greater
  case greaterEqual
  case and
  case or
  case xor
  // Three operands: a bool, and the two to choose from.
  case select
}
