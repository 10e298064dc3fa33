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
    var value: Tensor
    var isFrozen = false
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

  /// The tensor, a leaf. Setting it makes a new leaf.
  public var wrappedValue: Tensor {
    get { content.withLock { $0.value } }
    set {
      content.withLock { content in
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
    get { content.withLock { $0.isFrozen } }
    set {
      content.withLock { content in
        if content.isFrozen == newValue { return }
        content.isFrozen = newValue
        let value = content.value.detached()
        content.value = newValue ? value : value.requiringGrad()
      }
    }
  }

  /// Removes the gradient.
  public func zeroGrad() { wrappedValue.zeroGrad() }
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
    get { content.withLock { $0 } }
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
