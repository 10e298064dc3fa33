import BlitzSystem

/// Shows how far training has come: its figures, its speed and the time left of the whole run.
///
///     var progress = ProgressLine(epochs: 20, batches: loader.batchCount, curves: ["loss"])
///     for epoch in 1...20 {
///       for batch in loader {
///         ...
///         progress.step(["loss": loss.value])
///       }
///       progress.endEpoch(["loss": loss.value, "accuracy": metrics.accuracy])
///     }
///     progress.finish()
///
///     epoch 3/20 step 118/240 ━━━━━━━━━╌╌╌╌╌╌╌╌╌  loss 0.0931  42 steps/s  1 min 51 s left
///
/// On a terminal one line is redrawn, above it the curves that were asked for; in a pipe or a file
/// there are about twenty lines in all. In a notebook show the curves after each epoch:
/// `show(progress.plot, named: "curves")`.
public struct ProgressLine {
  private let epochs: Int
  private let batches: Int
  private let curveNames: [String]
  private let terminal: Terminal
  private let write: (String) -> Void
  private let clock: () -> Double
  /// The epochs that are done and the steps of the one under way, and those of a run before.
  private var epoch: Int
  private let firstEpoch: Int
  private var batch = 0
  private var firstBatch = 0
  /// When the run and the epoch under way began, in seconds.
  private let start: Double
  private var epochStart: Double
  private var bar: ProgressBar
  /// The bar of an epoch that is long enough for one of its own.
  private var stepBar: ProgressBar?
  private var history: [(name: String, values: [Double])] = []
  /// The lines of the curves that were drawn last, and when.
  private var curveLines = 0
  private var curveTime = -Double.infinity

  /// Makes a line that is drawn from the first step on.
  ///
  /// - Parameters:
  ///   - epochs: the number of epochs of the whole run.
  ///   - batches: the number of steps in an epoch, such as `loader.batchCount`; 0 if steps are not
  ///     told.
  ///   - done: the number of epochs that a run that is resumed has made before.
  ///   - curves: the names of the figures of epochs that are drawn as curves above the line.
  public init(epochs: Int, batches: Int = 0, done: Int = 0, curves: [String] = []) {
    self.init(
      epochs: epochs, batches: batches, done: done, curves: curves, terminal: .standardOutput)
  }

  /// Makes a line for a terminal; `write` and `clock`, in seconds, are there for tests.
  package init(
    epochs: Int, batches: Int, done: Int = 0, curves: [String] = [], terminal: Terminal,
    write: @escaping (String) -> Void = writeOutput,
    clock: @escaping () -> Double = { ProgressLine.seconds() }
  ) {
    // More than anybody waits for: sums of them stay whole numbers.
    let most = 1 << 40
    self.epochs = min(max(epochs, 0), most)
    self.batches = min(max(batches, 0), most)
    firstEpoch = min(max(done, 0), self.epochs)
    epoch = firstEpoch
    curveNames = curves
    self.terminal = terminal
    self.write = write
    self.clock = clock
    start = clock()
    epochStart = start
    bar = ProgressBar(label: "epoch", total: self.epochs, terminal: terminal, write: write)
  }

  private static func seconds() -> Double {
    ProgressLine.origin.duration(to: .now) / .seconds(1)
  }

  private static let origin = ContinuousClock.now

  /// Counts a step.
  ///
  /// - Parameter figures: what there is to say, such as the mean loss of the epoch so far.
  public mutating func step(_ figures: KeyValuePairs<String, Double> = [:]) {
    step(detail: ProgressLine.text(figures))
  }

  /// Counts an epoch, and draws it.
  ///
  /// - Parameter figures: what it came to.
  public mutating func endEpoch(_ figures: KeyValuePairs<String, Double> = [:]) {
    for (name, value) in figures {
      if let index = history.firstIndex(where: { $0.name == name }) {
        history[index].values.append(value)
      } else {
        // A figure that is measured only now and then begins where it was first told.
        let before = max((history.map(\.values.count).max() ?? 1) - 1, 0)
        history.append((name, [Double](repeating: .nan, count: before) + [value]))
      }
    }
    endEpoch(detail: ProgressLine.text(figures))
  }

  /// Ends the line, so that what is printed next starts on its own.
  public mutating func finish() {
    bar.finish()
    stepBar?.finish()
    stepBar = nil
    curveLines = 0
  }

  /// The figures of all epochs as curves; those that ``init(epochs:batches:done:curves:)`` names,
  /// or all if it names none.
  public var plot: Plot {
    let shown = history.filter { curveNames.isEmpty || curveNames.contains($0.name) }
    return Plot.lines(shown).labeled(x: "epoch", y: shown.count == 1 ? shown[0].name : "")
  }

  /// Counts a step with text beside it.
  ///
  /// - Parameter number: which of the epoch's it is; nil for the next.
  package mutating func step(_ number: Int? = nil, detail: String) {
    if let number, epochsDone == 0 { firstBatch = number - 1 }
    batch = number ?? batch + 1
    guard terminal.isInteractive, batches > 0 else { return }
    let now = clock()
    if stepBar == nil {
      // An epoch that takes longer than a second shows its steps.
      guard now - epochStart > 1 else { return }
      if curveNames.isEmpty { bar.finish() }
      stepBar = ProgressBar(
        label: "epoch \(epoch + 1)/\(epochs) step", total: batches, terminal: terminal,
        write: write)
    }
    let speed = epochsDone * Double(batches) / max(now - start, 1e-9)
    let text = "\(detail)  \(speed.short) steps/s\(timeLeft(now))"
    stepBar?.update(batch, detail: text)
  }

  /// Counts an epoch with text beside it.
  package mutating func endEpoch(detail: String) {
    epoch += 1
    batch = 0
    let now = clock()
    epochStart = now
    guard terminal.isInteractive else { return bar.update(epoch, detail: detail) }
    let line = epoch < epochs ? detail + timeLeft(now) : detail
    if !curveNames.isEmpty {
      // The eye needs no more, and drawing costs time.
      guard now - curveTime > 0.1 || epoch >= epochs else { return }
      curveTime = now
      drawCurves()
      bar.forget()
      bar.update(epoch, detail: line)
    } else if stepBar != nil {
      // The epoch's own bar becomes a line that stays.
      write("\r\(bar.plain(epoch, detail))\u{1B}[K\n")
    } else {
      bar.update(epoch, detail: line)
    }
    stepBar = nil
  }

  /// The epochs that this run has made, also in part.
  private var epochsDone: Double {
    Double(epoch - firstEpoch) + Double(batch - firstBatch) / Double(max(batches, 1))
  }

  /// The time that the rest of the run takes at the speed so far.
  private func timeLeft(_ now: Double) -> String {
    let rest = Double(epochs - epoch) - Double(batch) / Double(max(batches, 1))
    guard epochsDone > 0, rest >= 0 else { return "" }
    return "  \(ProgressLine.duration((now - start) / epochsDone * rest)) left"
  }

  /// A time as people say it: "12 s", "1 min 51 s", "2 h 05 min".
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    let whole = Int(max(seconds, 0).rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }

  package static func text(_ figures: KeyValuePairs<String, Double>) -> String {
    figures.map { "\($0.key) \($0.value.short)" }.joined(separator: "  ")
  }

  /// Draws the curves where those before are, from there to the end of the window.
  private mutating func drawCurves() {
    let text = terminal.text(of: plot)
    write("\r\(curveLines > 0 ? "\u{1B}[\(curveLines)A" : "")\u{1B}[J\(text)\n")
    curveLines = text.split(separator: "\n", omittingEmptySubsequences: false).count
  }
}
