import BlitzTensor

extension Module {
  /// The module and its parts as a tree, as PyTorch prints it, with the shapes of parameters that
  /// are not in layers.
  ///
  ///     Net(
  ///       (conv): Conv2d(1, 32, size: 3x3)
  ///       (fc): Linear(784, 10)
  ///       (scale): Parameter(float32[10])
  ///     )
  public var description: String { ModuleTree.text(of: self) }
}

/// What `print(model)` prints of modules that do not describe themselves.
private enum ModuleTree {
  /// Objects whose descriptions are being made, so that a child that refers to its parent ends it.
  @TaskLocal private static var open: Set<ObjectIdentifier> = []

  static func text(of module: any Module) -> String {
    let name = "\(type(of: module))"
    guard type(of: module) is AnyClass else { return text(of: module, name) }
    let object = ObjectIdentifier(module as AnyObject)
    if open.contains(object) { return "\(name)(...)" }
    return $open.withValue(open.union([object])) { text(of: module, name) }
  }

  private static func text(of module: any Module, _ name: String) -> String {
    let lines = parts(of: module).map { path, text in
      "  (\(path)): " + text.split(separator: "\n").joined(separator: "\n  ")
    }
    if lines.isEmpty { return "\(name)(\(settings(of: module)))" }
    return "\(name)(\n\(lines.joined(separator: "\n"))\n)"
  }

  /// The modules, parameters and buffers of a module that are not in other modules.
  private static func parts(of module: any Module) -> [(path: String, text: String)] {
    var found: [(path: String, text: String)] = []
    var child: String?
    for (path, part) in ModuleWalk(module).parts.dropFirst() {
      if let child, path.hasPrefix(child + ".") { continue }
      child = nil
      switch part {
      case .module(let module):
        child = path
        found.append((path, module.description))
      case .parameter(let parameter): found.append((path, "\(parameter)"))
      case .buffer(let buffer): found.append((path, "\(buffer)"))
      case .mode, .strayLeaf: continue
      }
    }
    return found
  }

  /// Properties that are plain values, `probability: 0.5`.
  private static func settings(of module: any Module) -> String {
    Mirror(reflecting: module).children.compactMap { label, value in
      guard let label, value is any CustomStringConvertible & Hashable else { return nil }
      return "\(label): \(value)"
    }.joined(separator: ", ")
  }
}

extension Parameter: CustomStringConvertible {
  /// `Parameter(float32[10, 784])`
  public var description: String {
    "Parameter(\(value.signature)\(isFrozen ? ", isFrozen: true" : ""))"
  }
}

extension Buffer: CustomStringConvertible {
  /// `Buffer(float32[32])`
  public var description: String { "Buffer(\(wrappedValue.signature))" }
}
