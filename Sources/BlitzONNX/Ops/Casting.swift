import BlitzTensor

extension OpTable {
  /// Elements in another type.
  static let casting: [OpEntry] = [
    OpEntry(many: "Cast") { call in
      if case .text(let name) = call.attributes["to"] {
        // The first opsets have the type's name.
        guard let type = ElementType.named(name) else { throw call.failure("no type \(name)") }
        return [try call.cast(to: type)]
      }
      return [try call.cast(to: try call.elementType("to"))]
    },
    OpEntry(many: "CastLike", since: 15) { [try $0.cast(to: $0.type(1))] },
    OpEntry(many: "BitCast", since: 26) { call in
      let (x, from, to) = (call[0], call.type(0), try call.elementType("to"))
      guard from.bitCount == to.bitCount, to.carrier != nil, from.smallFloat == nil else {
        throw call.failure("\(from) does not have the bits of \(to)")
      }
      let bytes = try from.bytes(of: x)
      return [.tensor(bytes.withUnsafeBytes { to.tensor($0, x.shape) }, to)]
    },
  ]
}

extension ElementType {
  /// A type by the name that the first opsets have for it.
  fileprivate static func named(_ name: String) -> ElementType? {
    switch name.uppercased() {
    case "FLOAT": .float32
    case "DOUBLE": .float64
    default: allCases.first { $0.description.uppercased() == name.uppercased() }
    }
  }
}

extension OpCall {
  /// The first input in another type.
  fileprivate func cast(to type: ElementType) throws -> Value {
    if case .strings(let texts, let sizes) = inputs.first {
      return try parsed(texts, sizes, type)
    }
    let x = self[0]
    if type == .string { return try printed(x) }
    guard let carrier = type.carrier else { throw failure("Blitz has no tensors of \(type)") }
    let from = self.type(0)
    if from == type { return .tensor(x, type) }
    // Numbers of uint64 from 2^63 on are negative in the dtype that carries them.
    var x1 =
      from == .uint64 && carrier.isFloating
      ? .where(x .< 0, x.cast(to: .float64) + 18_446_744_073_709_551_616.0, x.cast(to: .float64))
      : x
    if let small = type.smallFloat {
      x1 =
        small.kind == .powers
        ? x1.roundedToPower(text("round_mode", "up"))
        : small.rounded(x1, saturates: flag("saturate", true))
      return .tensor(x1, type)
    }
    guard x1.dtype.isFloating, let range = type.range else {
      return .tensor(type.wrapped(x1.cast(to: carrier)), type)
    }
    if type == .uint64 {
      let half = 9_223_372_036_854_775_808.0
      let wide = x1.cast(to: .float64)
      return .tensor(
        .where(wide .>= half, (wide - half).cast(to: .int64) + Int.min, wide.cast(to: .int64)), type
      )
    }
    // What is beyond the range wraps around; nothing says how.
    let whole = x1.cast(to: range.upperBound > Int(Int32.max) ? .int64 : .int32)
    return .tensor(type.wrapped(whole.cast(to: carrier)), type)
  }

  private func parsed(_ texts: [String], _ sizes: [Int], _ type: ElementType) throws -> Value {
    if type == .string { return .strings(texts, sizes) }
    guard let carrier = type.carrier else { throw failure("Blitz has no tensors of \(type)") }
    let numbers = try texts.map { text -> Double in
      let text = text.lowercased()
      guard let number = Double(text == "+inf" ? "inf" : text) else {
        throw failure("\"\(text)\" is no number")
      }
      return number
    }
    let wide = Tensor(numbers, shape: Shape(sizes), dtype: .float64)
    if type.smallFloat != nil { throw failure("texts do not become \(type)") }
    return .tensor(type.wrapped(wide.cast(to: carrier)), type)
  }

  private func printed(_ x: Tensor) throws -> Value {
    if x.dtype == .bool {
      return .strings(try x.scalars(as: Bool.self).map { $0 ? "True" : "False" }, x.shape.sizes)
    }
    if x.dtype.isInteger {
      let numbers = try x.cast(to: .int64).scalars(as: Int.self)
      return .strings(numbers.map { "\($0)" }, x.shape.sizes)
    }
    if x.dtype == .float64 {
      return .strings(try x.scalars(as: Double.self).map { "\($0)" }, x.shape.sizes)
    }
    let numbers = try x.cast(to: .float32).scalars(as: Float.self)
    return .strings(numbers.map { "\($0)" }, x.shape.sizes)
  }
}

extension Tensor {
  /// Powers of two near the numbers, in float32: above, below or nearest.
  fileprivate func roundedToPower(_ mode: String) -> Tensor {
    let x = cast(to: .float32)
    // x = m * 2^e with m from 0.5 up to 1, so 0.5 is a power itself.
    let (mantissa, exponent) = x.frexp()
    let isHigher: Tensor
    switch mode {
    case "down": isHigher = mantissa .> 1
    case "nearest": isHigher = mantissa .>= 0.75
    default: isHigher = mantissa .> 0.5
    }
    // 0 has no exponent; the least power is nearest.
    let found = Tensor.where(isHigher, exponent, exponent - 1)
    let power = Tensor.where(x .== 0, -127, found).maximum(-127).minimum(127)
    let rounded = Tensor.ones([]).ldexp(power)
    return .where(x.isNaN(), x, rounded)
  }
}
