/// Writes one loop: follows the operands from its root up, as far as values have no memory.
struct LoopBody {
  private let emitter: Emitter
  private let loop: Fusion.Loop
  private var operands: [Plan.Operand] = []
  private var scalars: [Plan.ScalarArgument] = []
  private var instructions: [(FusedKernel.Instruction, [Value])] = []
  private var stores: [(Value, Plan.Operand)] = []
  private var known: [Key: Value] = [:]
  private var absorbed: Set<Int> = []

  private enum Value: Hashable {
    case operand(Int)
    case scalar(Int)
    case instruction(Int)
  }

  private struct Key: Hashable {
    var id: Int
    var access: Access
  }

  init(emitter: Emitter, loop: Fusion.Loop) {
    self.emitter = emitter
    self.loop = loop
  }

  private var graph: PlanGraph { emitter.fusion.graph }

  mutating func emit(absorbed: [Int]) -> FusedKernel {
    self.absorbed = Set(absorbed)
    let root = graph.values[loop.root]
    let identity = Access.identity(rank: loop.space.count)
    var reduction: (kind: Reduction, value: Value, axes: [Int])?
    switch root.op {
    case .reduce(let kind, let axes):
      reduction = (kind, value(root.inputs[0], identity), axes)
    case .concatenate(let axis):
      let strides = root.shape.strides
      var start = root.inputs.prefix(loop.part).reduce(0) { $0 + graph.values[$1].shape[axis] }
      for input in root.inputs[loop.part...].prefix(loop.joinsParts ? root.inputs.count : 1) {
        store(value(input, identity), start * strides[axis], strides)
        start += graph.values[input].shape[axis]
      }
    case .pad(let slices):
      if loop.part == 0 {
        store(value(root.inputs[1], .axes([])), 0, root.shape.strides)
      } else {
        let strides = root.shape.strides
        let offset = zip(slices, strides).reduce(0) { $0 + $1.0.start * $1.1 }
        store(
          value(root.inputs[0], identity), offset, zip(slices, strides).map { $0.step * $1 })
      }
    case .elementwise:
      store(compute(loop.root, identity), 0, root.shape.strides)
    default:
      guard root.op.rule.stage == .view else { fatalError("\(root.op) has no loop") }
      store(throughView(loop.root, identity), 0, root.shape.strides)
    }
    for id in absorbed {
      // Its readers have computed it; how they walked it is its own order.
      let access: Access =
        graph.values[id].shape.sizes == loop.space
        ? identity : .flat
      stores.append((value(id, access), storeOperand(id)))
    }
    return kernel(reduction)
  }

  // MARK: Values

  private mutating func value(_ id: Int, _ access: Access) -> Value {
    let key = Key(id: id, access: access)
    if let value = known[key] { return value }
    let value: Value
    if graph.isScalar(id) {
      scalars.append(emitter.scalar(id))
      value = .scalar(scalars.count - 1)
      known[Key(id: id, access: .axes([]))] = value
    } else if emitter.fusion.hasMemory[id] && !absorbed.contains(id) {
      let (offset, strides) = access.layout(
        of: graph.values[id].shape, space: loop.space)
      operands.append(
        emitter.operand(id, offset: offset, strides: strides, space: loop.space))
      value = .operand(operands.count - 1)
    } else if graph.values[id].op.rule.stage == .view {
      value = throughView(id, access)
    } else {
      value = compute(id, access)
    }
    known[key] = value
    return value
  }

  private mutating func throughView(_ id: Int, _ access: Access) -> Value {
    let view = graph.values[id]
    let operand = view.inputs[0]
    if graph.isScalar(operand) { return value(operand, .axes([])) }
    guard
      let inner = access.through(
        view.op, from: graph.values[operand].shape, to: view.shape, space: loop.space)
    else { fatalError("the planner let a loop read \(view.op) by \(access)") }
    return value(operand, inner)
  }

