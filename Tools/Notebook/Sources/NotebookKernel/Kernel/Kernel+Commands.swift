import Foundation

/// What is said to the kernel and not to the compiler.
enum KernelCommand {
  case rerun, help
  /// A symbol, as `grid.matmul`.
  case explain(String)
  /// The code of the cell.
  case time(String)
  case unknown(String)

  /// Nil if a cell is Swift.
  init?(_ source: String) {
    let text = source.trimmingCharacters(in: .whitespacesAndNewlines)
    if let match = text.wholeMatch(of: #/([\p{L}_][\w.]*)\?{1,2}|\?{1,2}([\p{L}_][\w.]*)/#) {
      self = .explain(String(match.1 ?? match.2 ?? ""))
      return
    }
    guard let match = source.prefixMatch(of: #/\s*(%%?)([A-Za-z]\w*)/#) else { return nil }
    switch match.2 {
    case "rerun" where text == "%rerun": self = .rerun
    case "help" where text == "%help": self = .help
    case "time":
      // Columns stay those of the reader.
      let blank = match.0.map { $0.isWhitespace ? String($0) : " " }.joined()
      self = .time(blank + source[match.0.endIndex...])
    case "help", "rerun": self = .unknown(text)
    default: self = .unknown("\(match.1)\(match.2)")
    }
  }

  static let helpText = """
    A cell is Swift as at top level, with `import Blitz` there already; its last value is shown.
    Names may be declared again. A trailing `;` shows nothing.

      show(value)                  shows a value in the middle of a cell
      show(value, named: "plot")   shows it in the place of the last of that name
      print(plot), readLine()      write and ask below the cell
      x.matmul?                    explains a name, as Shift-Tab does; Tab completes one
      %time CODE                   also says how long the cell took
      %rerun                       runs the cells again that a process took along when it ended
      // swiftc: -O                as the first line: the cell is optimised


    """

  static func unknown(_ word: String) -> CellFailure {
    if let alone = ["%help", "%rerun"].first(where: { word.hasPrefix($0) }) {
      return CellFailure(
        "UnknownCommand", "\(alone) stands alone in its cell; write the rest in another", [])
    }
    return CellFailure(
      "UnknownCommand",
      "there is no \(word) here; %help tells what there is, and the rest is Swift",
      [])
  }
}

extension Kernel {
  /// Shows text of the kernel's own below a request.
  func tell(_ text: String, to request: Message) {
    connection.publish(
      "stream", ["name": "stdout", "text": .string(text)], parent: request)
  }

  /// Shows the declaration and the documentation of a symbol.
  func explain(_ symbol: String, to request: Message) -> CellFailure? {
    let end = symbol.unicodeScalars.count
    let found = inspect(["code": .string(symbol), "cursor_pos": .integer(end)])
    guard let text = found["data"]["text/plain"].string else {
      return CellFailure(
        "UnknownName",
        "nothing is known of \(symbol); run the cell that declares it; Tab completes names",
        [])
    }
    tell(text + "\n", to: request)
    return nil
  }
}
