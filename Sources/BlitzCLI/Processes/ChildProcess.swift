import BlitzData
import BlitzSystem

/// A program that was started, whose output comes back through pipes.
struct ChildProcess {
  let identifier: pid_t
  /// The ends of pipes to read standard output and standard error from.
  let output, error: Int32
  /// The end of a pipe to its standard input.
  let input: Int32

  /// How a program ended.
  enum End: Equatable {
    case code(Int32)
    case signal(Int32)

    /// What a shell makes of it.
    var status: Int32 {
      switch self {
      case .code(let code): code
      case .signal(let signal): 128 + signal
      }
    }
  }

  /// Starts a program, in a process group of its own: Ctrl-C at the terminal is not for it.
  ///
  /// - Parameters:
  ///   - arguments: the program, looked for as a shell does, and its arguments.
  ///   - environment: added to this process's own.
  /// - Throws: `RunFailure` if there is no such program.
  init(_ arguments: [String], environment: [(String, String)] = []) throws {
    var pipes: [[Int32]] = []
    func closeAll() { for end in pipes.joined() { close(end) } }
    for _ in 0..<3 {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else {
        closeAll()
        throw RunFailure.run("\(arguments[0]): \(String(cString: strerror(errno)))")
      }
      // Other children must not hold these open.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      pipes.append(ends)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, pipes[0][0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[1][1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[2][1], STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var words = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var place = environ
    let names = environment.map { "\($0.0)=" }
    while let variable = place.pointee {
      let text = String(cString: variable)
      if !names.contains(where: text.hasPrefix) { variables.append(strdup(text)) }
      place += 1
    }
    variables += environment.map { strdup("\($0.0)=\($0.1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var identifier = pid_t()
    let status = posix_spawnp(
      &identifier, arguments[0], &actions, &attributes, &words, &variables)
    guard status == 0 else {
      closeAll()
      throw RunFailure.run("\(arguments[0]): \(String(cString: strerror(status)))")
    }
    for end in [pipes[0][0], pipes[1][1], pipes[2][1]] { close(end) }
    self.identifier = identifier
    (input, output, error) = (pipes[0][1], pipes[1][0], pipes[2][0])
  }

  /// How it ended, or nil while it runs.
  func end() -> End? {
    var status: Int32 = 0
    guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
  }

  /// Sends a signal to it and to what it has started.
  func send(_ signal: Int32) { kill(-identifier, signal) }
}
