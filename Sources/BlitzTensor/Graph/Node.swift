import Synchronization

/// One op applied to operands: a point of the graph.
///
/// What a node is never changes; whether its numbers are known does. Unchecked: the mutable
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
  /// How the numbers of data, or of a move, lie on a mesh.
  private let placing: Sharding
  let tracking: Tracking
  let failure: Failure?
  /// Whether the node is a number, or computed from nothing but numbers: at home on every device.
  let isUnplaced: Bool
  /// Whether the node is a number that the user wrote out, which has no dtype of its own yet.
  let isLiteral: Bool

  /// The operands, until the numbers are known and no reverse walk can come by.
  ///
  /// Unchecked, as are `mark` and `next`: the lock keeps others away, and a step asks hundreds of
  /// times.
  @exclusivity(unchecked) private(set) var inputs: Operands
  /// The numbers, once computed, if the device is this machine's processor.
  private(set) var storage: Storage?
  /// The numbers, once computed (or on their way), on any other device.
  private(set) var array: DeviceArray?
  /// Whether a `backward()` has been through and freed the tape.
  var tapeIsFreed = false
  /// Where the evaluation under way keeps this node.
  @exclusivity(unchecked) var mark = (visit: 0, index: 0)
  /// The node to be taken apart after this one, once nobody holds either.
  @exclusivity(unchecked) private var next: Node?

  /// How many tensors that a user could still ask for numbers are this node.
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
      /// The tensors whose `backward()` left it; whoever still wants their numbers holds them.
      var results: [Result] = []
    }

    struct Result: Sendable {
      weak var node: Node?
    }
  }

  /// The error that a node carries in place of numbers.
  final class Failure: Sendable {
    let error: TensorError
    init(_ error: TensorError) { self.error = error }
  }

  private static let lastID = Atomic<Int>(0)

  init(
    _ op: Op, _ inputs: consuming Operands = Operands(), shape: Shape, dtype: DType,
    device: Device = .cpu, tracking: Tracking = .none, numbers: Numbers? = nil,
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
    switch numbers {
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

  /// Whether there is nothing to compute: numbers in memory, or one number.
  var isKnown: Bool {
    if case .scalar = op { return true }
    return isArgument
  }

  /// Whether a plan is given the numbers: they are in memory, or will be when a compiled
  /// function is called.
  var isArgument: Bool { hasNumbers || isPlaceholder }

  /// Whether the numbers are computed, or on their way.
  var hasNumbers: Bool { storage != nil || array != nil }

  /// How the numbers lie on a mesh.
  var sharding: Sharding { array?.sharding ?? placing }

  /// Where the numbers are.
  var numbers: Numbers? {
    if let storage { return .memory(storage) }
    return array.map { .array($0) }
  }

  /// Keeps the numbers.
  func hold(_ numbers: Numbers) {
    switch numbers {
    case .memory(let storage): self.storage = storage
    case .array(let array): self.array = array
    }
  }

  /// Whether this stands for an argument of a function that is being compiled.
  var isPlaceholder: Bool {
    if case .data = op { !hasNumbers } else { false }
  }

  /// Whether the memory of the numbers is nobody else's.
  var ownsItsBuffer: Bool {
    storage != nil && isKnownUniquelyReferenced(&storage!.buffer)
      || array != nil && isKnownUniquelyReferenced(&array!)
  }

  var isLeaf: Bool {
    if case .leaf = tracking { true } else { false }
  }
}
