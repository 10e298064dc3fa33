import Foundation

/// What the page's controls say: the data, the network and how it learns.
public struct Settings: Sendable, Equatable, Codable {
  /// What is to be learned.
  public var data = DataName.spirals
  /// How far points are moved from where they belong: for spirals the angle's standard deviation in
  /// radians, for the others that of each coordinate or pixel.
  public var noise = 0.15
  /// How many hidden layers there are.
  public var layers = 2
  /// How many neurons a hidden layer has.
  public var hidden = 12
  /// Whether neurons have a bias.
  public var bias = true
  /// What a hidden neuron makes of its sum.
  public var activation = Activation.tanh
  /// How the weights follow the gradient.
  public var optimizer = OptimizerName.adam
  /// The length of a step.
  public var rate = 0.01
  /// The factor of the weights' squares in the loss.
  public var regularisation = 0.0
  /// How many steps are made between two pictures.
  public var speed = 5
  /// Where data and weights begin.
  public var seed = 0

  /// The data sets.
  public enum DataName: String, Sendable, Codable, CaseIterable {
    case spirals, circles, moons, xor, digits
  }

  /// The activations.
  public enum Activation: String, Sendable, Codable, CaseIterable {
    case relu, tanh, sigmoid, gelu, none
  }

  /// The optimizers.
  public enum OptimizerName: String, Sendable, Codable, CaseIterable {
    case sgd, momentum, adam, rmsprop
  }

  /// The settings that the page starts with.
  public init() {}

  /// The values that a number may have, by its name.
  public static let ranges: [String: ClosedRange<Double>] = [
    "noise": 0...0.5, "layers": 1...3, "hidden": 1...24, "rate": 1e-5...10,
    "regularisation": 0...1, "speed": 1...100, "seed": 0...999_999,
  ]

  /// Whether going from other settings to these makes data or weights anew.
  func startsAnew(after other: Settings) -> Bool {
    var same = self
    same.optimizer = other.optimizer
    same.rate = other.rate
    same.regularisation = other.regularisation
    same.speed = other.speed
    return same != other
  }
}

/// A request that makes no sense: one line for who sent it.
public struct Refusal: Error, Equatable, CustomStringConvertible {
  /// What was wrong, with the values, and what is possible.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Settings {
  /// These settings with the changes that a JSON object names: `{"hidden": 8, "bias": false}`.
  ///
  /// - Throws: ``Refusal`` for what is no such object, a name that is none, and a value that is
  ///   not possible; nothing is changed then.
  public func changed(by json: Data) throws(Refusal) -> Settings {
    guard json.count <= 65_536 else { throw Refusal("\(json.count) bytes; send at most 65536") }
    // JSONSerialization descends as deep as the text does; settings are flat.
    guard json.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }) == 1,
      let object = try? JSONDecoder().decode([String: Value].self, from: json)
    else { throw Refusal("the settings are no flat JSON object; send {\"hidden\": 8}") }
    var settings = self
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      try settings.set(name, to: value)
    }
    return settings
  }

  private enum Value: Decodable {
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
      case .number(let number): "\(number)"
      case .flag(let flag): "\(flag)"
      case .text(let text): "\"\(text.prefix(40))\""
      }
    }
  }

  private mutating func set(_ name: String, to value: Value) throws(Refusal) {
    switch name {
    case "data": data = try Settings.choice(name, value)
    case "activation": activation = try Settings.choice(name, value)
    case "optimizer": optimizer = try Settings.choice(name, value)
    case "bias":
      guard case .flag(let flag) = value else {
        throw Refusal("bias is \(value.shown); give true or false")
      }
      bias = flag
    case "noise": noise = try Settings.number(name, value)
    case "rate": rate = try Settings.number(name, value)
    case "regularisation": regularisation = try Settings.number(name, value)
    case "layers": layers = try Settings.count(name, value)
    case "hidden": hidden = try Settings.count(name, value)
    case "speed": speed = try Settings.count(name, value)
    case "seed": seed = try Settings.count(name, value)
    default:
      throw Refusal(
        "there is no setting \"\(name.prefix(40))\"; there are activation, bias, data, hidden, "
          + "layers, noise, optimizer, rate, regularisation, seed and speed")
    }
  }

  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ value: Value
  ) throws(Refusal) -> Choice {
    if case .text(let text) = value, let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal("\(name) is \(value.shown); choose one of \(names)")
  }

  private static func number(_ name: String, _ value: Value) throws(Refusal) -> Double {
    let range = ranges[name]!
    guard case .number(let number) = value, range.contains(number) else {
      throw Refusal(
        "\(name) is \(value.shown); give a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func count(_ name: String, _ value: Value) throws(Refusal) -> Int {
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
