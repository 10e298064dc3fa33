/// Decides how a graph is computed: which ops share a loop, which become one product, what is
/// written to memory.
///
/// Values are visited from the last to the first, so that whoever reads a value has said so
/// before it is decided how the value is computed. Kernels run in the order in which their
/// last ops were made, so nothing here needs a search: the work is linear in the graph.
struct Planner {
  let graph: PlanGraph
  /// For each value, whether it is written to memory of its own (or is another's memory).
  var hasMemory: [Bool]
  /// The first kernel that reads a value's memory.
  private var firstRead: [Int]
  /// The loops that read a value, and how.
  private var readers: [[Reader]]
  private var reads: Set<Read> = []
  /// How many ops and results read a value.
  var useCount: [Int]
  /// Values that are parts of a product's kernel and computed by it.
  var isFolded: [Bool]
  /// Values that are a matrix product times scalars.
  let isFactored: [Bool]

  private var loops: [Fusion.Loop] = []
  var products: [Int: Fusion.Product] = [:]
  var masked: [Int: Fusion.Masked] = [:]
  /// Where the positions of a gather or scatter are.
  var indexes: [Int: Fusion.Matrix] = [:]
  /// Values that are windows of another value's memory: its id, and the offset in elements.
  var windows: [Int: (base: Int, offset: Int)] = [:]
  /// Values written by a loop that goes on to compute something else.
  var absorbed: [Int: Int] = [:]

  struct Reader {
    var loop: Int
    var access: Access
    /// Whether the loop reads elements more than once.
    var repeats: Bool
  }

  /// More ops than this are not put into one loop: its tiles would not stay in the cache.
  private static let largestLoop = 40
  /// More parts than this are not written by one loop, which would walk as many arrays at once.
  private static let mostJoined = 8

  init(_ graph: PlanGraph) {
    self.graph = graph
    let count = graph.values.count
    hasMemory = [Bool](repeating: false, count: count)
    for argument in 0..<graph.argumentCount { hasMemory[argument] = true }
    firstRead = [Int](repeating: Int.max, count: count)
    readers = [[Reader]](repeating: [], count: count)
    useCount = [Int](repeating: 0, count: count)
    isFolded = [Bool](repeating: false, count: count)
    isFactored = graph.factoredProducts()
  }

  /// Decides it all.
  func fusion() -> Fusion {
    var planner = self
    planner.fuse()
    return Fusion(
      graph: graph, hasMemory: planner.hasMemory, loops: planner.loops,
      products: planner.products, masked: planner.masked, indexes: planner.indexes,
      windows: planner.windows, absorbed: planner.absorbed)
  }

  private mutating func fuse() {
    for value in graph.values {
      for input in value.inputs { useCount[input] += 1 }
    }
    for result in graph.results {
      useCount[result] += 1
      hasMemory[result] = true
    }
    for id in (graph.firstOp..<graph.values.count).reversed() {
      if isFolded[id] || (!hasMemory[id] && readers[id].isEmpty) { continue }
      let value = graph.values[id]
      switch value.op.rule.stage {
      case .view: placeView(id, value)
      case .elementwise: placeElementwise(id, value)
      case .kernel:
        hasMemory[id] = true
        placeKernel(id, value)
      }
    }
  }

  // MARK: What a kernel reads

  /// Says that the kernel at `position` reads a value's memory.
  mutating func needMemory(_ id: Int, at position: Int) {
    hasMemory[id] = true
    firstRead[id] = min(firstRead[id], position)
  }

  private mutating func read(
    _ id: Int, by loop: Int, _ access: Access, repeats: Bool = false
  ) {
    guard id >= graph.firstOp else { return }
    let reader = Reader(loop: loop, access: access, repeats: repeats)
    // Most values have few readers, which are looked through faster than hashed.
    if readers[id].count <= 8 {
      if readers[id].contains(where: { $0.loop == loop && $0.access == access }) { return }
      if readers[id].count == 8 {
        for known in readers[id] {
          reads.insert(Read(id: id, loop: known.loop, access: known.access))
        }
        reads.insert(Read(id: id, loop: loop, access: access))
      }
    } else if !reads.insert(Read(id: id, loop: loop, access: access)).inserted {
      return
    }
    readers[id].append(reader)
  }

