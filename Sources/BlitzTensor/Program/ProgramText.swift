/// The text of one function, written op by op.
///
/// Everything that it writes can be parsed by StableHLO 1.13 and later.
struct ProgramText {
  /// A number of the function, or one of its parameters.
  struct Value: Sendable {
    /// The name with its percent sign.
    let name: String
    var type: Program.Value
    /// The line that computes it; nil for a parameter.
    fileprivate(set) var line: Int?
    /// What it is a view of, for ops that can read that instead.
    fileprivate(set) var source: Source?

    var shape: Shape { type.shape }
    var dtype: DType { type.dtype }
  }

  /// How a view walks what it is a view of.
  indirect enum Source: Sendable {
    case permuted(Value, [Int])
    case expanded(Value)
  }

  private struct Line {
    var text: String
    var operands: [Int]
    var results: [Value]
  }

  private var lines: [Line] = []
  /// Lines by what they compute: equal ones are written once.
  private var known: [String: Int] = [:]
  /// Whether products of float32 may be computed with fewer bits.
  let allowsTF32: Bool

  init(allowsTF32: Bool) { self.allowsTF32 = allowsTF32 }

  /// A parameter of the function.
  func parameter(_ name: String, _ type: Program.Value) -> Value { Value(name: name, type: type) }

  /// Writes an op of one result.
  @inline(never)
  mutating func emit(
    _ code: Code, _ shape: Shape, _ dtype: DType, source: Source? = nil
  ) -> Value {
    var value = emit(code, [Program.Value(shape: shape, dtype: dtype)])[0]
    value.source = source
    return value
  }

  /// Writes an op.
  @inline(never)
  mutating func emit(_ code: Code, _ types: [Program.Value]) -> [Value] {
    if let line = known[code.text] { return lines[line].results }
    let line = lines.count
    let results = types.enumerated().map { place, type in
      Value(name: types.count == 1 ? "%\(line)" : "%\(line)#\(place)", type: type, line: line)
    }
    let left = types.count == 1 ? "%\(line)" : "%\(line):\(types.count)"
    lines.append(Line(text: "\(left) = \(code.text)", operands: code.lines, results: results))
    known[code.text] = line
    return results
  }

  /// The function's lines that its results need, and the one that returns them.
  func body(returning results: [Value]) -> [String] {
    var isUsed = [Bool](repeating: false, count: lines.count)
    for case let line? in results.map(\.line) { isUsed[line] = true }
    for line in lines.indices.reversed() where isUsed[line] {
      for operand in lines[line].operands { isUsed[operand] = true }
    }
    let used = lines.indices.filter { isUsed[$0] }.map { lines[$0].text }
    return used + [ProgramText.returned("return", results)]
  }

  /// The line that ends a function or a region.
  static func returned(_ word: String, _ results: [Value]) -> String {
    ("\(word) \(results) : \(types: results)" as Code).text
  }

  /// Code in which values are interpolated; it knows which lines they come from.
  struct Code: ExpressibleByStringInterpolation {
    fileprivate(set) var text: String
    fileprivate var lines: [Int] = []

    init(stringLiteral text: String) { self.text = text }
    init(stringInterpolation parts: Parts) {
      text = parts.text
      lines = parts.lines
    }

    struct Parts: StringInterpolationProtocol {
      fileprivate var text = ""
      fileprivate var lines: [Int] = []

      init(literalCapacity: Int, interpolationCount: Int) {}
      mutating func appendLiteral(_ literal: String) { text += literal }
      mutating func appendInterpolation(_ part: String) { text += part }
      @inline(never)
      mutating func appendInterpolation(_ number: Int) { text += String(number) }
      @inline(never)
      mutating func appendInterpolation(_ type: Program.Value) { text += type.text }

      @inline(never)
      mutating func appendInterpolation(_ value: Value) {
        text += value.name
        if let line = value.line { lines.append(line) }
      }

      @inline(never)
      mutating func appendInterpolation(_ values: [Value]) {
        for (place, value) in values.enumerated() {
          if place > 0 { text += ", " }
          appendInterpolation(value)
        }
      }

      /// The values' types, with commas.
      @inline(never)
      mutating func appendInterpolation(types values: [Value]) {
        text += values.map(\.type.text).joined(separator: ", ")
      }

      /// `[0, 1]`.
      mutating func appendInterpolation(_ numbers: [Int]) { text += "\(numbers)" }

      /// `array<i64: 0, 1>`.
      @inline(never)
      mutating func appendInterpolation(array numbers: [Int]) {
        let list = numbers.map { String($0) }.joined(separator: ", ")
        text += numbers.isEmpty ? "array<i64>" : "array<i64: \(list)>"
      }
    }
  }
}

extension Program.Value {
  /// The type as it is written in programs, `tensor<64x10xf32>`.
  var text: String {
    "tensor<" + shape.map { "\($0)x" }.joined() + dtype.programName + ">"
  }
}

extension DType {
  /// The type of an element as it is written in programs.
  var programName: String {
    switch self {
    case .float32: "f32"
    case .float64: "f64"
    case .float16: "f16"
    case .bfloat16: "bf16"
    case .int32: "i32"
    case .int64: "i64"
    case .uint8: "ui8"
    case .int8: "i8"
    case .int16: "i16"
    case .uint16: "ui16"
    case .uint32: "ui32"
    case .uint64: "ui64"
    case .bool: "i1"
    case .complex64: "complex<f32>"
    case .complex128: "complex<f64>"
    }
  }
}
