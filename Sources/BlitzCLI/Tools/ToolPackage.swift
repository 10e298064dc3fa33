import BlitzData
import BlitzPlot
import BlitzSystem
import BlitzTensor

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
      FileSystem.exists("\(folder)/Tools/\(name)/Package.swift")
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

  /// The path of one of its programs, built if it is not there or older than this command, or is
  /// asked to be made anew.
  func built(_ product: String, anew: Bool = false) throws -> String {
    let program = "\(folder)/.build/release/\(product)"
    // Written when a build has succeeded: one that was stopped may leave half a program.
    let mark = "\(program).built"
    let own = Environment.executable.flatMap(FileSystem.facts)?.changed ?? (0, 0)
    let isNew = FileSystem.facts(mark).map { $0.changed > own } ?? false
    if !anew, isNew, FileSystem.exists(program) { return program }
    let times = "; the first time takes minutes, one of them for BlitzTensor alone"
    writeError("building \(folder)\(FileSystem.exists(mark) ? "" : times)\n")
    let status = Subprocess.run(
      "swift",
      [
        "build", "-c", "release", "--package-path", folder, "--scratch-path", "\(folder)/.build",
      ], output: .shown)
    switch status {
    case 0 where FileSystem.exists(program): break
    case nil:
      throw RunFailure.run(
        "there is no swift in PATH, which builds Tools/\(name); add the toolchain's folder usr/bin")
    case 128 + 2:
      throw RunFailure(
        description: "interrupted; what was built is kept, the same command goes on from there",
        code: 128 + 2)
    default: throw RunFailure.run("Tools/\(name) did not build; swift build says why above")
    }
    try File.replace(mark, with: "")
    return program
  }
}
