import ArgumentParser

/// A setting of a training run, with all that is known of it.
///
/// `Resolved` is the type that a run reads: `Value` for a setting with a default, else `Value?`.
struct Setting<Value: SettingValue, Resolved>: AnySetting {
  /// A check throws what is wrong with a value, beside the other settings.
  typealias Check = @Sendable (_ value: Value, _ experiment: Experiment) throws -> Void

  let name: String
  let alsoCalled: [String]
  let record: SettingRecord
  private let help: ArgumentHelp
  private let standard: @Sendable (Experiment) -> Value?
  private let rule: Check
  /// What a run reads, of what was chosen.
  let resolve: @Sendable (_ chosen: Value?, _ experiment: Experiment) -> Resolved

  /// A setting that stays open where nothing is chosen.
  init(
    _ name: String, _ type: Value.Type = Value.self, alsoCalled: [String] = [],
    help: ArgumentHelp, record: SettingRecord = .fixed, check: @escaping Check = { _, _ in }
  ) where Resolved == Value? {
    (self.name, self.alsoCalled, self.help) = (name, alsoCalled, help)
    (self.record, self.rule) = (record, check)
    standard = { _ in nil }
    resolve = { chosen, _ in chosen }
  }

  /// A setting with a default, which may depend on the others.
  init(
    _ name: String, alsoCalled: [String] = [], help: ArgumentHelp,
    record: SettingRecord = .fixed, default standard: @escaping @Sendable (Experiment) -> Value,
    check: @escaping Check = { _, _ in }
  ) where Resolved == Value {
    (self.name, self.alsoCalled, self.help) = (name, alsoCalled, help)
    (self.record, self.rule) = (record, check)
    self.standard = standard
    resolve = { chosen, experiment in chosen ?? standard(experiment) }
  }

  // MARK: As one of all

  var takes: String { Value.takes }
  var words: [String] { Value.allValueStrings }

  var argument: Any {
    Value.self == Bool.self
      ? Flag(wrappedValue: false, help: help) : Option<Value?>(parsing: Value.parsing, help: help)
  }

  func argumentValue(
    _ container: KeyedDecodingContainer<SettingName>
  ) throws -> (any SettingValue)? {
    guard Value.self == Bool.self else {
      return try container.decode(Option<Value?>.self, forKey: SettingName(name)).wrappedValue
    }
    // A flag that was not written is left to others.
    let isSet = try container.decode(Flag<Bool>.self, forKey: SettingName(name)).wrappedValue
    return isSet ? true : nil
  }

  func fileValue(_ container: KeyedDecodingContainer<SettingName>) throws -> (any SettingValue)? {
    try container.decodeIfPresent(Value.self, forKey: SettingName(name))
  }

  func standardValue(_ experiment: Experiment) -> (any SettingValue)? { standard(experiment) }

  func check(_ experiment: Experiment) throws {
    if let value = experiment.choices[name] as? Value { try rule(value, experiment) }
  }
}

/// How a setting is kept with a run.
enum SettingRecord: Sendable {
  /// In the run's files; it says what is computed, so a run that is resumed keeps it.
  case fixed
  /// In the run's files; it may change when the run is resumed.
  case free
  /// Nowhere: it is about one call of the command.
  case omitted
}

/// A setting of any type.
protocol AnySetting: Sendable {
  /// As on the command line, without the hyphens in front, and in files.
  var name: String { get }
  /// What other programs call it, who means this one.
  var alsoCalled: [String] { get }
  /// What messages say that it takes.
  var takes: String { get }
  /// The words that it takes, where there are a few.
  var words: [String] { get }
  var record: SettingRecord { get }
  /// The option or flag as ArgumentParser declares it.
  var argument: Any { get }
  /// What was written on the command line.
  func argumentValue(
    _ container: KeyedDecodingContainer<SettingName>
  ) throws -> (any SettingValue)?
  /// What a file says.
  func fileValue(_ container: KeyedDecodingContainer<SettingName>) throws -> (any SettingValue)?
  /// The value where none was chosen; nil if it stays open.
  func standardValue(_ experiment: Experiment) -> (any SettingValue)?
  /// Finds a value out of range, or one that does not go with another.
  func check(_ experiment: Experiment) throws
}

/// A setting's name as the key of files and of parsed arguments.
struct SettingName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

/// Throws a message about an argument that makes no sense.
@inline(never)
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw RunFailure.argument(message()) }
}
