import BlitzTensor

/// A table of a model's layers, with the output shape and the number of parameters of each.
///
///     print(model.summary(input: Tensor.zeros([64, 784])))
public struct Summary: CustomStringConvertible {
  /// One module of the model.
  public struct Row: Sendable {
    /// The path in the model, `encoder.layers.0`; empty for the model itself.
    public let path: String
    /// The name of the type.
    public let type: String
    /// The number of modules around it.
    public let depth: Int
    /// The output shape of its first call, `[64, 256]`, or why the call failed; nil if it was not
    /// called.
    public let output: String?
    /// The number of elements of its parameters, those of modules in it included, each once.
    public let parameterCount: Int
    /// The path below the module that it is in.
    fileprivate let name: String
  }

  /// The model and each module in it, in the order of declaration.
  public let rows: [Row]
  /// The number of elements that training changes.
  public let trainableCount: Int
  /// The number of elements of frozen parameters.
  public let frozenCount: Int
  /// The bytes that parameters and buffers take in memory.
  public let byteCount: Int

  /// The table, with a line for each module and one for the totals.
  public var description: String {
    let titles = ["layer", "type", "output", "parameters"]
    let cells = rows.map { row in
      [
        String(repeating: "  ", count: row.depth) + (row.path.isEmpty ? "model" : row.name),
        row.type, row.output ?? "not called", Summary.grouped(row.parameterCount),
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + cells).reduce(0) { max($0, $1[column].count) }
    }
    func line(_ cells: [String]) -> String {
      let texts = zip(cells, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 3 ? padding + cell.0 : cell.0 + padding
      }
      return texts.joined(separator: "  ")
    }
    let rule = String(repeating: "-", count: widths.reduce(6, +))
    return ([line(titles), rule] + cells.map(line) + [rule, totals]).joined(separator: "\n")
  }

  private var totals: String {
    let bytes =
      byteCount < 10_000
      ? "\(byteCount) bytes"
      : byteCount < 10_000_000
        ? "\((byteCount + 500) / 1000) kB" : "\((byteCount + 500_000) / 1_000_000) MB"
    let counts = [trainableCount, frozenCount].map(Summary.grouped)
    return "\(counts[0]) trainable, \(counts[1]) frozen, \(bytes)"
  }

  private static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return digits
  }
}

extension Layer {
  /// A table of the model's layers for an input.
  ///
  /// The layers are called once in evaluation mode, so nothing is drawn and no statistics change;
  /// no element is computed.
  ///
  /// - Parameter input: a tensor of the shape and dtype that the model takes; its values do not
  ///   matter.
  public func summary(input: Tensor) -> Summary { summary { _ = self(input) } }

  /// A table of the model's layers for a float32 input of a shape.
  public func summary(inputShape: Shape) -> Summary { summary(input: .zeros(inputShape)) }
}

extension Module {
  /// A table of the layers of a model that takes more than one tensor.
  ///
  ///     print(model.summary { _ = model(source, target) })
  ///
  /// - Parameter call: calls the model.
  public func summary(_ call: () -> Void) -> Summary {
    let parts = ModuleWalk(self).parts
    let calls = inUse(parts) { noGrad { Observer.watching(call) } }
    var outputs = OutputsByModule(calls)
    var rows: [Summary.Row] = []
    var open: [(path: String, isRoot: Bool)] = []
    for case (let path, .module(let module)) in parts {
      while let last = open.last, !last.isRoot, !path.hasPrefix(last.path + ".") {
        open.removeLast()
      }
      let parent = open.last?.path ?? ""
      rows.append(
        Summary.Row(
          path: path, type: "\(type(of: module))", depth: open.count,
          output: outputs.take(module),
          parameterCount: module.parameters.reduce(0) { $0 + $1.parameter.value.elementCount },
          name: parent.isEmpty ? path : String(path.dropFirst(parent.count + 1))))
      open.append((path, path.isEmpty))
    }
    let parameters = parameters.map(\.parameter)
    let frozen = parameters.filter(\.isFrozen).reduce(0) { $0 + $1.value.elementCount }
    let tensors = parameters.map(\.value) + buffers.map(\.buffer.wrappedValue)
    return Summary(
      rows: rows, trainableCount: parameterCount, frozenCount: frozen,
      byteCount: tensors.reduce(0) { $0 + $1.elementCount * $1.dtype.byteCount })
  }

  /// Runs `body` with every part of the module set to use, and back.
  private func inUse<R>(
    _ parts: [(path: String, part: ModuleWalk.Part)], _ body: () -> R
  ) -> R {
    var modes: [(mode: Mode, isTraining: Bool)] = []
    for case (_, .mode(let mode)) in parts { modes.append((mode, mode.isTraining)) }
    for (mode, _) in modes { mode.isTraining = false }
    defer { for (mode, isTraining) in modes { mode.isTraining = isTraining } }
    return body()
  }
}

/// The outputs of calls, found again by the module that was called.
private struct OutputsByModule {
  /// What tells one module from another: its type and the references in it. Modules without any
  /// are taken in the order of their calls.
  private struct Key: Hashable {
    let type: ObjectIdentifier
    let references: [ObjectIdentifier]

    init(_ module: any Module) {
      type = ObjectIdentifier(Swift.type(of: module))
      let own = Swift.type(of: module) is AnyClass ? [ObjectIdentifier(module as AnyObject)] : []
      references =
        own
        + ModuleWalk(module).parts.compactMap { _, part in
          switch part {
          case .parameter(let parameter): ObjectIdentifier(parameter)
          case .buffer(let buffer): ObjectIdentifier(buffer)
          case .mode(let mode): ObjectIdentifier(mode)
          case .module, .strayLeaf: nil
          }
        }
    }
  }

  private var outputs: [Key: [String]] = [:]

  init(_ calls: [Observer.Call]) {
    for call in calls {
      guard let output = call.output else { continue }
      outputs[Key(call.layer), default: []]
        .append(output.error.map { "error: \($0.rule)" } ?? "\(output.shape)")
    }
  }

  /// The first call's output, of modules that cannot be told apart the next one's.
  mutating func take(_ module: any Module) -> String? {
    let key = Key(module)
    guard let found = outputs[key], let first = found.first else { return nil }
    if found.count > 1, key.references.isEmpty { outputs[key]!.removeFirst() }
    return first
  }
}
