/// Shows how far a job has come: one line that is redrawn on a terminal, a few plain lines
/// elsewhere.
///
///     epoch 12/60 ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  loss 0.0931  test 96.4 %
package struct ProgressBar {
  private let label: String
  private let total: Int
  private let terminal: Terminal
  private let write: (String) -> Void
  private var lastDrawn: ContinuousClock.Instant?
  /// Characters of the line that is there; 0 if there is none.
  private var drawn = 0

  /// A bar for `total` steps, each called `label`. `write` takes the text, and is there for tests.
  package init(
    label: String, total: Int, terminal: Terminal,
    write: @escaping (String) -> Void = writeOutput
  ) {
    self.label = label
    self.total = total
    self.terminal = terminal
    self.write = write
  }

  /// Shows that `done` steps are done; `detail` is what there is to say about them.
  package mutating func update(_ done: Int, detail: String) {
    guard terminal.isInteractive else {
      // About twenty lines in all keep a log readable; the last step always shows.
      let stride = max((total + 19) / 20, 1)
      if done % stride == 0 || done == total || done == 1 { write(plain(done, detail) + "\n") }
      return
    }
    // The eye needs no more than twenty-five pictures a second, and drawing costs time.
    let now = ContinuousClock.now
    if let lastDrawn, done < total, now - lastDrawn < .milliseconds(40) { return }
    lastDrawn = now
    // In a window that was made narrower the line before has become several: up to its first row.
    let rows = max(drawn - 1, 0) / max(terminal.columns, 1)
    let start = rows > 0 ? "\u{1B}[\(rows)A\r" : "\r"
    // Draw, and erase what is left of the line before.
    write(start + line(done, detail) + (rows > 0 ? "\u{1B}[J" : "\u{1B}[K"))
    drawn = width(done, detail)
  }

  /// Ends the line, so that what follows starts on its own.
  package mutating func finish() {
    if drawn > 0 { write("\n") }
    drawn = 0
  }

  /// Takes the line as gone: the next one is drawn at once, where the cursor is.
  mutating func forget() {
    lastDrawn = nil
    drawn = 0
  }

  /// A line for a file or a pipe.
  package func plain(_ done: Int, _ detail: String) -> String {
    let number = String(done)
    let padding = String(repeating: " ", count: max(String(total).count - number.count, 0))
    return "\(label) \(padding)\(number)/\(total)  \(detail)"
  }

  /// A line for a terminal: as wide as the window, less the last column, where some wrap.
  package func line(_ done: Int, _ detail: String) -> String {
    let (head, tail) = (head(done), "  \(detail)")
    let room = terminal.columns - 1
    let width = min(room - head.count - tail.count, 40)
    guard width >= 5 else { return String((head + detail).prefix(max(room, 0))) }
    let filled = total > 0 ? min(width * max(done, 0) / total, width) : width
    let (full, empty) = terminal.hasUnicode ? ("━", "╌") : ("#", ".")
    let bar = String(repeating: full, count: filled)
    let rest = String(repeating: empty, count: width - filled)
    guard terminal.hasColor else { return head + bar + rest + tail }
    return "\(head)\u{1B}[32m\(bar)\u{1B}[2;39m\(rest)\u{1B}[0m\(tail)"
  }

  private func head(_ done: Int) -> String {
    let padding = String(repeating: " ", count: max(String(total).count - String(done).count, 0))
    return "\(label) \(padding)\(done)/\(total) "
  }

  /// Characters of `line(_:_:)` that are seen.
  private func width(_ done: Int, _ detail: String) -> Int {
    let words = head(done).count + detail.count
    let room = terminal.columns - 1
    let bar = min(room - words - 2, 40)
    return bar >= 5 ? words + 2 + bar : min(words, max(room, 0))
  }
}
