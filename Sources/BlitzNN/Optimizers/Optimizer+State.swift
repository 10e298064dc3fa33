import BlitzTensor

extension Optimizer {
  /// What an optimizer needs to go on as if it had never stopped.
  public struct State: Sendable {
    /// The tensors, each named by its parameter's path and its own name, `fc1.weight.exp_avg`.
    public var tensors: [(name: String, tensor: Tensor)]
    /// The rest, for JSON.
    public var numbers: Numbers

    /// A state put together from its parts, as they were saved.
    public init(tensors: [(name: String, tensor: Tensor)], numbers: Numbers) {
      self.tensors = tensors
      self.numbers = numbers
    }
  }

  /// The numbers of an optimizer's state.
  public struct Numbers: Codable, Sendable, Hashable {
    /// The optimizer's name, `Adam`.
    public var optimizer: String
    /// How many steps have been made.
    public var stepCount: Int
    /// How many updates each parameter has had, by its path.
    public var updateCounts: [String: Int]
    /// The rate of each group.
    public var rates: [Double]
    /// The rate that each group started from.
    public var initialRates: [Double]
  }

  /// The state now. Setting it is ``load(_:)``, which can fail.
  public var state: State {
    try? settle()
    var tensors: [(name: String, tensor: Tensor)] = []
    for group in groups {
      for slot in group.slots {
        for (name, tensor) in zip(group.rule.stateNames, slot.state) {
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

  /// Takes over a state that `state` gave: of the same kind of optimizer, for a model with the same
  /// parameters.
  ///
  /// - Throws: `TensorError` that names the parameter that is missing, unexpected or of another
  ///   shape; the optimizer is then what it was.
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
    let paths = Set(slots.map(\.name))
    if let other = numbers.updateCounts.keys.filter({ !paths.contains($0) }).min() {
      throw mismatch(
        "the state has \(other), which the model does not", "load the state of the same model")
    }
    var tensors = Dictionary(state.tensors) { first, _ in first }
    var loaded: [(slot: Slot, state: [Tensor], count: Int)] = []
    for group in groups {
      for slot in group.slots {
        guard let count = numbers.updateCounts[slot.name], count >= 0 else {
          throw mismatch(
            "the state has nothing of \(slot.name)", "load the state of the same model")
        }
        var kept: [Tensor] = []
        for name in group.rule.stateNames {
          let path = "\(slot.name).\(name)"
          guard let tensor = tensors.removeValue(forKey: path) else {
            if count == 0 { continue }
            throw mismatch("the state lacks \(path)", "save it with the same settings")
          }
          try check(tensor, path, against: slot)
          kept.append(tensor.detached().to(slot.parameter.value.device))
        }
        if kept.count != group.rule.stateNames.count { kept = [] }
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

  private func check(_ tensor: Tensor, _ path: String, against slot: Slot) throws(TensorError) {
    if let error = tensor.error { throw error }
    let weight = slot.parameter.value
    if tensor.shape == weight.shape, tensor.dtype == weight.dtype { return }
    throw TensorError(
      name, "\(path) does not look like its parameter",
      operands: [("state", tensor.signature), ("parameter", weight.signature)],
      help: "load the state of the same model")
  }

  private func mismatch(_ rule: String, _ help: String) -> TensorError {
    TensorError(name, rule, help: help)
  }
}
