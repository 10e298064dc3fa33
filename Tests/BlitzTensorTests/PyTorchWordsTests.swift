import Foundation
import Testing

/// What the compiler says of lines that are no Blitz: PyTorch's words, and wrong formulas.
///
/// A row of a table is a line as somebody types it, ` # `, and a part of the message.
struct PyTorchWordsTests {
  @Test("names Blitz's word beside each of 400 lines of PyTorch programs")
  func words() throws {
    let rows = try Self.rows("words.txt")
    #expect(rows.count > 300)
    let (faults, _) = try Self.faults(rows)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test("says in less than a second what is wrong with a formula")
  func formulas() throws {
    let rows = try Self.rows("formulas.txt")
    #expect(rows.count >= 30)
    var (faults, slow) = try Self.faults(rows)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    // The compiler counts its own processor time, which a full machine stretches by a quarter.
    if !slow.isEmpty { slow = try Self.faults(rows).slow }
    #expect(slow.isEmpty, "\(slow.joined(separator: "\n"))")
  }

  typealias Row = (line: String, message: String)

  static func rows(_ name: String) throws -> [Row] {
    let path = TypeCheckingTests.package.appending(path: "Tests/PyTorchWords/\(name)")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { text in
      let parts = text.components(separatedBy: "  # ")
      #expect(parts.count == 2, "\(text)")
      return (parts[0].trimmingCharacters(in: .whitespaces), parts[parts.count - 1])
    }
  }

  /// The rows whose line has no error with their message, and the slow expressions.
  ///
  /// Each row is a function of one line, so that the line of an error tells its row.
  static func faults(_ rows: [Row]) throws -> (faults: [String], slow: [String]) {
    let file = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID()).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    let source = rows.enumerated().map { place, row in
      """
      func f\(place)(_ x: Tensor, _ y: Tensor, _ mask: Tensor, _ index: Tensor, _ n: Int, \
      _ d: Double, _ model: Sequential, _ optimizer: Adam, _ data: Digits, _ loader: DataLoader\
      ) throws { \(row.line) }
      """
    }
    try (["import Blitz"] + source).joined(separator: "\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let (_, output) = try TypeCheckingTests.typeCheck([file])
    var messages = [[String]](repeating: [], count: rows.count)
    let diagnostic = try Regex("^\(file.path):(\\d+):\\d+: (?:error|warning): (.*)$")
    for text in output.split(separator: "\n") {
      guard let match = String(text).wholeMatch(of: diagnostic), let number = match[1].substring,
        let line = Int(number), line >= 2, let message = match[2].substring
      else { continue }
      messages[line - 2].append(String(message))
    }
    let faults = zip(rows, messages).filter { row, found in
      !found.contains { $0.contains(row.message) }
    }.map { "\($0.0.line): \($0.1)" }
    let slow = zip(rows, messages).filter { $0.1.contains { $0.contains("expression took") } }
      .map { "\($0.0.line): \($0.1)" }
    return (faults, slow)
  }
}
