/// What many ops' texts are made of.
extension ProgramText {
  /// One value in every place of a shape.
  mutating func constant(_ number: Scalar, _ shape: Shape, _ dtype: DType) -> Value {
    let type = Program.Value(shape: shape, dtype: dtype)
    return emit(
      "stablehlo.constant dense<\(number.programText(dtype))> : \(type)", shape, dtype)
  }

  /// A scalar.
  mutating func constant(_ number: Scalar, _ dtype: DType) -> Value {
    constant(number, [], dtype)
  }

  /// The number that is not greater than any of a dtype, or not less.
  mutating func extreme(greatest: Bool, _ shape: Shape, _ dtype: DType) -> Value {
    let type = Program.Value(shape: shape, dtype: dtype)
    return emit(
      "stablehlo.constant dense<\(dtype.extremeText(greatest: greatest))> : \(type)", shape, dtype)
  }

  mutating func extreme(greatest: Bool, _ dtype: DType) -> Value {
    extreme(greatest: greatest, [], dtype)
  }

  /// The position of each element along an axis.
  mutating func positions(_ shape: Shape, axis: Int, _ dtype: DType) -> Value {
    let type = Program.Value(shape: shape, dtype: dtype)
    return emit("stablehlo.iota dim = \(axis) : \(type)", shape, dtype)
  }

  /// An op whose operands have the type of its result.
  mutating func same(_ name: String, _ operands: Value...) -> Value {
    emit(
      "stablehlo.\(name) \(operands) : \(operands[0].type)", operands[0].shape,
      operands[0].dtype)
  }

  /// Bool: how elements of two values of one type compare.
  mutating func compare(_ direction: String, _ a: Value, _ b: Value) -> Value {
    let types = signature([a, b], Program.Value(shape: a.shape, dtype: .bool))
    return emit(
      "stablehlo.compare \(direction), \(a), \(b), \(a.dtype.comparison) : \(types)", a.shape,
      .bool)
  }

  /// Bool: where elements are not a number.
  mutating func isNaN(_ a: Value) -> Value { compare("NE", a, a) }

  mutating func select(_ mask: Value, _ chosen: Value, _ other: Value) -> Value {
    emit(
      "stablehlo.select \(mask), \(chosen), \(other) : \(mask.type), \(chosen.type)",
      chosen.shape, chosen.dtype)
  }

  /// The elements in another dtype. XLA saturates what is out of a range of whole numbers, and
  /// makes NaN 0, as the kernels for the CPU do.
  mutating func convert(_ a: Value, to dtype: DType) -> Value {
    if a.dtype == dtype { return a }
    if dtype == .bool { return compare("NE", a, constant(.integer(0), a.shape, a.dtype)) }
    let type = Program.Value(shape: a.shape, dtype: dtype)
    return emit("stablehlo.convert \(a) : \(signature([a], type))", a.shape, dtype)
  }

  mutating func reshape(_ a: Value, to shape: Shape) -> Value {
    if a.shape == shape { return a }
    let type = Program.Value(shape: shape, dtype: a.dtype)
    return emit("stablehlo.reshape \(a) : \(signature([a], type))", shape, a.dtype)
  }

  mutating func permute(_ a: Value, _ axes: [Int]) -> Value {
    if axes == Array(axes.indices) { return a }
    let type = Program.Value(shape: Shape(axes.map { a.shape[$0] }), dtype: a.dtype)
    return emit(
      "stablehlo.transpose \(a), dims = \(axes) : \(signature([a], type))", type.shape, a.dtype,
      source: .permuted(a, axes))
  }

  /// Repeats: axis `i` of the operand is axis `axes[i]` of the result.
  mutating func spread(_ a: Value, to shape: Shape, axes: [Int]) -> Value {
    if a.shape == shape { return a }
    let type = Program.Value(shape: shape, dtype: a.dtype)
    return emit(
      "stablehlo.broadcast_in_dim \(a), dims = \(axes) : \(signature([a], type))", shape, a.dtype,
      source: .expanded(a))
  }

