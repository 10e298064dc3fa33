/// What the reverse walk knows of a primitive: written beside the op's words.
///
/// A class, since every op of every step asks for its rule: what is handed out is one reference.
final class Rule: Sendable {
  /// The op's name in errors and printed plans.
  let name: String
  /// What the gradient uses; it is kept when a forward pass is evaluated before `backward()`.
  let saves: Saves
  /// The op's text in programs for accelerators.
  let lowering: Lowering
  /// The gradient of each operand from that of the result, nil where there is none.
  let gradient: @Sendable (Reverse) -> [Tensor?]

  init(
    name: String, saves: Saves = [], lowering: Lowering,
    gradient: @escaping @Sendable (Reverse) -> [Tensor?]
  ) {
    self.name = name
    self.saves = saves
    self.lowering = lowering
    self.gradient = gradient
  }

  struct Saves: OptionSet, Sendable {
    let rawValue: UInt8
    static let inputs = Saves(rawValue: 1)
    static let output = Saves(rawValue: 2)
  }

  /// A rule without a gradient: where the result's derivative is zero or there is none.
  static func constant(_ name: String, lowering: Lowering) -> Rule {
    Rule(name: name, lowering: lowering) { $0.inputs.map { _ in nil } }
  }
}

extension Rule {
  fileprivate static let data = constant("data", lowering: .refused("is what programs are given"))
  fileprivate static let scalar = constant(
    "scalar", lowering: .refused("is what programs are given"))
}

/// One step of the reverse walk.
struct Reverse {
  let node: Node
  fileprivate let operands: ArraySlice<Node>
  /// The gradient of the result: its shape and dtype.
  let gradient: Tensor

  /// The result of the op.
  var output: Tensor { Tensor(node: node) }

  /// The operands of the op.
  var inputs: Inputs { Inputs(nodes: operands) }

  init(node: Node, operands: ArraySlice<Node>, gradient: Tensor) {
    self.node = node
    self.operands = operands
    self.gradient = gradient
  }

  /// Whether anybody asks for the gradient of an operand.
  func wants(_ index: Int) -> Bool { operands[operands.startIndex + index].isTracked }

  /// Operands, each of which becomes a tensor when it is asked for.
  struct Inputs: RandomAccessCollection {
    fileprivate let nodes: ArraySlice<Node>
    var startIndex: Int { 0 }
    var endIndex: Int { nodes.count }
    subscript(index: Int) -> Tensor { Tensor(node: nodes[nodes.startIndex + index]) }
  }
}

extension Op {
  /// The primitive's rule.
  var rule: Rule {
    switch self {
    case .data: .data
    case .scalar: .scalar
    case .transfer: .transfer
    case .elementwise(let op): op.rule
    case .reshape: .reshape
    case .permute: .permute
    case .expand: .expand
    case .slice: .slice
    case .embed: .embed
    case .concatenate: .concatenate
    case .reduce(let kind, _):
      switch kind {
      case .sum: .sum
      case .product: .product
      case .maximum: .maximumOfAxes
      case .minimum: .minimumOfAxes
      case .norm: .norm
      }
    case .argReduce: .argReduce
    case .cumulativeSum: .cumulativeSum
    case .argSort: .argSort
    case .matmul: .matmul
    case .gather: .gather
    case .scatter: .scatter
    case .convolution: .convolution
    case .windowMaximum: .windowMaximum
    case .custom: .custom
    }
  }
}

extension Elementwise {
  /// The primitive's rule.
  var rule: Rule {
    switch self {
    case .negate: .negate
    case .abs: .abs
    case .sign: .sign
    case .floor: .floor
    case .ceil: .ceil
    case .round: .round
    case .exp: .exp
    case .log: .log
    case .log1p: .log1p
    case .expm1: .expm1
    case .sqrt: .sqrt
    case .rsqrt: .rsqrt
    case .sin: .sin
    case .cos: .cos
    case .tan: .tan
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .erf: .erf
    case .not: .not
    case .isNaN: .isNaN
    case .cast: .cast
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .minimum: .minimum
    case .maximum: .maximum
    case .remainder: .remainder
    case .less: .less
    case .lessEqual: .lessEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .and: .and
    case .or: .or
    case .xor: .xor
    case .select: .select
    }
  }
}
