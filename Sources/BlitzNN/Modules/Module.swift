import BlitzTensor

/// A part of a network: a struct or class whose properties hold parameters and other modules.
///
///     struct Net: Layer {
///       let fc1 = Linear(784, 256)
///       let fc2 = Linear(256, 10)
///       func forward(_ input: Tensor) -> Tensor { fc2(fc1(input).relu()) }
///     }
///     let names = Net().parameters.map(\.name)   // fc1.weight, fc1.bias, fc2.weight, fc2.bias
///
/// Parameters are found by themselves: in properties, nested modules, arrays, dictionaries, tuples
/// and optionals. Their names are PyTorch's: the properties' names in snake case, joined by dots.
/// A module of one tensor is a ``Layer``; one with other arguments writes its own
/// `callAsFunction`.
public protocol Module {
  /// What the module is made of, by name; found by reflection unless a module says otherwise.
  var members: [(name: String, value: Any)] { get }
}

extension Module {
  /// The module's properties, those of superclasses first, each with its name in snake case.
  public var members: [(name: String, value: Any)] { ModuleWalk.properties(of: self) }

  /// Every parameter, once, in the order of declaration; `name` is the path that
  /// PyTorch's `named_parameters()` gives.
  public var parameters: [(name: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return ModuleWalk(self).parts.compactMap { path, part in
      guard case .parameter(let parameter) = part,
        seen.insert(ObjectIdentifier(parameter)).inserted
      else { return nil }
      return (path, parameter)
    }
  }

  /// Every buffer, once, in the order of declaration.
  public var buffers: [(name: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    return ModuleWalk(self).parts.compactMap { path, part in
      guard case .buffer(let buffer) = part, seen.insert(ObjectIdentifier(buffer)).inserted
      else { return nil }
      return (path, buffer)
    }
  }

  /// How many numbers training changes: the elements of all parameters that are not frozen.
  public var parameterCount: Int {
    parameters.reduce(0) { $1.parameter.isFrozen ? $0 : $0 + $1.parameter.value.elementCount }
  }

  /// Sets every part of the module to training: dropout drops, batch normalisation learns.
  public func train() { setTraining(true) }

  /// Sets every part of the module to use.
  public func eval() { setTraining(false) }

  private func setTraining(_ isTraining: Bool) {
    for case (_, .mode(let mode)) in ModuleWalk(self).parts { mode.isTraining = isTraining }
  }

  /// Changes the dtype of every parameter and every floating buffer, as PyTorch's `double()` does.
  ///
  /// - Parameter dtype: a floating one; with another, parameters carry an error from then on.
  public func cast(to dtype: DType) {
    for (_, parameter) in parameters { parameter.value = parameter.value.cast(to: dtype) }
    for (_, buffer) in buffers where buffer.wrappedValue.dtype.isFloating {
      buffer.wrappedValue = buffer.wrappedValue.cast(to: dtype)
    }
  }

  /// Moves every parameter and every buffer to a device, as PyTorch's `to(device)` does; a new
  /// optimizer keeps its state there.
  ///
  ///     let model = Net()
  ///     model.to(.cuda)
  ///
  /// - Parameter device: one that is there; with another, parameters carry the error from then on.
  public func to(_ device: Device) {
    for (_, parameter) in parameters {
      parameter.value = parameter.value.detached().to(device)
    }
    for (_, buffer) in buffers { buffer.wrappedValue = buffer.wrappedValue.to(device) }
  }

  /// Tensors that require their gradient but are not a ``Parameter``, with their paths: no
  /// optimizer finds them.
  var strayLeaves: [(path: String, tensor: Tensor)] {
    ModuleWalk(self).parts.compactMap { path, part in
      if case .strayLeaf(let tensor) = part { (path, tensor) } else { nil }
    }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() {
    for (_, parameter) in parameters { parameter.zeroGrad() }
  }
}
