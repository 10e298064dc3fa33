import BlitzTensor

/// Everything of interest in a module, found by reflection, with its path.
struct ModuleWalk {
  enum Part {
    case parameter(Parameter)
    case buffer(Buffer)
    case mode(Mode)
    case module(any Module)
    /// A tensor that requires its gradient outside a `Parameter`, where no optimizer finds it.
    case strayLeaf(Tensor)
  }

  /// The parts in the order of declaration; a module before its own parts.
  private(set) var parts: [(path: String, part: Part)] = []
  /// Objects on the way down, so that a child that refers to its parent ends the walk.
  private var open: Set<ObjectIdentifier> = []
  /// What is trained in the place of parameters, by their paths: a module's come behind its parts.
  private var parametrized: [(path: String, content: Parametrized)] = []
  private let seesOriginals: Bool

  /// - Parameter seesOriginals: whether what is trained in a parameter's place is met, not it.
  init(_ module: any Module, seesOriginals: Bool = true) {
    self.seesOriginals = seesOriginals
    visit(module, path: "")
  }

  private mutating func visit(_ value: Any, path: String) {
    switch value {
    case let parameter as Parameter:
      let path = named(path, parameter.name)
      if seesOriginals, let content = parameter.parametrized {
        parametrized.append((path, content))
      } else {
        parts.append((path, .parameter(parameter)))
      }
    case let buffer as Buffer: parts.append((named(path, buffer.name), .buffer(buffer)))
    case let mode as Mode: parts.append((path, .mode(mode)))
    case let tensor as Tensor:
      if tensor.requiresGrad && tensor.isLeaf { parts.append((path, .strayLeaf(tensor))) }
    case let module as any Module: descend(module, path: path)
    default: visitContainer(value, path: path)
    }
  }

  private mutating func descend(_ module: any Module, path: String) {
    let object = type(of: module) is AnyClass ? ObjectIdentifier(module as AnyObject) : nil
    if let object, !open.insert(object).inserted { return }
    parts.append((path, .module(module)))
    let outer = parametrized
    parametrized = []
    for (name, value) in module.members { visit(value, path: joined(path, name)) }
    for (place, content) in parametrized {
      for (name, value) in content.members {
        visit(value, path: "\(named(place, "parametrizations")).\(last(place)).\(name)")
      }
    }
    parametrized = outer
    if let object { open.remove(object) }
  }

  private mutating func visitContainer(_ value: Any, path: String) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional, .enum:
      if let child = mirror.children.first { visit(child.value, path: path) }
    case .struct:
      // Not a module by name, but what is in it is trained all the same.
      for (name, child) in ModuleWalk.properties(of: value) {
        visit(child, path: joined(path, name))
      }
    case .collection:
      for (index, child) in mirror.children.enumerated() {
        visit(child.value, path: joined(path, "\(index)"))
      }
    case .tuple:
      for (index, child) in mirror.children.enumerated() {
        let label = child.label.map { $0.hasPrefix(".") ? "\(index)" : $0 } ?? "\(index)"
        visit(child.value, path: joined(path, label))
      }
    case .dictionary:
      // A dictionary has no order of its own; that of the keys repeats.
      let entries = mirror.children.compactMap { child -> (key: String, value: Any)? in
        let pair = Array(Mirror(reflecting: child.value).children)
        return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
      }
      for entry in entries.sorted(by: { $0.key < $1.key }) {
        visit(entry.value, path: joined(path, entry.key))
      }
    default: break
    }
  }

  private func joined(_ path: String, _ name: String) -> String {
    name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)"
  }

  /// `path` with its last part replaced by a name that was given.
  private func named(_ path: String, _ name: String?) -> String {
    guard let name else { return path }
    guard let dot = path.lastIndex(of: ".") else { return name }
    return path[...dot] + name
  }

  /// The last part of a path.
  private func last(_ path: String) -> Substring { path.split(separator: ".").last ?? "" }

  /// A value's stored properties, superclasses' first.
  static func properties(of value: Any) -> [(name: String, value: Any)] {
    var levels: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: value)
    while let level = mirror {
      levels.append(level)
      mirror = level.superclassMirror
    }
    return levels.reversed().flatMap { level in
      level.children.map { (snakeCase($0.label ?? ""), $0.value) }
    }
  }

  /// `inProjWeight` as Python writes it, `in_proj_weight`; a wrapper's leading underscore goes.
  static func snakeCase(_ label: String) -> String {
    var answer = ""
    var previous: Character = "_"
    for character in label.drop(while: { $0 == "_" }) {
      if character.isUppercase, previous != "_", !previous.isUppercase { answer.append("_") }
      answer.append(contentsOf: character.lowercased())
      previous = character
    }
    return answer
  }
}
