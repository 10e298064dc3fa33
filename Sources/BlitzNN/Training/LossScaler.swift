import BlitzTensor

/// Keeps float16 gradients from vanishing: the loss is multiplied by a large number before the
/// reverse walk, the gradients of the float32 weights are divided by it before the update.
///
///     let scaler = LossScaler()
///     for (x, y) in batches {
///       let loss = autocast(to: .float16) { crossEntropy(logits: model(x), labels: y) }
///       try scaler.scale(loss).backward()
///       try scaler.step(optimizer)
///     }
///
/// Where a gradient overflows, the step is skipped: weights and the optimizer's state stay what
/// they are, and the factor is halved. After many good steps in a row it is doubled. The rule and
/// the numbers are those of PyTorch's `GradScaler`; `step` does what its `step` and `update` do.
///
/// A step reads one number. With `compile(model, optimizer, scaler: scaler)` the choice is part of
/// the plan: the number is read when the next step begins. bfloat16 has the range of float32 and
/// needs no scaler.
public final class LossScaler {
  /// What the factor is multiplied by after `growthInterval` good steps.
  public let growthFactor: Double
  /// What it is multiplied by after a step that was skipped.
  public let backoffFactor: Double
  /// How many good steps in a row it takes to grow.
  public let growthInterval: Int

  /// The factor, float32[], and the good steps since it changed, int64[].
  var tensors: [Tensor]
  /// Whether the gradients that `unscale(_:)` divided were finite, and whose they are.
  private var unscaled: (optimizer: ObjectIdentifier, isFinite: Tensor)?
  private let failure: TensorError?

  /// A scaler that starts with a factor.
  ///
  /// A setting out of range is an error that the first step throws.
  ///
  /// - Parameters:
  ///   - initialScale: the first factor, above 0.
  ///   - growthFactor: above 1.
  ///   - backoffFactor: above 0, below 1.
  ///   - growthInterval: 1 or more.
  public init(
    initialScale: Double = 65536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
    growthInterval: Int = 2000
  ) {
    self.growthFactor = growthFactor
    self.backoffFactor = backoffFactor
    self.growthInterval = growthInterval
    tensors = LossScaler.tensors(scale: initialScale, goodSteps: 0)
    let wrong: (String, Double, String)? =
      !(initialScale > 0 && initialScale.isFinite)
      ? ("initialScale", initialScale, "a finite number above 0")
      : !(growthFactor > 1 && growthFactor.isFinite)
        ? ("growthFactor", growthFactor, "a finite number above 1")
        : !(backoffFactor > 0 && backoffFactor < 1)
          ? ("backoffFactor", backoffFactor, "a number above 0, below 1")
          : growthInterval < 1
            ? ("growthInterval", Double(growthInterval), "a whole number from 1 on") : nil
    failure = wrong.map { TensorError("LossScaler", "\($0) is \($1)", help: "write \($2)") }
  }

  private static func tensors(scale: Double, goodSteps: Int) -> [Tensor] {
    // In memory, not numbers of plans: a compiled step changes them.
    [Tensor([Float(scale)]).reshaped(to: []), Tensor([goodSteps]).reshaped(to: [])]
  }

  /// The loss times the factor: what `backward()` is called on.
  ///
  /// - Parameter loss: a single number, or anything else that has a gradient.
  /// - Returns: the same shape and dtype; halves become float32.
  public func scale(_ loss: Tensor) -> Tensor {
    if let failure { return Tensor(error: failure) }
    let loss = loss.widened
    follow(to: loss.device)
    return loss * tensors[0].cast(to: loss.dtype)
  }

  /// Keeps the factor where the network is.
  func follow(to device: Device) {
    if tensors[0].device != device { tensors = tensors.map { $0.to(device) } }
  }

