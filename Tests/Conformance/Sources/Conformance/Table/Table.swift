import Blitz

/// What a row answers: one tensor or several.
protocol Answer {
  var tensors: [Tensor] { get }
}

extension Tensor: Answer {
  var tensors: [Tensor] { [self] }
}

extension [Tensor]: Answer {
  var tensors: [Tensor] { self }
}

/// How Blitz spells PyTorch's names.
struct Table: Sendable {
  /// Whether Blitz has a word for what the name does, or an expression of several does it.
  enum Spelling: Sendable {
    case word, expression
  }

  struct Row: Sendable {
    let spelling: Spelling
    /// Whether only shapes and dtypes can be compared: the numbers are drawn, or none are promised.
    let drawn: Bool
    /// Whether the positions of equal whole numbers, which PyTorch finds in no order, are not
    /// compared.
    let ties: Bool
    let compute: @Sendable (Call) throws -> [Tensor]
  }

  private(set) var rows: [String: Row] = [:]

  mutating func word<A: Answer & SendableMetatype>(
    _ names: String..., drawn: Bool = false, ties: Bool = false,
    _ compute: @escaping @Sendable (Call) throws -> A
  ) {
    add(names, Row(spelling: .word, drawn: drawn, ties: ties) { try compute($0).tensors })
  }

  mutating func expression<A: Answer & SendableMetatype>(
    _ names: String..., drawn: Bool = false, ties: Bool = false,
    _ compute: @escaping @Sendable (Call) throws -> A
  ) {
    add(names, Row(spelling: .expression, drawn: drawn, ties: ties) { try compute($0).tensors })
  }

  private mutating func add(_ names: [String], _ row: Row) {
    for name in names {
      precondition(rows[name] == nil, "\(name) has two rows")
      rows[name] = row
    }
  }

  static let ops: Table = {
    var table = Table()
    table.addArithmetic()
    table.addComparisons()
    table.addFunctions()
    table.addActivations()
    table.addReductions()
    table.addShapes()
    table.addIndexing()
    table.addMaking()
    table.addProducts()
    table.addLayers()
    table.addLosses()
    table.addSpecial()
    table.addMasked()
    table.addNormalising()
    table.addVolumes()
    table.addLinearAlgebra()
    table.addFactors()
    table.addSpectra()
    table.addComplex()
    table.addFourier()
    return table
  }()

  /// Whether there is a row for a unit's name.
  static func has(_ unit: Unit) -> Bool {
    switch unit.kind {
    case .samples, .reference, .second, .errors: ops.rows[unit.op] != nil
    case .modules, .moduleErrors: modules.rows[unit.op] != nil
    case .optimizers: optimizers.rows[unit.op] != nil
    case .schedules: ScheduleTable.rows[unit.op] != nil
    case .distributions: DistributionTable.rows[unit.op] != nil
    }
  }
}
