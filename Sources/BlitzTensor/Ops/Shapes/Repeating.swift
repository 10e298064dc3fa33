extension Tensor {
  /// Each element several times, one after the other: `torch.repeat_interleave`.
  ///
  /// - Parameters:
  ///   - times: how often.
  ///   - axis: counted from the end if negative; the flattened tensor if it is left out.
  /// - Returns: the shape of `self` with `times` the size along the axis.
  /// - Gradient: the sum of `g` over the copies.
  /// - Error: an axis that is not there; a negative number.
  public func repeatInterleave(_ times: Int, axis: Int? = nil) -> Tensor {
    if node.failure != nil { return self }
    let x = axis == nil || rank == 0 ? viewed(as: [elementCount]) : self
    guard let along = x.shape.resolve(axis: axis ?? 0) else {
      return Tensor(error: .axis("repeatInterleave", axis ?? 0, of: self))
    }
    var sizes = x.shape.sizes
    sizes.insert(times, at: along + 1)
    if let error = TensorError.badShape(
      "repeatInterleave", sizes.count > Shape.maximumRank ? [times] : sizes,
      operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    if sizes.count > Shape.maximumRank {
      let places = Tensor.arange(x.shape[along] &* times, device: device)
      return x.selected(places.floorDivided(by: Tensor(times)), axis: along, for: .gather)
    }
    let copies = x.unsqueezed(axis: along + 1).broadcastCopy(to: Shape(sizes))
    return copies.flattened(from: along, to: along + 1)
  }

  /// Each element as often as a tensor says, one after the other: `torch.repeat_interleave`.
  ///
  /// - Parameters:
  ///   - times: whole numbers, one axis: one for each place along the axis, or one for all;
  ///     computed at the call.
  ///   - axis: counted from the end if negative; the flattened tensor if it is left out.
  /// - Returns: the shape of `self` with the sum of the numbers along the axis.
  /// - Gradient: the sum of `g` over the copies.
  /// - Error: an axis that is not there; numbers that are negative or of another count or dtype.
  public func repeatInterleave(_ times: Tensor, axis: Int? = nil) -> Tensor {
    if let failed = Tensor.failed(self, times) { return failed }
    let name = "repeatInterleave"
    let x = axis == nil || rank == 0 ? viewed(as: [elementCount]) : self
    guard let along = x.shape.resolve(axis: axis ?? 0) else {
      return Tensor(error: .axis(name, axis ?? 0, of: self))
    }
    if let error = TensorError.indexDType(name, times, self) { return Tensor(error: error) }
    let operands = [(role: "input", description: signature), ("times", times.signature)]
    do throws(TensorError) {
      var counts = try times.detached().cast(to: .int64).scalars(as: Int.self)
      if counts.count == 1, x.shape[along] < 1 << 26 {
        counts = Array(repeating: counts[0], count: x.shape[along])
      }
      guard counts.count == x.shape[along], counts.allSatisfy({ $0 >= 0 }) else {
        throw TensorError(
          name, "there is not one number, 0 or more, for each place along axis \(along)",
          operands: operands, help: "give \(x.shape[along]) numbers")
      }
      let total = counts.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
      if let error = TensorError.badShape(name, [total], operands: operands) { throw error }
      let places = Tensor.written([total], as: Int.self, device: device) { places in
        var next = 0
        for (place, count) in counts.enumerated() {
          for _ in 0..<count {
            places[next] = place
            next += 1
          }
        }
      }
      if let error = places.error { throw error }
      return x.selected(places, axis: along, for: .gather)
    } catch {
      return Tensor(error: error)
    }
  }
}