  /// What has been read of values with many readers: `x + x` reads `x` once.
  private struct Read: Hashable {
    var id: Int
    var loop: Int
    var access: Access
  }

  private mutating func newLoop(_ root: Int, part: Int = 0, space: Shape) -> Int {
    loops.append(Fusion.Loop(root: root, part: part, space: space.sizes))
    return loops.count - 1
  }

  /// The first kernel that reads a value in whatever way.
  private func firstUse(_ id: Int) -> Int {
    readers[id].reduce(firstRead[id]) { min($0, loops[$1.loop].root) }
  }

  // MARK: Views

  private mutating func placeView(_ id: Int, _ value: PlanGraph.Value) {
    let operand = value.inputs[0]
    let operandShape = graph.values[operand].shape
    if value.op == .asReal || value.op == .asComplex {
      // Other elements in the same memory.
      hasMemory[id] = true
      windows[id] = (operand, 0)
      needMemory(operand, at: firstUse(id))
      return
    }
    var passed: [Reader] = []
    if !hasMemory[id] {
      for reader in readers[id] {
        guard
          let access = reader.access.through(
            value.op, from: operandShape, to: value.shape, space: loops[reader.loop].space)
        else {
          hasMemory[id] = true
          break
        }
        let grows = value.op == .expand && value.shape.elementCount > operandShape.elementCount
        passed.append(
          Reader(loop: reader.loop, access: access, repeats: reader.repeats || grows))
      }
    }
    guard hasMemory[id] else {
      for reader in passed {
        read(operand, by: reader.loop, reader.access, repeats: reader.repeats)
      }
      return
    }
    if let (base, offset) = window(id) {
      windows[id] = (base, offset)
      needMemory(base, at: firstUse(id))
      return
    }
    let loop = newLoop(id, space: value.shape)
    let identity = Access.identity(rank: value.shape.rank)
    if let access = identity.through(
      value.op, from: operandShape, to: value.shape, space: value.shape.sizes)
    {
      read(operand, by: loop, access)
    }
  }

  /// The value whose memory a view's elements are a gapless piece of.
  private func window(_ id: Int) -> (base: Int, offset: Int)? {
    let (base, access) = walkDown(id)
    if graph.isScalar(base) { return nil }
    let space = graph.values[id].shape
    let (offset, strides) = access.layout(of: graph.values[base].shape, space: space.sizes)
    return base != id && Access.isContiguous(strides, space.sizes) ? (base, offset) : nil
  }

  /// Goes from a view to the value that it is a view of, as far as an access can tell.
  func walkDown(_ id: Int) -> (value: Int, access: Access) {
    let space = graph.values[id].shape.sizes
    var access = Access.identity(rank: space.count)
    var current = id
    while graph.values[current].op.rule.stage == .view {
      let value = graph.values[current]
      guard
        let next = access.through(
          value.op, from: graph.values[value.inputs[0]].shape, to: value.shape, space: space)
      else { break }
      access = next
      current = value.inputs[0]
    }
    return (current, access)
  }

  // MARK: Elementwise ops

  private mutating func placeElementwise(_ id: Int, _ value: PlanGraph.Value) {
    // Whether it gets memory although no reader asks for it is decided below.
    let isWanted = hasMemory[id]
    if isWanted, let product = foldedUpdate(id, value) {
      products[id] = product
      return
    }
    if let product = foldedFactor(id, value) {
      hasMemory[id] = true
      products[id] = product
      return
    }
    if isWanted, let masked = foldedMask(value) {
      isFolded[masked.value] = true
      for operand in [masked.mask] + graph.values[masked.value].inputs {
        needMemory(operand, at: id)
      }
      self.masked[id] = masked
      return
    }
    let homes = homes(id, value)
    // Nobody computes it on the way: a product may.
    if homes.isEmpty, !isWanted, let product = foldedUpdate(id, value) {
      products[id] = product
      return
    }
    for loop in homes {
      for reader in readers[id] where reader.loop == loop {
        loops[loop].opCount += 1
        for input in value.inputs { read(input, by: loop, reader.access) }
      }
    }
    if hasMemory[id] && absorbed[id] == nil {
      let loop = newLoop(id, space: value.shape)
      loops[loop].opCount = 1
      for input in value.inputs {
        read(input, by: loop, .identity(rank: value.shape.rank))
      }
    }
  }

