/// Writes the planner's decisions down as kernels.
///
/// An operand's `slot` holds the id of the value whose memory it is; the layout turns
/// that into a slot.
struct Emitter {
  let fusion: Fusion
  private var graph: PlanGraph { fusion.graph }

  init(_ fusion: Fusion) { self.fusion = fusion }

  /// The kernels in the order in which they run.
  func kernels() -> [any Kernel] {
    var emitted: [any Kernel] = []
    var packs = packs()
    var loops = [[Int]](repeating: [], count: graph.values.count)
    for (index, loop) in fusion.loops.enumerated() { loops[loop.root].append(index) }
    var absorbed: [Int: [Int]] = [:]
    for (value, loop) in fusion.absorbed { absorbed[loop, default: []].append(value) }
    for root in graph.firstOp..<graph.values.count {
      for loop in loops[root] {
        var body = LoopBody(emitter: self, loop: fusion.loops[loop])
        emitted.append(body.emit(absorbed: (absorbed[loop] ?? []).sorted()))
      }
      if let product = fusion.products[root] {
        var kernel = matmul(root, product)
        if let pack = packs[Packed(kernel)] {
          if !pack.isEmitted { emitted.append(pack.kernel) }
          packs[Packed(kernel)]!.isEmitted = true
          kernel.b = pack.kernel.result
          kernel.isPackedB = true
        }
        emitted.append(kernel)
      } else if let masked = fusion.masked[root] {
        emitted.append(kernel(root, masked))
      } else if fusion.hasMemory[root],
        case .kernel(_, let make) = graph.values[root].op.rule.computing
      {
        emitted.append(make(site(root)))
      }
    }
    return emitted
  }

  /// A value's memory walked by strides from an offset on. That of complex numbers is seen as their
  /// parts: kernels take it whole.
  func operand(_ id: Int, offset: Int = 0, strides: [Int], space: [Int]) -> Plan.Operand {
    let (base, start) = fusion.place(id)
    return Plan.Operand(
      slot: base, dtype: graph.values[id].dtype.component, offset: start + offset, strides: strides,
      isContiguous: Access.isContiguous(strides, space))
  }

  /// A value's memory from the first element to the last.
  func whole(_ id: Int) -> Plan.Operand {
    let shape = graph.values[id].shape
    return operand(id, strides: shape.strides, space: shape.sizes)
  }

  func scalar(_ id: Int) -> Plan.ScalarArgument {
    Plan.ScalarArgument(
      index: id - graph.argumentCount, dtype: graph.values[id].dtype)
  }

  /// A right matrix that can be packed; what is none is like no other.
  private struct Packed: Hashable {
    var source: Plan.Operand
    var sizes: [Int]

    init?(_ kernel: MatMulKernel) {
      guard kernel.batchSizes.isEmpty, PackKernel.rows ~= kernel.m, kernel.n > 1,
        kernel.k > 0, kernel.dtype == .float32 || kernel.dtype == .float64
      else { return nil }
      source = kernel.b
      sizes = [kernel.k, kernel.n, kernel.leadingB, kernel.transposesB ? 1 : 0]
    }
  }

  /// The right matrices that are packed, in memory behind that of the graph's values.
  private func packs() -> [Packed?: (kernel: PackKernel, isEmitted: Bool)] {
    if fusion.products.count < PackKernel.leastUses { return [:] }
    var uses: [Packed: (count: Int, first: Int)] = [:]
    for (root, product) in fusion.products {
      let kernel = matmul(root, product)
      guard let packed = Packed(kernel) else { continue }
      let known = uses[packed] ?? (0, root)
      uses[packed] = (known.count + 1, min(known.first, root))
    }
    var packs: [Packed?: (kernel: PackKernel, isEmitted: Bool)] = [:]
    let often = uses.filter { $0.value.count >= PackKernel.leastUses }
    for (packed, use) in often.sorted(by: { $0.value.first < $1.value.first }) {
      let kernel = matmul(use.first, fusion.products[use.first]!)
      let result = Plan.Operand(
        slot: graph.values.count + packs.count, dtype: kernel.dtype, offset: 0, strides: [],
        isContiguous: true)
      packs[packed] = (
        PackKernel(
          k: kernel.k, n: kernel.n, dtype: kernel.dtype, source: kernel.b,
          isTransposed: kernel.transposesB, leading: kernel.leadingB, result: result), false
      )
    }
    return packs
  }

