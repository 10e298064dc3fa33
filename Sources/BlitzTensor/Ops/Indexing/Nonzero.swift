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
    return .written([flat.elementCount, rank], as: Int.self, device: device) { rows in
      guard let storage = flat.node.storage else { return }
      let positions = storage.pointer.assumingMemoryBound(to: Int.self)
      for row in 0..<flat.elementCount {
        for axis in 0..<rank {
          rows[row * rank + axis] = positions[row] / strides[axis] % sizes[axis]
        }
      }
    }
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
