import BlitzTensor

/// An array of one dtype and shape in plain memory, row by row.
///
/// Datasets return it: any thread can fill it, and it becomes a tensor without a copy. It is a
/// value: changing it does not change its copies.
public struct HostArray: Sendable {
  /// The size of each axis.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType
  private var storage: Storage

  /// Copies the elements of a flat array, row by row.
  ///
  /// - Throws: `TensorError` if the shape does not have as many elements as the array, or if memory
  ///   runs out.
  public init<Number: TensorElement>(_ numbers: [Number], shape: Shape) throws(TensorError) {
    guard shape.elementCount == numbers.count, shape.rank <= Shape.maximumRank else {
      throw TensorError(
        "HostArray",
        "the shape \(shape) has \(shape.elementCount) elements, the array has \(numbers.count)",
        help: "the product of the sizes is the number of elements")
    }
    try self.init(uninitialized: shape, Number.dtype)
    numbers.withUnsafeBytes { start.copyMemory(from: $0) }
  }

  /// Takes the elements of a tensor, which is computed now; they are not copied.
  ///
  /// - Throws: `TensorError`, an error of the computation.
  public init(_ tensor: Tensor) throws(TensorError) {
    storage = try tensor.storage()
    shape = tensor.shape
    dtype = tensor.dtype
  }

  /// Memory that is still to be written, by `withUnsafeMutableBytes`. The shape must be valid.
  init(uninitialized shape: Shape, _ dtype: DType) throws(TensorError) {
    let (size, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    storage = Storage(block: try MemoryBlock(byteCount: overflow ? Int.max : size))
    self.shape = shape
    self.dtype = dtype
  }

  /// The number of bytes of the elements.
  public var byteCount: Int { shape.elementCount * dtype.byteCount }

  /// The number of bytes of one row, a slice of the first axis.
  var rowByteCount: Int {
    shape.dropFirst().reduce(dtype.byteCount, *)
  }

  private var start: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: storage.pointer, count: byteCount)
  }

  /// The array as a tensor, without a copy.
  public var tensor: Tensor { Tensor(storage: storage, shape: shape, dtype: dtype) }

  /// The same elements under another shape with as many.
  func viewed(as shape: Shape) -> HostArray { HostArray(shape: shape, dtype: dtype, storage) }

  private init(shape: Shape, dtype: DType, _ storage: Storage) {
    self.shape = shape
    self.dtype = dtype
    self.storage = storage
  }

  /// Calls `body` with the bytes of the elements, row by row; the pointer is valid only within
  /// `body`.
  public func withUnsafeBytes<Answer, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start))
  }

  /// Calls `body` with the bytes of the elements, to be changed in place; if the memory is shared,
  /// they are copied first. The pointer is valid only within `body`.
  ///
  /// - Throws: what `body` throws, or `TensorError` if a copy is needed and memory runs out.
  public mutating func withUnsafeMutableBytes<Answer>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Answer
  ) throws -> Answer {
    if !isKnownUniquelyReferenced(&storage.block) {
      let copy = Storage(block: try MemoryBlock(byteCount: byteCount))
      copy.pointer.copyMemory(from: storage.pointer, byteCount: byteCount)
      storage = copy
    }
    storage.block.noteChange()
    defer { withExtendedLifetime(storage) {} }
    return try body(start)
  }

  /// The rows at these indices of the first axis, in this order.
  ///
  /// - Throws: `TensorError` if there is no such row, or memory runs out.
  public func rows(_ indices: [Int]) throws(TensorError) -> HostArray {
    let count = shape.first ?? 0
    try checkIndices(indices, count: count)
    let rows = try HostArray(
      uninitialized: Shape([indices.count] + shape.dropFirst()), dtype)
    let size = rowByteCount
    let (source, target) = (storage.pointer, rows.storage.pointer)
    if size == 8 {
      // Labels, mostly: a call for each would take longer than the copy.
      for (place, index) in indices.enumerated() {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self),
          toByteOffset: 8 * place, as: UInt64.self)
      }
    } else if size > 0 {
      for (place, index) in indices.enumerated() {
        (target + place * size).copyMemory(from: source + index * size, byteCount: size)
      }
    }
    withExtendedLifetime(self) {}
    return rows
  }
}

/// Finds out whether all indices name examples of a dataset of `count`.
func checkIndices(_ indices: [Int], count: Int) throws(TensorError) {
  for index in indices where index < 0 || index >= count {
    throw TensorError(
      "examples", "there is no example \(index) among \(count)",
      help: count == 0 ? "the data is empty" : "indices are 0 to \(count - 1)")
  }
}
