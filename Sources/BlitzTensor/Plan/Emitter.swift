/// Writes the planner's decisions down as kernels.
///
/// An operand's `slot` holds the number of the value whose memory it is; the layout turns
/// that into a slot.
struct Emitter {
  let planner: Planner
  private var graph: PlanGraph { planner.graph }

  /// A kernel, with the values whose memory it writes.
  struct Emitted {
    var kernel: Kernel
    var writes: [Int]
  }

  init(_ planner: Planner) { self.planner = planner }

  /// The kernels in the order in which they run.
  mutating func emit() -> [Emitted] {
    var emitted: [Emitted] = []
    var loops = [[Int]](repeating: [], count: graph.values.count)
    for (index, loop) in planner.loops.enumerated() { loops[loop.root].append(index) }
    var absorbed: [Int: [Int]] = [:]
    for (value, loop) in planner.absorbed { absorbed[loop, default: []].append(value) }
    for root in graph.firstOp..<graph.values.count {
      for loop in loops[root] {
        var body = LoopBody(emitter: self, loop: planner.loops[loop])
        emitted.append(body.emit(absorbed: (absorbed[loop] ?? []).sorted()))
      }
      if let product = planner.products[root] {
        emitted.append(Emitted(kernel: .matmul(matmul(root, product)), writes: [root]))
      } else if planner.hasMemory[root] && graph.values[root].op.isLibrary {
        emitted.append(Emitted(kernel: libraryKernel(root), writes: [root]))
      }
    }
    return emitted
  }

  /// The value whose memory a value's elements are in, and where the first one is.
  func place(_ number: Int) -> (base: Int, offset: Int) {
    var (base, offset) = (number, 0)
    while let window = planner.windows[base] {
      offset += window.offset
      base = window.base
    }
    return (base, offset)
  }

  /// A value's memory walked by strides from an offset on.
  func operand(_ number: Int, offset: Int = 0, strides: [Int], space: [Int]) -> Plan.Operand {
    let (base, start) = place(number)
    return Plan.Operand(
      slot: base, dtype: graph.values[number].dtype, offset: start + offset, strides: strides,
      isContiguous: Access.isContiguous(strides, space))
  }

  /// A value's memory from the first element to the last.
  func whole(_ number: Int) -> Plan.Operand {
    let shape = graph.values[number].shape
    return operand(number, strides: shape.strides, space: shape.sizes)
  }

  func scalar(_ number: Int) -> Plan.ScalarArgument {
    Plan.ScalarArgument(
      index: number - graph.argumentCount, dtype: graph.values[number].dtype)
  }

  private func matmul(_ root: Int, _ product: Planner.Product) -> MatMulKernel {
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

  /// The axis that a product sums over, found below what was folded into it.
  private func innerSize(_ root: Int) -> Int {
    var current = root
    while true {
      let value = graph.values[current]
      if case .matmul = value.op {
        let left = graph.values[value.inputs[0]].shape
        return left[left.rank - 1]
      }
      // The product is the operand that is neither a number nor the addend.
      let addend = planner.products[root]?.addend
      current = value.inputs.first { $0 != addend && !graph.isNumber($0) } ?? value.inputs[0]
    }
  }

  private func positions(_ root: Int) -> Plan.Operand {
    let index = planner.indexes[root]!
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

  private func libraryKernel(_ root: Int) -> Kernel {
    let value = graph.values[root]
    let source = value.inputs[0]
    let shape = graph.values[source].shape
    func split(_ axis: Int) -> (outer: Int, count: Int, inner: Int) {
      (
        shape.prefix(axis).reduce(1, *), shape[axis],
        shape.dropFirst(axis + 1).reduce(1, *)
      )
    }
    switch value.op {
    case .argReduce(let greatest, let axis):
      let (outer, count, inner) = split(axis)
      return .argReduce(
        ArgReduceKernel(
          dtype: graph.values[source].dtype, greatest: greatest, outer: outer, count: count,
          inner: inner, source: whole(source), result: whole(root)))
    case .cumulativeSum(let axis):
      let (outer, count, inner) = split(axis)
      return .scan(
        ScanKernel(
          dtype: value.dtype, outer: outer, count: count, inner: inner, source: whole(source),
          result: whole(root)))
    case .argSort(let axis, let descending):
      let (outer, count, inner) = split(axis)
      return .argSort(
        ArgSortKernel(
          dtype: graph.values[source].dtype, descending: descending, outer: outer, count: count,
          inner: inner, source: whole(source), result: whole(root)))
    case .gather(let axis, let reader):
      let (outer, count, inner) = split(axis)
      let index = value.inputs[1]
      return .gather(
        GatherKernel(
          reader: reader, dtype: value.dtype, outer: outer, axisCount: count,
          indexCount: graph.values[index].shape[axis], inner: inner, source: whole(source),
          index: positions(root), result: whole(root)))
    case .scatter(let axis, let adds, let reader):
      let (outer, count, inner) = split(axis)
      let index = value.inputs[1]
      return .scatter(
        ScatterKernel(
          reader: reader, dtype: value.dtype, adds: adds, outer: outer, axisCount: count,
          indexCount: graph.values[index].shape[axis], inner: inner, base: whole(source),
          index: positions(root), updates: whole(value.inputs[2]), result: whole(root)))
    case .convolution(let convolution):
      return .convolution(
        ConvolutionKernel(
          convolution, shapes: value.inputs.map { graph.values[$0].shape } + [value.shape],
          operands: value.inputs.map(whole), result: whole(root)))
    case .windowMaximum(let window, let places):
      let pooled = places ? graph.values[value.inputs[1]].shape : value.shape
      return .windowMaximum(
        WindowMaximumKernel(
          places: places, planes: shape[0] * shape[1],
          window: WindowKernelShape(window, channels: 1, image: shape, output: pooled),
          keys: whole(source), values: whole(value.inputs[1]), result: whole(root)))
    case .data, .scalar, .transfer, .elementwise, .reshape, .permute, .expand, .slice, .embed,
      .concatenate, .reduce, .matmul, .custom:
      fatalError("\(value.op) is not a library kernel")
    }
  }
}

extension Op {
  /// Whether a kernel of its own, other than a loop or a product, computes the op.
  var isLibrary: Bool {
    switch self {
    case .argReduce, .cumulativeSum, .argSort, .gather, .scatter, .convolution, .windowMaximum: true
    case .data, .scalar, .transfer, .elementwise, .reshape, .permute, .expand, .slice, .embed,
      .concatenate, .reduce, .matmul, .custom:
      false
    }
  }
}
