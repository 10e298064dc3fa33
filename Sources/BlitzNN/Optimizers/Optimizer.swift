import BlitzTensor

/// Updates a model's parameters from their gradients, `torch.optim.Optimizer`.
///
///     let optimizer = Adam(model, rate: 1e-3)
///     for (x, y) in batches {
///       let loss = crossEntropy(logits: model(x), labels: y)
///       try loss.backward()
///       try optimizer.step()
///       print(try loss.item())
///     }
///
/// The loop needs no `zeroGrad()`: `step()` puts new leaves in the parameters, which have no
/// gradients yet. To add up the gradients of several batches, call `backward(accumulate: true)` for
/// each and `step()` after the last. `zeroGrad()` drops gradients that no step is to use; another
/// `backward()` while there are unused gradients is an error.
///
/// The initialiser does not throw: `step()` throws if there is something wrong with the model or a
/// setting. Settings and arithmetic are PyTorch's.
public class Optimizer: CustomStringConvertible {
  /// The optimizer's name in error messages, `Adam`.
  public let name: String
  /// The groups of parameters, each with its settings, in the order given.
  public internal(set) var groups: [Group]
  /// The number of steps made, without those that a ``LossScaler`` skipped. On an accelerator,
  /// reading it waits for compiled steps with a scaler that are under way.
  public var stepCount: Int {
    // What went wrong on the device is thrown by the next step.
    try? settle()
    return madeCount
  }
  /// The same, with steps that may turn out to have been skipped.
  var madeCount = 0
  /// For compiled calls with a scaler, which steps had finite gradients, and the places of the
  /// parameters that they updated.
  var unread: [(isFinite: Tensor, updated: [Int])] = []
  /// Whether each step also computes the largest absolute value of each gradient, for
  /// ``checkFinite(_:age:)``. It costs one more pass over the gradients.
  public var watchesGradients = false
  /// Whether steps go up instead of down, so that what is differentiated becomes as large as it
  /// can; `maximize` in PyTorch. Weights decay all the same.
  public var maximizes = false
  /// The largest absolute value of each gradient of the last steps, the latest first.
  var gradientSizes: [Tensor] = []

  let allowUnused: Bool
  let buffers: [Buffer]
  private let failure: TensorError?

  /// Parameters with the same settings.
  public struct Group {
    var rule: any UpdateRule
    let slots: [Slot]
    /// The rate that the group started with, on which schedules are based.
    public var initialRate: Double

    /// The step size; `lr` in PyTorch.
    public var rate: Double {
      get { rule.rate }
      set { rule.rate = newValue }
    }
    /// How much of the last direction is kept: `momentum`, or Adam's `beta1`; nil if the rule has
    /// neither. Setting it then does nothing.
    public var momentum: Double? {
      get { (rule as? any MomentumRule)?.direction }
      set {
        guard let newValue, var changed = rule as? any MomentumRule else { return }
        changed.direction = newValue
        rule = changed
      }
    }
    /// The paths of the parameters in the model.
    public var parameterNames: [String] { slots.map(\.name) }
  }

  /// A parameter, and what the optimizer keeps for it.
  final class Slot {
    let name: String
    let parameter: Parameter
    /// Empty until the first update.
    var state: [Tensor] = []
    /// How many updates there have been.
    var count = 0

    init(name: String, parameter: Parameter) {
      self.name = name
      self.parameter = parameter
    }

    /// The dtype of an update's scalars: halves are updated in float32.
    var scalarDType: DType {
      let dtype = parameter.value.dtype
      return dtype.isHalf ? .float32 : dtype
    }
  }

