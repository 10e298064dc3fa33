/// An array in the memory of an accelerator. It may still be being computed.
package protocol DeviceArray: AnyObject, Sendable {
  /// The size of each axis.
  var shape: Shape { get }
  /// The type of the elements.
  var dtype: DType { get }
  /// How it lies on a mesh.
  var sharding: Sharding { get }

  /// Waits for the elements and copies them to this machine's memory, row-major.
  ///
  /// - Parameter target: as many bytes as the elements take.
  /// - Throws: `TensorError` with what went wrong while they were computed.
  func read(into target: UnsafeMutableRawBufferPointer) throws(TensorError)

  /// Waits for the elements.
  ///
  /// - Throws: `TensorError` with what went wrong while they were computed.
  func wait() throws(TensorError)

  /// Starts copying the elements to this machine, so that `read(into:)` need not wait as long.
  func prefetch()
}
