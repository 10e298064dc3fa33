import BlitzTensor

/// How an optimizer changes one weight: its settings, and a pure function of tensors.
///
/// The same function serves `step()` and compiled training. What changes from step to step without
/// changing the ops (the rate, bias corrections) comes as numbers, so that it never causes a new
/// plan. An optimizer of your own is a struct that conforms and an ``Optimizer`` made with it.
public protocol UpdateRule: Sendable, Codable {
  /// What errors call the optimizer, `Adam`.
  static var name: String { get }

  /// The step size.
  var rate: Double { get set }

  /// The names of the tensors that are kept for each weight, `exp_avg`; PyTorch's where it has any.
  var stateNames: [String] { get }

  /// Which ops the update is made of, where settings decide that: weight decay or none.
  var structure: [Bool] { get }

  /// The settings that have a range, with the least value and the bound that each stays below.
  var ranges: [SettingRange] { get }

  /// What is wrong with settings beside each other, and what to write instead; nil if nothing is.
  var contradiction: (problem: String, help: String)? { get }

  /// What is kept for a weight before its first update; zeros unless a rule says otherwise.
  func initialState(of weight: Tensor) -> [Tensor]

  /// The numbers of a weight's `step`th update, which counts from 1.
  func numbers(step: Int) -> [Double]

  /// The weight and what is kept for it after an update.
  ///
  /// - Parameters:
  ///   - weight: a floating dtype.
  ///   - gradient: of the weight's shape and dtype.
  ///   - state: one tensor for each of `stateNames`.
  ///   - numbers: those of `numbers(step:)`, in the weight's dtype.
  func updated(
    _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
  ) -> (weight: Tensor, state: [Tensor])
}

extension UpdateRule {
  /// The type's name.
  public static var name: String { "\(Self.self)" }
  /// No setting decides about ops.
  public var structure: [Bool] { [] }
  /// The rate is 0 or more.
  public var ranges: [SettingRange] { [SettingRange("rate", rate)] }
  /// No settings exclude each other.
  public var contradiction: (problem: String, help: String)? { nil }
  /// Zeros.
  public func initialState(of weight: Tensor) -> [Tensor] {
    stateNames.map { _ in Tensor.zeros(like: weight) }
  }
}

/// A setting of an optimizer, and the values that it may have.
public struct SettingRange: Sendable {
  let name: String
  let value: Double
  let bound: Double

  /// A setting that is 0 or more, and less than `bound`.
  public init(_ name: String, _ value: Double, below bound: Double = .infinity) {
    self.name = name
    self.value = value
    self.bound = bound
  }

  /// What is wrong with the value; nil if nothing is.
  func error(_ optimizer: String) -> TensorError? {
    if value >= 0 && value < bound { return nil }
    return TensorError(
      optimizer, "\(name) is \(value)",
      help: bound == .infinity
        ? "write a finite number, 0 or more" : "write a number from 0 to below \(bound)")
  }
}
