/// A backend that compiles whole programs and keeps arrays in the memory of its devices:
/// an accelerator.
///
/// Everything that it starts may still be under way when a call returns; reading an array waits.
package protocol ProgramBackend: Backend {
  /// Starts moving elements to a device.
  ///
  /// - Parameters:
  ///   - bytes: row-major; they may change once the call has returned.
  ///   - shape: the size of each axis.
  ///   - dtype: the type of the elements; a bool takes a byte, 0 or 1.
  ///   - device: one of the backend's, or a mesh of them.
  ///   - sharding: how they lie on a mesh; it fits the shape.
  /// - Throws: `TensorError` if the device has no memory left for them.
  func upload(
    _ bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, to device: Device,
    sharding: Sharding
  ) throws(TensorError) -> any DeviceArray

  /// Compiles a program.
  ///
  /// - Throws: `TensorError` if the compiler refuses it.
  func compile(_ program: Program, for device: Device) throws(TensorError) -> any LoadedProgram
}

/// A program that a device has ready.
package protocol LoadedProgram: Sendable {
  /// Whether it was kept from an earlier run, so that nothing had to be compiled.
  var wasKept: Bool { get }

  /// The bytes of memory of each of its devices, if they are known.
  var memoryLimit: Int? { get }

  /// Starts a run.
  ///
  /// - Parameters:
  ///   - arguments: of the dtypes and shapes of the program's, on its device.
  ///   - kept: the places of arguments that the program may overwrite but this run must not.
  /// - Returns: the results, which may still be being computed. Arguments that were overwritten
  ///   cannot be read any more.
  /// - Throws: `TensorError` if the run cannot start; nothing has been overwritten then.
  func run(_ arguments: [any DeviceArray], keeping kept: [Int]) throws(TensorError)
    -> [any DeviceArray]
}
