/// What turns plans into numbers.
public protocol Backend: Sendable {
  /// The kind of device that it drives, `cpu`.
  var name: String { get }
  /// How many devices of the kind there are.
  var deviceCount: Int { get }
  /// Makes a plan ready to run many times.
  func prepare(_ plan: Plan) throws(TensorError) -> any Executable
}

/// A plan made ready by a backend.
public protocol Executable: Sendable {
  /// Runs the plan.
  ///
  /// - Parameters:
  ///   - arguments: the buffers of the argument slots, written to where the plan says so.
  ///   - scalars: the numbers that the plan's kernels name.
  /// - Returns: the buffer of each slot that is a result, in the order of the slots.
  /// - Throws: `TensorError` if memory runs out or an index is out of range; nothing that
  ///   was given has been overwritten then, but for arguments that the plan writes to.
  func run(arguments: [Storage], scalars: [Scalar]) throws(TensorError) -> [Buffer]
}

/// The backends that are linked into the program.
public enum Backends {
  private static let registered = Lock<[any Backend]>([])

  /// Adds a backend; the modules that hold one call this when the program starts.
  public static func register(_ backend: any Backend) {
    registered.withLock { $0.append(backend) }
  }

  static var all: [any Backend] { registered.withLock { $0 } }

  static func named(_ name: String) -> (any Backend)? { all.first { $0.name == name } }
}
