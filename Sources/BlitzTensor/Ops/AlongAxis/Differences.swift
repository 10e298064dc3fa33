extension Tensor {
  /// The differences of neighbours along an axis: `torch.diff`.
  ///
  ///     y[i] = x[i + 1] - x[i]
  ///
  /// - Parameters:
  ///   - times: how often: 2 gives the differences of the differences.
  ///   - axis: counted from the end if negative.
  ///   - prepending: put in front of the axis first, of the shape of `self` along the others.
  ///   - appending: put behind it first.
  /// - Returns: the axis shorter by `times`, at least 0; of bool, whether neighbours differ.
  /// - Gradient: `g` for the later neighbour, `-g` for the earlier.
  /// - Error: an axis that is not there; a negative `times`; ends whose shapes do not fit.
  public func diff(
    _ times: Int = 1, axis: Int = -1, prepending: Tensor? = nil, appending: Tensor? = nil
  ) -> Tensor {
    if node.failure != nil { return self }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("diff", axis, of: self))
    }
    guard times >= 0 else {
      return Tensor(
        error: TensorError(
          "diff", "the differences are taken \(times) times", operands: [("input", signature)],
          help: "give 0 or more"))
    }
    if times == 0 { return self }
    let parts = [prepending, self, appending].compactMap(\.self)
    var x = parts.count == 1 ? self : concatenate(parts, axis: axis).named("diff")
    if x.error != nil { return x }
    let size = x.shape[axis]
    if x.elementCount == 0 || times >= size {
      // Nothing is left; axes beside one of size 0 can have any size.
      return x.sliced(axis: axis, from: 0, count: size - Swift.min(times, size))
    }
    for _ in 0..<times {
      x = x.step(axis) { dtype == .bool ? $0 .^ $1 : $0 - $1 }
    }
    return x
  }

  /// The area under a line through the elements along an axis: `torch.trapezoid`.
  ///
  ///     y = sum((x[i] + x[i + 1]) / 2) * step
  ///
  /// - Parameters:
  ///   - step: the distance of neighbours.
  ///   - axis: counted from the end if negative.
  /// - Returns: the shape without the axis, in the dtype of `self`.
  /// - Gradient: `g * step`, half of it at the ends.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func trapezoid(step: Double = 1, axis: Int = -1) -> Tensor {
    trapezoids("trapezoid", axis) { $0 * step }.sum("trapezoid", axis, of: self)
  }

  /// The same for neighbours at places of their own.
  ///
  ///     y = sum((x[i] + x[i + 1]) / 2 * (place[i + 1] - place[i]))
  ///
  /// - Parameters:
  ///   - places: where the elements are: of one axis, or a shape that broadcasts with `self`.
  ///   - axis: counted from the end if negative.
  public func trapezoid(at places: Tensor, axis: Int = -1) -> Tensor {
    trapezoids("trapezoid", axis, at: places).sum("trapezoid", axis, of: self)
  }

  /// The areas under a line from the first element to each other along an axis:
  /// `torch.cumulative_trapezoid`.
  ///
  /// - Parameters:
  ///   - step: the distance of neighbours.
  ///   - axis: counted from the end if negative.
  /// - Returns: the axis shorter by one, in the dtype of `self`.
  /// - Gradient: that of the sums.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func cumulativeTrapezoid(step: Double = 1, axis: Int = -1) -> Tensor {
    trapezoids("cumulativeTrapezoid", axis) { $0 * step }.cumsum(axis: axis)
  }

  /// The same for neighbours at places of their own; see `trapezoid(at:axis:)`.
  public func cumulativeTrapezoid(at places: Tensor, axis: Int = -1) -> Tensor {
    trapezoids("cumulativeTrapezoid", axis, at: places).cumsum(axis: axis)
  }

  private func sum(_ name: String, _ axis: Int, of source: Tensor) -> Tensor {
    node.failure != nil ? self : sum(axis: axis).named(name)
  }

  private func trapezoids(_ name: String, _ axis: Int, at places: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, places) { return failed }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(name, axis, of: self))
    }
    var places = places
    if places.rank == 1 && rank > 1 {
      var sizes = [Int](repeating: 1, count: rank)
      sizes[resolved] = places.elementCount
      places = places.viewed(as: Shape(sizes))
    }
    guard places.rank == rank, places.shape[resolved] == shape[resolved] else {
      return Tensor(
        error: TensorError(
          name, "there is not one place for each element along axis \(axis)",
          operands: [("input", signature), ("places", places.signature)],
          help: "give shape[\(axis)] places"))
    }
    let widths = places.step(resolved) { $0 - $1 }
    return trapezoids(name, axis) { $0 * widths }
  }

  private func trapezoids(
    _ name: String, _ axis: Int, _ scale: (Tensor) -> Tensor
  ) -> Tensor {
    if let floats = wholeAsFloats { return floats.trapezoids(name, axis, scale) }
    if let rejected = rejected(name, .floating) { return rejected }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(name, axis, of: self))
    }
    return scale(step(axis) { ($0 + $1) * 0.5 }).named(name)
  }

  /// An op of each element along an axis but the first and the one before it.
  private func step(_ axis: Int, _ op: (_ later: Tensor, _ earlier: Tensor) -> Tensor) -> Tensor {
    let count = Swift.max(shape[axis] - 1, 0)
    let first = Swift.min(1, shape[axis])
    return op(
      sliced(axis: axis, from: first, count: count), sliced(axis: axis, from: 0, count: count))
  }
}