  /// What is written by the kernel of a pooling's gradient, where nobody else reads that: the
  /// gradient of the ReLU before the pooling.
  private func foldedMask(_ value: PlanGraph.Value) -> Fusion.Masked? {
    guard value.op == .elementwise(.select), value.dtype == .float32 || value.dtype == .float64,
      graph.isScalar(value.inputs[1])
    else { return nil }
    let (mask, placed) = (value.inputs[0], value.inputs[2])
    guard placed >= graph.firstOp, useCount[placed] == 1, !hasMemory[placed],
      case .windowMaximum(_, places: true) = graph.values[placed].op, !graph.isScalar(mask),
      graph.values[mask].shape == value.shape, graph.values[placed].shape == value.shape
    else { return nil }
    return Fusion.Masked(value: placed, mask: mask, number: value.inputs[1])
  }

  /// The loops of its readers in which an op is computed. If that is not all, or the value
  /// is wanted in memory, the op gets memory: written by one of the loops, or by its own.
  private mutating func homes(_ id: Int, _ value: PlanGraph.Value) -> [Int] {
    var candidates: [Int] = []
    var repeats = false
    var isSmall = true
    for reader in readers[id] {
      repeats = repeats || reader.repeats
      isSmall = isSmall && loops[reader.loop].opCount < Planner.largestLoop
      if !candidates.contains(reader.loop) { candidates.append(reader.loop) }
    }
    let isSingle = candidates.count == 1 && Set(readers[id].map(\.access)).count == 1
    if !hasMemory[id] && !repeats && isSmall {
      if isSingle || (candidates.count <= 4 && isCheap(value)) { return candidates }
    }
    hasMemory[id] = true
    // The loop that comes first can write the value on the way, if it walks it in order.
    let first = firstUse(id)
    guard !repeats, isSmall,
      let reader = readers[id].first(where: { loops[$0.loop].root == first }),
      firstRead[id] > first,
      isInOrder(loops[reader.loop]),
      loops[reader.loop].part == 0,
      readers[id].allSatisfy({
        $0.loop != reader.loop
          || $0.access.isIdentity(space: loops[$0.loop].space, shape: value.shape)
      })
    else { return [] }
    absorbed[id] = reader.loop
    return [reader.loop]
  }

  /// Whether computing an op again costs no more than reading its result.
  private func isCheap(_ value: PlanGraph.Value) -> Bool {
    guard case .elementwise(let op) = value.op, op.traits.cost == .cheap else { return false }
    return value.inputs.allSatisfy { input in
      var id = input
      while graph.values[id].op.rule.stage == .view { id = graph.values[id].inputs[0] }
      return graph.values[id].op.rule.stage == .kernel
    }
  }

  /// Whether a loop walks its space as it is, not with the axes of a reduction behind.
  private func isInOrder(_ loop: Fusion.Loop) -> Bool {
    guard case .reduce(_, let axes) = graph.values[loop.root].op else { return true }
    return Fusion.reductionBlock(axes, of: loop.space) != nil
  }

  // MARK: Kernels

  private mutating func placeKernel(_ id: Int, _ value: PlanGraph.Value) {
    switch value.op.rule.computing {
    case .loops: placeLoops(id, value)
    case .product: products[id] = product(id, at: id)
    case .kernel(let positions, _):
      let axis = positions(value.op)
      for (place, input) in value.inputs.enumerated() where axis == nil || place != 1 {
        needMemory(input, at: id)
      }
      if let axis { indexes[id] = index(value.inputs[1], axis: axis, at: id) }
    case .given, .view, .elementwise: break
    }
  }

