import BlitzSystem
import BlitzTensor

/// Where the time of the program's plans goes, kernel by kernel: collected and printed at the end
/// of the program with `BLITZ_LOG=profile`.
final class Profile: Sendable {
  /// The program's, if it was asked for.
  static let current: Profile? = {
    guard Environment.logsProfile else { return nil }
    atexit { Profile.current?.print() }
    return Profile()
  }()

  private struct Entry {
    var calls = 0
    var seconds = 0.0
    var bytes = 0
    var flops = 0
  }

  private let entries = Lock<[String: Entry]>([:])

  /// Runs a kernel and notes how long it took.
  func time(_ kernel: any Kernel, _ body: () throws(TensorError) -> Void) throws(TensorError) {
    let start = ContinuousClock.now
    try body()
    let seconds = start.duration(to: .now) / .seconds(1)
    entries.withLock { entries in
      entries[kernel.summary, default: Entry()].calls += 1
      entries[kernel.summary]!.seconds += seconds
      entries[kernel.summary]!.bytes = kernel.byteCount
      entries[kernel.summary]!.flops = kernel.flops
    }
  }

  private func print() {
    let sorted = entries.withLock { $0.sorted { $0.value.seconds > $1.value.seconds } }
    let total = sorted.reduce(0) { $0 + $1.value.seconds }
    Environment.log("profile: \(number(total * 1e3)) ms in kernels")
    for (kernel, entry) in sorted.prefix(40) {
      let once = entry.seconds / Double(entry.calls)
      Environment.log(
        "  \(number(100 * entry.seconds / total)) %  \(entry.calls) x \(number(once * 1e6)) us  "
          + "\(number(Double(entry.bytes) / once / 1e9)) GB/s  "
          + "\(number(Double(entry.flops) / once / 1e9)) GFLOP/s  \(kernel)")
    }
  }

  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
