extension Tensor {
  /// A tensor whose numbers `write` puts into memory at the call; they start for the device then.
  ///
  /// `write` gets as many elements as the shape has, not initialised.
  static func written<T: TensorElement>(
    _ shape: Shape, as type: T.Type, device: Device = .cpu,
    _ write: (UnsafeMutableBufferPointer<T>) throws(TensorError) -> Void
  ) -> Tensor {
    do throws(TensorError) {
      let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(
        by: T.dtype.byteCount)
      let block = try MemoryBlock(byteCount: overflow ? Int.max : bytes)
      let numbers = UnsafeMutableBufferPointer(
        start: block.pointer.bindMemory(to: T.self, capacity: shape.elementCount),
        count: shape.elementCount)
      try write(numbers)
      let moved = try device.holding(Storage(block: block), shape: shape, dtype: T.dtype)
      return Tensor(
        node: Node(.data, shape: shape, dtype: T.dtype, device: device, contents: moved))
    } catch {
      return Tensor(error: error)
    }
  }

  /// The tensor as the making words hand it out: cast, and a leaf if that is asked for.
  func made(_ dtype: DType?, requiresGrad: Bool) -> Tensor {
    let tensor = dtype.map { cast(to: $0) } ?? self
    return requiresGrad ? tensor.requiringGrad() : tensor
  }
}
