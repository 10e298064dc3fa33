#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The variables of the environment.
enum Environment {
  /// A variable that is set and not empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Sets a variable to a list of folders, for this program and what it starts.
  static func set(_ name: String, _ folders: [String]) {
    setenv(name, folders.joined(separator: ":"), 1)
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

  /// When a file was last written, in seconds; nil if there is none.
  static func writingTime(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The path of this program, where the system tells.
  static var executable: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
