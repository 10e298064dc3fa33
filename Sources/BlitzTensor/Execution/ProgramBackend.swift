/// A backend that compiles whole programs and keeps numbers in the memory of its devices:
/// an accelerator.
///
/// Everything that it starts may still be under way when a call returns; reading an array waits.
public protocol ProgramBackend: Backend {
  /// Starts moving numbers to a device.
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
  ) throws(TensorError) -> DeviceArray

  /// Compiles a program.
  ///
  /// - Throws: `TensorError` if the compiler refuses it.
  func compile(_ program: Program, for device: Device) throws(TensorError) -> any LoadedProgram
}

/// A program that a device has ready.
public protocol LoadedProgram: Sendable {
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
  func run(_ arguments: [DeviceArray], keeping kept: [Int]) throws(TensorError) -> [DeviceArray]
}

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
