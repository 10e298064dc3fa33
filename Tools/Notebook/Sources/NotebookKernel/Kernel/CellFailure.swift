import Foundation

/// What a reader is told when a cell fails.
struct CellFailure: Error {
  var name: String
  var text: String
  var lines: [String]

  init(_ name: String, _ text: String, _ places: [String], note: String? = nil) {
    self.name = name
    self.text = text
    lines = ["\u{1B}[31m\(name)\u{1B}[0m: \(text)"] + places + (note.map { [$0] } ?? [])
  }

  /// What the compiler said of a cell.
  init(_ unit: CellCompiler.Unit, _ output: String, status: Int32, compiler: CellCompiler) {
    let found = Diagnostic.parse(output)
    var rows: [String] = []
    for diagnostic in found where diagnostic.kind != "warning" {
      // Notes about the code that was put in mean nothing to the reader.
      if diagnostic.kind == "note", !diagnostic.file.contains("In[") { continue }
      if diagnostic.text.contains("__step_") || diagnostic.text.contains("__cell") { continue }
      rows.append(
        diagnostic.rendered(
          file: unit.file, source: unit.source, columns: unit.cell?.columns ?? .init(),
          isSyntax: unit.cell == nil))
      if let hint = diagnostic.hint(compiler) { rows.append("  hint: \(hint)") }
    }
    if rows.isEmpty {
      let words = withoutModules(output.split(separator: "\n").prefix(12).joined(separator: "\n"))
      rows = [
        status < 0 ? "the compiler crashed on this cell (signal \(-status))\n\(words)" : words
      ]
    }
    name = "CompileError"
    text = found.first { $0.kind == "error" }?.text ?? rows[0]
    lines = rows.map {
      $0.replacing("error:", with: "\u{1B}[31merror:\u{1B}[0m", maxReplacements: 1)
    }
  }

  /// What a trap was when neither runtime nor compiler says.
  static func reason(ofSignal signal: Int32) -> String {
    switch signal {
    case 1000: "the stack is full: functions called each other too deep"
    case SIGSEGV, SIGBUS: "memory that is not there was used"
    case SIGFPE: "an arithmetic operation that has no result"
    case SIGABRT: "the program gave up (abort)"
    default: "the program came to a place that must not be reached"
    }
  }

  /// Where the line begins with which the runtime announces a trap, if it is in a text.
  static func startOfLastWords(in text: String) -> String.Index? {
    guard let mark = text.ranges(of: lastWords).last else { return nil }
    return text[..<mark.lowerBound].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
  }

  private static var lastWords: Regex<Substring> {
    #/
      (?: Fatal\ error | (?: Precondition | Assertion )\ failed
        | Could\ not\ cast\ value | Simultaneous\ accesses )\b
    /#
  }

  /// The runtime's words on a trap without the places in its own sources and in memory.
  static func reason(fatal text: String) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? text
    guard let mark = line.ranges(of: lastWords).first else { return line }
    let words = String(line[mark.lowerBound...]).replacing(#/: file .*, line \d+$/#, with: "")
    if line[mark] != "Fatal error" {
      // "Could not cast value of type 'Swift.Int' (0x7f...) to ...", or the address of a variable.
      return words.replacing(#/ \(0x[0-9a-f]+\)/#, with: "")
        .replacing(#/to 0x[0-9a-f]+/#, with: "to one variable")
    }
    let reason = words.dropFirst("Fatal error".count).drop { $0 == ":" || $0 == " " }
    return reason.isEmpty ? "fatalError()" : String(reason)
  }

  /// All of it without colours.
  var plainText: String {
    lines.joined(separator: "\n").replacing(#/\x1B\[\d+m/#, with: "")
  }

  /// What the loader says, with names as Swift writes them.
  static func readable(loading text: String) -> String {
    guard let match = text.firstMatch(of: #/undefined symbol: (\S+)/#) else { return text }
    return "\(withoutModules(demangled(String(match.1)))) is declared and not in any library; "
      + "it may be an internal part of one"
  }

  /// The content of an `error` message.
  var content: [String: JSON] {
    [
      "ename": .string(name), "evalue": .string(text),
      "traceback": .array(lines.flatMap { $0.split(separator: "\n") }.map { .string(String($0)) }),
    ]
  }
}
