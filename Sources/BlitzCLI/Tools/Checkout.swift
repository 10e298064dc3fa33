import BlitzData
import BlitzSystem
import BlitzTensor

/// The sources that this command was built from.
enum Checkout {
  /// Their folder: the one that `BLITZ_HOME` names, above this program, or where it was compiled.
  ///
  /// - Parameter part: a folder that is wanted of them, as `Tools/Play`.
  /// - Throws: `RunFailure` if they are not here, or lack the part.
  static func home(having part: String) throws -> String {
    func isHome(_ folder: String) -> Bool {
      FileSystem.exists("\(folder)/Package.swift") && FileSystem.exists("\(folder)/\(part)")
    }
    if let home = Environment["BLITZ_HOME"] {
      guard isHome(home) else {
        throw RunFailure.run(
          "BLITZ_HOME is \(JSONText.quoted(home)), which has no \(part); set it to a "
            + "checkout of blitz")
      }
      return home
    }
    for place in [Environment.executable, #filePath].compactMap(\.self) {
      var parts = place.split(separator: "/").dropLast()
      while !parts.isEmpty {
        let folder = "/" + parts.joined(separator: "/")
        if isHome(folder) { return folder }
        parts = parts.dropLast()
      }
    }
    throw RunFailure.run(
      "the sources of \(part) are not here; set BLITZ_HOME to a checkout of blitz")
  }
}
