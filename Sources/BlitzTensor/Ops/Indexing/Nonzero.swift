extension Tensor {
  /// The positions of the elements that are true, or not 0: `torch.nonzero`.
  ///
  /// How many there are is known from the elements alone, so they are computed at the call.
  ///
  /// - Returns: int64 `[count, rank]`: the position of one element in each row, in the order
  ///   of memory.
  /// - Gradient: none.
  /// - Error: what went wrong while computing `self`.
  public func nonzero() -> Tensor {
    if node.failure != nil { return self }
    let flat: Tensor
    switch truePositions() {
    case .failure(let error): return Tensor(error: error)
    case .success(let positions): flat = positions
    }
    let (sizes, strides) = (shape.sizes, shape.strides)
    let rank = rank
    if rank == 1 { return flat.viewed(as: [flat.elementCount, 1]).to(device) }
    return .written([flat.elementCount, rank], as: Int.self, device: device) { rows in
      guard let storage = flat.node.storage else { return }
      let positions = storage.pointer.assumingMemoryBound(to: Int.self)
      guard rank > 0 else { return }
      // Divided only where a line of the last axis begins.
      let last = rank - 1
      var place = [Int](repeating: 0, count: rank)
      var (first, end) = (0, 0)
      for row in 0..<flat.elementCount {
        let position = positions[row]
        if position >= end {
          for axis in 0..<last { place[axis] = position / strides[axis] % sizes[axis] }
          first = position - position % sizes[last]
          end = first + sizes[last]
        }
        for axis in 0..<last { rows[row * rank + axis] = place[axis] }
        rows[row * rank + last] = position - first
      }
    }
  }

  /// So many positions of elements that are true, or not 0: `torch.nonzero_static`.
  ///
  /// - Parameters:
  ///   - count: how many rows there are; further positions are left out.
  ///   - fill: what stands in rows for which there is no position.
  /// - Returns: int64 `[count, rank]`: as `nonzero()`, but for the number of rows; it is computed
  ///   when it is asked for, and so can be compiled.
  /// - Gradient: none.
  /// - Error: a negative count; more numbers than memory holds.
  public func nonzeroStatic(count: Int, fill: Int = -1) -> Tensor {
    if node.failure != nil { return self }
    if let error = TensorError.badShape("nonzeroStatic", [count, rank]) {
      return Tensor(error: error)
    }
    let total = elementCount
    if count == 0 || rank == 0 || total == 0 {
      return .filled(.integer(fill), [count, rank], .int64).to(device)
    }
    let flags = cast(to: .bool).viewed(as: [total]).cast(to: .int64)
    // True ones first, in their order.
    let order = flags.argSort(axis: 0, descending: true)
    let kept = Swift.min(count, total)
    let isThere = Tensor.arange(kept, device: device) .< flags.sum()
    let flat = order.sliced(axis: 0, from: 0, count: kept)
    let columns = flat.unraveled(in: shape).map {
      Tensor.where(isThere, $0, Tensor.scalar(.integer(fill), .int64)).viewed(as: [kept, 1])
    }
    let rows = concatenate(columns, axis: 1)
    if kept == count { return rows }
    let rest = Tensor.filled(.integer(fill), [count - kept, rank], .int64).to(device)
    return concatenate([rows, rest], axis: 0)
  }

  /// The row-major positions of the elements that are not zero, int64 `[count]`, computed now; in
  /// this machine's memory.
  func truePositions() -> Result<Tensor, TensorError> {
    do throws(TensorError) {
      let storage = try Evaluation.storage(of: cast(to: .bool).node)
      let flags = UnsafeBufferPointer(
        start: storage.pointer.assumingMemoryBound(to: UInt8.self), count: elementCount)
      let count = flags.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
      let positions = Tensor.written([count], as: Int.self) { positions in
        // Each place is written, and overwritten by the next if its flag is 0: a branch would be as
        // good as random.
        var (next, place) = (0, 0)
        while next < count {
          positions[next] = place
          next += Int(flags[place])
          place += 1
        }
      }
      // The flags are read until here.
      withExtendedLifetime(storage) {}
      return positions.error.map { .failure($0) } ?? .success(positions)
    } catch {
      return .failure(error)
    }
  }
}