  /// Makes an optimizer of groups of parameters.
  ///
  /// - Parameters:
  ///   - groups: a parameter may be in one of them only.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public init<Rule: UpdateRule>(groups: [ParameterGroup<Rule>], allowUnused: Bool = false) {
    name = Rule.name
    self.allowUnused = allowUnused
    // Parts of a model that are given one by one can share paths.
    let paths = groups.flatMap { $0.parameters.map(\.name) }
    let isUnique = Set(paths).count == paths.count
    self.groups = groups.enumerated().map { index, group in
      Group(
        rule: group.rule,
        slots: group.parameters.map { path, parameter in
          Slot(name: isUnique ? path : "group\(index).\(path)", parameter: parameter)
        }, initialRate: group.rule.rate)
    }
    buffers = groups.flatMap(\.buffers)
    failure = Optimizer.failure(Rule.name, self.groups, strays: groups.flatMap(\.strays))
  }

  /// Makes an optimizer of all parameters of a model.
  public convenience init<Rule: UpdateRule>(
    _ model: any Module, _ rule: Rule, allowUnused: Bool = false
  ) {
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }

  /// The step size of the first group; setting it sets that of all groups. `lr` in PyTorch.
  public var rate: Double {
    get { groups.first?.rate ?? 0 }
    set { for index in groups.indices { groups[index].rate = newValue } }
  }

  /// The settings of each group, `Adam(rate: 0.001, beta1: 0.9, ...)`.
  public var description: String { groups.map(\.rule.text).joined(separator: "\n") }

  /// Removes the gradients of all parameters.
  public func zeroGrad() {
    for slot in slots { slot.parameter.zeroGrad() }
  }

  /// Updates every parameter that has a gradient, and computes it and the model's buffers. The
  /// graph of the step is dropped afterwards, so memory stays flat. A loss that is still held is
  /// computed by the same plan.
  ///
  /// - Throws: `TensorError` for a model without parameters, a setting out of range, no gradient at
  ///   all, a parameter without a gradient at the first step (unless `allowUnused`), a tensor that
  ///   requires its gradient outside `@Parameter`, or an error of the computation; parameters and
  ///   state are then unchanged.
  public func step() throws(TensorError) {
    try checkSettings()
    try settle()
    try checkGradients()
    let before = slots.map { Kept(slot: $0) }
    let sizes = sizes()
    do throws(TensorError) {
      let roots = unreadLosses() + sizes
      try prepareState()
      // One tensor for all parameters that share a scalar.
      var scalars: [ScalarSet: [DType: [Tensor]]] = [:]
      try advance { slot, set in
        let dtype = slot.scalarDType
        if let known = scalars[set]?[dtype] { return known }
        let made = self.groups[set.group].rule.scalarValues(step: set.step)
          .map { Tensor.argument($0, dtype) }
        scalars[set, default: [:]][dtype] = made
        return made
      }
      // Buffers too: running means would otherwise stay a chain that grows with every step.
      try eval(
        roots + slots.flatMap { [$0.parameter.value] + $0.state } + buffers.map(\.wrappedValue))
    } catch {
      for kept in before { kept.restore() }
      throw error
    }
    keep(sizes)
    madeCount += 1
  }

  // MARK: For the compiled step too

  /// Takes back the counts of updates that were skipped: the bias corrections of the next ones
  /// depend on them.
  func settle() throws(TensorError) {
    if unread.isEmpty { return }
    let slots = slots
    while let (isFinite, updated) = unread.first {
      let made = Int(try isFinite.cast(to: .float64).sum().item())
      unread.removeFirst()
      let skipped = isFinite.elementCount - made
      for index in updated { slots[index].count -= skipped }
      madeCount -= skipped
    }
  }

  var slots: [Slot] { groups.flatMap(\.slots) }

  /// Which scalars an update uses: those of a group's rule at the weight's own count of updates.
  struct ScalarSet: Hashable {
    let group: Int
    let step: Int
  }

  /// What a slot holds, without holding it: an update in place needs that nobody does.
  struct Kept {
    let slot: Slot
    private let value: Unheld
    private let state: [Unheld]
    private let count: Int

    init(slot: Slot) {
      self.slot = slot
      value = Unheld(slot.parameter.value)
      state = slot.state.map(Unheld.init)
      count = slot.count
    }

    func restore() {
      slot.parameter.value = value.tensor
      slot.state = state.map(\.tensor)
      slot.count = count
    }
  }

  /// Puts updated tensors in the parameters that have a gradient; builds the graph only.
  func advance(_ scalars: (Slot, ScalarSet) -> [Tensor]) throws(TensorError) {
    for (index, group) in groups.enumerated() {
      for slot in group.slots where slot.parameter.value.hasGrad {
        slot.count += 1
        let scalars = scalars(slot, ScalarSet(group: index, step: slot.count))
        let weight = slot.parameter.value
        let updated = noGrad {
          Optimizer.updated(
            group.rule, weight, maximizes ? -weight.grad : weight.grad, state: slot.state, scalars)
        }
        if let error = ([updated.weight] + updated.state).lazy.compactMap(\.error).first {
          throw error
        }
        // Used up: whoever still holds the old leaf can call backward() on it again.
        weight.zeroGrad()
        slot.parameter.value = updated.weight
        slot.state = updated.state
      }
    }
  }

  /// One weight's update. Halves are computed in float32 and rounded once, as PyTorch's fused
  /// kernels do; the state is in the weight's dtype.
  private static func updated(
    _ rule: any UpdateRule, _ weight: Tensor, _ gradient: Tensor, state: [Tensor],
    _ scalars: [Tensor]
  ) -> (weight: Tensor, state: [Tensor]) {
    guard weight.dtype.isHalf else {
      return rule.update(weight, gradient: gradient, state: state, given: scalars)
    }
    let (new, kept) = rule.update(
      weight.widened, gradient: gradient.widened, state: state.map(\.widened), given: scalars)
    return (new.cast(to: weight.dtype), kept.map { $0.cast(to: weight.dtype) })
  }

  /// Makes the state of parameters that were never updated, in memory, so that the first step has
  /// the plan of all others.
  func prepareState() throws(TensorError) {
    var made: [Tensor] = []
    for group in groups {
      for slot in group.slots where slot.state.isEmpty && slot.parameter.value.requiresGrad {
        slot.state = noGrad { group.rule.initialState(of: slot.parameter.value.detached()) }
        made += slot.state
      }
    }
    if !made.isEmpty { try eval(made) }
  }

  /// Finds settings that an update cannot use, and what was wrong with the model.
  func checkSettings() throws(TensorError) {
    if let failure { throw failure }
    for group in groups {
      for range in group.rule.ranges {
        if let error = range.error(name) { throw error }
      }
      if let (problem, help) = group.rule.contradiction {
        throw TensorError(name, problem, help: help)
      }
    }
  }

  /// Finds parameters that a `backward()` has passed by.
  func checkGradients() throws(TensorError) {
    let trained = slots.filter { !$0.parameter.isFrozen }
    for slot in trained { if let error = slot.parameter.value.error { throw error } }
    let unused = trained.filter { !$0.parameter.value.hasGrad }
    if unused.count == trained.count {
      throw TensorError(
        name, "no parameter has a gradient",
        help: "call backward() on the loss before each step()")
    }
    if let first = unused.first, madeCount == 0, !allowUnused {
      let others = unused.count > 1 ? " (nor have \(unused.count - 1) others)" : ""
      throw TensorError(
        name, "\(first.name) got no gradient from backward()\(others)",
        operands: [("parameter", first.parameter.value.signature)],
        help: "use it in the model, freeze it with isFrozen = true, or write allowUnused: true")
    }
  }

  /// The losses whose gradients are used now and whose numbers somebody may still ask for.
  func unreadLosses() -> [Tensor] {
    Tensor.unreadResults(of: slots.map(\.parameter.value))
  }

  private static func failure(
    _ name: String, _ groups: [Group], strays: [(path: String, tensor: Tensor)]
  ) -> TensorError? {
    if let (path, tensor) = strays.first {
      return TensorError(
        name, "\(path) requires its gradient, but is not a parameter",
        operands: [(path, tensor.signature)],
        help: "declare it with @Parameter, or store tensor.detached()")
    }
    let slots = groups.flatMap(\.slots)
    if slots.isEmpty {
      return TensorError(
        name, "the model has no parameters",
        help: "declare weights with @Parameter, or use layers that have them, such as Linear")
    }
    if slots.contains(where: { $0.parameter.quantized != nil }) {
      return .quantized(name, "the model is quantised")
    }
    if slots.allSatisfy(\.parameter.isFrozen) {
      return TensorError(
        name, "all \(slots.count) parameters are frozen",
        help: "set isFrozen = false on those that are to be trained")
    }
    var seen: [ObjectIdentifier: String] = [:]
    for slot in slots {
      if let other = seen.updateValue(slot.name, forKey: ObjectIdentifier(slot.parameter)) {
        return TensorError(
          name, "a parameter is in two groups, as \(other) and as \(slot.name)",
          help: "filter model.parameters so that each is in one group")
      }
    }
    return nil
  }
}
