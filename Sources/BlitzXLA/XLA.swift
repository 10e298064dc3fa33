import BlitzSystem
import BlitzTensor
import Synchronization

/// Settings of the accelerators; make them before the first tensor is put on one.
public enum XLA {
  private static let hostDevices = Atomic<Int>(
    Environment.value(of: "BLITZ_XLA_CPU_DEVICES", takes: "a whole number of 1 or more") {
      Int($0).flatMap { $0 >= 1 ? $0 : nil }
    } ?? 1)

  /// The number of devices that a CPU plugin makes of this machine's processor: 1, or
  /// `BLITZ_XLA_CPU_DEVICES`.
  ///
  /// More than one is for trying out programs for several devices; they share the same cores.
  public static var hostDeviceCount: Int {
    get { hostDevices.load(ordering: .relaxed) }
    set { hostDevices.store(max(newValue, 1), ordering: .relaxed) }
  }

  /// Whether a GPU's memory is taken all at once when it is first used, as JAX does: only with
  /// `BLITZ_XLA_PREALLOCATE=1`.
  public static let preallocates = Environment.isSet("BLITZ_XLA_PREALLOCATE")

  /// The largest share of a GPU's memory that is used, between 0 and 1:
  /// `BLITZ_XLA_MEMORY_FRACTION`, or else the plugin's choice.
  public static let memoryFraction = Environment.value(
    of: "BLITZ_XLA_MEMORY_FRACTION", takes: "a number above 0, at most 1"
  ) { Float($0).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil } }

  /// The place of a process in a job of several whose GPUs work together.
  package struct Job: Sendable {
    /// The index of this process, from 0.
    package let process: Int
    /// The number of processes.
    package let processCount: Int
    /// The values that the processes share.
    package let store: any KeyValueStore
  }

  private static let joined = Lock<Job?>(nil)

  /// Makes this process one of several whose GPUs work together.
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