  private mutating func compute(_ id: Int, _ access: Access) -> Value {
    let node = graph.values[id]
    guard case .elementwise(let op) = node.op else {
      fatalError("\(node.op) is not computed in a loop")
    }
    let inputs = node.inputs.map { value($0, graph.isScalar($0) ? .axes([]) : access) }
    // A choice is between values of its last operands' dtype.
    let dtype = graph.values[node.inputs.last!].dtype
    instructions.append(
      (
        FusedKernel.Instruction(
          op: op, dtype: dtype, resultDType: node.dtype, operands: []),
        inputs
      ))
    return .instruction(instructions.count - 1)
  }

  // MARK: Stores

  private mutating func store(_ value: Value, _ offset: Int, _ strides: [Int]) {
    stores.append(
      (value, emitter.operand(loop.root, offset: offset, strides: strides, space: loop.space)))
  }

  private func storeOperand(_ id: Int) -> Plan.Operand {
    emitter.operand(id, strides: Shape(loop.space).strides, space: loop.space)
  }

  // MARK: The kernel

  private func kernel(_ reduction: (kind: Reduction, value: Value, axes: [Int])?) -> FusedKernel {
    func index(_ value: Value) -> Int {
      switch value {
      case .operand(let index): index
      case .scalar(let index): operands.count + index
      case .instruction(let index): operands.count + scalars.count + index
      }
    }
    var kernel = FusedKernel(
      sizes: loop.space, operands: operands, scalars: scalars,
      instructions: instructions.map { instruction, inputs in
        var instruction = instruction
        instruction.operands = inputs.map(index)
        return instruction
      },
      stores: stores.map { FusedKernel.Store(value: index($0), to: $1) })
    if let reduction {
      let (outer, count, inner) = arrange(&kernel, axes: reduction.axes)
      let root = graph.values[loop.root]
      // What it reduces to may be a part of a concatenation.
      let (base, start) = emitter.fusion.place(loop.root)
      kernel.reduction = FusedKernel.Reduce(
        kind: reduction.kind, value: index(reduction.value), dtype: root.dtype, outer: outer,
        count: count, inner: inner, slot: base, offset: start)
    }
    kernel.mergeDimensions()
    return kernel
  }

  /// Sees the space as `[outer, count, inner]` with the reduced axes in the middle; where
  /// they are not one run, behind the others.
  private func arrange(
    _ kernel: inout FusedKernel, axes: [Int]
  ) -> (outer: Int, count: Int, inner: Int) {
    let space = loop.space
    if let block = Fusion.reductionBlock(axes, of: space) {
      let isAll = block.isEmpty
      let lower = isAll ? space.count : block.lowerBound
      return (
        space[..<lower].reduce(1, *), isAll ? 1 : space[block].reduce(1, *),
        isAll ? 1 : space[block.upperBound...].reduce(1, *)
      )
    }
    let kept = space.indices.filter { !axes.contains($0) }
    let order = kept + axes
    kernel.sizes = order.map { space[$0] }
    for index in kernel.operands.indices {
      let strides = kernel.operands[index].strides
      kernel.operands[index].strides = order.map { strides[$0] }
    }
    return (kept.reduce(1) { $0 * space[$1] }, axes.reduce(1) { $0 * space[$1] }, 1)
  }
}

extension FusedKernel {
  /// Makes one dimension of neighbours that every operand walks in one stride.
  fileprivate mutating func mergeDimensions() {
    var merged: [Int] = []  // the last of the old dimensions in each new one
    var newSizes: [Int] = []
    let walks = operands.map(\.strides) + stores.map(\.to.strides)
    for (dimension, size) in sizes.enumerated() where size != 1 {
      if let last = merged.last, let lastSize = newSizes.last,
        walks.allSatisfy({ $0[last] == $0[dimension] * size })
      {
        merged[merged.count - 1] = dimension
        newSizes[newSizes.count - 1] = lastSize * size
      } else {
        merged.append(dimension)
        newSizes.append(size)
      }
    }
    func walk(_ operand: inout Plan.Operand) {
      operand.strides = merged.isEmpty ? [1] : merged.map { operand.strides[$0] }
      operand.isContiguous = Access.isContiguous(
        operand.strides, newSizes.isEmpty ? [1] : newSizes)
    }
    for index in operands.indices { walk(&operands[index]) }
    for index in stores.indices { walk(&stores[index].to) }
    sizes = newSizes.isEmpty ? [1] : newSizes
  }
}
