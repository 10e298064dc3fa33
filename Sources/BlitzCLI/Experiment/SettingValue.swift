import ArgumentParser
import Blitz
import BlitzData

/// What a setting can be: read from a word of the command line and from JSON, and told as a text.
protocol SettingValue: ExpressibleByArgument, Codable, Sendable {
  /// What messages say that it takes.
  static var takes: String { get }
  /// Whether a word with a hyphen in front is a value, as -1 is, or an option.
  static var parsing: SingleValueParsingStrategy { get }
  /// As it is told, and written on the command line.
  var text: String { get }
}

extension SettingValue {
  static var parsing: SingleValueParsingStrategy { .next }
  var text: String { "\(self)" }
}

extension String: SettingValue {
  static var takes: String { "a text" }
  var text: String { self }
}

extension Bool: SettingValue {
  static var takes: String { "true or false" }
}

extension Int: SettingValue {
  static var takes: String { "a whole number" }
  static var parsing: SingleValueParsingStrategy { .unconditional }
}

extension UInt64: SettingValue {
  static var takes: String { "a whole number of 0 or more" }
  static var parsing: SingleValueParsingStrategy { .unconditional }
}

extension Double: SettingValue {
  static var takes: String { "a number" }
  static var parsing: SingleValueParsingStrategy { .unconditional }
  /// As JSON has it: 3, not 3.0.
  var text: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

/// A setting that takes one of a few words.
protocol Choice: RawRepresentable<String>, CaseIterable, SettingValue {}

extension Choice {
  /// "sgd, momentum or adam"
  static var takes: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
  var text: String { rawValue }
}

/// The loss, which training minimises.
enum TrainingLoss: String, Choice {
  /// The sum of the squared differences to one-hot targets.
  case squaredError = "squared-error"
  /// The negative logarithm of the probability of the right class.
  case crossEntropy = "cross-entropy"
  /// The mean squared difference to a label that is a number.
  case mse
}

/// The updates that `--optimizer` names.
enum OptimizerKind: String, Choice {
  case sgd
  /// SGD with momentum 0.9.
  case momentum
  /// SGD with Nesterov's momentum 0.9.
  case nesterov
  case adam, adamw, rmsprop, adagrad, adadelta, lion
}

/// `--header`: whether the first row of a table holds the columns' names.
enum HeaderChoice: String, Choice {
  case yes, no
}

/// `--missing`: what becomes of a table's rows with empty cells.
extension CSV.Missing: Choice {}

/// `--precision`: what products compute in; weights are float32 always.
extension Precision: Choice {}

/// How `--schedule` changes the rate over the run.
enum ScheduleKind: String, Choice {
  case constant
  /// A tenth after each third of the run.
  case step
  /// Down to a hundredth, by the same factor at each update.
  case exponential
  /// Down to zero along half a cosine.
  case cosine
  /// Up during the first twentieth of the run, then a cosine.
  case warmupCosine = "warmup-cosine"
  /// Up from a 25th in the first 30 % of the run, then down to nearly nothing.
  case oneCycle = "one-cycle"
  /// A tenth when the test loss has not got better for three epochs.
  case plateau
}

/// One or more sizes of hidden layers: `256`, `256,128`; in JSON a number or a list.
struct HiddenSizes: SettingValue, Equatable, CustomStringConvertible {
  static var takes: String { "a whole number or a list of them" }
  static var parsing: SingleValueParsingStrategy { .unconditional }
  var sizes: [Int]

  init(_ sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    sizes = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(part) else { return nil }
      sizes.append(size)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let size = try? container.decode(Int.self) {
      sizes = [size]
    } else {
      sizes = try container.decode([Int].self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if sizes.count == 1 { try container.encode(sizes[0]) } else { try container.encode(sizes) }
  }

  var description: String { sizes.map(String.init).joined(separator: ",") }
}
