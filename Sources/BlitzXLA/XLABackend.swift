import BlitzTensor
import Synchronization

/// The backend of the devices that a PJRT plugin drives.
package final class XLABackend: ProgramBackend {
  /// The kind of the devices in Blitz's words: `cuda`, `xla:cpu`.
  package var name: String { client.kind }
  /// The number of devices of this process.
  package var deviceCount: Int { client.devices.count }
  /// The client of the devices.
  package let client: Client
  /// The cache of compiled programs; nil if they are not kept.
  package let cache: ProgramCache?
  private let options: [(name: String, value: CompilerOption)]
  private let identity: [UInt8]
  private let compiled = Atomic<Int>(0)
  private let reloaded = Atomic<Int>(0)

  /// The number of programs that were compiled, and of those that were found on disk.
  package var compilations: (compiled: Int, reloaded: Int) {
    (compiled.load(ordering: .relaxed), reloaded.load(ordering: .relaxed))
  }

  /// Makes a backend of a client.
  ///
  /// - Parameters:
  ///   - client: the client of the devices.
  ///   - cache: the cache of compiled programs; nil to keep none.
  ///   - options: XLA's settings for every compilation.
  package init(
    _ client: Client, cache: ProgramCache? = .standard,
    options: [(name: String, value: CompilerOption)] = []
  ) {
    self.client = client
    self.cache = cache
    self.options = options
    identity = ProgramCache.identity(of: client)
  }

  /// Starts copying elements to a device.
  ///
  /// - Throws: `TensorError` if the device has no memory left for them.
  package func upload(
    _ bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, to device: Device,
    sharding: Sharding = .replicated
  ) throws(TensorError) -> any DeviceArray {
    do throws(XLAError) {
      if let mesh = device.mesh {
        return try client.upload(
          bytes, shape: shape, dtype: dtype, to: device.places, mesh: mesh, sharding)
      }
      return try client.upload(bytes, shape: shape, dtype: dtype, to: device.index)
    } catch {
      throw error.asTensorError("upload", on: client, device: device.index)
    }
  }

  /// Compiles a program for one device, or loads it from disk.
  ///
  /// - Throws: `TensorError` if the compiler refuses it.
  package func compile(
    _ program: Program, for device: Device
  ) throws(TensorError) -> any LoadedProgram {
    guard let mesh = device.mesh else { return try compile(program, on: .single(device.index)) }
    let loaded = try compile(
      program.part(on: mesh), on: .partitions(on: device.places, usesShardy: true))
    return MeshProgram(loaded, of: program, mesh: mesh)
  }

  /// Compiles a program for several devices, or loads it from disk.
  ///
  /// - Parameters:
  ///   - program: the program; with several partitions, its arguments and results are the parts
  ///     that one device has.
  ///   - placement: the devices that it runs on.
  /// - Throws: `TensorError` if the compiler refuses it.
  package func compile(
    _ program: Program, on placement: Placement
  ) throws(TensorError) -> XLALoadedProgram {
    do throws(XLAError) {
      let encoded = try client.encode(placement, options: options)
      guard let cache else { return try compileAnew(program, on: placement) }
      let key = ProgramCache.key([identity, encoded, Array(program.text.utf8)])
      if let bytes = cache.bytes(for: key),
        let loaded = try? client.load(bytes, as: program, on: placement)
      {
        reloaded.add(1, ordering: .relaxed)
        return loaded
      }
      let loaded = try compileAnew(program, on: placement)
      // Keeping it is a favour to the next run: a plugin that cannot, or a full disk, is no error.
      if let bytes = try? loaded.serialized() { cache.store(bytes, for: key) }
      return loaded
    } catch {
      throw refusal(error, of: placement)
    }
  }

  private func compileAnew(
    _ program: Program, on placement: Placement
  ) throws(XLAError) -> XLALoadedProgram {
    compiled.add(1, ordering: .relaxed)
    return try client.compile(program, on: placement, options: options)
  }

  private func refusal(_ error: XLAError, of placement: Placement) -> TensorError {
    switch error.code {
    case .resourceExhausted, .unavailable, .dataLoss:
      return error.asTensorError("compile", on: client, device: placement.devices.first ?? 0)
    default:
      return TensorError(
        "compile", "the compiler of \(client.kind) refuses the program",
        operands: [("xla", "\(error)")],
        help: "BLITZ_LOG=program prints its text; please report it with the message")
    }
  }
}

extension Device {
  /// The numbers of its devices.
  fileprivate var places: [Int] { Array(index..<index + (mesh?.deviceCount ?? 1)) }
}
