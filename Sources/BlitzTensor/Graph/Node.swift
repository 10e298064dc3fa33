import Synchronization

/// One op applied to operands: a point of the graph.
///
/// What a node is never changes; whether its elements are known does. Unchecked: the mutable
/// properties are read and written under `Evaluation.lock` only, but for the atomics.
final class Node: @unchecked Sendable {
  /// Grows with every node made: operands always have smaller ones.
  let id: Int
  let op: Op
  let shape: Shape
  /// The strides that PyTorch's tensor would have; nil for those of a row-major array.
  let strides: [Int]?
  let dtype: DType
  let device: Device
  /// How the elements of data, or of a move, lie on a mesh.
  private let placing: Sharding
  let tracking: Tracking
  let failure: Failure?
  /// Whether the node is a scalar, or computed from nothing but scalars: at home on every device.
  let isUnplaced: Bool
  /// Whether the node is a scalar that the user wrote out, which has no dtype of its own yet.
  let isLiteral: Bool

  /// The operands, until the elements are known and no reverse walk can come by.
  ///
  /// Unchecked, as are `mark` and `next`: the lock keeps others away, and a step asks hundreds of
  /// times.
  @exclusivity(unchecked) private(set) var inputs: Operands
  /// The elements, once computed, if the device is this machine's processor.
  private(set) var storage: Storage?
  /// The elements, once computed (or on their way), on any other device.
  private(set) var array: (any DeviceArray)?
  /// Whether a `backward()` has been through and freed the tape.
  var tapeIsFreed = false
  /// Where the evaluation under way keeps this node.
  @exclusivity(unchecked) var mark = (visit: 0, index: 0)
  /// The node to be taken apart after this one, once nobody holds either.
  @exclusivity(unchecked) private var next: Node?

  /// How many tensors that a user could still ask for elements are this node.
  let holders = Atomic<Int>(0)
  /// How many nodes have this one as an operand, once for each place.
  let consumers = Atomic<Int>(0)
  /// The longest way to numbers that are known.
  let depth: Atomic<Int>

  /// How the reverse walk sees a node.
  enum Tracking: Sendable {
    /// Not at all.
    case none
    /// As an end, whose gradient is kept.
    case leaf(Leaf)
    /// As a way to leaves.
    case interior
  }

  /// The gradient of a leaf, and what it is the gradient of.
  final class Leaf: Sendable {
    let content = Lock(Content())

    var hasGradient: Bool { content.withLock { $0.gradient != nil } }

    struct Content: Sendable {
      /// A tensor, not a node: an evaluation keeps the numbers of what tensors show.
      var gradient: Tensor?
      /// The tensors whose `backward()` left it; whoever still wants their elements holds them.
      var results: [Result] = []
    }

    struct Result: Sendable {
      weak var node: Node?
    }
  }

  /// The error that a node carries in place of elements.
  final class Failure: Sendable {
    let error: TensorError
    init(_ error: TensorError) { self.error = error }
  }

  private static let lastID = Atomic<Int>(0)

  @inline(never)
  init(
    _ op: Op, _ inputs: consuming Operands = Operands(), shape: Shape, dtype: DType,
    device: Device = .cpu, tracking: Tracking = .none, contents: Contents? = nil,
    failure: Failure? = nil, isLiteral: Bool = false, sharding: Sharding = .replicated,
    strides: [Int]? = nil
  ) {
    id = Node.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.op = op
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
    self.device = device
    placing = sharding
    self.tracking = tracking
    switch contents {
    case .memory(let storage): self.storage = storage
    case .array(let array): self.array = array
    case nil: break
    }
    self.failure = failure
    self.isLiteral = isLiteral
    var deepest = -1
    var areUnplaced = true
    inputs.forEach { input in
      input.consumers.wrappingAdd(1, ordering: .relaxed)
      deepest = max(deepest, input.depth.load(ordering: .relaxed))
      if !input.isUnplaced { areUnplaced = false }
    }
    depth = Atomic(deepest + 1)
    isUnplaced =
      switch (tracking, op) {
      case (.none, .scalar): true
      case (.none, .transfer), (.leaf, _), (.interior, _): false
      case (.none, _): areUnplaced && inputs.count > 0
      }
    self.inputs = inputs
  }

  /// Lets go of the operands. Chains of nodes can be long, so nodes that nobody else holds
  /// are taken apart in a loop, not by recursion.
  func dropInputs() {
    var waiting: Node?
    takeInputs(to: &waiting)
    while let node = waiting {
      waiting = node.next
      node.next = nil
      node.takeInputs(to: &waiting)
    }
  }

  /// Lets go of the operands but those that nobody else holds: these wait to be taken apart.
  private func takeInputs(to waiting: inout Node?) {
    if inputs.isEmpty { return }
    var taken = Operands()
    swap(&taken, &inputs)
    taken.forEach { $0.consumers.wrappingSubtract(1, ordering: .relaxed) }
    while var node = taken.popLast() {
      if node.inputs.isEmpty || !isKnownUniquelyReferenced(&node) { continue }
      node.next = waiting
      waiting = node
    }
  }

  deinit { dropInputs() }

  /// Whether the reverse walk goes through or ends here.
  var isTracked: Bool {
    switch tracking {
    case .none: false
    case .leaf, .interior: true
    }
  }

  var isInterior: Bool {
    if case .interior = tracking { true } else { false }
  }

  /// Whether there is nothing to compute: contents in memory, or a scalar.
  var isKnown: Bool {
    if case .scalar = op { return true }
    return isArgument
  }

  /// Whether a plan is given the elements: they are in memory, or will be when a compiled
  /// function is called.
  var isArgument: Bool { hasContents || isPlaceholder }

  /// Whether the elements are computed, or on their way.
  var hasContents: Bool { storage != nil || array != nil }

  /// How the elements lie on a mesh.
  var sharding: Sharding { array?.sharding ?? placing }

  /// The elements, once computed or on their way.
  var contents: Contents? {
    if let storage { return .memory(storage) }
    return array.map { .array($0) }
  }

  /// Keeps the elements.
  func hold(_ contents: Contents) {
    switch contents {
    case .memory(let storage): self.storage = storage
    case .array(let array): self.array = array
    }
  }

  /// Whether this stands for an argument of a function that is being compiled.
  var isPlaceholder: Bool {
    if case .data = op { !hasContents } else { false }
  }

  /// Whether the memory of the elements is nobody else's.
  var ownsItsBuffer: Bool {
    storage != nil && isKnownUniquelyReferenced(&storage!.block)
      || array != nil && isKnownUniquelyReferenced(&array!)
  }

  var isLeaf: Bool {
    if case .leaf = tracking { true } else { false }
  }
}
