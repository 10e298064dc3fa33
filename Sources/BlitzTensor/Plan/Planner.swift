/// Makes the plan of a graph: which ops share a loop, which become one product, what is
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

  var loops: [Loop] = []
  var products: [Int: Product] = [:]
  /// Where the positions of a gather or scatter are.
  var indexes: [Int: Matrix] = [:]
  /// Values that are windows of another value's memory: its number, and the offset in elements.
  var windows: [Int: (base: Int, offset: Int)] = [:]
  /// Values written by a loop that goes on to compute something else.
  var absorbed: [Int: Int] = [:]

  /// One pass over a space: a fused kernel.
  struct Loop {
    /// The value that the loop is for; it runs when this op's turn comes.
    var root: Int
    /// Which of the root's operands, where each has a loop of its own.
    var part: Int
    /// Whether the loop writes all of the root's operands, which have one shape.
    var joinsParts = false
    var space: [Int]
    var opCount = 0
  }

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
  }

  /// The whole plan: fuse, emit, lay out.
  mutating func plan() -> Plan {
    fuse()
    var emitter = Emitter(self)
    return Layout(planner: self, kernels: emitter.emit()).plan()
  }

  private mutating func fuse() {
    for value in graph.values {
      for input in value.inputs { useCount[input] += 1 }
    }
    for result in graph.results {
      useCount[result] += 1
      hasMemory[result] = true
    }
    for number in (graph.firstOp..<graph.values.count).reversed() {
      if isFolded[number] || (!hasMemory[number] && readers[number].isEmpty) { continue }
      let value = graph.values[number]
      switch value.op.stage {
      case .view: placeView(number, value)
      case .elementwise: placeElementwise(number, value)
      case .kernel:
        hasMemory[number] = true
        placeKernel(number, value)
      }
    }
  }

  // MARK: What a kernel reads

  /// Says that the kernel at `position` reads a value's memory.
  mutating func needMemory(_ number: Int, at position: Int) {
    hasMemory[number] = true
    firstRead[number] = min(firstRead[number], position)
  }

  private mutating func read(
    _ number: Int, by loop: Int, _ access: Access, repeats: Bool = false
  ) {
    guard number >= graph.firstOp else { return }
    let reader = Reader(loop: loop, access: access, repeats: repeats)
    // Most values have few readers, which are looked through faster than hashed.
    if readers[number].count <= 8 {
      if readers[number].contains(where: { $0.loop == loop && $0.access == access }) { return }
      if readers[number].count == 8 {
        for known in readers[number] {
          reads.insert(Read(number: number, loop: known.loop, access: known.access))
        }
        reads.insert(Read(number: number, loop: loop, access: access))
      }
    } else if !reads.insert(Read(number: number, loop: loop, access: access)).inserted {
      return
    }
    readers[number].append(reader)
  }

  /// What has been read of values with many readers: `x + x` reads `x` once.
  private struct Read: Hashable {
    var number: Int
    var loop: Int
    var access: Access
  }

  private mutating func newLoop(_ root: Int, part: Int = 0, space: Shape) -> Int {
    loops.append(Loop(root: root, part: part, space: space.sizes))
    return loops.count - 1
  }

  /// The first kernel that reads a value in whatever way.
  private func firstUse(_ number: Int) -> Int {
    readers[number].reduce(firstRead[number]) { min($0, loops[$1.loop].root) }
  }

  // MARK: Views

  private mutating func placeView(_ number: Int, _ value: PlanGraph.Value) {
    let operand = value.inputs[0]
    let operandShape = graph.values[operand].shape
    var passed: [Reader] = []
    if !hasMemory[number] {
      for reader in readers[number] {
        guard
          let access = reader.access.through(
            value.op, from: operandShape, to: value.shape, space: loops[reader.loop].space)
        else {
          hasMemory[number] = true
          break
        }
        let grows = value.op == .expand && value.shape.elementCount > operandShape.elementCount
        passed.append(
          Reader(loop: reader.loop, access: access, repeats: reader.repeats || grows))
      }
    }
    guard hasMemory[number] else {
      for reader in passed {
        read(operand, by: reader.loop, reader.access, repeats: reader.repeats)
      }
      return
    }
    if let (base, offset) = window(number) {
      windows[number] = (base, offset)
      needMemory(base, at: firstUse(number))
      return
    }
    let loop = newLoop(number, space: value.shape)
    let identity = Access.identity(rank: value.shape.rank)
    if let access = identity.through(
      value.op, from: operandShape, to: value.shape, space: value.shape.sizes)
    {
      read(operand, by: loop, access)
    }
  }

  /// The value whose memory a view's elements are a gapless piece of.
  private func window(_ number: Int) -> (base: Int, offset: Int)? {
    let (base, access) = walkDown(number)
    if graph.isNumber(base) { return nil }
    let space = graph.values[number].shape
    let (offset, strides) = access.layout(of: graph.values[base].shape, space: space.sizes)
    return base != number && Access.isContiguous(strides, space.sizes) ? (base, offset) : nil
  }

  /// Goes from a view to the value that it is a view of, as far as an access can tell.
  func walkDown(_ number: Int) -> (value: Int, access: Access) {
    let space = graph.values[number].shape.sizes
    var access = Access.identity(rank: space.count)
    var current = number
    while graph.values[current].op.stage == .view {
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

  private mutating func placeElementwise(_ number: Int, _ value: PlanGraph.Value) {
    if hasMemory[number], let product = foldedUpdate(number, value) {
      products[number] = product
      return
    }
    if let product = foldedFactor(number, value) {
      hasMemory[number] = true
      products[number] = product
      return
    }
    for loop in homes(number, value) {
      for reader in readers[number] where reader.loop == loop {
        loops[loop].opCount += 1
        for input in value.inputs { read(input, by: loop, reader.access) }
      }
    }
    if hasMemory[number] && absorbed[number] == nil {
      let loop = newLoop(number, space: value.shape)
      loops[loop].opCount = 1
      for input in value.inputs {
        read(input, by: loop, .identity(rank: value.shape.rank))
      }
    }
  }

  /// The loops of its readers in which an op is computed. If that is not all, or the value
  /// is wanted in memory, the op gets memory: written by one of the loops, or by its own.
  private mutating func homes(_ number: Int, _ value: PlanGraph.Value) -> [Int] {
    var candidates: [Int] = []
    var repeats = false
    var isSmall = true
    for reader in readers[number] {
      repeats = repeats || reader.repeats
      isSmall = isSmall && loops[reader.loop].opCount < Planner.largestLoop
      if !candidates.contains(reader.loop) { candidates.append(reader.loop) }
    }
    let isSingle = candidates.count == 1 && Set(readers[number].map(\.access)).count == 1
    if !hasMemory[number] && !repeats && isSmall {
      if isSingle || (candidates.count <= 4 && isCheap(value)) { return candidates }
    }
    hasMemory[number] = true
    // The loop that comes first can write the value on the way, if it walks it in order.
    let first = firstUse(number)
    guard !repeats, isSmall,
      let reader = readers[number].first(where: { loops[$0.loop].root == first }),
      firstRead[number] > first,
      isInOrder(loops[reader.loop]),
      loops[reader.loop].part == 0,
      readers[number].allSatisfy({
        $0.loop != reader.loop
          || $0.access.isIdentity(space: loops[$0.loop].space, shape: value.shape)
      })
    else { return [] }
    absorbed[number] = reader.loop
    return [reader.loop]
  }

  /// Whether computing an op again costs no more than reading its result.
  private func isCheap(_ value: PlanGraph.Value) -> Bool {
    guard case .elementwise(let op) = value.op, op.isCheap else { return false }
    return value.inputs.allSatisfy { input in
      var number = input
      while graph.values[number].op.stage == .view { number = graph.values[number].inputs[0] }
      return graph.values[number].op.stage == .kernel
    }
  }

  /// Whether a loop walks its space as it is, not with the axes of a reduction behind.
  private func isInOrder(_ loop: Loop) -> Bool {
    guard case .reduce(_, let axes) = graph.values[loop.root].op else { return true }
    return Planner.reductionBlock(axes, of: loop.space) != nil
  }

  /// The run of dimensions that a reduction goes over, if it is one run but for sizes of 1.
  static func reductionBlock(_ axes: [Int], of space: [Int]) -> Range<Int>? {
    let real = axes.filter { space[$0] != 1 }
    guard let first = real.first, let last = real.last else { return 0..<0 }
    let reduced = Set(axes)
    return (first...last).allSatisfy { reduced.contains($0) || space[$0] == 1 }
      ? first..<last + 1 : nil
  }

  // MARK: Kernels

  private mutating func placeKernel(_ number: Int, _ value: PlanGraph.Value) {
    switch value.op {
    case .reduce:
      let shape = graph.values[value.inputs[0]].shape
      let loop = newLoop(number, space: shape)
      read(value.inputs[0], by: loop, .identity(rank: shape.rank))
    case .concatenate where joins(value):
      let shape = graph.values[value.inputs[0]].shape
      let loop = newLoop(number, space: shape)
      loops[loop].joinsParts = true
      for input in value.inputs { read(input, by: loop, .identity(rank: shape.rank)) }
    case .concatenate:
      for (part, input) in value.inputs.enumerated() {
        let shape = graph.values[input].shape
        let loop = newLoop(number, part: part, space: shape)
        read(input, by: loop, .identity(rank: shape.rank))
      }
    case .embed:
      // The filling comes first.
      _ = newLoop(number, part: 0, space: value.shape)
      let shape = graph.values[value.inputs[0]].shape
      let loop = newLoop(number, part: 1, space: shape)
      read(value.inputs[0], by: loop, .identity(rank: shape.rank))
    case .matmul:
      products[number] = product(number, at: number)
    case .gather(let axis, _), .scatter(let axis, _, _):
      for (position, input) in value.inputs.enumerated() where position != 1 {
        needMemory(input, at: number)
      }
      indexes[number] = index(value.inputs[1], axis: axis, at: number)
    case .argReduce, .cumulativeSum, .argSort, .convolution, .windowMaximum:
      for input in value.inputs { needMemory(input, at: number) }
    case .data, .scalar, .transfer, .elementwise, .reshape, .permute, .expand, .slice, .custom:
      break
    }
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
  private mutating func index(_ number: Int, axis: Int, at position: Int) -> Matrix {
    let shape = graph.values[number].shape
    let (base, access) = walkDown(number)
    let (offset, strides) = access.layout(of: graph.values[base].shape, space: shape.sizes)
    let after = axis + 1..<shape.rank
    if !graph.isNumber(base), let outer = Planner.joined(strides, shape.sizes, 0..<axis),
      let inner = Planner.joined(strides, shape.sizes, after)
    {
      needMemory(base, at: position)
      return Matrix(value: base, offset: offset, strides: [outer, strides[axis], inner])
    }
    needMemory(number, at: position)
    let innerCount = shape.sizes[after].reduce(1, *)
    return Matrix(
      value: number, offset: 0, strides: [shape[axis] * innerCount, innerCount, 1])
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

extension Elementwise {
  /// Whether the op takes about as long as reading its operands.
  var isCheap: Bool {
    switch self {
    case .negate, .abs, .sign, .floor, .ceil, .round, .not, .isNaN, .cast, .add, .subtract,
      .multiply, .minimum, .maximum, .less, .lessEqual, .equal, .notEqual, .greater,
      .greaterEqual, .and, .or, .xor, .select:
      true
    case .exp, .log, .log1p, .expm1, .sqrt, .rsqrt, .sin, .cos, .tan, .tanh, .sigmoid, .erf,
      .divide, .power, .remainder:
      false
    }
  }
}
