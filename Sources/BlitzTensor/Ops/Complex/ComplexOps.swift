// What each primitive is of complex numbers: ops on their parts. Gradients, fusion and programs for
// accelerators follow of themselves. The gradient is PyTorch's: that of the real part of g's, with
// the derivatives of the real and the imaginary part as its own.

extension Tensor {
  /// What a primitive computes, of operands or to a result that are complex.
  static func ofParts(_ op: Op, _ inputs: [Tensor], shape: Shape, dtype: DType) -> Tensor {
    let rank = inputs.first?.rank ?? 0
    if let error = TensorError.badShape(
      op.rule.name, shape.sizes + [2],
      operands: inputs.prefix(2).map { ("operand", $0.signature) })
    {
      return Tensor(error: error)
    }
    let last = AxisSlice(start: 0, step: 1, count: 2)
    /// The op itself on the pairs, whose axis is one more.
    func onPairs(_ op: Op, _ others: [Tensor] = []) -> Tensor {
      make(
        op, inputs.prefix(1).map(\.asReal) + others, shape: Shape(shape.sizes + [2]),
        dtype: dtype.component
      ).asComplex
    }
    /// Positions, the same for both parts.
    func doubled(_ index: Tensor) -> Tensor {
      index.viewed(as: Shape(index.shape.sizes + [1]))
        .broadcastCopy(to: Shape(index.shape.sizes + [2]))
    }
    switch op {
    case .elementwise(let op): return ofParts(op, inputs, shape, dtype)
    case .reshape: return onPairs(.reshape)
    case .permute(let axes): return onPairs(.permute(axes + [rank]))
    case .expand: return expanded(inputs[0], to: shape)
    case .slice(let slices): return onPairs(.slice(slices + [last]))
    case .pad(let slices):
      guard case .scalar(let number) = inputs[1].node.op else { break }
      let fill = scalar(.integer(0), dtype.component)
      if number.double == 0 { return onPairs(.pad(slices + [last]), [fill]) }
      func padded(_ part: Tensor, _ fill: Tensor) -> Tensor {
        make(.pad(slices), [part, fill], shape: shape, dtype: dtype.component)
      }
      let (real, imag) = inputs[0].parts
      return ofParts(padded(real, scalar(number, dtype.component)), padded(imag, fill))
    case .concatenate(let axis):
      return make(
        .concatenate(axis: axis), inputs.map(\.asReal), shape: Shape(shape.sizes + [2]),
        dtype: dtype.component
      ).asComplex
    case .reduce(.sum, let axes): return onPairs(.reduce(.sum, axes: axes))
    case .reduce(.product, let axes): return inputs[0].complexProduct(axes).viewed(as: shape)
    case .reduce(.norm, let axes):
      return inputs[0].abs().reduced("norm", .norm, axes: axes, keepDims: false)
    case .cumulativeSum(let axis): return onPairs(.cumulativeSum(axis: axis))
    case .cumulativeProduct(let axis): return inputs[0].complexRunningProducts(axis)
    case .matmul: return complexProduct(of: inputs[0], inputs[1], shape)
    case .gather(let axis, let reader):
      return onPairs(.gather(axis: axis, for: reader), [doubled(inputs[1])])
    case .scatter(let axis, let adds, let reader):
      return onPairs(
        .scatter(axis: axis, adds: adds, for: reader), [doubled(inputs[1]), inputs[2].asReal])
    default: break
    }
    return Tensor(error: .takesReals(op.rule.name, inputs))
  }

  /// A number, or a tensor, in a shape that its own is known to broadcast to.
  private static func expanded(_ tensor: Tensor, to shape: Shape) -> Tensor {
    if case .scalar = tensor.node.op {
      let (real, imag) = tensor.parts
      return ofParts(real.broadcastCopy(to: shape), imag.broadcastCopy(to: shape))
    }
    // The pairs' axis stays behind those that are new.
    let pairs = tensor.asReal
    return make(.expand, pairs, shape: Shape(shape.sizes + [2]), dtype: pairs.dtype).asComplex
  }

