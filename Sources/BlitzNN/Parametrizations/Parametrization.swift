import BlitzTensor

/// How a parameter is computed from what is trained in its place, as one registers it with
/// `torch.nn.utils.parametrize`.
///
///     struct Symmetric: Parametrization {
///       func value(of originals: [Tensor]) -> Tensor {
///         originals[0].triu() + originals[0].triu(diagonal: 1).transposed()
///       }
///     }
///     let layer = Linear(3, 3).parametrized(by: Symmetric())   // layer.weight is symmetric now
///
/// Its buffers and its mode belong to the module, under PyTorch's names.
public protocol Parametrization: Module, Sendable {
  /// The parameter's value; asked for at each use of the parameter.
  ///
  /// - Parameter originals: what is trained, as many tensors as ``originals(of:)`` gives.
  func value(of originals: [Tensor]) -> Tensor

  /// What gives a value: PyTorch's `right_inverse`. The value itself, unless a type says otherwise.
  func originals(of value: Tensor) -> [Tensor]
}

extension Parametrization {
  /// The value itself.
  public func originals(of value: Tensor) -> [Tensor] { [value] }
}

/// What is trained in a parameter's place, and how its value comes of it.
struct Parametrized: Sendable {
  let originals: [Parameter]
  /// The first is given the originals, each other one what the one before it gives.
  let steps: [any Parametrization]

  /// A step behind those that are there, with the value that the parameter has.
  init(_ value: Tensor, _ before: Parametrized?, by step: any Parametrization) {
    steps = (before?.steps ?? []) + [step]
    originals =
      before?.originals ?? step.originals(of: value.detached()).map { Parameter($0) }
  }

  /// The value, of the shape that the parameter had before.
  func value(like before: Tensor) -> Tensor {
    var values = originals.map(\.value)
    for step in steps { values = [step.value(of: values)] }
    let value = values[0]
    if value.error != nil || before.error != nil || value.shape == before.shape { return value }
    return Tensor(
      error: TensorError(
        "parametrized", "the value has the shape \(value.shape), the parameter \(before.shape)",
        operands: [("value", value.signature)],
        help: "give a value of the parameter's shape"))
  }

  /// Changes the originals so that the parameter has a value.
  func set(_ value: Tensor) {
    let found = steps.reversed().reduce([value]) { $1.originals(of: $0[0]) }
    for (original, value) in zip(originals, found) { original.value = value }
  }

  /// The parts under PyTorch's names.
  var members: [(name: String, value: Any)] {
    let names = originals.count == 1 ? ["original"] : originals.indices.map { "original\($0)" }
    return Array(zip(names, originals as [Any])) + steps.enumerated().map { ("\($0)", $1) }
  }
}

extension Module {
  /// Computes a parameter from what is trained in its place: `register_parametrization`.
  ///
  /// The trained tensors take the parameter's place in ``parameters`` and in files, as
  /// `parametrizations.weight.original`; make the optimizer afterwards. A parameter may have
  /// several parametrizations, of which each takes what the one before gives.
  ///
  /// - Parameters:
  ///   - name: the parameter's name, as ``parameters`` has it.
  ///   - parametrization: what gives a tensor of the parameter's shape.
  /// - Returns: the module itself, for `let layer = Linear(3, 3).parametrized(by: Symmetric())`.
  /// - Error: a name that is not there: all parameters carry it. Another shape or dtype: the
  ///   parameter does.
  @discardableResult
  public func parametrized(
    _ name: String = "weight", by parametrization: some Parametrization
  ) -> Self {
    change(name, "parametrized") { parameter, _ in parameter.parametrize(by: parametrization) }
  }

  /// The same by a function of the original: `parametrized { $0.tanh() }`.
  ///
  /// - Parameters:
  ///   - name: the parameter's name, as ``parameters`` has it.
  ///   - value: the parameter's value from the original, of the same shape.
  @discardableResult
  public func parametrized(
    _ name: String = "weight", by value: @escaping @Sendable (_ original: Tensor) -> Tensor
  ) -> Self {
    parametrized(name, by: ParametrizationByFunction(function: value))
  }

  /// Makes a parameter one that is trained itself again, with the value that it has:
  /// `remove_parametrizations`.
  ///
  /// - Parameter name: the parameter's name: `weight`, or `fc1.weight`.
  /// - Returns: the module itself.
  /// - Error: a name that is not there: all parameters carry it.
  @discardableResult
  public func withoutParametrizations(_ name: String = "weight") -> Self {
    change(name, "withoutParametrizations") { parameter, _ in parameter.parametrize(by: nil) }
  }

  /// Changes the parameter of a name; if there is none, all parameters tell.
  func change(
    _ name: String, _ op: String, _ body: (Parameter, _ owner: any Module) -> Void
  ) -> Self {
    let found = ModuleWalk(self, seesOriginals: false)
    var owner: any Module = self
    for (path, part) in found.parts {
      if case .module(let module) = part, name.hasPrefix(path.isEmpty ? "" : path + ".") {
        owner = module
      }
      guard case .parameter(let parameter) = part, path == name else { continue }
      body(parameter, owner)
      return self
    }
    let names = parameters.map(\.name)
    let error = TensorError(
      op, "there is no parameter \(name)", operands: [("module", "\(type(of: self))")],
      help: "give one of \(names.joined(separator: ", "))")
    for (_, parameter) in parameters { parameter.value = Tensor(error: error) }
    return self
  }
}

/// A parametrization that is a function.
private struct ParametrizationByFunction: Parametrization {
  let function: @Sendable (Tensor) -> Tensor

  func value(of originals: [Tensor]) -> Tensor { function(originals[0]) }
}