  private func matmul(_ root: Int, _ product: Fusion.Product) -> MatMulKernel {
    let value = graph.values[root]
    let shape = value.shape
    let (m, n) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let batches = Array(shape.sizes.dropLast(2))
    let k = innerSize(root)
    let a = Side(product.left.strides, rows: m, columns: k)
    let b = Side(product.right.strides, rows: k, columns: n)
    return MatMulKernel(
      m: m, n: n, k: k, dtype: value.dtype, batchSizes: batches,
      a: operand(
        product.left.value, offset: product.left.offset,
        strides: Array(product.left.strides.dropLast(2)), space: batches),
      b: operand(
        product.right.value, offset: product.right.offset,
        strides: Array(product.right.strides.dropLast(2)), space: batches),
      transposesA: a.isTransposed, transposesB: b.isTransposed, leadingA: a.leading,
      leadingB: b.leading, c: whole(root), initial: product.addend.map { whole($0) },
      accumulates: product.addend != nil, alpha: product.factors.map(scalar),
      alphaSign: product.sign)
  }

  /// The kernel of a value that writes it with a mask.
  private func kernel(_ root: Int, _ masked: Fusion.Masked) -> any Kernel {
    let site = site(masked.value, result: root)
    guard case .kernel(_, let make) = site.op.rule.computing,
      var kernel = make(site) as? WindowMaximumKernel
    else { site.refuse() }
    kernel.mask = WindowMaximumKernel.Mask(
      truths: whole(masked.mask), value: scalar(masked.number))
    return kernel
  }

  /// The axis that a product sums over, found below what was folded into it.
  private func innerSize(_ root: Int) -> Int {
    var current = root
    while true {
      let value = graph.values[current]
      if case .matmul = value.op {
        let left = graph.values[value.inputs[0]].shape
        return left[left.rank - 1]
      }
      // The product is the operand that is neither a scalar nor the addend.
      let addend = fusion.products[root]?.addend
      current = value.inputs.first { $0 != addend && !graph.isScalar($0) } ?? value.inputs[0]
    }
  }

  private func positions(_ root: Int) -> Plan.Operand {
    let index = fusion.indexes[root]!
    return operand(
      index.value, offset: index.offset, strides: index.strides, space: [1, 1, 1])
  }

  private struct Side {
    let isTransposed: Bool
    let leading: Int

    init(_ strides: [Int], rows: Int, columns: Int) {
      let (down, across) = (strides[strides.count - 2], strides[strides.count - 1])
      let isPlain = (columns == 1 || across == 1) && (rows == 1 || down >= columns)
      isTransposed = !isPlain
      leading =
        isPlain
        ? (rows == 1 ? Swift.max(columns, 1) : down) : (columns == 1 ? Swift.max(rows, 1) : across)
    }
  }

  /// - Parameter result: the value that is written; the root itself if nil.
  private func site(_ root: Int, result: Int? = nil) -> KernelSite {
    let value = graph.values[root]
    let hasPositions = fusion.indexes[root] != nil
    return KernelSite(
      op: value.op,
      operands: value.inputs.enumerated().map { place, input in
        place == 1 && hasPositions ? positions(root) : whole(input)
      },
      shapes: value.inputs.map { graph.values[$0].shape },
      dtypes: value.inputs.map { graph.values[$0].dtype }, result: whole(result ?? root),
      shape: value.shape, dtype: value.dtype)
  }
}

/// Where a primitive with a kernel of its own stands in a plan: what its rule makes the kernel of.
struct KernelSite {
  let op: Op
  /// The operands from the first element to the last; positions as they are walked.
  let operands: [Plan.Operand]
  /// The operands' shapes.
  let shapes: [Shape]
  /// The operands' dtypes.
  let dtypes: [DType]
  /// The result, from the first element to the last.
  let result: Plan.Operand
  /// The result's shape.
  let shape: Shape
  /// The result's dtype.
  let dtype: DType

  /// The first operand along an axis.
  func extent(_ axis: Int) -> Plan.AxisExtent { Plan.AxisExtent(shapes[0], axis: axis) }

  /// A rule was given another primitive's op.
  func refuse() -> Never { fatalError("\(op) has come to another primitive's rule") }
}
