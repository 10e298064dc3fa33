/// What computes on one kind of device.
package protocol Backend: Sendable {
  /// The kind of device that it drives: `cpu`, `cuda`, `xla:cpu`.
  var name: String { get }
  /// How many devices of the kind there are.
  var deviceCount: Int { get }
}

/// A backend that runs plans, kernel by kernel, in the memory of this machine.
package protocol PlanBackend: Backend {
  /// Makes a plan ready to run many times.
  func prepare(_ plan: Plan) throws(TensorError) -> any Executable

  /// Turns blocks of 16 uniform numbers of 0..<1 into normal ones, PyTorch's for the same numbers:
  /// the first 8 of a block are the radii of the Box-Muller transform, the others the angles.
  ///
  ///     r = sqrt(-2 ln(1 - d[j])),  t = 2 pi d[j + 8]
  ///     d[j] = r cos(t) std + mean,  d[j + 8] = r sin(t) std + mean
  func makeNormal(
    _ numbers: UnsafeMutablePointer<Float>, blocks: Int, mean: Float, std: Float)
}

/// A plan made ready by a backend.
package protocol Executable: Sendable {
  /// Runs the plan.
  ///
  /// - Parameters:
  ///   - arguments: the buffers of the argument slots, written to where the plan says so.
  ///   - scalars: the scalars that the plan's kernels name.
  /// - Returns: the buffer of each slot that is a result, in the order of the slots.
  /// - Throws: `TensorError` if memory runs out or an index is out of range; nothing that
  ///   was given has been overwritten then, but for arguments that the plan writes to.
  func run(arguments: [Storage], scalars: [Scalar]) throws(TensorError) -> [MemoryBlock]
}

/// The backends that are linked into the program.
package enum Backends {
  private struct Registered {
    var backends: [any Backend] = []
    var source: (any BackendSource)?
  }

  private static let registered = Lock(Registered())

  /// Adds a backend; the modules that hold one call this when the program starts.
  package static func register(_ backend: any Backend) {
    registered.withLock { $0.backends.append(backend) }
  }

  /// Says who finds the backends that are not linked in; called once, when the program starts.
  package static func register(source: any BackendSource) {
    registered.withLock { $0.source = source }
  }

  /// The backends that are linked in.
  static var all: [any Backend] { registered.withLock { $0.backends } }

  /// The backend of this machine's processor; nil if it is not linked in.
  static var processor: (any PlanBackend)? {
    all.lazy.compactMap { $0 as? any PlanBackend }.first
  }

  /// The backend of a kind of device, loaded if it has to be.
  ///
  /// - Throws: `TensorError` if there is none, with what was looked for where.
  static func named(_ kind: String) throws(TensorError) -> any Backend {
    let registered = registered.withLock { $0 }
    if let backend = registered.backends.first(where: { $0.name == kind }) { return backend }
    if let source = registered.source { return try source.backend(for: kind) }
    throw TensorError(
      "device", "no backend for the device \(kind) is linked in",
      help: "import Blitz, not one of its parts")
  }
}

/// What finds backends while the program runs: plugins.
package protocol BackendSource: Sendable {
  /// The backend of a kind of device, loaded at the first call and the same at each further one.
  ///
  /// - Throws: `TensorError` if there is none or it cannot be loaded, with what was looked for
  ///   where.
  func backend(for kind: String) throws(TensorError) -> any Backend
  /// The kinds of devices for which something was found, without loading it.
  var kinds: [String] { get }
}

extension Device {
  /// What computes on the device.
  ///
  /// - Throws: `TensorError` if there is no such device, with what was looked for where.
  func backend() throws(TensorError) -> any Backend {
    let (kind, index) = (kind, index)
    let backend = try Backends.named(kind)
    let count = mesh?.deviceCount ?? 1
    guard index >= 0, index + count <= backend.deviceCount else {
      if count > 1 {
        throw TensorError(
          "device",
          "the mesh \(self) takes \(count) devices\(index == 0 ? "" : " from number \(index) on"): "
            + "there \(backend.deviceCount == 1 ? "is" : "are") \(backend.deviceCount) of the kind "
            + kind,
          help: "use a smaller mesh; a CPU plugin makes as many as BLITZ_XLA_CPU_DEVICES says")
      }
      throw TensorError(
        "device",
        "there is no device \"\(self)\": there \(backend.deviceCount == 1 ? "is" : "are") "
          + "\(backend.deviceCount) of the kind \(kind)",
        help: "they are numbered from \(kind):0")
    }
    return backend
  }
}
