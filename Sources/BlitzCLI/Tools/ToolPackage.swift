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

  /// Where it is built: where this command was, if that is in the sources and in release mode, so
  /// that the library is there already; or else in a folder for all tools. A folder of debug builds
  /// has no such library, and `swift test` locks it while the tests run.
  let scratch: String

  private var folder: String { "\(home)/Tools/\(name)" }

  /// Finds the sources.
  static func located(_ name: String) throws -> ToolPackage {
    let home = try Checkout.home(having: "Tools/\(name)")
    return ToolPackage(
      home: home, name: name,
      scratch: scratch(of: Environment.executable, in: home) ?? "\(home)/.build-users")
  }

  /// SwiftPM's folder that a program was built in, in release mode: the program is
  /// `SCRATCH/PLATFORM/release/PROGRAM`.
  static func scratch(of program: String?, in home: String) -> String? {
    guard let program, program.hasPrefix("\(home)/") else { return nil }
    let parts = program.split(separator: "/")
    guard parts.dropLast().last == "release" else { return nil }
    let folder = "/" + parts.dropLast(3).joined(separator: "/")
    return FileSystem.exists("\(folder)/workspace-state.json") ? folder : nil
  }

  /// Where one of its programs is, once it is built.
  func path(of product: String) -> String { "\(scratch)/release/\(product)" }

  /// The path of one of its programs, built if it is not there or older than this command, or is
  /// asked to be made anew.
  func built(_ product: String, anew: Bool = false) throws -> String {
    let program = path(of: product)
    // Written when a build has succeeded: one that was stopped may leave half a program.
    let mark = "\(program).built"
    let own = Environment.executable.flatMap(FileSystem.facts)?.changed ?? (0, 0)
    let isNew = FileSystem.facts(mark).map { $0.changed > own } ?? false
    if !anew, isNew, FileSystem.exists(program) { return program }
    writeError(
      "building \(folder)\(FileSystem.exists(mark) ? "" : "; the first time takes minutes")\n")
    forgetPlan()
    defer { forgetPlan() }
    let status = Subprocess.run(
      "swift",
      ["build", "-c", "release", "--package-path", folder, "--scratch-path", scratch],
      output: .shown)
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

  /// Two packages share the folder: SwiftPM would take the plan of the one before for its own.
  private func forgetPlan() { unlink("\(scratch)/release.yaml") }
}
