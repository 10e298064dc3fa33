import Foundation
import Testing

/// How long the compiler takes over formulas that people write.
struct TypeCheckingTests {
  /// Milliseconds that no expression may take longer than.
  static let limit = 1000

  @Test("type-checks twenty long expressions in under a second each")
  func longExpressions() throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.package.appending(path: "Tests/TypeChecking"), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "swift" }
    let source = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    #expect(source.components(separatedBy: "\nfunc ").count - 1 >= 20)

    let (status, output) = try Self.typeCheck(files)
    #expect(status == 0, "\(output)")
    let slow = output.split(separator: "\n").filter { $0.contains("warning: expression took") }
    #expect(slow.isEmpty, "\(slow.joined(separator: "\n"))")
  }

  /// The folder of the manifest.
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the build put the modules: beside the test bundle.
  static func modules() throws -> URL {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let modules = folder.appending(path: "Modules")
      if FileManager.default.fileExists(
        atPath: modules.appending(path: "BlitzTensor.swiftmodule").path)
      {
        return modules
      }
      folder.deleteLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// What the compiler says of some files, with a warning for each slow expression.
  static func typeCheck(_ files: [URL]) throws -> (status: Int32, output: String) {
    try run(
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-I", modules().path,
        "-Xfrontend", "-warn-long-expression-type-checking=\(limit)",
      ] + clangModules().flatMap { ["-I", $0] } + files.map(\.path))
  }

  /// The folders of the C modules that Blitz's own import.
  private static func clangModules() throws -> [String] {
    let manager = FileManager.default
    return try [modules().deletingLastPathComponent(), package.appending(path: "Sources")]
      .flatMap { try manager.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
      .map(\.path)
      .filter { manager.fileExists(atPath: $0 + "/module.modulemap") }
  }
}
