extension Tensor {
  /// The element that is `k`th from the least along an axis, and where it is: `torch.kthvalue`.
  ///
  /// - Parameters:
  ///   - k: 1 for the least.
  ///   - axis: counted from the end if negative.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: the elements in the dtype of `self` and their positions in int64, of equal ones in
  ///   their order; NaN counts as greater than any number.
  /// - Gradient: `g` at the positions.
  /// - Error: an axis that is not there, a `k` outside it, bool.
  public func kthValue(
    _ k: Int, axis: Int = -1, keepDims: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    along("kthValue", axis, keepDims) { x, axis in
      guard k >= 1, k <= x.shape[axis] else {
        return Tensor(
          error: TensorError(
            "kthValue", "k is \(k), axis \(axis) has size \(x.shape[axis])",
            operands: [("input", signature)], help: "k is 1 to \(x.shape[axis])"))
      }
      return x.argSort(axis: axis).sliced(axis: axis, from: k - 1, count: 1)
    }
  }

  /// The element in the middle along an axis, and where it is; of two the lesser: `torch.median`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: the elements in the dtype of `self` and their positions in int64; where there is a
  ///   NaN, the first.
  /// - Gradient: `g` at the positions.
  /// - Error: an axis that is not there or has no element, bool.
  public func median(axis: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    along("median", axis, keepDims) { x, axis in
      if let error = x.emptinessError("median", [axis]) { return Tensor(error: error) }
      let order = x.argSort(axis: axis)
      let middle = order.sliced(axis: axis, from: (x.shape[axis] - 1) / 2, count: 1)
      if !x.dtype.isFloating { return middle }
      let isNaN = x.isNaN()
      return .where(
        isNaN.any(axis: axis, keepDims: true),
        isNaN.cast(to: .uint8).argmax(axis: axis, keepDims: true), middle)
    }
  }

  /// The element in the middle of all, of two the lesser: `torch.median`.
  ///
  /// - Returns: a single number in the dtype of `self`; NaN if there is one, or no element.
  /// - Gradient: `g` for the element.
  /// - Error: bool; no element of whole numbers.
  public func median() -> Tensor { overall { $0.median(axis: 0).values } }

  /// The element in the middle of those along an axis that are not NaN: `torch.nanmedian`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: as `median(axis:keepDims:)`; NaN where all are.
  /// - Gradient: `g` at the positions.
  /// - Error: an axis that is not there or has no element, bool.
  public func nanmedian(axis: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    along("nanmedian", axis, keepDims) { x, axis in
      if let error = x.emptinessError("nanmedian", [axis]) { return Tensor(error: error) }
      // NaN comes last in the order.
      let count = (.!x.isNaN()).sum(axis: axis, keepDims: true)
      let middle = (count - 1).maximum(0).floorDivided(by: 2)
      return x.argSort(axis: axis).gathered(middle, axis: axis, for: .gather)
    }
  }

  /// The element in the middle of all that are not NaN, of two the lesser: `torch.nanmedian`.
  ///
  /// - Returns: a single number in the dtype of `self`; NaN if all are, or there is none.
  /// - Gradient: `g` for the element.
  /// - Error: bool; no element of whole numbers.
  public func nanmedian() -> Tensor { overall { $0.nanmedian(axis: 0).values } }

  /// The element that is most frequent along an axis, and where it is; of several the least:
  /// `torch.mode`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: the elements in the dtype of `self` and the last of their positions in int64.
  /// - Gradient: `g` at the positions.
  /// - Error: an axis that is not there or has no element, bool.
  public func mode(axis: Int = -1, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    along("mode", axis, keepDims) { x, axis in
      if let error = x.emptinessError("mode", [axis]) { return Tensor(error: error) }
      let (values, order) = x.sort(axis: axis)
      var sizes = [Int](repeating: 1, count: x.rank)
      sizes[axis] = x.shape[axis]
      let places = Tensor.arange(x.shape[axis], device: device).viewed(as: Shape(sizes))
        .broadcastCopy(to: x.shape)
      // How many equal elements there are up to each: it grows by one until a run ends.
      let isSame = (values .== values.delayed(by: 1, axis, filling: 0)) .& (places .> 0)
      let starts = Tensor.where(isSame, 0, places).cummax(axis: axis).values
      let best = (places - starts).argmax(axis: axis, keepDims: true)
      return order.gathered(best, axis: axis, for: .gather)
    }
  }

  /// The elements at positions along an axis that `find` answers, of size 1 there; and the
  /// positions.
  private func along(
    _ name: String, _ axis: Int, _ keepDims: Bool, _ find: (Tensor, Int) -> Tensor
  ) -> (values: Tensor, indices: Tensor) {
    if let rejected = rejected(name, .numeric) { return (rejected, rejected) }
    // A single number is one along an axis.
    let x = isSole(axis) ? viewed(as: [1]) : self
    guard let axis = x.shape.resolve(axis: axis) else {
      let failed = Tensor(error: .axis(name, axis, of: self))
      return (failed, failed)
    }
    let indices = find(x.detached(), axis)
    if indices.node.failure != nil { return (indices, indices) }
    let values = x.gathered(indices, axis: axis, for: .gather)
    let kept = rank == 0 ? shape : shape.reduced([axis], keepDims: keepDims)
    return (values.viewed(as: kept), indices.viewed(as: kept))
  }

  private func overall(_ find: (Tensor) -> Tensor) -> Tensor {
    if node.failure != nil { return self }
    if elementCount == 0 && dtype.isFloating { return Tensor.filled(.real(.nan), [], dtype) }
    return find(viewed(as: [elementCount]))
  }
}
