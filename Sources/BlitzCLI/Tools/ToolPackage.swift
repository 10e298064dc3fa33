import BlitzData

/// A package in Tools/ of the sources that this command was built from: what needs more than the
/// library does, built when it is first asked for.
struct ToolPackage {
  /// The folder of Blitz's sources.
  let home: String
  /// The folder's name in Tools/.
  let name: String

  private var folder: String { "\(home)/Tools/\(name)" }

  /// Finds the sources: where `BLITZ_HOME` says, above this program, or where it was compiled.
  static func located(_ name: String) throws -> ToolPackage {
    func isHome(_ folder: String) -> Bool {
      File.exists("\(folder)/Tools/\(name)/Package.swift")
    }
    if let home = Environment["BLITZ_HOME"] {
      guard isHome(home) else {
        throw RunFailure.run(
          "BLITZ_HOME is \(JSONText.quoted(home)), which has no Tools/\(name); set it to a "
            + "checkout of blitz")
      }
      return ToolPackage(home: home, name: name)
    }
    for place in [Environment.executable, #filePath].compactMap(\.self) {
      var parts = place.split(separator: "/").dropLast()
      while !parts.isEmpty {
        let folder = "/" + parts.joined(separator: "/")
        if isHome(folder) { return ToolPackage(home: folder, name: name) }
        parts = parts.dropLast()
      }
    }
    throw RunFailure.run(
      "the sources of Tools/\(name) are not here; set BLITZ_HOME to a checkout of blitz")
  }

  /// The path of one of its programs, built if it is not there or is asked to be made anew.
  func built(_ product: String, anew: Bool = false) throws -> String {
    let program = "\(folder)/.build/release/\(product)"
    if !anew, File.exists(program) { return program }
    writeError("building \(folder); the first time takes some minutes\n")
    let status = try Program.run([
      "swift", "build", "-c", "release", "--package-path", folder,
    ])
    guard status == 0, File.exists(program) else {
      throw RunFailure.run("Tools/\(name) did not build; swift build says why above")
    }
    return program
  }
}
