/// What a quantile is between two elements.
public enum QuantileRule: String, Sendable, Hashable, CaseIterable {
  /// A straight line from one to the other.
  case linear
  /// The lesser.
  case lower
  /// The greater.
  case higher
  /// The nearer; in the middle, the one at the even place.
  case nearest
  /// The number in the middle of both.
  case midpoint
}

extension Tensor {
  /// Where a part of the elements is below, along an axis or of all: `torch.quantile`.
  ///
  ///     y = the element at q * (n - 1) of those in order
  ///
  /// - Parameters:
  ///   - q: the part, from 0 to 1.
  ///   - axis: counted from the end if negative; all elements if it is left out.
  ///   - keepDims: whether the axis stays, with size 1.
  ///   - rule: what the quantile is between two elements.
  /// - Returns: the shape without the axis, in the dtype of `self`; NaN where there is one.
  /// - Gradient: `g` for the elements that y is made of.
  /// - Error: a `q` beyond 0 and 1; an axis that is not there or has no element; a dtype that is
  ///   not floating.
  public func quantile(
    _ q: Double, axis: Int? = nil, keepDims: Bool = false, rule: QuantileRule = .linear
  ) -> Tensor {
    quantile("quantile", .filled(.real(q), [], dtype), axis, keepDims, rule, ignoresNaN: false)
  }

  /// The same for several parts, which the first axis of the result tells apart.
  ///
  /// - Parameters:
  ///   - q: the parts, from 0 to 1, of one axis and in the dtype of `self`.
  ///   - axis: counted from the end if negative; all elements if it is left out.
  ///   - keepDims: whether the axis stays, with size 1.
  ///   - rule: what the quantile is between two elements.
  public func quantile(
    _ q: Tensor, axis: Int? = nil, keepDims: Bool = false, rule: QuantileRule = .linear
  ) -> Tensor {
    quantile("quantile", q, axis, keepDims, rule, ignoresNaN: false)
  }

  /// The same of the elements that are not NaN: `torch.nanquantile`; NaN where all are.
  public func nanquantile(
    _ q: Double, axis: Int? = nil, keepDims: Bool = false, rule: QuantileRule = .linear
  ) -> Tensor {
    quantile("nanquantile", .filled(.real(q), [], dtype), axis, keepDims, rule, ignoresNaN: true)
  }

  /// The same for several parts, which the first axis of the result tells apart.
  public func nanquantile(
    _ q: Tensor, axis: Int? = nil, keepDims: Bool = false, rule: QuantileRule = .linear
  ) -> Tensor {
    quantile("nanquantile", q, axis, keepDims, rule, ignoresNaN: true)
  }

  private func quantile(
    _ name: String, _ q: Tensor, _ axis: Int?, _ keepDims: Bool, _ rule: QuantileRule,
    ignoresNaN: Bool
  ) -> Tensor {
    if let rejected = rejected(name, .floating) { return rejected }
    if q.node.failure != nil { return q }
    let x = axis == nil || rank == 0 ? viewed(as: [elementCount]) : self
    guard let resolved = x.shape.resolve(axis: axis ?? 0) else {
      return Tensor(error: .axis(name, axis ?? 0, of: self))
    }
    if let error = quantileError(name, q) ?? x.emptinessError(name, [resolved]) {
      return Tensor(error: error)
    }
    let last = x.rank - 1
    let others = x.shape.indices.filter { $0 != resolved }
    let sorted = x.reordered(others + [resolved]).sort(axis: last).values
    let found = sorted.atParts(q.viewed(as: [q.elementCount]), rule, ignoresNaN: ignoresNaN)
    // The parts become the first axis, the reduced one comes back if it is kept.
    let parts = found.reordered([last] + Array(0..<last))
    let kept: Shape =
      axis == nil || rank == 0
      ? (keepDims ? Shape(shape.map { _ in 1 }) : [])
      : shape.reduced([resolved], keepDims: keepDims)
    return parts.viewed(as: Shape((q.rank == 0 ? [] : [q.elementCount]) + kept.sizes))
  }

  /// The quantiles of what is in order along the last axis.
  private func atParts(_ q: Tensor, _ rule: QuantileRule, ignoresNaN: Bool) -> Tensor {
    let (last, n) = (rank - 1, shape[rank - 1])
    let constant = detached()
    let numbers = (.!constant.isNaN()).sum(axis: last, keepDims: true)
    var places: Tensor
    if ignoresNaN {
      places = q * (numbers - 1).maximum(0).cast(to: dtype)
    } else {
      // NaN is the last in order, and what any part of it is.
      places = Tensor.where(numbers .< n, Double(n - 1), q * Double(n - 1))
    }
    switch rule {
    case .nearest: places = places.round()
    case .lower: places = places.floor()
    case .higher: places = places.ceil()
    case .linear, .midpoint: break
    }
    let below = places.floor()
    func elements(_ places: Tensor) -> Tensor {
      gathered(places.cast(to: .int64), axis: last, for: .gather)
    }
    if rule != .linear && rule != .midpoint { return elements(below) }
    let weight = rule == .linear ? places - below : Tensor.filled(.real(0.5), places.shape, dtype)
    return elements(below).lerp(elements(places.ceil()), weight)
  }

  private func quantileError(_ name: String, _ q: Tensor) -> TensorError? {
    let operands = [(role: "input", description: signature), ("q", q.signature)]
    if q.dtype != dtype {
      return TensorError(
        name, "the parts are \(q.dtype), the tensor is \(dtype)", operands: operands,
        help: "write q.cast(to: .\(dtype))")
    }
    if q.rank > 1 {
      return TensorError(
        name, "the parts have \(q.rank) axes", operands: operands, help: "write q.flattened()")
    }
    do throws(TensorError) {
      let parts = try q.detached().cast(to: .float64).scalars(as: Double.self)
      guard let wrong = parts.first(where: { !($0 >= 0 && $0 <= 1) }) else { return nil }
      return TensorError(
        name, "the part \(wrong) is not from 0 to 1", operands: operands,
        help: "divide percentages by 100")
    } catch {
      return error
    }
  }
}
