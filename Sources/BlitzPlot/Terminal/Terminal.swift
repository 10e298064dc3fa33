import BlitzSystem
import BlitzTensor

/// What the place that text goes to can do: a window, a pipe or a file.
package struct Terminal {
  /// Whether lines can be redrawn in place.
  package var isInteractive: Bool
  /// Characters in a line; the window is asked each time, for it can be made smaller or larger.
  package var columns: Int { askedColumns() }
  /// Whether it shows colours, and the user has not refused them (https://no-color.org).
  package var hasColor: Bool
  /// Whether it shows characters beyond ASCII.
  package var hasUnicode: Bool
  private let askedColumns: () -> Int

  /// What standard output is.
  package static var standardOutput: Terminal { Terminal(file: STDOUT_FILENO) }

  /// Asks the system about an open file and reads the environment.
  package init(file: Int32) {
    let name = Environment["TERM"] ?? ""
    isInteractive = isatty(file) == 1 && name != "dumb"
    hasColor = isInteractive && Environment["NO_COLOR"] == nil
    // The first of these that is set decides, as in the C library.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { Environment[$0] }.first ?? ""
    let charset = locale.lowercased()
    hasUnicode = charset.hasSuffix("utf-8") || charset.hasSuffix("utf8")
    askedColumns = { Terminal.windowColumns(file) ?? 80 }
  }

  /// A terminal that is described, for tests.
  package init(
    isInteractive: Bool, columns: @escaping @autoclosure () -> Int, hasColor: Bool, hasUnicode: Bool
  ) {
    self.isInteractive = isInteractive
    askedColumns = columns
    self.hasColor = hasColor
    self.hasUnicode = hasUnicode
  }

  /// The window's width, or nil if there is no window or it does not say.
  package static func windowColumns(_ file: Int32) -> Int? {
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// Writes text to standard output at once, past any buffer, so that a reader at the other end of a
/// pipe sees each line when it is made.
package func writeOutput(_ text: String) {
  print(text, terminator: "")
  fflush(nil)
}

/// Prints lines that a person reads: in a window, they end between words.
package func tell(_ text: String, hanging: Int = 0) {
  writeOutput(Terminal.standardOutput.wrapped(text, hanging: hanging) + "\n")
}

/// Writes text to standard error, after what was printed before, where both go to one place.
package func writeError(_ text: String) {
  fflush(nil)
  var text = text
  text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

extension Terminal {
  /// Lines that end between words where a person reads them; elsewhere the text as it is, for
  /// programs that read line by line.
  ///
  /// - Parameter hanging: the spaces before the rows that a line goes on in.
  package func wrapped(_ text: String, hanging: Int = 0) -> String {
    let columns = columns
    guard isInteractive, columns > 1 else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var rows: [String] = []
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if let last = rows.last, last.count + 1 + word.count < columns {
          rows[rows.count - 1] += " \(word)"
        } else {
          rows.append(String(repeating: " ", count: rows.isEmpty ? 0 : hanging) + word)
        }
      }
      return rows.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// A plot as text that fits.
  package func text(of plot: Plot) -> String {
    plot.terminal(width: columns, color: hasColor, unicode: hasUnicode)
  }
}