  /// Divides the optimizer's gradients by the factor, for clipping them before ``step(_:)``.
  ///
  ///     try scaler.scale(loss).backward()
  ///     try scaler.unscale(optimizer)
  ///     optimizer.clipGradients(norm: 1)
  ///     try scaler.step(optimizer)
  ///
  /// It builds the graph only.
  ///
  /// - Throws: `TensorError` if it was called since the last step, or if weights are float16: their
  ///   gradients have overflowed or vanished before they could be divided.
  public func unscale(_ optimizer: Optimizer) throws(TensorError) {
    if let failure { throw failure }
    if unscaled?.optimizer == ObjectIdentifier(optimizer) {
      throw TensorError(
        "LossScaler", "the gradients have been divided already",
        help: "call unscale once for each step, before clipping")
    }
    try optimizer.checkGradients()
    let leaves = optimizer.slots.map { (name: $0.name, tensor: $0.parameter.value) }
      .filter(\.tensor.hasGrad)
    if let (name, tensor) = leaves.first(where: { $0.tensor.dtype == .float16 }) {
      throw TensorError(
        "LossScaler", "\(name) is float16", operands: [("parameter", tensor.signature)],
        help: "keep weights float32 and compute the loss in autocast(to: .float16) { ... }")
    }
    let isFinite = noGrad {
      let inverse = 1 / tensors[0].cast(to: .float64)
      let flags = leaves.map { leaf -> Tensor in
        var tensor = leaf.tensor
        let gradient = tensor.grad
        tensor.grad = gradient * inverse.cast(to: gradient.dtype)
        return gradient.isFinite().all()
      }
      return flags.count == 1 ? flags[0] : stack(flags).all()
    }
    unscaled = (ObjectIdentifier(optimizer), isFinite)
  }

  /// Divides the gradients, makes the optimizer's step if all of them are finite, and changes the
  /// factor by how it went. After an overflow the gradients are forgotten.
  ///
  /// A scaler serves one optimizer: each step counts.
  ///
  /// - Returns: whether the step was made.
  /// - Throws: what `optimizer.step()` throws.
  @discardableResult
  public func step(_ optimizer: Optimizer) throws(TensorError) -> Bool {
    try optimizer.checkSettings()
    let flag = try unscaledFlag(optimizer)
    let gradients = optimizer.slots.map(\.parameter.value).filter(\.hasGrad).map(\.grad)
    try eval([flag] + gradients + optimizer.unreadLosses() + optimizer.buffers.map(\.wrappedValue))
    let isFinite = try flag.cast(to: .float32).item() != 0
    if isFinite { try optimizer.step() } else { optimizer.zeroGrad() }
    tensors = updated(flag)
    try eval(tensors)
    return isFinite
  }

  /// Whether all gradients are finite, which are divided now if they have not been.
  func unscaledFlag(_ optimizer: Optimizer) throws(TensorError) -> Tensor {
    if unscaled?.optimizer != ObjectIdentifier(optimizer) { try unscale(optimizer) }
    defer { unscaled = nil }
    return unscaled!.isFinite
  }

  /// The factor and the count after a step.
  func updated(_ isFinite: Tensor) -> [Tensor] {
    noGrad {
      let (scale, count) = (tensors[0], tensors[1] + 1)
      let grown = scale * growthFactor
      let grows = count .== growthInterval
      let good = Tensor.where(grows .& grown.isFinite(), grown, scale)
      return [
        Tensor.where(isFinite, good, scale * backoffFactor),
        Tensor.where(isFinite, Tensor.where(grows, 0, count), 0),
      ]
    }
  }

  // MARK: State

  /// What a scaler needs to go on: for `Checkpoint.set(_:as:)`.
  public struct State: Codable, Sendable, Hashable {
    /// The factor.
    public var scale: Double
    /// The good steps since it changed.
    public var goodSteps: Int
  }

  /// The state now; reads two numbers.
  ///
  /// - Throws: `TensorError` if they cannot be computed.
  public func state() throws(TensorError) -> State {
    State(scale: try tensors[0].item(), goodSteps: try tensors[1].item(as: Int.self))
  }

  /// Goes on where `state()` was taken.
  ///
  /// - Throws: `TensorError` for a factor that is not above 0 or a count below 0.
  public func load(_ state: State) throws(TensorError) {
    guard state.scale > 0, state.scale.isFinite, state.goodSteps >= 0 else {
      throw TensorError(
        "LossScaler", "the state has scale \(state.scale) and \(state.goodSteps) good steps",
        help: "load what state() gave")
    }
    tensors = LossScaler.tensors(scale: state.scale, goodSteps: state.goodSteps)
  }
}
