extension Tensor {
  /// The elements in order, each once: `torch.unique`.
  ///
  /// How many there are is known from the numbers alone, so they are computed at the call.
  ///
  /// - Returns: `values`, one axis in the dtype of `self`; `inverse`, int64 in the shape of `self`,
  ///   where among the values each element is; `counts`, int64, how often each value is there. NaN
  ///   is not equal to itself: each one is a value.
  /// - Gradient: none.
  /// - Error: what went wrong while computing `self`.
  public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    if node.failure != nil { return (self, self, self) }
    let flat = detached().viewed(as: [elementCount])
    // Bool has no order of its own.
    let keys = dtype == .bool ? flat.cast(to: .uint8) : flat
    let order = keys.argSort()
    let sorted = keys.gathered(order, axis: 0, for: .gather)
    let (values, places, counts) = sorted.runs()
    if let failed = Tensor.failed(values, places) { return (failed, failed, failed) }
    let zeros = Tensor.filled(.integer(0), [elementCount], .int64)
    let inverse = zeros.scattered(order, places, axis: 0, adds: false, for: .scatter)
    return (values.cast(to: dtype), inverse.viewed(as: shape), counts)
  }

  /// The slices along an axis in order, each once: `torch.unique` with `dim`.
  ///
  /// How many there are is known from the numbers alone, so they are computed at the call. The
  /// order is that of their first elements, then of the second ones, and so on.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: `values`, `self` with fewer places along the axis; `inverse`, int64, where among
  ///   them each slice is; `counts`, int64, how often each is there.
  /// - Gradient: none.
  /// - Error: an axis that is not there; slices without elements; what went wrong while computing
  ///   `self`.
  public func unique(axis: Int) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    switch slicesToCompare("unique", axis) {
    case .failure(let error):
      let failed = Tensor(error: error)
      return (failed, failed, failed)
    case .success(let (axis, keys)):
      let order = Tensor.orderOfRows(keys)
      return order.error == nil ? distinct(axis, keys, order) : (order, order, order)
    }
  }

  /// The order of a matrix's rows by their first elements, then by the second ones, and so on.
  private static func orderOfRows(_ keys: Tensor) -> Tensor {
    if keys.shape[0] < 2 { return Tensor.arange(keys.shape[0], device: keys.device) }
    // Complex numbers have no order, and say so.
    if keys.dtype.isComplex { return keys.argSort(axis: 0) }
    let order =
      switch keys.dtype {
      case .float64: orderOfRows(keys, as: Double.self)
      case .uint64: orderOfRows(keys, as: UInt64.self)
      case let dtype where dtype.isFloating: orderOfRows(keys.cast(to: .float32), as: Float.self)
      default: orderOfRows(keys.cast(to: .int64), as: Int.self)
      }
    return order.to(keys.device)
  }

  /// Rows are compared in this machine's memory, as far as they are equal. Equal rows keep their
  /// order; NaN counts as greater than any number.
  private static func orderOfRows<T: TensorElement & Comparable>(
    _ keys: Tensor, as type: T.Type
  ) -> Tensor {
    do throws(TensorError) {
      let storage = try Evaluation.storage(of: keys.node)
      let (count, width) = (keys.shape[0], keys.shape[1])
      let numbers = storage.pointer.assumingMemoryBound(to: T.self)
      let order = (0..<count).sorted { one, other in
        for column in 0..<width {
          let (left, right) = (numbers[one * width + column], numbers[other * width + column])
          if left == right { continue }
          let (isNumber, isOther) = (left == left, right == right)
          if isNumber || isOther { return isNumber && (!isOther || left < right) }
        }
        return one < other
      }
      withExtendedLifetime(storage) {}
      return Tensor(order)
    } catch {
      return Tensor(error: error)
    }
  }

  /// The slices along an axis without those that equal the one before: `torch.unique_consecutive`
  /// with `dim`.
  ///
  /// How many there are is known from the numbers alone, so they are computed at the call.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: as ``unique(axis:)``; counts are the lengths of the runs.
  /// - Gradient: none.
  /// - Error: as of ``unique(axis:)``.
  public func uniqueConsecutive(
    axis: Int
  ) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    switch slicesToCompare("uniqueConsecutive", axis) {
    case .failure(let error):
      let failed = Tensor(error: error)
      return (failed, failed, failed)
    case .success(let (axis, keys)):
      return distinct(axis, keys, Tensor.arange(shape[axis], device: device))
    }
  }

  /// The slices along an axis as the rows of a matrix.
  private func slicesToCompare(
    _ name: String, _ axis: Int
  ) -> Result<(axis: Int, keys: Tensor), TensorError> {
    if let error { return .failure(error) }
    guard let axis = shape.resolve(axis: axis) else {
      return .failure(.axis(name, axis, of: self))
    }
    var slice = shape.sizes
    let count = slice.remove(at: axis)
    let size = Shape(slice).elementCount
    guard size > 0, elementCount < Tensor.mostAtOnce else {
      return .failure(
        TensorError(
          name, "there are no elements along axis \(axis), or too many",
          operands: [("input", signature)], help: "give slices with elements"))
    }
    let rows = detached().movedAxes([axis], to: [0]).contiguous()
      .viewed(as: [count, size])
    return .success((axis, dtype == .bool ? rows.cast(to: .uint8) : rows))
  }

  /// The first of each run of equal rows, taken in an order.
  private func distinct(
    _ axis: Int, _ keys: Tensor, _ order: Tensor
  ) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let count = shape[axis]
    if count == 0 {
      let none = Tensor.zeros([0], dtype: .int64, device: device)
      return (detached(), none, none)
    }
    let sorted = keys.selected(order, axis: 0, for: .gather)
    let (later, earlier) = (
      sorted.sliced(axis: 0, from: 1, count: count - 1),
      sorted.sliced(axis: 0, from: 0, count: count - 1)
    )
    let differs = (later .!= earlier).any(axis: 1)
    let begins = concatenate([Tensor([true]).to(device), differs])
    guard case .success(let found) = begins.truePositions() else { return (begins, begins, begins) }
    let starts = found.to(device)
    let places = begins.cumsum(axis: 0) - 1
    let inverse = Tensor.filled(.integer(0), [count], .int64)
      .scattered(order, places, axis: 0, adds: false, for: .scatter)
    let ends = concatenate([
      starts.sliced(axis: 0, from: 1, count: starts.elementCount - 1), Tensor([count]).to(device),
    ])
    let chosen = order.gathered(starts, axis: 0, for: .gather)
    return (indexSelect(axis: axis, indices: chosen).detached(), inverse, ends - starts)
  }

  /// The elements in the order of memory without those that equal the one before:
  /// `torch.unique_consecutive`.
  ///
  /// How many there are is known from the numbers alone, so they are computed at the call.
  ///
  /// - Returns: `values`, one axis in the dtype of `self`; `inverse`, int64 in the shape of
  ///   `self`, where among the values each element is; `counts`, int64, how long each run is.
  /// - Gradient: none.
  /// - Error: what went wrong while computing `self`.
  public func uniqueConsecutive() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    if node.failure != nil { return (self, self, self) }
    let (values, places, counts) = detached().viewed(as: [elementCount]).runs()
    if let failed = Tensor.failed(values, places) { return (failed, failed, failed) }
    return (values, places.viewed(as: shape), counts)
  }

  /// The runs of equal elements along the only axis: their values, the number of each element's
  /// run, and their lengths.
  private func runs() -> (values: Tensor, places: Tensor, counts: Tensor) {
    let count = elementCount
    if count == 0 {
      let none = Tensor.zeros([0], dtype: .int64)
      return (self, none, none)
    }
    let differs =
      sliced(axis: 0, from: 1, count: count - 1) .!= sliced(axis: 0, from: 0, count: count - 1)
    let begins = concatenate([Tensor([true]).to(device), differs])
    switch begins.truePositions() {
    case .failure(let error):
      let failed = Tensor(error: error)
      return (failed, failed, failed)
    case .success(let found):
      let starts = found.to(device)
      let ends = concatenate([
        starts.sliced(axis: 0, from: 1, count: starts.elementCount - 1),
        Tensor([count]).to(device),
      ])
      return (
        gathered(starts, axis: 0, for: .gather), begins.cumsum(axis: 0) - 1, ends - starts
      )
    }
  }
}
