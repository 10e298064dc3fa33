/// Shows how far a job has come: one line that is redrawn on a terminal, a few plain lines
/// elsewhere.
///
///     epoch 12/60 ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  loss 0.0931  test 96.4 %
struct ProgressBar {
  private let label: String
  private let total: Int
  private let terminal: Terminal
  private let write: (String) -> Void
  private var lastDrawn: ContinuousClock.Instant?
  private var isDrawn = false

  /// A bar for `total` steps, each called `label`. `write` takes the text, and is there for tests.
  init(
    label: String, total: Int, terminal: Terminal,
    write: @escaping (String) -> Void = writeOutput
  ) {
    self.label = label
    self.total = total
    self.terminal = terminal
    self.write = write
  }

  /// Shows that `done` steps are done; `detail` is what there is to say about them.
  mutating func update(_ done: Int, detail: String) {
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
    isDrawn = true
    // Return to the first column, draw, erase what is left of the line before.
    write("\r" + line(done, detail) + "\u{1B}[K")
  }

  /// Ends the line, so that what follows starts on its own.
  mutating func finish() {
    if isDrawn { write("\n") }
    isDrawn = false
  }

  /// A line for a file or a pipe.
  func plain(_ done: Int, _ detail: String) -> String {
    let number = String(done)
    let padding = String(repeating: " ", count: max(String(total).count - number.count, 0))
    return "\(label) \(padding)\(number)/\(total)  \(detail)"
  }

  /// A line for a terminal: as wide as the window, less the last column, where some wrap.
  func line(_ done: Int, _ detail: String) -> String {
    let padding = String(repeating: " ", count: max(String(total).count - String(done).count, 0))
    let head = "\(label) \(padding)\(done)/\(total) "
    let tail = "  \(detail)"
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
}
