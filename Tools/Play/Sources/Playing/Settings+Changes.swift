import Foundation

/// What a page sends: an object of numbers, texts and flags, `{"rate": 0.1, "bias": false}`.
struct FlatObject {
  let values: [(name: String, value: Value)]

  enum Value: Decodable {
    case number(Double), text(String), flag(Bool)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var shown: String {
      switch self {
      // As it was sent: 500, not 500.0.
      case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
      case .flag(let flag): "\(flag)"
      case .text(let text): "\"\(text.prefix(40))\""
      }
    }
  }

  init(_ json: Data) throws(Refusal) {
    guard json.count <= 65_536 else { throw Refusal("\(json.count) bytes; send at most 65536") }
    // JSONSerialization descends as deep as the text does; these objects are flat.
    guard json.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }) == 1,
      let object = try? JSONDecoder().decode([String: Value].self, from: json)
    else { throw Refusal("the settings are no flat JSON object; send {\"rate\": 0.1}") }
    values = object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A whole number of the object.
  func count(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard case .number(let number) = values.first(where: { $0.name == name })?.value,
      let count = Int(exactly: number), range.contains(count)
    else {
      let shown = values.first { $0.name == name }?.value.shown ?? "missing"
      throw Refusal(
        "\(name) is \(shown); give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return count
  }
}

extension Settings {
  /// These settings with the changes that a JSON object names.
  ///
  /// - Throws: ``Refusal`` for what is no such object, a name that is none, and a value that is
  ///   not possible; nothing is changed then.
  public func changed(by json: Data) throws(Refusal) -> Settings {
    var settings = self
    for (name, value) in try FlatObject(json).values { try settings.set(name, to: value) }
    return settings
  }

  private mutating func set(_ name: String, to value: FlatObject.Value) throws(Refusal) {
    switch name {
    case "data": data = try Settings.choice(name, value)
    case "activation": activation = try Settings.choice(name, value)
    case "optimizer": optimizer = try Settings.choice(name, value)
    case "features": features = try Settings.features(value)
    case "hidden": hidden = try Settings.layers(value)
    case "bias":
      guard case .flag(let flag) = value else {
        throw Refusal("bias is \(value.shown); give true or false")
      }
      bias = flag
    case "noise": noise = try Settings.number(name, value)
    case "rate": rate = try Settings.number(name, value)
    case "lasso": lasso = try Settings.number(name, value)
    case "regularisation": regularisation = try Settings.number(name, value)
    case "share": share = try Settings.count(name, value)
    case "batch": batch = try Settings.count(name, value)
    case "columnX": columnX = try Settings.count(name, value)
    case "columnY": columnY = try Settings.count(name, value)
    case "speed": speed = try Settings.count(name, value)
    case "seed": seed = try Settings.count(name, value)
    default:
      throw Refusal(
        "there is no setting \"\(name.prefix(40))\"; there are activation, batch, bias, columnX, "
          + "columnY, data, features, hidden, lasso, noise, optimizer, rate, regularisation, seed, "
          + "share and speed")
    }
  }

  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ value: FlatObject.Value
  ) throws(Refusal) -> Choice {
    if case .text(let text) = value, let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal("\(name) is \(value.shown); choose one of \(names)")
  }

  private static func features(_ value: FlatObject.Value) throws(Refusal) -> WordList<Feature> {
    if case .text(let text) = value, let list = WordList<Feature>(word: text),
      !list.elements.isEmpty, Set(list.elements).count == list.elements.count
    {
      return list
    }
    let names = Feature.allCases.map(\.rawValue).joined(separator: ",")
    throw Refusal("features is \(value.shown); give some of \(names), each once")
  }

  private static func layers(_ value: FlatObject.Value) throws(Refusal) -> WordList<Int> {
    let sizes = 1...24
    if case .text(let text) = value, let list = WordList<Int>(word: text),
      list.elements.count <= mostLayers, list.elements.allSatisfy(sizes.contains)
    {
      return list
    }
    throw Refusal(
      "hidden is \(value.shown); give the sizes of at most \(mostLayers) layers, from 1 to 24 "
        + "each, as \"12,12\", or \"\" for none")
  }

  private static func number(
    _ name: String, _ value: FlatObject.Value
  ) throws(Refusal) -> Double {
    let range = ranges[name]!
    guard case .number(let number) = value, range.contains(number) else {
      throw Refusal(
        "\(name) is \(value.shown); give a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func count(_ name: String, _ value: FlatObject.Value) throws(Refusal) -> Int {
    let range = ranges[name]!
    guard case .number(let number) = value, range.contains(number), let count = Int(exactly: number)
    else {
      throw Refusal(
        "\(name) is \(value.shown); give a whole number from \(Int(range.lowerBound)) to "
          + "\(Int(range.upperBound))")
    }
    return count
  }
}