  /// Repeats along axes of size 1 and along new axes in front.
  @inline(never)
  mutating func spread(_ a: Value, to shape: Shape) -> Value {
    spread(a, to: shape, axes: Array(shape.rank - a.shape.rank..<shape.rank))
  }

  mutating func reverse(_ a: Value, _ axes: [Int]) -> Value {
    if axes.isEmpty { return a }
    return emit("stablehlo.reverse \(a), dims = \(axes) : \(a.type)", a.shape, a.dtype)
  }

  /// With a border of `fill` (a scalar) and gaps of it between neighbours; a negative
  /// width cuts off.
  mutating func pad(
    _ a: Value, _ fill: Value, low: [Int], high: [Int], interior: [Int]
  ) -> Value {
    var sizes = a.shape.sizes
    for axis in sizes.indices {
      sizes[axis] += low[axis] + high[axis] + interior[axis] * max(sizes[axis] - 1, 0)
    }
    let type = Program.Value(shape: Shape(sizes), dtype: a.dtype)
    return emit(
      """
      stablehlo.pad \(a), \(fill), low = \(low), high = \(high), interior = \(interior) \
      : \(signature([a, fill], type))
      """, type.shape, a.dtype)
  }

  /// One number from all along the axes.
  mutating func reduce(_ name: String, _ a: Value, from start: Value, axes: [Int]) -> Value {
    let shape = a.shape.reduced(axes, keepDims: false)
    let type = Program.Value(shape: shape, dtype: a.dtype)
    return emit(
      """
      stablehlo.reduce(\(a) init: \(start)) applies stablehlo.\(name) across dimensions = \(axes) \
      : \(signature([a, start], type))
      """, shape, a.dtype)
  }

  /// `(tensor<2xf32>, tensor<f32>) -> tensor<2xf32>`.
  func signature(_ operands: [Value], _ results: Program.Value...) -> String {
    let right = results.map(\.text).joined(separator: ", ")
    return ("(\(types: operands)) -> " as Code).text
      + (results.count == 1 ? right : "(\(right))")
  }
}

extension DType {
  /// How values are compared.
  var comparison: String {
    switch self {
    case .float32, .float64, .float16, .bfloat16, .complex64, .complex128: "FLOAT"
    case .int8, .int16, .int32, .int64: "SIGNED"
    case .uint8, .uint16, .uint32, .uint64, .bool: "UNSIGNED"
    }
  }

  /// The greatest or the least value, as it is written in programs.
  fileprivate func extremeText(greatest: Bool) -> String {
    guard let limits, self != .bool else {
      return self == .bool
        ? "\(greatest)" : Scalar.real(greatest ? .infinity : -.infinity).programText(self)
    }
    return greatest ? "\(limits.greatest)" : "\(limits.least)"
  }

  /// The dtype in which many numbers of this one are added up.
  var accumulator: DType { isHalf ? .float32 : self }
}

extension Scalar {
  /// The value as one element, as it is written in programs: exact.
  func programText(_ dtype: DType) -> String {
    switch dtype {
    case .bool: return double != 0 ? "true" : "false"
    case .complex64, .complex128:
      let zero = Scalar.integer(0).programText(dtype.component)
      return "(\(programText(dtype.component)), \(zero))"
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: return String(whole ?? 0)
    case .float64: return Scalar.exact(double, bits: double.bitPattern, digits: 16)
    case .float32:
      let value = Float(double)
      return Scalar.exact(Double(value), bits: UInt64(value.bitPattern), digits: 8)
    case .float16, .bfloat16:
      var bits: UInt16 = 0
      withUnsafeMutableBytes(of: &bits) { write(to: $0.baseAddress!, as: dtype) }
      let value =
        dtype == .float16
        ? Double(Float16(bitPattern: bits)) : Double(Float(bitPattern: UInt32(bits) << 16))
      return Scalar.exact(value, bits: UInt64(bits), digits: 4)
    }
  }

  /// Decimals where they are short to read, the bits for all that has an exponent.
  private static func exact(_ value: Double, bits: UInt64, digits: Int) -> String {
    let text = "\(value)"
    if value.isFinite && !text.contains("e") { return text }
    let hex = String(bits, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: digits - hex.count) + hex
  }
}
