#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The settings that are read from environment variables, once.
public enum Environment {
  /// `BLITZ_EAGER=1`: every op is computed at once.
  static let isEager = value("BLITZ_EAGER") == "1"

  /// `BLITZ_DEVICE`: where tensors are made that name no device.
  static let device = value("BLITZ_DEVICE")

  /// `BLITZ_LOG=graph`: the graph of each new plan or program is printed to standard error.
  static let logsGraphs = logs.contains("graph")

  /// `BLITZ_LOG=plan`: each new plan is printed to standard error.
  static let logsPlans = logs.contains("plan")

  /// `BLITZ_LOG=compile`: each program that is compiled for an accelerator is named, with the
  /// shapes that caused it, on standard error.
  static let logsCompilations = logs.contains("compile")

  /// `BLITZ_LOG=program`: the text of each of these programs is printed.
  static let logsPrograms = logs.contains("program")

  /// `BLITZ_LOG=profile`: where the time of all plans went is printed at the end.
  package static let logsProfile = logs.contains("profile")

  /// `BLITZ_NUM_THREADS`: how many threads kernels use; nil for one for each core.
  public static let threadCount = value("BLITZ_NUM_THREADS").flatMap { Int($0) }

  /// Prints to standard error.
  package static func log(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  private static let logs: Set<String> = Set(
    (value("BLITZ_LOG") ?? "").split(separator: ",").map(String.init))

  static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
