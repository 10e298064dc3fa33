extension Tensor {
  /// A tensor whose elements, as bytes, `write` puts into memory at the call: for readers of files.
  ///
  /// `write` gets as many bytes as the elements take, not initialised, aligned to 64, and writes
  /// all of them: row-major, in the byte order of the machine, bools as 0 or 1.
  ///
  /// - Error: a shape that no tensor can have; more bytes than memory has left.
  /// - Throws: what `write` throws.
  package static func written<Failure: Error>(
    bytesOf shape: Shape, dtype: DType,
    _ write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Tensor {
    if let error = TensorError.badShape("Tensor", shape.sizes) { return Tensor(error: error) }
    let (size, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    let block: MemoryBlock
    do throws(TensorError) {
      block = try MemoryBlock(byteCount: overflow ? Int.max : size)
    } catch {
      return Tensor(error: error)
    }
    try write(UnsafeMutableRawBufferPointer(start: block.pointer, count: size))
    return Tensor(
      node: Node(
        .data, shape: shape, dtype: dtype, contents: .memory(Storage(block: block))))
  }

  /// Runs `read` on the elements as bytes, computed now: row-major, in the byte order of the
  /// machine.
  ///
  /// - Throws: what went wrong on the way to the elements, or what `read` throws.
  package func withBytes<Answer>(
    _ read: (UnsafeRawBufferPointer) throws -> Answer
  ) throws -> Answer {
    if let error { throw error }
    let storage = try Evaluation.storage(of: node)
    defer { withExtendedLifetime(storage) {} }
    return try read(
      UnsafeRawBufferPointer(
        start: storage.pointer, count: elementCount * dtype.byteCount))
  }
}
