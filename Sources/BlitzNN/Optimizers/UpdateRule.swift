import BlitzTensor

/// How an optimizer changes one weight: its settings, and a pure function of tensors.
///
/// `step()` and compiled training use the same function. An optimizer of your own is a struct that
/// conforms, and an ``Optimizer`` made with it:
///
///     struct HeavyBall: UpdateRule {
///       var rate = 0.1
///       var momentum = 0.9
///       var stateNames: [String] { ["velocity"] }
///
///       func updated(
///         _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars rate: Tensor
///       ) -> (weight: Tensor, state: [Tensor]) {
///         let velocity = momentum * state[0] + gradient
///         return (weight - rate * velocity, [velocity])
///       }
///     }
///     let optimizer = Optimizer(model, HeavyBall())
///
/// What changes from step to step (the rate, a bias correction) comes as tensors, so that a
/// compiled step sees the new value and needs no new plan. Other settings may stand in the formula
/// as they are.
public protocol UpdateRule: Sendable, Codable {
  /// What the update reads as tensors; the rate alone unless a rule says otherwise.
  associatedtype Scalars = Tensor

  /// The optimizer's name in error messages, `Adam`.
  static var name: String { get }

  /// The step size, `lr` in PyTorch.
  var rate: Double { get set }

  /// The names of the tensors that are kept for each weight, `exp_avg`; PyTorch's where it has any.
  var stateNames: [String] { get }

  /// The same for one weight; `stateNames` unless a rule keeps others for some shapes.
  func stateNames(of weight: Tensor) -> [String]

  /// The settings that decide which ops the update consists of, such as weight decay or none.
  var structure: [Bool] { get }

  /// The settings whose values are bounded, each with its value and bound.
  var ranges: [SettingRange] { get }

  /// The settings that contradict each other, and what to write instead; nil if none do.
  var contradiction: (problem: String, help: String)? { get }

  /// The state of a weight before its first update; zeros unless a rule says otherwise.
  func initialState(of weight: Tensor) -> [Tensor]

  /// The scalars of a weight's update.
  ///
  /// - Parameters:
  ///   - step: the number of the update, from 1.
  ///   - tensor: makes a number into a single-element tensor; called equally often at every step.
  func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars

  /// The weight and its state after an update.
  ///
  /// - Parameters:
  ///   - weight: a floating dtype.
  ///   - gradient: of the weight's shape and dtype.
  ///   - state: one tensor for each of `stateNames`.
  ///   - scalars: those of `scalars(step:_:)`, in the weight's dtype.
  func updated(
    _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
  ) -> (weight: Tensor, state: [Tensor])
}

extension UpdateRule {
  /// The type's name.
  public static var name: String { "\(Self.self)" }
  /// The same for all weights.
  public func stateNames(of weight: Tensor) -> [String] { stateNames }
  /// Empty: no setting decides about ops.
  public var structure: [Bool] { [] }
  /// The rate, which is 0 or more.
  public var ranges: [SettingRange] { [SettingRange("rate", rate)] }
  /// Nil: no settings contradict each other.
  public var contradiction: (problem: String, help: String)? { nil }
  /// Zeros.
  public func initialState(of weight: Tensor) -> [Tensor] {
    stateNames.map { _ in Tensor.zeros(like: weight) }
  }
}

extension UpdateRule where Scalars == Tensor {
  /// The rate.
  public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Tensor { tensor(rate) }
}

extension UpdateRule {
  /// The values of the scalars of an update, in the order in which `updated` is given them.
  func scalarValues(step: Int) -> [Double] {
    var values: [Double] = []
    _ = scalars(step: step) { value in
      values.append(value)
      return Tensor.argument(value, .float64)
    }
    return values
  }

  /// An update with these tensors for the values of `scalarValues`.
  func update(
    _ weight: Tensor, gradient: Tensor, state: [Tensor], given: [Tensor]
  ) -> (weight: Tensor, state: [Tensor]) {
    var next = given.makeIterator()
    let named = scalars(step: 1) { value in next.next() ?? Tensor.argument(value, weight.dtype) }
    return updated(weight, gradient: gradient, state: state, scalars: named)
  }

  /// The weight and the gradient with decay: in the gradient, or as what is left of the weight.
  func decayed(
    _ weight: Tensor, _ gradient: Tensor, by decay: Tensor?, shrinking: Bool
  ) -> (weight: Tensor, gradient: Tensor) {
    guard let decay else { return (weight, gradient) }
    return shrinking ? (weight * decay, gradient) : (weight, gradient + decay * weight)
  }

  /// `Adam(rate: 0.001, beta1: 0.9)`
  var text: String {
    let settings = Mirror(reflecting: self).children.map { "\($0.label ?? ""): \($0.value)" }
    return "\(Self.name)(\(settings.joined(separator: ", ")))"
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

  /// The error that names a value out of range; nil if it is in range.
  func error(_ optimizer: String) -> TensorError? {
    if value >= 0 && value < bound { return nil }
    return TensorError(
      optimizer, "\(name) is \(value)",
      help: bound == .infinity
        ? "write a finite number, 0 or more" : "write a number from 0 to below \(bound)")
  }
}
