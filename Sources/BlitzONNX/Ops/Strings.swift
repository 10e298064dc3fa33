import BlitzTensor

extension OpTable {
  /// Texts.
  static let strings: [OpEntry] = [
    OpEntry(many: "StringConcat", since: 20) { call in
      let (pairs, sizes) = try call.pairsOfTexts()
      return [.strings(pairs.map { $0 + $1 }, sizes)]
    },
    OpEntry(many: "StringSplit", since: 20) { call in
      let given = try call.strings(0)
      let most = max(call.int("maxsplit", Int.max), 0)
      let rows = given.texts.map { $0.parts(call.text("delimiter"), most: most) }
      let width = rows.map(\.count).max() ?? 0
      let padded = rows.flatMap { $0 + Array(repeating: "", count: width - $0.count) }
      return [
        .strings(padded, given.sizes + [width]),
        Value(Tensor(rows.map(\.count), shape: Shape(given.sizes))),
      ]
    },
    OpEntry(many: "StringNormalizer", since: 10) { call in
      let given = try call.strings(0)
      let stops = call.texts("stopwords") ?? []
      let isExact = call.flag("is_case_sensitive")
      let forbidden = Set(isExact ? stops : stops.map { $0.lowercased() })
      var texts = given.texts.filter { !forbidden.contains(isExact ? $0 : $0.lowercased()) }
      switch call.text("case_change_action", "NONE") {
      case "LOWER": texts = texts.map { $0.lowercased() }
      case "UPPER": texts = texts.map { $0.uppercased() }
      default: break
      }
      if texts.isEmpty { texts = [""] }
      return [.strings(texts, given.sizes.count == 2 ? [1, texts.count] : [texts.count])]
    },
    OpEntry(many: "RegexFullMatch", since: 20) { call in
      let given = try call.strings(0)
      let pattern: Regex<AnyRegexOutput>
      do {
        pattern = try Regex(call.text("pattern")).wordBoundaryKind(.simple)
      } catch {
        throw call.failure("the pattern cannot be read: \(error)")
      }
      let found = given.texts.map { $0.wholeMatch(of: pattern) != nil }
      return [Value(Tensor(found, shape: Shape(given.sizes)))]
    },
    OpEntry(many: "LabelEncoder", domain: "ai.onnx.ml", labelled),
    OpEntry("Binarizer", domain: "ai.onnx.ml") { call in
      let x = call[0]
      return (x .> call.float("threshold")).cast(to: x.dtype)
    },
  ]

  /// Each key's value.
  @Sendable private static func labelled(_ call: OpCall) throws -> [Value] {
    func list(_ name: String) throws -> (texts: [String], type: ElementType)? {
      if let texts = call.texts("\(name)_strings") { return (texts, .string) }
      if let numbers = call.ints("\(name)_int64s") { return (numbers.map { "\($0)" }, .int64) }
      if let numbers = call.floats("\(name)_floats") { return (numbers.map { "\($0)" }, .float32) }
      guard case .value(let value) = call.attributes["\(name)_tensor"] else { return nil }
      return (try texts(of: value), value.type ?? .float32)
    }
    func texts(of value: Value) throws -> [String] {
      if case .strings(let texts, _) = value { return texts }
      guard let tensor = value.tensor else { return [] }
      return tensor.dtype.isInteger
        ? try tensor.cast(to: .int64).scalars(as: Int.self).map { "\($0)" }
        : try tensor.cast(to: .float64).scalars(as: Double.self).map { "\($0)" }
    }
    guard let keys = try list("keys"), let values = try list("values"),
      keys.texts.count == values.texts.count
    else { throw call.failure("needs as many keys as values") }
    var otherwise: String
    switch values.type {
    case .string: otherwise = call.text("default_string", "_Unused")
    case .int64: otherwise = "\(call.int("default_int64", -1))"
    default: otherwise = "\(call.float("default_float", -0.0))"
    }
    if case .value(let value) = call.attributes["default_tensor"],
      let first = try texts(of: value).first
    {
      otherwise = first
    }
    let table = Dictionary(zip(keys.texts, values.texts)) { first, _ in first }
    let sizes = try call.sizes(0)
    let found = try texts(of: call.inputs.first ?? .absent).map { table[$0] ?? otherwise }
    if values.type == .string { return [.strings(found, sizes)] }
    let numbers = Tensor(found.map { Double($0) ?? 0 }, shape: Shape(sizes), dtype: .float64)
    return [.tensor(numbers.cast(to: values.type.carrier ?? .float32), values.type)]
  }
}

extension OpCall {
  /// The texts of two inputs at the same places, broadcast.
  func pairsOfTexts() throws -> (pairs: [(String, String)], sizes: [Int]) {
    let (left, right) = (try strings(0), try strings(1))
    let a = Tensor.arange(left.texts.count).reshaped(to: Shape(left.sizes))
    let b = Tensor.arange(right.texts.count).reshaped(to: Shape(right.sizes))
    let (first, second) = (a + b * 0, b + a * 0)
    let places = zip(try first.scalars(as: Int.self), try second.scalars(as: Int.self))
    return (places.map { (left.texts[$0], right.texts[$1]) }, first.shape.sizes)
  }
}

extension String {
  /// The parts between delimiters; with none, between runs of white space.
  fileprivate func parts(_ delimiter: String, most: Int) -> [String] {
    if delimiter.isEmpty {
      return split(maxSplits: most, whereSeparator: \.isWhitespace).map(String.init)
    }
    var (parts, rest): ([String], Substring) = ([], self[...])
    while parts.count < most, let range = rest.firstRange(of: delimiter) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
