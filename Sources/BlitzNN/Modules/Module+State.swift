import BlitzTensor

extension Module {
  /// The parameters and buffers of the model, under the names of PyTorch's `state_dict()`. One that
  /// is in several places is listed under each of its names.
  ///
  /// The tensors are detached: later training does not change them.
  public var state: [(name: String, tensor: Tensor)] {
    entries().map { ($0.name, $0.tensor.detached()) }
  }

  /// Sets parameters and buffers from a saved model, PyTorch's `load_state_dict()`.
  ///
  ///     try model.load(file.tensors)
  ///
  /// Floating dtypes are cast to the model's: float16, bfloat16 and float64 to float32; the tensors
  /// move to the model's device. If anything does not fit, the model stays as it is. Weights that
  /// were saved quantised, as int8 with their `_scale`, quantise the model's; weights that were
  /// saved as floats make those floats again.
  ///
  /// - Parameters:
  ///   - tensors: the saved tensors, by the names of ``state``.
  ///   - strict: whether the names must be those of the model, no fewer and no more. If not, names
  ///     that only one side has are left out; a wrong shape is still an error, and so is a file of
  ///     which nothing fits.
  /// - Returns: the names that were left out; none if `strict`.
  /// - Throws: `StateError`, which lists every name that does not fit.
  @discardableResult
  public func load(
    _ tensors: [String: Tensor], strict: Bool = true
  ) throws(StateError) -> (missing: [String], unexpected: [String]) {
    let entries = entries(loading: tensors)
    var error = StateError()
    var taken: [(entry: StateEntry, tensor: Tensor)] = []
    for entry in entries {
      guard let tensor = tensors[entry.name] else {
        error.missing.append(entry.name)
        continue
      }
      if let problem = entry.problem(with: tensor) {
        error.unfit.append((entry.name, problem))
      } else {
        taken.append((entry, tensor))
      }
    }
    let names = Set(entries.map(\.name))
    error.unexpected = tensors.keys.filter { !names.contains($0) }.sorted()
    let isNothing = taken.isEmpty && !entries.isEmpty
    if !error.unfit.isEmpty || isNothing
      || (strict && !(error.missing.isEmpty && error.unexpected.isEmpty))
    {
      error.suggest(
        expected: entries.map(\.name), given: Array(tensors.keys), strict: strict || isNothing)
      throw error
    }
    for (entry, tensor) in taken {
      entry.set(tensor.detached().cast(to: entry.tensor.dtype).to(entry.tensor.device))
    }
    // What is not trained in part is not trained at all.
    let all = parameters.map(\.parameter)
    if all.contains(where: { $0.quantized != nil }) {
      for parameter in all { parameter.isFrozen = true }
    }
    return (error.missing, error.unexpected)
  }

  /// What is saved; with tensors what these are for, as floats and whole numbers differ.
  private func entries(loading tensors: [String: Tensor]? = nil) -> [StateEntry] {
    ModuleWalk(self).parts.flatMap { path, part -> [StateEntry] in
      switch part {
      case .parameter(let parameter):
        if let saved = QuantizedEntries(path, parameter, tensors) { return saved.entries }
        return [StateEntry(name: path, tensor: parameter.value) { parameter.value = $0 }]
      case .buffer(let buffer):
        return [StateEntry(name: path, tensor: buffer.wrappedValue) { buffer.wrappedValue = $0 }]
      case .mode, .module, .strayLeaf: return []
      }
    }
  }
}

/// A parameter's whole numbers and their scales, saved under its name and names made of it.
private struct QuantizedEntries {
  let entries: [StateEntry]

