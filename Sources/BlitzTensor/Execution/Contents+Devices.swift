extension Device {
  /// Contents in memory as this device holds them: on their way, if it has a memory of its own.
  ///
  /// - Throws: `TensorError` if there is no such device, or it has no memory left.
  @inline(never)
  func holding(
    _ storage: Storage, shape: Shape, dtype: DType, sharding: Sharding = .replicated
  ) throws(TensorError) -> Contents {
    if self == .cpu { return .memory(storage) }
    guard let backend = try backend() as? any ProgramBackend else { return .memory(storage) }
    let bytes = UnsafeRawBufferPointer(
      start: storage.pointer, count: shape.elementCount * dtype.byteCount)
    defer { withExtendedLifetime(storage) {} }
    return .array(
      try backend.upload(bytes, shape: shape, dtype: dtype, to: self, sharding: sharding))
  }
}

extension DeviceArray {
  /// A copy in this machine's memory, once the elements are there.
  func download() throws(TensorError) -> Storage {
    let byteCount = shape.elementCount * dtype.byteCount
    let block = try MemoryBlock(byteCount: byteCount)
    try read(into: UnsafeMutableRawBufferPointer(start: block.pointer, count: byteCount))
    return Storage(block: block)
  }
}

extension Node {
  /// The elements of a known node for a run on a device; those that are at home on every device
  /// may have to be moved there.
  func contents(on device: Device) throws(TensorError) -> Contents {
    if self.device == device, let contents { return contents }
    return try device.holding(memory(), shape: shape, dtype: dtype)
  }

  /// The elements of a known node in this machine's memory.
  func memory() throws(TensorError) -> Storage {
    switch (contents, op) {
    case (.memory(let memory), _): return memory
    case (.array(let array), _): return try array.download()
    case (nil, .scalar(let value)):
      let storage = Storage(block: try MemoryBlock(byteCount: dtype.byteCount))
      value.write(to: storage.pointer, as: dtype)
      return storage
    case (nil, _):
      throw TensorError("evaluate", "\(op.rule.name) left no numbers")
    }
  }

  /// Gives a move from another device its elements; those it moves are known.
  func transfer() throws(TensorError) {
    hold(
      try device.holding(inputs[0].memory(), shape: shape, dtype: dtype, sharding: sharding))
    depth.store(0, ordering: .relaxed)
    if !isInterior || tapeIsFreed { dropInputs() }
  }
}
