import BlitzSystem
import BlitzTensor

extension Environment {
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

  /// The path of this program, where the system tells.
  static var executable: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
