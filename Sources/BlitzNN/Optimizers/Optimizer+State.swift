import BlitzTensor

/// What a ``Checkpoint`` can save and restore: every ``Optimizer``, and ``LBFGS``.
public protocol ResumableOptimizer: AnyObject {
  /// The state now.
  var state: Optimizer.State { get }
  /// Continues from a saved state; throws if it is another's, and changes nothing then.
  func load(_ state: Optimizer.State) throws(TensorError)
}

extension Optimizer: ResumableOptimizer {}

extension Optimizer {
  /// The state from which an optimizer continues as if it had never stopped, PyTorch's
  /// `state_dict()`.
  public struct State: Sendable {
    /// The tensors of the state, each named after its parameter and itself, `fc1.weight.exp_avg`.
    public var tensors: [(name: String, tensor: Tensor)]
    /// The numbers of the state, for JSON.
    public var numbers: Numbers

    /// Puts a saved state together from its parts.
    public init(tensors: [(name: String, tensor: Tensor)], numbers: Numbers) {
      self.tensors = tensors
      self.numbers = numbers
    }
  }

  /// The numbers of an optimizer's state.
  public struct Numbers: Codable, Sendable, Hashable {
    /// The name of the optimizer, `Adam`.
    public var optimizer: String
    /// The number of steps made.
    public var stepCount: Int
    /// The number of updates of each parameter, by its path.
    public var updateCounts: [String: Int]
    /// The rate of each group.
    public var rates: [Double]
    /// The rate that each group started from, by group.
    public var initialRates: [Double]
  }

  /// The state now. To set it, call ``load(_:)``, which can fail.
  public var state: State {
    try? settle()
    var tensors: [(name: String, tensor: Tensor)] = []
    for group in groups {
      for slot in group.slots {
        let names = group.rule.stateNames(of: slot.parameter.value)
        for (name, tensor) in zip(names, slot.state) {
          tensors.append(("\(slot.name).\(name)", tensor))
        }
      }
    }
    return State(
      tensors: tensors,
      numbers: Numbers(
        optimizer: name, stepCount: madeCount,
        updateCounts: Dictionary(slots.map { ($0.name, $0.count) }) { first, _ in first },
        rates: groups.map(\.rate), initialRates: groups.map(\.initialRate)))
  }

  /// Continues from a saved state: of the same kind of optimizer, for a model with the same
  /// parameters.
  ///
  /// - Throws: `TensorError` that names the parameter that is missing, unexpected or of another
  ///   shape; the optimizer is then unchanged.
  public func load(_ state: State) throws(TensorError) {
    let numbers = state.numbers
    guard numbers.optimizer == name else {
      throw mismatch("the state is of \(numbers.optimizer)", "make the optimizer that saved it")
    }
    guard numbers.rates.count == groups.count, numbers.initialRates.count == groups.count else {
      throw mismatch(
        "the state has \(numbers.rates.count) groups of parameters, the optimizer \(groups.count)",
        "make the optimizer with the groups that it was saved with")
    }
    guard (0...Optimizer.mostSteps).contains(numbers.stepCount) else {
      throw mismatch("the state has \(numbers.stepCount) steps", "give a state as it was saved")
    }
    let paths = Set(slots.map(\.name))
    if let other = numbers.updateCounts.keys.filter({ !paths.contains($0) }).min() {
      throw mismatch(
        "the state has \(other), which the model does not", "load the state of the same model")
    }
    var tensors = Dictionary(state.tensors) { first, _ in first }
    var loaded: [(slot: Slot, state: [Tensor], count: Int)] = []
    for group in groups {
      for slot in group.slots {
        guard let count = numbers.updateCounts[slot.name], (0...Optimizer.mostSteps).contains(count)
        else {
          throw mismatch(
            "the state has nothing of \(slot.name)", "load the state of the same model")
        }
        var kept: [Tensor] = []
        let names = group.rule.stateNames(of: slot.parameter.value)
        let start = group.rule.initialState(of: slot.parameter.value.detached())
        for (name, start) in zip(names, start) {
          let path = "\(slot.name).\(name)"
          guard let tensor = tensors.removeValue(forKey: path) else {
            if count == 0 { continue }
            throw mismatch("the state lacks \(path)", "save it with the same settings")
          }
          try check(tensor, path, start, of: slot)
          kept.append(tensor.detached().to(slot.parameter.value.device))
        }
        if kept.count != names.count { kept = [] }
        loaded.append((slot, kept, count))
      }
    }
    if let left = tensors.keys.min() {
      throw mismatch("the state has \(left), which nothing uses", "save it with the same settings")
    }
    for (slot, state, count) in loaded {
      slot.state = state
      slot.count = count
    }
    for index in groups.indices {
      groups[index].rate = numbers.rates[index]
      groups[index].initialRate = numbers.initialRates[index]
    }
    madeCount = numbers.stepCount
    unread = []
  }

  /// More are not counted in any life.
  private static let mostSteps = 1 << 53

  /// Finds a tensor that is not of the form in which the parameter's state starts.
  private func check(
    _ tensor: Tensor, _ path: String, _ start: Tensor, of slot: Slot
  ) throws(TensorError) {
    if let error = tensor.error { throw error }
    if tensor.shape == start.shape, tensor.dtype == start.dtype { return }
    throw TensorError(
      name, "\(path) does not look like its parameter",
      operands: [("state", tensor.signature), ("parameter", slot.parameter.value.signature)],
      help: "load the state of the same model")
  }

  private func mismatch(_ rule: String, _ help: String) -> TensorError {
    TensorError(name, rule, help: help)
  }
}
