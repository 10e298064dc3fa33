/// Other programs, run and waited for.
package enum Subprocess {
  /// Where a program's output goes.
  package enum Output {
    /// To standard error, where it does not mix with what the command itself prints.
    case shown
    /// Nowhere.
    case hidden
  }

  /// Runs a program that is looked for in `PATH`, without anything to read.
  ///
  /// Ctrl-C ends the program, not this process, which can then clean up.
  ///
  /// - Returns: its exit code, 128 and the signal if one ended it, or nil if there is no such
  ///   program.
  package static func run(
    _ program: String, _ arguments: [String], output: Output
  ) -> Int32? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    switch output {
    case .shown: posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    case .hidden:
      for file in [STDOUT_FILENO, STDERR_FILENO] {
        posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0)
      }
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var interrupts = sigset_t()
    sigemptyset(&interrupts)
    for signal in [SIGINT, SIGTERM] { sigaddset(&interrupts, signal) }
    posix_spawnattr_setsigdefault(&attributes, &interrupts)
    // Threads of Foundation's and Dispatch's block signals, and what they start inherits that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let before = [SIGINT, SIGTERM].map { ($0, signal($0, SIG_IGN)) }
    defer { for (number, handler) in before { _ = signal(number, handler) } }

    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var process = pid_t()
    guard posix_spawnp(&process, program, &actions, &attributes, words, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let ending = status & 0x7f
    return ending == 0 ? (status >> 8) & 0xff : 128 + ending
  }
}
