import Foundation
import Testing

/// Every protocol, property wrapper and layer that Tests/PublicInterface lists is used here.
@Suite struct CoverageTests {
  private static let here = URL(filePath: #filePath).deletingLastPathComponent()

  private static func text(_ folder: URL, _ ending: String) throws -> [String: String] {
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try Dictionary(
      uniqueKeysWithValues: files.filter { $0.pathExtension == ending }.map {
        ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
      })
  }

  @Test func usesAllExtensionPoints() throws {
    let stored = Self.here.appending(path: "../../../PublicInterface").standardized
    let lines = try Self.text(stored, "txt").values.flatMap { $0.split(separator: "\n") }
    #expect(lines.count > 1000)
    let names = lines.compactMap { line -> Substring? in
      let isPoint = line.contains(": protocol ") || line.contains("@propertyWrapper")
      let isModule = line.contains(": struct ") && line.contains("Module")
      return isPoint || isModule ? line.split(separator: ":").first : nil
    }
    #expect(names.count > 40)
    let used = try Self.text(Self.here, "swift").values.joined()
    for name in names {
      #expect(used.contains(try Regex("\\b\(name)\\b")), "no test uses \(name)")
    }
  }
}
