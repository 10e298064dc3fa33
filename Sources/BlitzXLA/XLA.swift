import BlitzSystem
import BlitzTensor
import Synchronization

/// Settings of the accelerators, to be made before the first tensor is put on one.
public enum XLA {
  private static let hostDevices = Atomic<Int>(
    max(Environment["BLITZ_XLA_CPU_DEVICES"].flatMap { Int($0) } ?? 1, 1))

  /// How many devices a CPU plugin makes of this machine's processor: 1, or
  /// `BLITZ_XLA_CPU_DEVICES`.
  ///
  /// More than one is for trying out programs for many devices: they share the same cores.
  public static var hostDeviceCount: Int {
    get { hostDevices.load(ordering: .relaxed) }
    set { hostDevices.store(max(newValue, 1), ordering: .relaxed) }
  }

  /// Whether a GPU's memory is taken all at once when it is first used, as JAX does: only with
  /// `BLITZ_XLA_PREALLOCATE=1`.
  public static let preallocates = Environment["BLITZ_XLA_PREALLOCATE"] == "1"

  /// The most of a GPU's memory that is used, between 0 and 1: `BLITZ_XLA_MEMORY_FRACTION`, or the
  /// plugin's own choice.
  public static let memoryFraction = Environment["BLITZ_XLA_MEMORY_FRACTION"]
    .flatMap { Float($0) }.flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }

  /// A process's place in a job of several whose GPUs work together.
  package struct Job: Sendable {
    /// This process's place, from 0.
    package let process: Int
    /// How many processes there are.
    package let processCount: Int
    /// What they share.
    package let store: any KeyValueStore
  }

  private static let joined = Lock<Job?>(nil)

  /// Says that this process is one of several whose GPUs work together.
  public static func join(process: Int, of processCount: Int, store: any KeyValueStore) {
    let job = Job(process: process, processCount: processCount, store: store)
    joined.withLock { $0 = job }
  }

  static var job: Job? { joined.withLock { $0 } }

  /// Keeps plugins from writing notes to standard error, unless the user wants them; their errors
  /// come back as errors.
  static func prepareEnvironment() {
    setenv("TF_CPP_MIN_LOG_LEVEL", "3", 0)
  }
}
