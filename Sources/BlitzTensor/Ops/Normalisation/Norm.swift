extension Rule {
  static let norm = Rule(
    name: "norm", .loops, saves: [.inputs, .output],
    samples: [
      Sample("reduce norm", tolerance: Sample.sumTolerance, .normal([8, 10, 4])) {
        $0[0].norm(axes: [0, 2])
      }
    ], lowering: .norm
  ) { step in
    guard case .reduce(_, let axes) = step.node.op else { return [] }
    let x = step.inputs[0]
    let kept = x.shape.reduced(axes, keepDims: true)
    let norm = step.output.viewed(as: kept)
    let isZero = norm .== 0
    // The quotients are at most 1, where `g / norm` could overflow.
    let direction = x / Tensor.where(isZero, 1, norm)
    return [Tensor.where(isZero, 0, step.gradient.viewed(as: kept) * direction)]
  }
}

extension Lowering {
  /// The kernels for the CPU have squares in float64; here what is so large or small that its
  /// squares are lost is divided by the greatest first.
  fileprivate static let norm = Lowering.text { text, operation in
    guard case .reduce(_, let axes) = operation.op, !axes.isEmpty else {
      return operation.inputs[0]
    }
    let x = text.convert(operation.inputs[0], to: operation.dtype.accumulator)
    let sizes = text.same("abs", x)
    let greatest = text.reduce(
      "maximum", sizes, from: text.constant(.integer(0), x.dtype), axes: axes)
    func number(_ value: Double) -> ProgramText.Value {
      text.constant(.real(value), greatest.shape, x.dtype)
    }
    let edge = x.dtype == .float64 ? 1e140 : 1e15
    let isLarge = text.same(
      "and", text.compare("GT", greatest, number(edge)),
      text.compare("LT", greatest, number(.infinity)))
    let isSmall = text.same(
      "and", text.compare("LT", greatest, number(1 / edge)),
      text.compare("GT", greatest, number(0)))
    let scale = text.select(text.same("or", isLarge, isSmall), greatest, number(1))
    let rest = x.shape.indices.filter { !axes.contains($0) }
    let scaled = text.same("divide", x, text.spread(scale, to: x.shape, axes: Array(rest)))
    let squares = text.same("multiply", scaled, scaled)
    let total = text.reduce("add", squares, from: text.constant(.integer(0), x.dtype), axes: axes)
    return text.convert(
      text.same("multiply", text.same("sqrt", total), scale), to: operation.dtype)
  }
}

extension Tensor {
  /// The norm of the elements along axes, as one vector: `torch.linalg.vector_norm`.
  ///
  ///     y = sum(abs(x)^p)^(1/p)
  ///
  /// Of a matrix, or over two axes, the default is Frobenius' norm. An infinite `p` gives the
  /// greatest (or, if negative, the least) absolute value, 0 how many elements are not 0.
  ///
  /// - Parameters:
  ///   - p: the power.
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`. For p = 2 squares do not
  ///   overflow, nor vanish, on the way.
  /// - Gradient: for p = 2, `g * x / y`; where y is 0, it is 0, as in PyTorch.
  /// - Error: an axis that is not there or is named twice, a dtype that is not
  ///   floating, an infinite or negative `p` and axes along which there is no element.
  public func norm(_ p: Double = 2, axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("norm", .floating) { return rejected }
    if dtype.isComplex { return abs().norm(p, axes: axes, keepDims: keepDims) }
    if let wide = inFloat32({ $0.norm(p, axes: axes, keepDims: keepDims) }) { return wide }
    switch resolved("norm", axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if p.isInfinite || p < 0, let error = emptinessError("norm", axes) {
        return Tensor(error: error)
      }
      if p == 2 { return length(axes: axes, keepDims: keepDims) }
      if p == 1 { return abs().sum(axes: axes, keepDims: keepDims) }
      if p == 0 {
        return (self .!= 0).converted(to: dtype).sum(axes: axes, keepDims: keepDims)
      }
      if p.isInfinite {
        return p > 0
          ? abs().max(axes: axes, keepDims: keepDims) : abs().min(axes: axes, keepDims: keepDims)
      }
      // Zeros are kept from powers whose gradient is infinite there.
      let isZero = self .== 0
      let atZero = p > 0 ? 0 : Double.infinity
      let powers = Tensor.where(isZero, atZero, Tensor.where(isZero, 1, abs()).pow(p))
      let total = powers.sum(axes: axes, keepDims: keepDims)
      let isFlat = total .== atZero
      return .where(isFlat, 0, Tensor.where(isFlat, 1, total).pow(1 / p))
    }
  }

  /// The norm of the vectors along one axis; see `norm(_:axes:keepDims:)`.
  public func norm(_ p: Double = 2, axis: Int, keepDims: Bool = false) -> Tensor {
    norm(p, axes: [axis], keepDims: keepDims)
  }
  /// The norm for p = 2 along axes that are known to be there.
  package func length(axes: [Int], keepDims: Bool) -> Tensor {
    if axes.isEmpty { return abs() }
    // The CPU adds up squares in float64, which has room for those of all other dtypes only.
    if dtype != .float64 || count(along: axes) == 0 {
      return reduced("norm", .norm, axes: axes, keepDims: keepDims)
    }
    let scale = noGrad {
      let greatest = abs().max(axes: axes, keepDims: true)
      let isLarge = (greatest .> 1e140) .& (greatest .< .infinity)
      let isSmall = (greatest .> 0) .& (greatest .< 1e-140)
      return Tensor.where(isLarge .| isSmall, greatest, 1)
    }
    let length = (self / scale).reduced("norm", .norm, axes: axes, keepDims: true) * scale
    return length.viewed(as: shape.reduced(axes, keepDims: keepDims))
  }
}
