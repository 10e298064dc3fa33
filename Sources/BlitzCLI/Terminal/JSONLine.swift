import BlitzData

/// One JSON object on one line, for programs that read what the command prints.
///
///     {"event":"epoch","epoch":1,"loss":0.25}
struct JSONLine: CustomStringConvertible {
  /// A value that an object can hold.
  indirect enum Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral
  {
    case string(String)
    case integer(Int)
    case unsigned(UInt64)
    case number(Double)
    /// A float32: it prints with the digits that tell it from its neighbours, not Double's.
    case float(Float)
    case bool(Bool)
    case list([Value])
    case object(JSONLine)

    init(integerLiteral value: Int) { self = .integer(value) }
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(floatLiteral value: Double) { self = .number(value) }
  }

  private var members = ""

  /// An object with these members, in this order.
  init(_ members: KeyValuePairs<String, Value>) {
    for (key, value) in members { append(key, value) }
  }

  /// Adds a member at the end.
  @inline(never)
  mutating func append(_ key: String, _ value: Value) {
    if !members.isEmpty { members += "," }
    members += JSONText.quoted(key) + ":"
    members += JSONLine.text(value)
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .string(let text): JSONText.quoted(text)
    case .integer(let number): String(number)
    case .unsigned(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    // JSON has no NaN and no infinities; null is what JavaScript writes for them.
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .float(let number): number.isFinite ? "\(number)" : "null"
    case .list(let values): "[\(values.map(text).joined(separator: ","))]"
    case .object(let object): object.description
    }
  }

  /// The object, without an end of line.
  var description: String { "{\(members)}" }
}
