import ArgumentParser
import Blitz
import BlitzData

/// An option that takes one of a few words.
protocol Choice: RawRepresentable<String>, CaseIterable, Codable, Sendable,
  ExpressibleByArgument
{}

extension Choice {
  /// "sgd, momentum or adam", for messages.
  static var names: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}

/// The networks that `--model` names.
enum ModelKind: String, Choice {
  /// `relu(x w1 + b1) w2 + b2`, the original page's.
  case twoLayer = "two-layer"
  /// Linear layers with ReLU between them.
  case mlp
  /// Two convolutions with pooling, then two linear layers.
  case conv
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
struct HiddenSizes: Codable, Sendable, Equatable, ExpressibleByArgument, CustomStringConvertible {
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
