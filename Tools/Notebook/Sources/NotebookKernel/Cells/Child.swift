import Foundation

/// A process that was started, with pipes.
struct Child {
  var id: pid_t

  /// Starts a program.
  ///
  /// - Parameter descriptors: which of our descriptors the program gets as its 0, 1, 2, ...
  static func start(
    _ command: [String], environment: [String: String], descriptors: [Int32]
  ) throws -> Child {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
    }
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, command[0], &actions, nil, arguments, variables)
    guard code == 0 else {
      throw KernelFailure(
        description: "cannot start \(command[0]): \(String(cString: strerror(code)))")
    }
    return Child(id: id)
  }

  /// Waits for its end: the exit code, or minus the signal that ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  func kill(_ signal: Int32 = SIGKILL) { _ = Glibc.kill(id, signal) }
}

/// The two ends of a pipe that children do not inherit by themselves.
struct Pipe {
  var read: Int32
  var write: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw KernelFailure(description: "no pipe: \(String(cString: strerror(errno)))")
    }
    // Above those that a child gets, so that placing one never closes another.
    read = fcntl(ends[0], F_DUPFD_CLOEXEC, 32)
    write = fcntl(ends[1], F_DUPFD_CLOEXEC, 32)
    close(ends[0])
    close(ends[1])
  }
}

/// What is in a pipe now.
///
/// - Returns: empty if nothing is, nil if the other end is closed.
func available(_ descriptor: Int32, limit: Int = 1 << 16) -> [UInt8]? {
  var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  guard poll(&wait, 1, 0) > 0 else { return [] }
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = read(descriptor, &bytes, limit)
  if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
  return count == 0 ? nil : Array(bytes[..<count])
}
