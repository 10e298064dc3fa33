import BlitzTensor

/// Numbers of one dtype and shape in plain memory, row by row.
///
/// What datasets hand over: it can be filled on any thread without touching the engine, and
/// becomes a tensor without being copied. A value: whoever changes it changes no copy of it.
public struct HostArray: Sendable {
  /// The size of each axis.
  public let shape: Shape
  /// The type of the numbers.
  public let dtype: DType
  private var storage: Storage

  /// Copies the numbers of a flat array, row by row.
  ///
  /// - Throws: `TensorError` if the shape has not as many elements as the array, or memory runs
  ///   out.
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

  /// The numbers of a tensor, computed now; they are not copied.
  ///
  /// - Throws: `TensorError`, what went wrong on the way to the numbers.
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

  /// Bytes that the numbers take.
  public var byteCount: Int { shape.elementCount * dtype.byteCount }

  /// Bytes that one row, a slice of the first axis, takes.
  var rowByteCount: Int {
    shape.dropFirst().reduce(dtype.byteCount, *)
  }

  private var start: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: storage.pointer, count: byteCount)
  }

  /// The numbers as a tensor; nothing is copied.
  public var tensor: Tensor { Tensor(storage: storage, shape: shape, dtype: dtype) }

  /// The same numbers under another shape with as many elements.
  func viewed(as shape: Shape) -> HostArray { HostArray(shape: shape, dtype: dtype, storage) }

  private init(shape: Shape, dtype: DType, _ storage: Storage) {
    self.shape = shape
    self.dtype = dtype
    self.storage = storage
  }

  /// Reads the numbers' bytes, row by row; the pointer is good only within `body`.
  public func withUnsafeBytes<Answer, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start))
  }

  /// Changes the numbers' bytes in place, or, if somebody else holds the memory, a copy of them;
  /// the pointer is good only within `body`.
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
    defer { withExtendedLifetime(storage) {} }
    return try body(start)
  }

  /// The rows that are named, in that order, along the first axis.
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
