/// An array of elements of one dtype, with any number of axes, on a device: `torch.Tensor`.
///
/// Ops on tensors check their operands at once and compute later, when somebody asks for
/// numbers: `item()`, `array()`, printing, `eval(_:)`. An op that cannot be done returns a
/// tensor that carries a `TensorError`, which the call that asks for elements throws.
///
///     let x = Tensor([[1.0, 2], [3, 4]])
///     print((x * 2 + 1).sum())       // 24.0, float32[]
public struct Tensor: Sendable {
  let handle: Handle

  /// What the tensor is in the graph.
  var node: Node { handle.node }

  init(node: Node) { handle = Handle(node) }

  /// A tensor that carries an error in place of elements, for ops of your own.
  public init(error: TensorError) {
    self.init(
      node: Node(.data, shape: [], dtype: .float32, failure: Node.Failure(error)))
  }

  /// Counts the tensors that show a node, so that an evaluation knows which numbers
  /// somebody can still ask for.
  final class Handle: Sendable {
    let node: Node

    init(_ node: Node) {
      self.node = node
      node.holders.wrappingAdd(1, ordering: .relaxed)
    }

    deinit {
      let left = node.holders.wrappingSubtract(1, ordering: .relaxed).newValue
      // Nobody can ask for this gradient any more, though the graph may still use the leaf.
      if left == 0, case .leaf(let leaf) = node.tracking {
        leaf.content.withLock { $0 = Node.Leaf.Content() }
      }
    }
  }

  /// The size of each axis; `[]` for a scalar.
  public var shape: Shape { node.shape }
  /// The type of the elements.
  public var dtype: DType { node.dtype }
  /// Where the tensor lives.
  public var device: Device { node.device }
  /// How many axes there are: `torch.Tensor.ndim`.
  public var rank: Int { node.shape.rank }
  /// How many elements there are: `torch.Tensor.numel`.
  public var elementCount: Int { node.shape.elementCount }

  /// The error that this tensor carries, if an op on the way to it could not be done.
  public var error: TensorError? { node.failure?.error }

  /// Dtype and shape as error messages show them, `float32[64, 10]`.
  @inline(never)
  public var signature: String { "\(dtype)\(shape)" }
}

extension Tensor {
  /// The node of an op whose rule has been checked; tracked if an operand is. All operands live
  /// on one device, but for scalars and what is made of them alone, which are at home on each.
  @inline(never)
  static func make(_ op: Op, _ inputs: [Tensor], shape: Shape, dtype: DType) -> Tensor {
    make(op, of: Operands(inputs.map(\.node)), shape: shape, dtype: dtype)
  }

  /// The node of an op of one operand.
  @inline(never)
  static func make(_ op: Op, _ input: Tensor, shape: Shape, dtype: DType) -> Tensor {
    make(op, of: Operands(input.node), shape: shape, dtype: dtype)
  }

  /// The node of an op of two operands.
  @inline(never)
  static func make(
    _ op: Op, _ left: Tensor, _ right: Tensor, shape: Shape, dtype: DType
  ) -> Tensor {
    make(op, of: Operands(left.node, right.node), shape: shape, dtype: dtype)
  }

  /// The node of an op of three operands.
  @inline(never)
  static func make(
    _ op: Op, _ first: Tensor, _ second: Tensor, _ third: Tensor, shape: Shape, dtype: DType
  ) -> Tensor {
    make(op, of: Operands(first.node, second.node, third.node), shape: shape, dtype: dtype)
  }

  /// Where PyTorch's tensor would lie in memory.
  enum Placement {
    /// As the op places what it returns.
    case byOp
    /// With these strides; nil for a row-major array.
    case `as`([Int]?)
  }

  /// The node of an op of these operands.
  static func make(
    _ op: Op, of inputs: consuming Operands, shape: Shape, dtype: DType,
    laidOut placement: Placement = .byOp
  ) -> Tensor {
    var device: Device?
    var firstElsewhere: Device?
    var (isTracked, isSpread, isFailed, isComplex) = (false, false, false, dtype.isComplex)
    var isStrided = op.rule.strides.isView
    inputs.forEach { input in
      if input.strides != nil { isStrided = true }
      if input.failure != nil { isFailed = true }
      if input.dtype.isComplex { isComplex = true }
      if input.isTracked { isTracked = true }
      if input.isUnplaced {
        if firstElsewhere == nil && input.device != .cpu { firstElsewhere = input.device }
        return
      }
      if let device, device != input.device { isSpread = true }
      device = input.device
    }
    if isFailed { return Tensor(node: inputs.all.first { $0.failure != nil }!) }
    if isSpread { return Tensor(error: .devices(op, inputs.all.map(Tensor.init(node:)))) }
    if isComplex, !op.takesComplex {
      return .ofParts(op, inputs.all.map(Tensor.init(node:)), shape: shape, dtype: dtype)
    }
    if isTracked { isTracked = dtype.hasGradients && GradientMode.isOn }
    let strides: [Int]? =
      switch placement {
      // Asked for again: to hold it from above would count references for every op.
      case .byOp: isStrided ? op.rule.strides.strides(op, inputs, shape) : nil
      case .as(let strides): strides
      }
    let node = Node(
      op, inputs, shape: shape, dtype: dtype, device: device ?? firstElsewhere ?? .cpu,
      tracking: isTracked ? .interior : .none, strides: strides)
    let tensor = Tensor(node: node)
    // A call may have to compute: the one place where a stage names a later one.
    Evaluation.bound(node)
    return tensor
  }

  /// A scalar of the given dtype, which an elementwise op takes as it is.
  static func scalar(_ value: Scalar, _ dtype: DType) -> Tensor {
    Tensor(node: Node(value, dtype))
  }

  /// The first of two tensors that carries an error.
  static func failed(_ left: Tensor, _ right: Tensor) -> Tensor? {
    left.node.failure != nil ? left : right.node.failure != nil ? right : nil
  }

  /// The first of three tensors that carries an error.
  static func failed(_ first: Tensor, _ second: Tensor, _ third: Tensor) -> Tensor? {
    failed(first, second) ?? (third.node.failure != nil ? third : nil)
  }
}

extension Node {
  /// A scalar of the given dtype.
  convenience init(_ value: Scalar, _ dtype: DType) {
    self.init(.scalar(value), shape: Shape(), dtype: dtype)
  }
}

extension TensorError {
  /// Operands that live on different devices.
  static func devices(_ op: Op, _ inputs: [Tensor]) -> TensorError {
    let placed = inputs.filter { !$0.node.isUnplaced }
    let devices = placed.map { $0.device.description }
    return TensorError(
      op.rule.name, "the operands are on different devices: \(devices.joined(separator: " and "))",
      operands: placed.enumerated().map { ("operand \($0)", "\($1.signature) on \($1.device)") },
      help: "move one of them, for example with .to(\(placed[0].device.word))")
  }
}
