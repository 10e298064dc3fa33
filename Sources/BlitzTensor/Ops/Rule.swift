/// All that is known of a primitive: written in the op's own file, and asked by the reverse walk,
/// the planner, the lowering, `blitz doctor` and the tests.
///
/// A class, since every op of every step asks for its rule: what is handed out is one reference.
package final class Rule: Sendable {
  /// The op's name in errors and printed plans.
  package let name: String
  /// How plans compute it.
  let computing: Computing
  /// The same in brief.
  let stage: Stage
  /// What the gradient uses; it is kept when a forward pass is evaluated before `backward()`.
  let saves: Saves
  /// Where the result would lie in PyTorch's memory.
  let strides: Strides.Placement
  /// Whether an op moves elements without looking at them, by kernels that know elements of two
  /// bytes.
  let moves: @Sendable (Op) -> Bool
  /// Small computations with the primitive in them, at least one.
  package let samples: [Sample]
  /// The op's text in programs for accelerators.
  let lowering: Lowering
  /// The gradient of each operand from that of the result, nil where there is none.
  let gradient: @Sendable (Reverse) -> [Tensor?]

  /// - Parameters:
  ///   - moves: views do if nothing is said.
  ///   - strides: if nothing is said, elementwise ops keep the order of their operands, and others
  ///     make a new array.
  @inline(never)
  init(
    name: String, _ computing: Computing, saves: Saves = [],
    moves: (@Sendable (Op) -> Bool)? = nil, strides: Strides.Placement? = nil, samples: [Sample],
    lowering: Lowering, gradient: @escaping @Sendable (Reverse) -> [Tensor?]
  ) {
    self.name = name
    self.computing = computing
    let stage = computing.stage
    self.stage = stage
    self.saves = saves
    self.strides =
      strides
      ?? (stage == .elementwise
        ? .likeOperands { _, inputs, shape in Strides.dense(shape, inputs) } : .rowMajor)
    self.moves = moves ?? { _ in stage == .view }
    self.samples = samples.map { $0.named(name) }
    self.lowering = lowering
    self.gradient = gradient
  }

  struct Saves: OptionSet, Sendable {
    let rawValue: UInt8
    static let inputs = Saves(rawValue: 1)
    static let output = Saves(rawValue: 2)
  }

  /// A rule without a gradient: where the result's derivative is zero or there is none.
  @inline(never)
  static func constant(
    _ name: String, _ computing: Computing, strides: Strides.Placement? = nil, samples: [Sample],
    lowering: Lowering
  ) -> Rule {
    Rule(name: name, computing, strides: strides, samples: samples, lowering: lowering) {
      $0.inputs.map { _ in nil }
    }
  }
}

extension Rule {
  /// How plans compute a primitive.
  enum Computing: Sendable {
    /// Not at all: its elements are there.
    case given
    /// Not at all: it is another way to walk the operand; nil where no walk says so.
    case view(@Sendable (View) -> Access?)
    /// In fused loops, element by element.
    case elementwise(Elementwise.Traits)
    /// By loops of its own: reductions, borders, and what is put together.
    case loops
    /// By a matrix product, which takes in what is around it.
    case product
    /// By a kernel of its own. `positions` tells the axis along which the second operand holds
    /// positions, nil if it does not.
    case kernel(
      positions: @Sendable (Op) -> Int? = { _ in nil }, @Sendable (KernelSite) -> any Kernel)

    /// Element by element, with what is usual where nothing is said.
    static func elementwise(
      operands: Int = 1, domain: Tensor.Domain = .floating, gives dtype: DType? = nil,
      cost: Elementwise.Cost = .cheap, losesDigits: Bool = false
    ) -> Computing {
      .elementwise(
        Elementwise.Traits(
          operandCount: operands, domain: domain, resultDType: dtype, cost: cost,
          losesDigits: losesDigits))
    }

    fileprivate var stage: Stage {
      switch self {
      case .view: .view
      case .elementwise: .elementwise
      case .given, .loops, .product, .kernel: .kernel
      }
    }
  }

  /// Where in a plan a primitive is computed.
  enum Stage: UInt8, Sendable {
    /// Nowhere: another way to walk the operand.
    case view
    /// In a fused loop.
    case elementwise
    /// By a kernel that writes memory.
    case kernel
  }
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
