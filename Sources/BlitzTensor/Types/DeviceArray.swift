/// Numbers in the memory of an accelerator; the backend subclasses it. They may still be being
/// computed.
open class DeviceArray: @unchecked Sendable {
  // Unchecked: subclasses can be made by backends only, which promise it.

  /// The size of each axis.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType
  /// How they lie on a mesh.
  public let sharding: Sharding

  /// For subclasses.
  public init(shape: Shape, dtype: DType, sharding: Sharding = .replicated) {
    self.shape = shape
    self.dtype = dtype
    self.sharding = sharding
  }

  /// Waits for the numbers and copies them to this machine's memory, row-major.
  ///
  /// - Parameter target: as many bytes as the elements take.
  /// - Throws: `TensorError` with what went wrong while they were computed.
  open func read(into target: UnsafeMutableRawBufferPointer) throws(TensorError) {
    throw TensorError("read", "this array has no backend")
  }

  /// Waits for the numbers.
  ///
  /// - Throws: `TensorError` with what went wrong while they were computed.
  open func wait() throws(TensorError) {}

  /// Starts copying the numbers to this machine, so that `read(into:)` need not wait as long.
  open func prefetch() {}
}