  /// - Parameter tensors: what is loaded; nil for what is there.
  init?(_ path: String, _ parameter: Parameter, _ tensors: [String: Tensor]?) {
    let (scale, inputScale) = ("\(path)_scale", "\(path)_input_scale")
    guard let tensors else {
      guard let weight = parameter.quantized else { return nil }
      let all = [(path, weight.values), (scale, weight.scales)]
      entries = (all + (weight.inputScale.map { [(inputScale, $0)] } ?? []))
        .map { StateEntry(name: $0, tensor: $1) { _ in } }
      return
    }
    let weight = parameter.value
    guard let values = tensors[path], values.dtype == .int8, let steps = tensors[scale],
      weight.error == nil, weight.rank > 0, weight.dtype == .float32
    else { return nil }
    let device = weight.device
    func like(_ shape: Shape, _ dtype: DType) -> Tensor {
      Tensor.zeros(shape, dtype: dtype, device: device)
    }
    var entries = [
      StateEntry(name: path, tensor: like(weight.shape, .int8)) {
        parameter.quantized = QuantizedWeight(
          values: $0, scales: steps.detached().cast(to: .float32).to(device),
          inputScale: tensors[inputScale]?.detached().cast(to: .float32).to(device))
      },
      StateEntry(name: scale, tensor: like([weight.shape[0]], .float32)) { _ in },
    ]
    if tensors[inputScale] != nil {
      entries.append(StateEntry(name: inputScale, tensor: like([], .float32)) { _ in })
    }
    self.entries = entries
  }
}

/// A parameter or buffer under one of its names.
private struct StateEntry {
  let name: String
  let tensor: Tensor
  let set: (Tensor) -> Void

  /// Why a saved tensor cannot be taken, if it cannot.
  func problem(with saved: Tensor) -> String? {
    if let error = saved.error { return error.summary }
    if tensor.error == nil, saved.shape != tensor.shape {
      return "the model has \(tensor.signature), the file \(saved.signature)"
    }
    if saved.dtype == tensor.dtype || (saved.dtype.isFloating && tensor.dtype.isFloating) {
      return nil
    }
    return "the model has \(tensor.dtype), the file \(saved.dtype)"
  }
}

/// The names of a saved model that do not fit a model, and why.
public struct StateError: Error, Sendable, CustomStringConvertible {
  /// The names of the model that were not saved.
  public internal(set) var missing: [String] = []
  /// The names that were saved and that the model does not have.
  public internal(set) var unexpected: [String] = []
  /// The names that both have, with another shape or dtype, and the difference.
  public internal(set) var unfit: [(name: String, problem: String)] = []
  private var nearest: [String: String] = [:]
  private var help = ""

  mutating func suggest(expected: [String], given: [String], strict: Bool) {
    let entry = StateError.entry(of: expected, in: given)
    for name in missing { nearest[name] = name.nearest(in: unexpected) }
    for name in unexpected { nearest[name] = name.nearest(in: missing) }
    help =
      entry != nil
      ? "the names start with \(entry!).: write load(file.tensors(under: \"\(entry!)\")), "
        + "of a TorchFile, SafetensorsFile or NpzFile"
      : !unfit.isEmpty
        ? "make the model with the sizes that it was saved with"
        : "rename the keys, or write load(..., strict: false) to take only what fits"
    if !strict {
      missing = []
      unexpected = []
    }
  }

  /// What all of the model's names have before them in a file, such as `module` after
  /// `DataParallel`, `_orig_mod` after `torch.compile`, `model` in a checkpoint of several; nil if
  /// the names are not there so.
  private static func entry(of expected: [String], in given: [String]) -> String? {
    let given = Set(given)
    guard let first = expected.first, !expected.contains(where: given.contains) else { return nil }
    let entries = given.filter { $0.hasSuffix(".\(first)") }.map { $0.dropLast(first.count + 1) }
    return entries.filter { entry in expected.allSatisfy { given.contains("\(entry).\($0)") } }
      .min { ($0.count, $0) < ($1.count, $1) }.map(String.init)
  }

  /// Every name on a line of its own, with the nearest name that may have been meant.
  public var description: String {
    var counts: [String] = []
    if !missing.isEmpty { counts.append("\(missing.count) missing") }
    if !unexpected.isEmpty { counts.append("\(unexpected.count) unexpected") }
    if !unfit.isEmpty { counts.append("\(unfit.count) of another shape or dtype") }
    var lines = ["load: the saved tensors are not the model's: " + counts.joined(separator: ", ")]
    lines += missing.map { name in
      "  missing:    \(name)" + (nearest[name].map { " (there is \($0))" } ?? "")
    }
    lines += unexpected.map { name in
      "  unexpected: \(name)" + (nearest[name].map { " (did you mean \($0)?)" } ?? "")
    }
    lines += unfit.map { "  unfit:      \($0.name): \($0.problem)" }
    lines.append("  help:       \(help)")
    return lines.joined(separator: "\n")
  }
}
