import FoundationEssentials

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Another program, which has the terminal until it ends.
enum Program {
  /// Runs a program, found on the search path, and answers its exit code, or 128 and the signal
  /// that ended it.
  static func run(_ command: [String]) throws -> Int32 {
    let arguments = command.map { strdup($0) } + [nil]
    let variables =
      ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, command[0], nil, nil, arguments, variables)
    guard code == 0 else {
      throw RunFailure.run("cannot start \(command[0]): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}

/// The variables of the environment.
enum Environment {
  /// A variable that is set and not empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The user's folder.
  static func home() throws -> String {
    guard let home = Environment["HOME"] else {
      throw RunFailure.run("HOME is not set; set it to a folder to keep files in")
    }
    return home
  }

  /// Whether the user may do anything.
  static var isRoot: Bool { geteuid() == 0 }

  /// The path of this program, where the system tells.
  static var executable: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
