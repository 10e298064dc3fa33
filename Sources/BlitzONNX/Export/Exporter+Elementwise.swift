import BlitzTensor

extension Exporter {
  /// The places of operands: what is only repeated is taken as it is, as ONNX's ops broadcast.
  private func broadcastOperands(_ place: Int) -> [Int] {
    let value = graph.values[place]
    var places = value.inputs.map { $0! }
    guard places.count > 1 else { return places }
    for index in places.indices {
      guard let source = expanded(places[index]) else { continue }
      var trial = places
      trial[index] = source
      let shape = trial.reduce([]) { shape, place -> [Extent]? in
        shape.flatMap { broadcast($0, graph.values[place].shape) }
      }
      if shape == value.shape { places = trial }
    }
    return places
  }

  mutating func elementwise(_ op: Elementwise, _ place: Int) throws -> String {
    let value = graph.values[place]
    let places = broadcastOperands(place)
    let dtype = graph.values[places[places.count - 1]].dtype
    func plain() throws -> [String] { try places.map { try name($0) } }

    switch op {
    case .negate: return narrow(emit("Neg", [try wide(places[0])]), dtype)
    case .abs: return !dtype.isSigned ? try plain()[0] : emit("Abs", try plain())
    case .sign: return narrow(emit("Sign", [try wide(places[0])]), dtype)
    case .floor: return dtype.isFloating ? emit("Floor", try plain()) : try plain()[0]
    case .ceil: return dtype.isFloating ? emit("Ceil", try plain()) : try plain()[0]
    case .round: return dtype.isFloating ? emit("Round", try plain()) : try plain()[0]
    case .exp: return emit("Exp", try plain())
    case .log: return emit("Log", try plain())
    case .log1p:
      return emit("Log", [emit("Add", try plain() + [try number(1, dtype)])])
    case .expm1:
      return emit("Sub", [emit("Exp", try plain()), try number(1, dtype)])
    case .sqrt: return emit("Sqrt", try plain())
    case .rsqrt: return emit("Reciprocal", [emit("Sqrt", try plain())])
    case .sin: return emit("Sin", try plain())
    case .cos: return emit("Cos", try plain())
    case .tan: return emit("Tan", try plain())
    case .tanh: return emit("Tanh", try plain())
    case .sigmoid: return emit("Sigmoid", try plain())
    case .erf: return emit("Erf", try plain())
    case .not:
      if dtype == .bool { return emit("Not", try plain()) }
      guard opset >= 18 else { throw needs(18, place, "BitwiseNot") }
      return emit("BitwiseNot", try plain())
    case .isNaN: return emit("IsNaN", try plain())
    case .cast:
      return emit("Cast", try plain(), ["to": type(value.dtype)])

    case .add: return try arithmetic("Add", places, value.dtype)
    case .subtract: return try arithmetic("Sub", places, value.dtype)
    case .multiply: return try arithmetic("Mul", places, value.dtype)
    case .divide: return try arithmetic("Div", places, value.dtype)
    case .power: return try arithmetic("Pow", places, value.dtype)
    case .minimum: return try arithmetic("Min", places, value.dtype)
    case .maximum: return try arithmetic("Max", places, value.dtype)
    case .atan2: return try angle(try plain(), dtype)
    case .remainder: return try remainder(places, dtype)
    case .less: return try comparison("Less", places)
    case .lessEqual: return try comparison("LessOrEqual", places)
    case .greater: return try comparison("Greater", places)
    case .greaterEqual: return try comparison("GreaterOrEqual", places)
    case .equal: return try comparison("Equal", places)
    case .notEqual: return emit("Not", [try comparison("Equal", places)])
    case .and: return try logical("And", places, place)
    case .or: return try logical("Or", places, place)
    case .xor: return try logical("Xor", places, place)
    case .select: return emit("Where", try plain())
    }
  }

  private mutating func arithmetic(
    _ op: String, _ places: [Int], _ dtype: DType
  ) throws -> String {
    narrow(try comparison(op, places), dtype)
  }

  private mutating func comparison(_ op: String, _ places: [Int]) throws -> String {
    emit(op, try places.map { try wide($0) })
  }

  private mutating func logical(_ op: String, _ places: [Int], _ place: Int) throws -> String {
    let operands = try places.map { try name($0) }
    if graph.values[places[0]].dtype == .bool { return emit(op, operands) }
    guard opset >= 18 else { throw needs(18, place, "Bitwise\(op)") }
    return emit("Bitwise\(op)", operands)
  }

  /// What is left of a quotient, with the sign of the divisor.
  private mutating func remainder(_ places: [Int], _ dtype: DType) throws -> String {
    guard dtype.isFloating else { return try arithmetic("Mod", places, dtype) }
    let operands = try places.map { try name($0) }
    let zero = try number(0, dtype)
    let rest = emit("Mod", operands, ["fmod": .int(1)])
    let signs = [rest, operands[1]].map { emit("Less", [$0, zero]) }
    let isOther = emit("And", [emit("Xor", signs), emit("Not", [emit("Equal", [rest, zero])])])
    return emit("Where", [isOther, emit("Add", [rest, operands[1]]), rest])
  }

  /// The angle of a point, from the arc tangent of its slope.
  private mutating func angle(_ operands: [String], _ dtype: DType) throws -> String {
    let (y, x) = (operands[0], operands[1])
    let zero = try number(0, dtype)
    let slope = emit("Atan", [emit("Div", [y, x])])
    let isBelow = emit("Less", [y, zero])
    let half = emit(
      "Where", [isBelow, try number(-.pi, dtype), try number(.pi, dtype)])
    let turned = emit("Where", [emit("Less", [x, zero]), emit("Add", [slope, half]), slope])
    // Straight up, straight down and nowhere.
    let upright = emit(
      "Where",
      [
        isBelow, try number(-.pi / 2, dtype),
        emit("Where", [emit("Greater", [y, zero]), try number(.pi / 2, dtype), zero]),
      ])
    return emit("Where", [emit("Equal", [x, zero]), upright, turned])
  }
}
