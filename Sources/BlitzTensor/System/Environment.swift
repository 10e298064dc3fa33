import BlitzSystem

/// The settings that are read from environment variables, once.
package enum Environment {
  /// `BLITZ_EAGER=1`: every op is computed at once.
  static let isEager = Environment["BLITZ_EAGER"] == "1"

  /// `BLITZ_DEVICE`: where tensors are made that name no device.
  static let device = Environment["BLITZ_DEVICE"]

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
  package static let threadCount = Environment["BLITZ_NUM_THREADS"].flatMap { Int($0) }

  /// Prints to standard error.
  package static func log(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  private static let logs: Set<String> = Set(
    (Environment["BLITZ_LOG"] ?? "").split(separator: ",").map(String.init))

  /// A variable that is set and not empty.
  package static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
