/// How numbers that meet at one place become one.
public enum ScatterReduction: Sendable, Hashable, CaseIterable {
  /// Their sum.
  case sum
  /// Their product.
  case product
  /// Their mean; of whole numbers rounded down.
  case mean
  /// The greatest; NaN if one is.
  case maximum
  /// The least; NaN if one is.
  case minimum
}

extension Tensor {
  /// This tensor with numbers joined along an axis, at the positions of an index tensor:
  /// `torch.scatter_reduce`.
  ///
  ///     y[i, index[i, j]] = join(y[i, index[i, j]], updates[i, j])     // axis 1
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`, no larger than `self` along the other axes
  ///     and no larger than `updates` along any.
  ///   - updates: in the dtype of `self`.
  ///   - reduction: how they are joined.
  ///   - includingSelf: whether what is at a place already is one of the numbers; if not, it is
  ///     replaced where there is an update.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: of a sum `g`, of a mean `g` over the number of its parts, of a product `g` times
  ///   the other factors, right where these are 0; of the greatest and the least `g`, shared by all
  ///   that are.
  /// - Error: other ranks, sizes or dtypes, a mean of bool; when evaluated, a position outside the
  ///   axis.
  ///
  /// Of bool the sum and the greatest are true where one is, the product and the least where all
  /// are.
  public func scatterReduce(
    axis: Int, index: Tensor, updates: Tensor, _ reduction: ScatterReduction,
    includingSelf: Bool = true
  ) -> Tensor {
    let name = "scatterReduce"
    if let failed = Tensor.failed(self, index, updates) { return failed }
    if dtype == .bool, updates.dtype == .bool, reduction != .mean {
      // Of 0 and 1 the greatest is 1 where one is, the least and the product where all are.
      return cast(to: .int64).scatterReduce(
        axis: axis, index: index, updates: updates.cast(to: .int64), reduction,
        includingSelf: includingSelf
      ) .!= 0
    }
    if let error = domainError(name, .numeric) { return Tensor(error: error) }
    if isSole(axis) {
      return viewed(as: [1]).scatterReduce(
        axis: 0, index: index.rank == 0 ? index.viewed(as: [1]) : index,
        updates: updates.rank == 0 ? updates.viewed(as: [1]) : updates, reduction,
        includingSelf: includingSelf
      ).viewed(as: [])
    }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(name, axis, of: self))
    }
    if let error = scatterError(name, axis, index, updates) { return Tensor(error: error) }
    return joined(
      index.cast(to: .int64), updates.cut(to: index.shape), axis, reduction, includingSelf,
      for: .scatterReduce)
  }

  /// Joins numbers by an index and updates of one shape, which is not larger than this tensor's
  /// along the axes but one.
  func joined(
    _ index: Tensor, _ updates: Tensor, _ axis: Int, _ reduction: ScatterReduction,
    _ includingSelf: Bool, for reader: PositionReader
  ) -> Tensor {
    let part = corner(over: index.shape, axis: axis)
    let joined = part.joinedWhole(
      index, updates, axis, reduction, includingSelf, for: reader)
    return part.shape == shape ? joined : replacingCorner(with: joined)
  }

  private func joinedWhole(
    _ index: Tensor, _ updates: Tensor, _ axis: Int, _ reduction: ScatterReduction,
    _ includingSelf: Bool, for reader: PositionReader
  ) -> Tensor {
    func added(_ start: Tensor, _ numbers: Tensor) -> Tensor {
      start.scattered(index, numbers, axis: axis, adds: true, for: reader)
    }
    let ones = Tensor.filled(.integer(1), index.shape, dtype)
    let zeros = Tensor.filled(.integer(0), shape, dtype)
    let hits = added(zeros, ones)
    let start = includingSelf ? self : .where(hits .> 0, 0, self)
    switch reduction {
    case .sum: return added(start, updates)
    case .mean:
      let count = includingSelf ? hits + 1 : hits.maximum(1)
      let sum = added(start, updates)
      return dtype.hasGradients ? sum / count : sum.floorDivided(by: count)
    case .product, .maximum, .minimum:
      return ranked(index, updates, axis, reduction, includingSelf, hits, for: reader)
    }
  }

  /// Products and extremes, which are no sums: in order of the positions those of one place are
  /// neighbours, and doubling spans join them.
  private func ranked(
    _ index: Tensor, _ updates: Tensor, _ axis: Int, _ reduction: ScatterReduction,
    _ includingSelf: Bool, _ hits: Tensor, for reader: PositionReader
  ) -> Tensor {
    let count = index.shape[axis]
    if count == 0 || elementCount == 0 { return self }
    let order = index.argSort(axis: axis)
    let places = index.gathered(order, axis: axis, for: reader)
    var joined = updates.gathered(order, axis: axis, for: reader)
    var span = 1
    while span < count {
      let earlier = joined.delayed(by: span, axis, filling: 0)
      let isSame = places.delayed(by: span, axis, filling: -1) .== places
      joined = .where(isSame, reduction.join(joined, earlier), joined)
      span *= 2
    }
    // The last of each place has them all.
    let next = places.sliced(axis: axis, from: 1, count: count - 1)
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[axis].high = 1
    let isLast = next.padded(widths, value: -1) .!= places
    let whole = Tensor.filled(.integer(0), shape, dtype).scattered(
      places, .where(isLast, joined, 0), axis: axis, adds: true, for: reader)
    return .where(
      hits .== 0, self, includingSelf ? reduction.join(self, whole) : whole)
  }

  private func scatterError(
    _ name: String, _ axis: Int, _ index: Tensor, _ updates: Tensor
  ) -> TensorError? {
    if let error = TensorError.indexDType(name, index, self) { return error }
    let operands = [
      (role: "input", description: signature), ("index", index.signature),
      ("updates", updates.signature),
    ]
    guard index.rank == rank, updates.rank == rank else {
      return TensorError(
        name, "the ranks differ: \(rank), \(index.rank) and \(updates.rank)", operands: operands,
        help: "unsqueezed(axis:) adds an axis")
    }
    if updates.dtype != dtype {
      return TensorError(
        name, "the tensor is \(dtype), the updates are \(updates.dtype)", operands: operands,
        help: "write updates.cast(to: .\(dtype))")
    }
    for other in 0..<rank {
      if index.shape[other] > updates.shape[other]
        || other != axis && index.shape[other] > shape[other]
      {
        return TensorError(
          name, "axis \(other) of the index has size \(index.shape[other]), which is too many",
          operands: operands, help: "give one update for each position")
      }
    }
    return nil
  }

  /// The first elements along each axis.
  func cut(to shape: Shape) -> Tensor {
    sliced(shape.map { AxisSlice(all: $0) })
  }

  /// This tensor with a smaller one in place of the first elements along each axis.
  func replacingCorner(with part: Tensor) -> Tensor {
    var whole = part
    for axis in shape.indices.reversed() where part.shape[axis] < shape[axis] {
      var sizes = shape.sizes
      for other in 0..<axis { sizes[other] = part.shape[other] }
      let rest = cut(to: Shape(sizes)).sliced(
        axis: axis, from: part.shape[axis], count: shape[axis] - part.shape[axis])
      whole = concatenate([whole, rest], axis: axis)
    }
    return whole
  }
}

extension ScatterReduction {
  /// Two numbers as one, with half of the gradient each where they are equal extremes.
  fileprivate func join(_ a: Tensor, _ b: Tensor) -> Tensor {
    switch self {
    case .maximum: a.maximum(b)
    case .minimum: a.minimum(b)
    default: a * b
    }
  }
}
