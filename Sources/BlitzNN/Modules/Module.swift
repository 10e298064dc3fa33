import BlitzTensor

/// A part of a network, `torch.nn.Module`: a struct or class whose properties hold parameters and
/// other modules.
///
///     struct Net: Layer {
///       let fc1 = Linear(784, 256)
///       let fc2 = Linear(256, 10)
///       func forward(_ input: Tensor) -> Tensor { fc2(fc1(input).relu()) }
///     }
///     let names = Net().parameters.map(\.name)   // fc1.weight, fc1.bias, fc2.weight, fc2.bias
///
/// Parameters need no registering: they are found in properties, nested modules, arrays,
/// dictionaries, tuples and optionals. Their names are PyTorch's: the names of the properties in
/// snake case, joined by dots. A module that turns one tensor into one is a ``Layer``; one with
/// other arguments declares its own `callAsFunction`.
public protocol Module: CustomStringConvertible {
  /// The parts of the module by name; found by reflection unless a module declares them.
  var members: [(name: String, value: Any)] { get }
}

extension Module {
  /// The properties of the module, those of superclasses first, with their names in snake case.
  public var members: [(name: String, value: Any)] { ModuleWalk.properties(of: self) }

  /// All parameters, each once, in the order of declaration; `name` is the path that PyTorch's
  /// `named_parameters()` gives.
  public var parameters: [(name: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return ModuleWalk(self).parts.compactMap { path, part in
      guard case .parameter(let parameter) = part,
        seen.insert(ObjectIdentifier(parameter)).inserted
      else { return nil }
      return (path, parameter)
    }
  }

  /// All buffers, each once, in the order of declaration.
  public var buffers: [(name: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    return ModuleWalk(self).parts.compactMap { path, part in
      guard case .buffer(let buffer) = part, seen.insert(ObjectIdentifier(buffer)).inserted
      else { return nil }
      return (path, buffer)
    }
  }

  /// The number of trainable elements: those of all parameters that are not frozen.
  public var parameterCount: Int {
    parameters.reduce(0) { $1.parameter.isFrozen ? $0 : $0 + $1.parameter.value.elementCount }
  }

  /// Puts all parts of the module in training mode: dropout drops, batch normalisation learns.
  public func train() { setTraining(true) }

  /// Puts all parts of the module in evaluation mode: nothing is dropped, statistics stay.
  public func eval() { setTraining(false) }

  /// Runs `body` while all parts are in evaluation mode; afterwards each is in its own again.
  package func evaluating<R>(_ body: () throws -> R) rethrows -> R {
    let modes = ModuleWalk(self).parts.compactMap { _, part in
      if case .mode(let mode) = part { mode } else { nil }
    }
    let before = modes.map(\.isTraining)
    for mode in modes { mode.isTraining = false }
    defer { for (mode, isTraining) in zip(modes, before) { mode.isTraining = isTraining } }
    return try body()
  }

  private func setTraining(_ isTraining: Bool) {
    for case (_, .mode(let mode)) in ModuleWalk(self).parts { mode.isTraining = isTraining }
  }

  /// Changes the dtype of every parameter and every floating buffer, as PyTorch's `double()` does.
  ///
  /// - Parameter dtype: a floating dtype; with another, the parameters carry an error afterwards.
  public func cast(to dtype: DType) {
    for (name, parameter) in parameters {
      if parameter.quantized != nil, dtype != .float32 {
        parameter.value = Tensor(
          error: TensorError(
            "cast", "\(name) is quantised, which answers float32",
            operands: [("dtype", "\(dtype)")],
            help: "load the float32 weights, then cast the model"))
      } else if parameter.quantized == nil {
        parameter.value = parameter.value.cast(to: dtype)
      }
    }
    for (_, buffer) in buffers where buffer.wrappedValue.dtype.isFloating {
      buffer.wrappedValue = buffer.wrappedValue.cast(to: dtype)
    }
  }

  /// Moves all parameters and buffers to a device, as PyTorch's `to(device)` does. Make the
  /// optimizer afterwards, so that its state is there too.
  ///
  ///     let model = Net()
  ///     model.to(.cuda)
  ///
  /// - Parameter device: a device of this machine; with another, the parameters carry an error
  ///   afterwards.
  /// - Returns: the module itself, for `let model = Net().to(.cuda)`.
  @discardableResult
  public func to(_ device: Device) -> Self {
    for (_, parameter) in parameters { parameter.move(to: device) }
    for (_, buffer) in buffers { buffer.wrappedValue = buffer.wrappedValue.to(device) }
    return self
  }

  /// Tensors that require their gradient but are not a ``Parameter``, with their paths: no
  /// optimizer finds them.
  var strayLeaves: [(path: String, tensor: Tensor)] {
    ModuleWalk(self).parts.compactMap { path, part in
      if case .strayLeaf(let tensor) = part { (path, tensor) } else { nil }
    }
  }

  /// Removes the gradients of all parameters.
  public func zeroGrad() {
    for (_, parameter) in parameters { parameter.zeroGrad() }
  }
}