  /// The ops that are loops of their own.
  private mutating func placeLoops(_ id: Int, _ value: PlanGraph.Value) {
    let shape = graph.values[value.inputs[0]].shape
    let identity = Access.identity(rank: shape.rank)
    switch value.op {
    case .concatenate where joins(value):
      let loop = newLoop(id, space: shape)
      loops[loop].joinsParts = true
      for input in value.inputs { read(input, by: loop, identity) }
    case .concatenate:
      for (part, input) in value.inputs.enumerated() {
        let shape = graph.values[input].shape
        if place(input, in: id, value, part: part) { continue }
        let loop = newLoop(id, part: part, space: shape)
        read(input, by: loop, .identity(rank: shape.rank))
      }
    case .pad:
      // The filling comes first.
      _ = newLoop(id, part: 0, space: value.shape)
      let loop = newLoop(id, part: 1, space: shape)
      read(value.inputs[0], by: loop, identity)
    default:
      let loop = newLoop(id, space: shape)
      read(value.inputs[0], by: loop, identity)
    }
  }

  /// Lets a part of a concatenation be computed where it belongs, rather than copied there, if its
  /// place is a piece without gaps.
  private mutating func place(
    _ input: Int, in id: Int, _ value: PlanGraph.Value, part: Int
  ) -> Bool {
    guard case .concatenate(let axis) = value.op,
      value.shape[..<axis].allSatisfy({ $0 == 1 })
    else { return false }
    let (base, access) = walkDown(input)
    let (op, shape) = (graph.values[base].op, graph.values[base].shape)
    let isComputed: Bool =
      switch op.rule.computing {
      case .given, .view: false
      default: true
      }
    guard base >= graph.firstOp, isComputed, windows[base] == nil, !isFolded[base],
      !graph.results.contains(base), shape.elementCount == graph.values[input].shape.elementCount
    else { return false }
    let space = graph.values[input].shape.sizes
    let (offset, strides) = access.layout(of: shape, space: space)
    guard offset == 0, Access.isContiguous(strides, space) else { return false }
    let before = value.inputs[..<part].reduce(0) { $0 + graph.values[$1].shape.elementCount }
    windows[base] = (id, before)
    needMemory(base, at: id)
    return true
  }

  /// Whether the parts of a concatenation are written by one loop: what they have in common is
  /// then computed once.
  private func joins(_ value: PlanGraph.Value) -> Bool {
    let shape = graph.values[value.inputs[0]].shape
    return 2...Planner.mostJoined ~= value.inputs.count
      && value.inputs.allSatisfy { graph.values[$0].shape == shape }
  }

  /// The positions of a gather or scatter, seen as `[outer, count, inner]`: repeated ones
  /// are read where they are, not written out.
  private mutating func index(_ id: Int, axis: Int, at position: Int) -> Fusion.Matrix {
    let shape = graph.values[id].shape
    let (base, access) = walkDown(id)
    let (offset, strides) = access.layout(of: graph.values[base].shape, space: shape.sizes)
    let after = axis + 1..<shape.rank
    if !graph.isScalar(base), let outer = Planner.joined(strides, shape.sizes, 0..<axis),
      let inner = Planner.joined(strides, shape.sizes, after)
    {
      needMemory(base, at: position)
      return Fusion.Matrix(value: base, offset: offset, strides: [outer, strides[axis], inner])
    }
    needMemory(id, at: position)
    let innerCount = shape.sizes[after].reduce(1, *)
    return Fusion.Matrix(
      value: id, offset: 0, strides: [shape[axis] * innerCount, innerCount, 1])
  }

  /// The one stride that walks several dimensions, if there is one.
  private static func joined(_ strides: [Int], _ sizes: [Int], _ range: Range<Int>) -> Int? {
    var stride: Int?
    var expected = 0
    for dimension in range.reversed() where sizes[dimension] != 1 {
      if stride == nil {
        stride = strides[dimension]
      } else if strides[dimension] != expected {
        return nil
      }
      expected = strides[dimension] * sizes[dimension]
    }
    return stride ?? 0
  }
}
