extension DType {
  /// Whether another dtype can hold all values of this one; for whole numbers as floating ones
  /// the values decide.
  func widens(to other: DType) -> Bool {
    if self == other || self == .bool { return true }
    if isComplex { return other == .complex128 }
    if other == .complex128 { return widens(to: .float64) }
    if isInteger && other.isInteger {
      return byteCount < other.byteCount && (other.isSigned || !isSigned)
    }
    return switch (self, other) {
    case (.uint8, .float16), (.uint8, .bfloat16), (.int8, .float16), (.int8, .bfloat16): true
    case (_, .float32) where isInteger, (_, .float64) where isInteger: true
    case (.float16, .float32), (.bfloat16, .float32): true
    case (.float16, .float64), (.bfloat16, .float64), (.float32, .float64): true
    default: false
    }
  }

  /// Copies elements of this dtype to one that it widens to.
  ///
  /// - Returns: false if a whole number has no equal there.
  func copy(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, as other: DType, count: Int
  ) -> Bool {
    if self == other {
      target.copyMemory(from: source, byteCount: count * byteCount)
      return true
    }
    if other.isComplex {
      return copyToComplex(source, to: target.assumingMemoryBound(to: Complex.self), count)
    }
    switch self {
    case .complex64, .complex128: return false
    case .bool, .uint8: return other.store(source, as: UInt8.self, at: target, count)
    case .int8: return other.store(source, as: Int8.self, at: target, count)
    case .int16: return other.store(source, as: Int16.self, at: target, count)
    case .uint16: return other.store(source, as: UInt16.self, at: target, count)
    case .uint32: return other.store(source, as: UInt32.self, at: target, count)
    case .uint64: return other.store(source, as: UInt64.self, at: target, count)
    case .int32: return other.store(source, as: Int32.self, at: target, count)
    case .int64: return other.store(source, as: Int64.self, at: target, count)
    case .float32: return other.store(source, at: target, count) { (x: Float) in Double(x) }
    case .float64: return other.store(source, at: target, count) { (x: Double) in x }
    case .float16: return other.store(source, at: target, count) { (x: Float16) in Double(x) }
    case .bfloat16:
      return other.store(source, at: target, count) { (bits: UInt16) in Double(bfloat16: bits) }
    }
  }

  /// Stores whole numbers as this dtype.
  private func store<Source: FixedWidthInteger>(
    _ source: UnsafeRawPointer, as type: Source.Type, at target: UnsafeMutableRawPointer,
    _ count: Int
  ) -> Bool {
    func each<Target>(_ convert: (Source) -> Target?) -> Bool {
      let from = source.assumingMemoryBound(to: Source.self)
      let to = target.assumingMemoryBound(to: Target.self)
      for place in 0..<count {
        guard let value = convert(from[place]) else { return false }
        to[place] = value
      }
      return true
    }
    switch self {
    case .float32: return each { Float(exactly: $0) }
    case .float64: return each { Double(exactly: $0) }
    case .float16: return each { Float16(exactly: $0) }
    case .bfloat16:
      return each { Float(exactly: $0).map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) } }
    case .int32: return each { Int32(exactly: $0) }
    case .int64: return each { Int64(exactly: $0) }
    case .uint8, .bool: return each { UInt8(exactly: $0) }
    case .int8: return each { Int8(exactly: $0) }
    case .int16: return each { Int16(exactly: $0) }
    case .uint16: return each { UInt16(exactly: $0) }
    case .uint32: return each { UInt32(exactly: $0) }
    case .uint64: return each { UInt64(exactly: $0) }
    case .complex64, .complex128: return false
    }
  }

  /// Stores floating numbers as this dtype, a wider one.
  private func store<Source>(
    _ source: UnsafeRawPointer, at target: UnsafeMutableRawPointer, _ count: Int,
    _ value: (Source) -> Double
  ) -> Bool {
    let from = source.assumingMemoryBound(to: Source.self)
    switch self {
    case .float32:
      let to = target.assumingMemoryBound(to: Float.self)
      for place in 0..<count { to[place] = Float(value(from[place])) }
      return true
    case .float64:
      let to = target.assumingMemoryBound(to: Double.self)
      for place in 0..<count { to[place] = value(from[place]) }
      return true
    default: return false
    }
  }

  /// Stores numbers as complex128, each of which holds any but some int64.
  private func copyToComplex(
    _ source: UnsafeRawPointer, to target: UnsafeMutablePointer<Complex>, _ count: Int
  ) -> Bool {
    for place in 0..<count {
      guard let value = complex(source, at: place) else { return false }
      target[place] = value
    }
    return true
  }

  /// The element at a place as a complex number; nil for a whole number that none equals.
  func complex(_ source: UnsafeRawPointer, at place: Int) -> Complex? {
    if isComplex {
      let parts = component
      return Complex(
        parts.number(source, at: 2 * place).double, parts.number(source, at: 2 * place + 1).double)
    }
    switch number(source, at: place) {
    case .real(let value): return Complex(value)
    case .integer(let value): return Double(exactly: value).map { Complex($0) }
    }
  }

  /// The element at a place as a number; of a complex one the real part.
  func number(_ source: UnsafeRawPointer, at place: Int) -> Scalar {
    func load<T>(_ type: T.Type) -> T { source.assumingMemoryBound(to: T.self)[place] }
    return switch self {
    case .float32: .real(Double(load(Float.self)))
    case .float64: .real(load(Double.self))
    case .float16: .real(Double(load(Float16.self)))
    case .bfloat16: .real(Double(bfloat16: load(UInt16.self)))
    case .int32: .integer(Int(load(Int32.self)))
    case .int64: .integer(load(Int.self))
    case .uint8, .bool: .integer(Int(load(UInt8.self)))
    case .int8: .integer(Int(load(Int8.self)))
    case .int16: .integer(Int(load(Int16.self)))
    case .uint16: .integer(Int(load(UInt16.self)))
    case .uint32: .integer(Int(load(UInt32.self)))
    case .uint64:
      Int(exactly: load(UInt64.self)).map(Scalar.integer) ?? .real(Double(load(UInt64.self)))
    case .complex64: .real(Double(load(SIMD2<Float>.self).x))
    case .complex128: .real(load(SIMD2<Double>.self).x)
    }
  }
}

extension Double {
  /// A bfloat16 is the upper half of a `Float`.
  init(bfloat16 bits: UInt16) { self = Double(Float(bitPattern: UInt32(bits) << 16)) }
}
