import CellRewriting
import Foundation

/// Something that the compiler has to say.
struct Diagnostic {
  var file: String
  var line: Int
  var column: Int
  var kind: String
  var text: String
  /// A type that the text names twice, once of each of two cells.
  var twice: String?

  /// Reads what the compiler printed.
  static func parse(_ output: String) -> [Diagnostic] {
    output.split(separator: "\n").compactMap { line in
      guard let match = line.wholeMatch(of: #/(.+?):(\d+):(\d+): (error|warning|note): (.*)/#)
      else {
        if let plain = line.wholeMatch(of: #/<unknown>:0: (error): (.*)/#) {
          return Diagnostic(file: "", line: 0, column: 0, kind: "error", text: String(plain.2))
        }
        return nil
      }
      return Diagnostic(
        file: String(match.1), line: Int(match.2) ?? 0, column: Int(match.3) ?? 0,
        kind: String(match.4), text: withoutModules(String(match.5)),
        twice: typeOfTwoCells(String(match.5)))
    }
  }

  private static func typeOfTwoCells(_ text: String) -> String? {
    var cells: [Substring: Set<Substring>] = [:]
    for match in text.matches(of: #/\bCell_(\d+)\.(\w+)/#) {
      cells[match.2, default: []].insert(match.1)
    }
    return cells.filter { $0.value.count > 1 }.keys.sorted().first.map(String.init)
  }

  /// The message with the reader's line and a caret under the place.
  func rendered(
    file: String, source: String, columns: ColumnMap, isSyntax: Bool
  ) -> String {
    var (line, column) = (line, columns.source(line: line, column: column))
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    if self.file.contains("/Cell_"), isSyntax {
      // What is missing at the end is missed behind it.
      line = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) }.map { $0 + 1 } ?? 1
      column = lines[line - 1].utf8.count + 1
    } else if !self.file.hasSuffix(file) || line < 1 || line > lines.count {
      return self.file.contains("In[")
        ? "\(shortFile):\(line): \(kind): \(text)" : "\(kind): \(text)"
    }
    let code = lines[line - 1]
    // Columns are bytes; a caret stands under a character, and a tab stays a tab.
    let before = String(decoding: code.utf8.prefix(column - 1), as: UTF8.self)
    let indent = String(before.map { $0 == "\t" ? "\t" : " " })
    return """
      \(file):\(line):\(before.count + 1): \(kind): \(text)
        \(code)
        \(indent)^
      """
  }

  private var shortFile: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// What else to try, where the compiler's words do not tell a notebook's reader.
  ///
  /// - Parameter compiler: knows which names are missing because a cell ended before them.
  func hint(_ compiler: CellCompiler) -> String? {
    if let match = text.firstMatch(of: #/^cannot find (?:type )?'(.+)' in scope/#),
      let hint = compiler.hint(unreached: String(match.1))
    {
      return hint
    }
    if let twice {
      return "\(twice) was declared again, and what was made before is still of the earlier type; "
        + "run the cells again that make it, or give the new value a name of its own"
    }
    if text.hasPrefix("redundant conformance") || text.contains("outside of file declaring") {
      return "run the cell of the type again, or keep type and extension in one cell"
    }
    // The value is that of the kernel's own call, which shows a cell's last expression.
    if text == "generic parameter 'Value' could not be inferred" {
      return "the type of this value is not known; say it, as in let x: [Int] = []"
    }
    return nil
  }
}

/// Text as the reader wrote it: `Cell_3.Point` is `Point`.
func withoutModules(_ text: String) -> String {
  text.contains("Cell_") ? text.replacing(#/\bCell_\d+\./#, with: "") : text
}