  private static func ofParts(
    _ op: Elementwise, _ inputs: [Tensor], _ shape: Shape, _ dtype: DType
  ) -> Tensor {
    /// A choice or a number has no shape of its own.
    func parts(_ place: Int) -> (Tensor, Tensor) { inputs[place].parts }
    func inShape(_ real: Tensor, _ imag: Tensor) -> Tensor {
      .ofParts(real.broadcastCopy(to: shape), imag.broadcastCopy(to: shape))
    }
    switch op {
    case .cast: return cast(inputs[0], shape, to: dtype)
    case .negate: return (-inputs[0].asReal).asComplex
    case .abs: return inputs[0].complexSize
    case .isNaN:
      let (x, y) = parts(0)
      return x.isNaN() .| y.isNaN()
    case .exp, .log, .log1p, .expm1, .sqrt, .rsqrt, .sin, .cos, .tan, .tanh, .sigmoid:
      return inputs[0].complexFunction(op)
    case .add, .subtract:
      let ((a, b), (c, d)) = (parts(0), parts(1))
      return op == .add ? inShape(a + c, b + d) : inShape(a - c, b - d)
    case .multiply:
      let ((a, b), (c, d)) = (parts(0), parts(1))
      // Numbers are real, and leave infinities beside zeros what they are.
      if inputs[1].isNumber { return inShape(a * c, b * c) }
      if inputs[0].isNumber { return inShape(a * c, a * d) }
      return inShape(a * c - b * d, a * d + b * c)
    case .divide:
      let ((a, b), (c, d)) = (parts(0), parts(1))
      if inputs[1].isNumber { return inShape(a / c, b / c) }
      // As PyTorch's kernels scale it, so that squares do not overflow.
      let scale = c.detached().abs().maximum(d.detached().abs())
      let (x, y) = (c / scale, d / scale)
      let size = x * x + y * y
      let (p, q) = (a / scale, b / scale)
      return inShape((p * x + q * y) / size, (q * x - p * y) / size)
    case .power: return complexPower(inputs[0], inputs[1], shape)
    case .equal, .notEqual:
      let ((a, b), (c, d)) = (parts(0), parts(1))
      return op == .equal ? (a .== c) .& (b .== d) : (a .!= c) .| (b .!= d)
    case .select:
      let ((a, b), (c, d)) = (parts(1), parts(2))
      func chosen(_ first: Tensor, _ second: Tensor) -> Tensor {
        make(
          .elementwise(.select), [inputs[0], first, second], shape: shape, dtype: dtype.component)
      }
      return ofParts(chosen(a, c), chosen(b, d))
    case .sign, .floor, .ceil, .round, .erf, .not, .atan2, .minimum, .maximum, .remainder, .less,
      .lessEqual, .greater, .greaterEqual, .and, .or, .xor:
      return Tensor(error: .takesReals(op.rule.name, inputs))
    }
  }

  /// Whether this is a Swift number, or computed in a shape of none.
  private var isNumber: Bool { if case .scalar = node.op { true } else { false } }

  private static func cast(_ tensor: Tensor, _ shape: Shape, to dtype: DType) -> Tensor {
    if dtype == .bool { return tensor .!= 0 }
    if !dtype.isComplex { return tensor.part(0).cast(to: dtype) }
    if tensor.dtype.isComplex { return tensor.asReal.cast(to: dtype.component).asComplex }
    return ofParts(real: tensor.cast(to: dtype.component))
  }
}

// MARK: Products

extension Tensor {
  /// The product of elements along axes (ascending), which the result does not have.
  fileprivate func complexProduct(_ axes: [Int]) -> Tensor {
    let rest = shape.indices.filter { !axes.contains($0) }
    let outer = Shape(rest.map { shape[$0] }).elementCount
    var rows = reordered(rest + axes).viewed(as: [outer, count(along: axes)])
    if rows.shape[1] == 0 { return .ones([outer], dtype: dtype, device: device) }
    func columns(_ start: Int, _ count: Int) -> Tensor {
      rows.sliced(axis: 1, AxisSlice(start: start, step: 1, count: count))
    }
    while rows.shape[1] > 1 {
      let (count, half) = (rows.shape[1], rows.shape[1] / 2)
      let pairs = columns(0, half) * columns(half, half)
      rows = count % 2 == 0 ? pairs : concatenate([pairs, columns(count - 1, 1)], axis: 1)
    }
    return rows
  }

  /// Running products, in as many rounds as the axis has binary digits: each takes in the one 1, 2,
  /// 4 ... places before.
  fileprivate func complexRunningProducts(_ axis: Int) -> Tensor {
    var products = self
    var distance = 1
    while distance < shape[axis] {
      let start = products.sliced(axis: axis, AxisSlice(start: 0, step: 1, count: distance))
      let later = AxisSlice(start: distance, step: 1, count: shape[axis] - distance)
      let earlier = AxisSlice(start: 0, step: 1, count: shape[axis] - distance)
      let rest = products.sliced(axis: axis, later) * products.sliced(axis: axis, earlier)
      products = concatenate([start, rest], axis: axis)
      distance *= 2
    }
    return products
  }

  /// Matrix products as one real product: pairs in the rows of the left matrix, and each number of
  /// the right one as the two by two matrix that multiplies by it.
  fileprivate static func complexProduct(
    of left: Tensor, _ right: Tensor, _ shape: Shape
  ) -> Tensor {
    let batch = Array(shape.dropLast(2))
    let (m, k, n) = (left.shape[left.rank - 2], left.shape[left.rank - 1], shape[shape.rank - 1])
    let rows = left.asReal.viewed(as: Shape(left.shape.dropLast(2) + [m, 2 * k]))
    let (re, im) = right.parts
    let turned = stack([stack([re, im], axis: -1), stack([-im, re], axis: -1)], axis: -3)
    let columns = turned.viewed(as: Shape(right.shape.dropLast(2) + [2 * k, 2 * n]))
    return make(.matmul, rows, columns, shape: Shape(batch + [m, 2 * n]), dtype: rows.dtype)
      .viewed(as: Shape(batch + [m, n, 2])).asComplex
  }
}
