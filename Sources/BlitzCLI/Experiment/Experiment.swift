import Blitz
import BlitzData

/// A training run as it was asked for: each setting with its value.
@dynamicMemberLookup
struct Experiment: Sendable {
  /// The settings that have a value; of those with a default none is left open.
  private(set) var choices: Choices

  /// What was chosen, and defaults for the rest.
  ///
  /// - Throws: `RunFailure` for a value out of range, or two that do not go together.
  init(_ choices: Choices) throws {
    self.choices = choices
    for setting in TrainSettings.all where choices[setting.name] == nil {
      self.choices[setting.name] = setting.standardValue(self)
    }
    for setting in TrainSettings.all { try setting.check(self) }
  }

  /// `experiment.rate`; of a setting without a default, nil if it was not chosen.
  subscript<Value, Resolved>(
    dynamicMember path: KeyPath<TrainSettings, Setting<Value, Resolved>>
  ) -> Resolved {
    let setting = TrainSettings.shared[keyPath: path]
    return setting.resolve(choices[setting.name] as? Value, self)
  }

  /// What is kept with the run: read again, it makes the same one.
  var record: Choices {
    var kept = choices
    for setting in TrainSettings.all where setting.record == .omitted { kept[setting.name] = nil }
    return kept
  }

  /// The same with another seed.
  func seeded(_ seed: UInt64) -> Experiment {
    var other = self
    other.choices.seed = seed
    return other
  }

  // MARK: What follows from the data

  /// The data, if it is some that is known by name.
  var dataName: DataName? { DataName(rawValue: self.data) }

  /// Whether there is much of it: files of its own, or a folder of images.
  var isLarge: Bool { dataName.map(\.hasFiles) ?? DataName.isFolder(self.data) }

  /// Whether it is in a table.
  var isTable: Bool { dataName == nil && !DataName.isFolder(self.data) }

  /// Whether the loss of a batch is the sum over its rows, as on the original page, or the mean.
  var sumsRows: Bool { dataName == .random }

  /// Finds a setting that is for tables, with data that is none.
  func requireTable(_ name: String) throws {
    try require(isTable, "--\(name) is for tables; --data \(self.data) is none")
  }

  /// A rate that suits the data, the loss and the optimizer.
  ///
  /// Columns of CSV files are brought to deviation 1, which is larger than the digits' pixels are,
  /// so steps must be smaller: at 0.05 squared error diverges on Iris. The others are PyTorch's
  /// defaults, or in common use.
  var standardRate: Double {
    if let rate = self.model.definition.rate(self) { return rate }
    return switch self.optimizer {
    case .sgd: sumsRows ? 1e-6 : self.loss == .crossEntropy ? 0.1 : 0.01
    case .momentum, .nesterov: self.loss == .crossEntropy ? 0.01 : 0.001
    case .adam, .adamw, .rmsprop: 1e-3
    case .adagrad: 0.01
    case .adadelta: 1
    case .lion: 1e-4
    }
  }
}
