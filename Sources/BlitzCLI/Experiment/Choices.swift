import ArgumentParser

/// What a user has chosen, on the command line or in a file: what is not there is left to the
/// defaults.
@dynamicMemberLookup
struct Choices: Sendable {
  private var values: [String: any SettingValue] = [:]

  /// The value of a setting by its name, if it was chosen.
  subscript(name: String) -> (any SettingValue)? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// `choices.rate`, nil if it was not chosen.
  subscript<Value, Resolved>(
    dynamicMember path: KeyPath<TrainSettings, Setting<Value, Resolved>>
  ) -> Value? {
    get { values[TrainSettings.shared[keyPath: path].name] as? Value }
    set { values[TrainSettings.shared[keyPath: path].name] = newValue }
  }

  /// These choices, and where there is none, those of a file.
  func over(_ file: Choices) -> Choices {
    var both = self
    both.values.merge(file.values) { own, _ in own }
    return both
  }

  /// Each choice and its text, in the order in which they are told.
  var entries: [(setting: any AnySetting, text: String)] {
    TrainSettings.all.compactMap { setting in values[setting.name].map { (setting, $0.text) } }
  }

  /// Their names and texts, for reports.
  var told: [(name: String, value: String)] { entries.map { ($0.setting.name, $0.text) } }
}

extension Choices: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SettingName.self)
    for (name, value) in values { try container.encode(value, forKey: SettingName(name)) }
  }
}

/// The settings as ArgumentParser finds and fills them: it looks for options in a type's mirror,
/// and decodes what was written.
struct TrainOptions: ParsableArguments, CustomReflectable {
  private(set) var choices = Choices()

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SettingName.self)
    for setting in TrainSettings.all {
      choices[setting.name] = try setting.argumentValue(container)
    }
  }

  var customMirror: Mirror {
    Mirror(self, children: TrainSettings.all.map { (label: $0.name, value: $0.argument) })
  }
}
