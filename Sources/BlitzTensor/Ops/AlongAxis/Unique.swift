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
