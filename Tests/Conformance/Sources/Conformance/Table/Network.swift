import Blitz

/// A module that was made, and how it is called.
struct Network {
  /// The module, if it is one: a loss is a function.
  var module: (any Module)?
  let compute: (Call) throws -> [Tensor]
}

/// How Blitz spells PyTorch's modules.
struct ModuleTable: Sendable {
  struct Row: Sendable {
    /// Whether the numbers are drawn in training, in another order than PyTorch draws them.
    let isDrawn: Bool
    let make: @Sendable (Call) throws -> Network
  }

  private(set) var rows: [String: Row] = [:]

  /// A module that turns one tensor into one.
  mutating func layer(
    _ names: String..., drawn: Bool = false,
    _ make: @escaping @Sendable (Call) throws -> any Layer
  ) {
    for name in names {
      add(name, drawn) { call in
        let layer = try make(call)
        return Network(module: layer) { [layer(try $0.tensor(0, "input"))] }
      }
    }
  }

  /// A module that is called in another way.
  mutating func network(
    _ name: String, drawn: Bool = false, _ make: @escaping @Sendable (Call) throws -> Network
  ) {
    add(name, drawn, make)
  }

  /// A loss: a function of the options of the constructor, and of the arguments.
  mutating func loss(
    _ name: String, _ compute: @escaping @Sendable (_ options: Call, Call) throws -> Tensor
  ) {
    add(name, false) { options in
      Network { [try compute(options, $0)] }
    }
  }

  private mutating func add(
    _ name: String, _ drawn: Bool, _ make: @escaping @Sendable (Call) throws -> Network
  ) {
    precondition(rows["nn.\(name)"] == nil, "\(name) has two rows")
    rows["nn.\(name)"] = Row(isDrawn: drawn, make: make)
  }

  static let all: ModuleTable = {
    var table = ModuleTable()
    table.addActivations()
    table.addPools()
    table.addConvolutions()
    table.addPaddings()
    table.addNorms()
    table.addLinear()
    table.addRecurrent()
    table.addAttention()
    table.addLosses()
    return table
  }()

  /// Modules that have no row, and why.
  static let without: [(reason: String, names: [String])] = [
    (
      "layers know their sizes; a closure that looks at the input makes one later",
      [
        "nn.LazyConv1d", "nn.LazyConv2d", "nn.LazyConv3d", "nn.LazyConvTranspose1d",
        "nn.LazyConvTranspose2d", "nn.LazyConvTranspose3d",
      ]
    )
  ]

  /// PyTorch's modules that are in no list, or in two.
  func problems(_ names: [String]) -> [String] {
    let listed = ModuleTable.without.flatMap(\.names)
    return names.filter { rows[$0] == nil && !listed.contains($0) }.map { "\($0) has no row" }
      + listed.filter { rows[$0] != nil }.map { "\($0) has a row by now" }
      + rows.keys.filter { !names.contains($0) }.map { "\($0) is no module" }
  }
}

extension Table {
  static var modules: ModuleTable { .all }
}
