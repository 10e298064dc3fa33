extension Tensor {
  /// How often each whole number from 0 on is there: `torch.bincount`.
  ///
  /// How long the result is, the numbers tell, so the greatest is computed at the call.
  ///
  /// - Parameters:
  ///   - weights: what each element counts, in the shape of `self`; 1 if it is left out.
  ///   - minLength: the least length of the result.
  /// - Returns: one axis, as long as the greatest number plus one: int64, or the dtype of floating
  ///   weights, float64 for others.
  /// - Gradient: none.
  /// - Error: a dtype that is not int64, int32 or uint8; negative numbers; weights of another
  ///   shape.
  public func bincount(weights: Tensor? = nil, minLength: Int = 0) -> Tensor {
    if node.failure != nil { return self }
    if let weights, weights.node.failure != nil { return weights }
    let operands = [(role: "input", description: signature)]
    guard dtype.isInteger, elementCount < Tensor.mostAtOnce else {
      return Tensor(
        error: TensorError(
          "bincount", "counts up to 2^32 whole numbers", operands: operands,
          help: "write .cast(to: .int64), or histogram(bins:from:to:)"))
    }
    if let weights, weights.shape != shape {
      return Tensor(
        error: TensorError(
          "bincount", "there is not one weight for each number",
          operands: operands + [("weights", weights.signature)], help: "give equal shapes"))
    }
    let places = cast(to: .int64).viewed(as: [elementCount])
    var length = Swift.max(minLength, 0)
    if elementCount > 0 {
      do throws(TensorError) {
        let least = try places.min().item(as: Int.self)
        guard least >= 0 else {
          throw TensorError(
            "bincount", "the number \(least) is negative", operands: operands,
            help: "add an offset, or use unique()")
        }
        length = Swift.max(length, try places.max().item(as: Int.self) &+ 1)
      } catch {
        return Tensor(error: error).named("bincount")
      }
    }
    if let error = TensorError.badShape("bincount", [length], operands: operands) {
      return Tensor(error: error)
    }
    let weights = weights?.detached().viewed(as: [elementCount])
    let counted =
      weights.map { $0.dtype.hasGradients ? $0 : $0.cast(to: .float64) }
      ?? .filled(.integer(1), places.shape, .int64)
    return Tensor.zeros([length], dtype: counted.dtype).to(device)
      .scattered(places, counted.contiguous(), axis: 0, adds: true, for: .scatterAdd)
  }

  /// What is computed at the call has fewer elements: nobody could wait for more.
  static let mostAtOnce = 1 << 32

  /// How many elements are in each of some equal intervals: `torch.histc` and `torch.histogram`.
  ///
  /// - Parameters:
  ///   - bins: how many intervals.
  ///   - start: where the first begins.
  ///   - end: where the last ends; it has its end, too. If `start` is `end`, the intervals reach
  ///     from the least element to the greatest, computed at the call.
  ///   - weights: what each element counts, in the shape and dtype of `self`; 1 if it is left out.
  ///   - density: whether counts are divided by their sum and by the width of an interval.
  /// - Returns: `counts`, one axis of `bins` in the dtype of `self`, and `edges`, one more.
  ///   Elements outside and NaN are not counted.
  /// - Gradient: none.
  /// - Error: a dtype that is not floating; no interval; ends that are not finite or in order;
  ///   weights of another shape or dtype.
  public func histogram(
    bins: Int, from start: Double = 0, to end: Double = 0, weights: Tensor? = nil,
    density: Bool = false
  ) -> (counts: Tensor, edges: Tensor) {
    func failed(_ rule: String, _ help: String) -> (Tensor, Tensor) {
      let failed = Tensor(
        error: TensorError("histogram", rule, operands: [("input", signature)], help: help))
      return (failed, failed)
    }
    if let rejected = rejected("histogram", .floating) { return (rejected, rejected) }
    if let weights, weights.node.failure != nil { return (weights, weights) }
    guard bins > 0, bins < 1 << 40, elementCount < Tensor.mostAtOnce else {
      return failed("the number of bins is \(bins)", "give 1 or more, and up to 2^32 elements")
    }
    if let weights, weights.shape != shape || weights.dtype != dtype {
      return failed("the weights are \(weights.signature)", "give one for each element")
    }
    let x = detached().viewed(as: [elementCount]).cast(to: .float64)
    var (low, high) = (start, end)
    if low == high && elementCount > 0 {
      do throws(TensorError) {
        (low, high) = (try x.min().item(), try x.max().item())
      } catch {
        return (Tensor(error: error), Tensor(error: error))
      }
    }
    if low == high {
      (low, high) = elementCount == 0 ? (low, low + 1) : (low - 0.5, high + 0.5)
    }
    guard low.isFinite, high.isFinite, low < high else {
      return failed("the intervals reach from \(low) to \(high)", "give finite ends in order")
    }
    let isInside = (x .>= low) .& (x .<= high)
    let place = ((x - low) * Double(bins) / (high - low)).floor()
      .clamp(min: 0, max: Double(bins - 1))
    let each =
      weights?.detached().viewed(as: [elementCount]).cast(to: .float64)
      ?? .filled(.integer(1), x.shape, .float64)
    let counted = Tensor.where(isInside, each, 0)
    var counts = Tensor.zeros([bins], dtype: .float64).to(device).scattered(
      Tensor.where(isInside, place, 0).cast(to: .int64), counted.contiguous(), axis: 0, adds: true,
      for: .scatterAdd)
    if density { counts = counts / counts.sum() / ((high - low) / Double(bins)) }
    let edges = Tensor.linspace(low, high, count: bins + 1, dtype: dtype, device: device)
    return (counts.cast(to: dtype), edges)
  }

  /// How many elements are in each of some intervals: `torch.histogram` with a tensor of bins.
  ///
  /// - Parameters:
  ///   - edges: where the intervals begin and end, ascending, one axis in the dtype of `self`.
  ///   - weights: what each element counts, in the shape and dtype of `self`; 1 if it is left out.
  ///   - density: whether counts are divided by their sum and by the width of each interval.
  /// - Returns: one axis with one element less than the edges, in the dtype of `self`. The last
  ///   interval has its end, too; elements outside and NaN are not counted.
  /// - Gradient: none.
  /// - Error: a dtype that is not floating; fewer than two edges, or of another dtype; weights of
  ///   another shape or dtype.
  public func histogram(
    edges: Tensor, weights: Tensor? = nil, density: Bool = false
  ) -> Tensor {
    if node.failure != nil { return self }
    return viewed(as: Shape(shape.sizes + [1])).histogramOfPoints(
      edges: [edges], weights: weights, density: density
    ).named("histogram")
  }

  /// Where among elements in order others belong, so that all stay in order: `torch.searchsorted`.
  ///
  /// - Parameters:
  ///   - values: what is looked for, of one shape with `self` but for the last axis; of any shape
  ///     if `self` has one axis.
  ///   - right: whether behind equal elements, not in front of them.
  ///   - sorter: the positions that bring `self` in order, from `argSort()`; nil if it is in order.
  /// - Returns: int64 in the shape of `values`: how many elements along the last axis come before.
  ///   Each is found in steps that halve what is left.
  /// - Gradient: none.
  /// - Error: shapes that do not fit. The order is not checked.
  public func searchSorted(
    _ values: Tensor, right: Bool = false, sorter: Tensor? = nil
  ) -> Tensor {
    if let failed = Tensor.failed(self, values) { return failed }
    if let sorter {
      if sorter.node.failure != nil { return sorter }
      guard sorter.shape == shape, sorter.dtype == .int64, rank >= 1 else {
        return Tensor(
          error: TensorError(
            "searchSorted", "the sorter does not fit",
            operands: [("input", signature), ("sorter", sorter.signature)],
            help: "give the int64 positions that argSort() of the input gives"))
      }
      return gather(axis: -1, index: sorter).searchSorted(values, right: right)
        .named("searchSorted")
    }
    let operands = [(role: "sorted", description: signature), ("values", values.signature)]
    guard rank >= 1 else {
      return Tensor(
        error: TensorError(
          "searchSorted", "the elements in order are a single number", operands: operands,
          help: "write unsqueezed(axis: 0)"))
    }
    guard rank == 1 || shape.sizes.dropLast() == values.shape.sizes.dropLast(), rank > 0,
      rank == 1 || values.rank == rank
    else {
      return Tensor(
        error: TensorError(
          "searchSorted", "only the last axis may differ", operands: operands,
          help: "give the elements in order one axis to look in all of them"))
    }
    let count = shape[rank - 1]
    let common = ResultType(self, values).dtype
    let sorted = detached().converted(to: common)
    let looked = values.detached().converted(to: common)
    if count == 0 { return .zeros(values.shape, dtype: .int64, device: device) }
    var low = Tensor.zeros(values.shape, dtype: .int64, device: device)
    var (high, width) = (low + count, count)
    while width > 0 {
      let middle = (low + high).floorDivided(by: Tensor.filled(.integer(2), [], .int64))
      let place = middle.clamp(max: Double(count - 1))
      let found = rank == 1 ? sorted.take(place) : sorted.gather(axis: -1, index: place)
      let isBefore = right ? .!(found .> looked) : .!(found .>= looked)
      let isOpen = low .< high
      low = .where(isOpen .& isBefore, middle + 1, low)
      high = .where(isOpen .& .!isBefore, middle, high)
      width /= 2
    }
    return low.named("searchSorted")
  }

  /// In which interval each element is: `torch.bucketize`.
  ///
  /// - Parameters:
  ///   - boundaries: in order, one axis.
  ///   - right: whether an element that equals a boundary belongs behind it.
  /// - Returns: int64 in the shape of `self`, from 0 to the number of boundaries.
  /// - Gradient: none.
  /// - Error: boundaries that have not one axis.
  public func bucketize(_ boundaries: Tensor, right: Bool = false) -> Tensor {
    if let failed = Tensor.failed(self, boundaries) { return failed }
    guard boundaries.rank == 1 else {
      return Tensor(
        error: TensorError(
          "bucketize", "the boundaries have \(boundaries.rank) axes",
          operands: [("input", signature), ("boundaries", boundaries.signature)],
          help: "for boundaries of each row write boundaries.searchSorted(x)"))
    }
    return boundaries.searchSorted(self, right: right).named("bucketize")
  }
}
