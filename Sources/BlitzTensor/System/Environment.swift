import BlitzSystem

/// The settings that are read from environment variables, once. What a variable does not take is
/// said on standard error, and not used.
package enum Environment {
  /// `BLITZ_EAGER=1`: every op is computed at once.
  static let isEager = isSet("BLITZ_EAGER")

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
  package static let threadCount = value(
    of: "BLITZ_NUM_THREADS", takes: "a whole number of 1 or more"
  ) { Int($0).flatMap { $0 >= 1 ? $0 : nil } }

  /// Prints to standard error.
  package static func log(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  private static let logs: Set<String> = {
    let words: Set = ["graph", "plan", "compile", "program", "profile"]
    let asked = value(
      of: "BLITZ_LOG", takes: "graph, plan, compile, program or profile, with commas between"
    ) { text in
      let asked = Set(
        text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) })
      return asked.isSubset(of: words) ? asked : nil
    }
    return asked ?? []
  }()

  /// A variable that is set and not empty.
  package static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Whether a variable is 1; it takes 0 or 1.
  package static func isSet(_ name: String) -> Bool {
    value(of: name, takes: "0 or 1") { $0 == "1" ? true : $0 == "0" ? false : nil } ?? false
  }

  /// A variable as `read` takes it, which answers nil for what makes no sense: that is said on
  /// standard error, with what it takes.
  package static func value<Value>(
    of name: String, takes: String, _ read: (String) -> Value?
  ) -> Value? {
    guard let text = Environment[name] else { return nil }
    if let value = read(text) { return value }
    log("\(name) is \(text), which is not used: it takes \(takes)")
    return nil
  }
}
