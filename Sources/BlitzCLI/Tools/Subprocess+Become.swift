import BlitzSystem

extension Subprocess {
  /// Ends this program by becoming another, which has the terminal, Ctrl-C and the exit code.
  ///
  /// - Throws: `RunFailure` if it cannot be started.
  static func become(_ command: [String]) throws -> Never {
    var words = command.map { strdup($0) }
    words.append(nil)
    execvp(command[0], words)
    let reason = String(cString: strerror(errno))
    for word in words { free(word) }
    throw RunFailure.run("cannot start \(command[0]): \(reason)")
  }
}
