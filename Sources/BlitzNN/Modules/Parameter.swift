import BlitzTensor

/// A tensor of a module that training changes.
///
///     struct Scale: Layer {
///       @Parameter var factor = Tensor.ones([3])
///       func forward(_ input: Tensor) -> Tensor { input * factor }
///     }
///
/// The wrapper is a reference: copies of a module share their parameters, as in PyTorch, and an
/// optimizer changes them in place. The tensor in it is always a leaf that requires its gradient,
/// unless ``isFrozen``. A parameter that may be missing is written `var _bias: Parameter?`.
@propertyWrapper
public final class Parameter: Sendable {
  /// The name under which the parameter is saved, if it is not that of the property.
  public let name: String?
  private let content: Lock<Content>

  private struct Content: Sendable {
    /// The leaf; where the tensor comes from elsewhere, nothing of use but its shape.
    var value: Tensor
    var isFrozen = false
    var source: Source?
  }

  /// Where the tensor comes from if it is not a leaf. A pointer, as leaves are read at every step.
  private indirect enum Source: Sendable {
    /// The weights as whole numbers.
    case quantized(QuantizedWeight)
    /// What is trained in its place.
    case parametrized(Parametrized)
  }

  /// Makes a parameter with an initial value.
  ///
  /// - Parameters:
  ///   - value: the initial value, of a floating dtype; with another dtype the parameter carries an
  ///     error.
  ///   - name: the name under which it is saved; that of the property in snake case if nil.
  public init(wrappedValue value: Tensor, name: String? = nil) {
    self.name = name
    content = Lock(Content(value: value.detached().requiringGrad()))
  }

  /// Makes a parameter with an initial value.
  public convenience init(_ value: Tensor, name: String? = nil) {
    self.init(wrappedValue: value, name: name)
  }

  /// The tensor, a leaf; of quantised weights what they stand for; or computed from what is trained
  /// in its place (see ``Parametrization``). Setting it makes a new leaf, and floats of quantised
  /// weights.
  public var wrappedValue: Tensor {
    @inline(never)
    get {
      let (value, source) = content.withLock { ($0.value, $0.source) }
      return switch source {
      case nil: value
      case .quantized(let weight): weight.weight
      case .parametrized(let content): content.value(like: value)
      }
    }
    @inline(never)
    set {
      if let parametrized { return parametrized.set(newValue) }
      content.withLock { content in
        content.source = nil
        let isLeaf = newValue.requiresGrad && newValue.isLeaf
        content.value =
          content.isFrozen
          ? newValue.detached() : isLeaf ? newValue : newValue.detached().requiringGrad()
      }
    }
  }

  /// The tensor: ``wrappedValue``, for a parameter that is not a property wrapper.
  public var value: Tensor {
    get { wrappedValue }
    set { wrappedValue = newValue }
  }

  /// The parameter itself, `module.$weight`.
  public var projectedValue: Parameter { self }

  /// Whether training leaves the parameter alone, PyTorch's `requires_grad = False`.
  public var isFrozen: Bool {
    get { parametrized?.originals.allSatisfy(\.isFrozen) ?? content.withLock { $0.isFrozen } }
    set {
      if let parametrized {
        for original in parametrized.originals { original.isFrozen = newValue }
        return
      }
      content.withLock { content in
        if content.isFrozen == newValue { return }
        if case .quantized = content.source {
          content.source = nil
          content.value = Tensor(
            error: .quantized("Parameter", "quantised weights are not trained"))
          return
        }
        content.isFrozen = newValue
        let value = content.value.detached()
        content.value = newValue ? value : value.requiringGrad()
      }
    }
  }

  /// The weights as whole numbers, if they are. Setting them freezes the parameter.
  var quantized: QuantizedWeight? {
    get { if case .quantized(let weight) = content.withLock({ $0.source }) { weight } else { nil } }
    set {
      content.withLock { content in
        guard let newValue else { return content.source = nil }
        content = Content(value: Tensor(0), isFrozen: true, source: .quantized(newValue))
      }
    }
  }

  /// Puts the weights on a device.
  func move(to device: Device) {
    if let old = quantized {
      quantized = QuantizedWeight(
        values: old.values.to(device), scales: old.scales.to(device),
        inputScale: old.inputScale?.to(device))
    } else {
      value = value.detached().to(device)
    }
  }

  /// Removes the gradient.
  public func zeroGrad() {
    if let parametrized { return parametrized.originals.forEach { $0.zeroGrad() } }
    if quantized == nil { wrappedValue.zeroGrad() }
  }

  /// What is trained in this one's place, if it is computed.
  var parametrized: Parametrized? {
    if case .parametrized(let parts) = content.withLock({ $0.source }) { parts } else { nil }
  }

  /// Computes the tensor by a further step from what is trained in its place, or, of nil, makes it
  /// a leaf again.
  func parametrize(by step: (any Parametrization)?) {
    let (value, isFrozen) = (wrappedValue, isFrozen)
    let new = step.map { Parametrized(value, parametrized, by: $0) }
    content.withLock {
      $0 = Content(value: value.detached(), source: new.map { .parametrized($0) })
    }
    if new == nil { self.value = value }
    if isFrozen { self.isFrozen = true }
  }
}

extension TensorError {
  /// Why a quantised model is not trained.
  static func quantized(_ op: String, _ what: String) -> TensorError {
    TensorError(
      op, "\(what): whole numbers have no gradient",
      help: "train the model, then call quantized(); load the float32 weights to go on training")
  }
}

/// A tensor of a module that is saved with it and that no gradient changes, such as
/// a running mean.
///
/// A reference, as ``Parameter`` is.
@propertyWrapper
public final class Buffer: Sendable {
  /// The name under which the buffer is saved, if it is not that of the property.
  public let name: String?
  private let content: Lock<Tensor>

  /// Makes a buffer with an initial value, of any dtype.
  public init(wrappedValue value: Tensor, name: String? = nil) {
    self.name = name
    content = Lock(value.detached())
  }

  /// The tensor, without a gradient.
  public var wrappedValue: Tensor {
    @inline(never)
    get { content.withLock { $0 } }
    @inline(never)
    set { content.withLock { $0 = newValue.detached() } }
  }

  /// The buffer itself, `module.$runningMean`.
  public var projectedValue: Buffer { self }
}

/// Whether a module is in training or evaluation mode, which dropout and batch normalisation read.
///
/// It is a reference: copies of a module share it. `model.train()` and `model.eval()` set it.
public final class Mode: Sendable {
  private let content = Lock(true)

  /// Makes a mode that is in training.
  public init() {}

  /// True in training mode, in which modules start.
  public var isTraining: Bool {
    get { content.withLock { $0 } }
    set { content.withLock { $0 = newValue } }
  }
}
