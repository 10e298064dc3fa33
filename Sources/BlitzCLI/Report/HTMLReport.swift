import BlitzData
import BlitzPlot

/// A training run as one page of HTML that needs nothing else: no network, no script, no font.
/// It is light or dark as the reader's screen is, and fits a phone.
///
///     try File.replace("run/report.html", with: HTMLReport(record).text)
///
/// The page is well-formed XML too, so that programs can read it.
struct HTMLReport {
  let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  /// What browsers are to allow the page: its own style sheet and pictures, and nothing from
  /// elsewhere, whatever names and settings hold.
  private static let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

  /// The page.
  var text: String {
    let title = Markup.escaped(record.title)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" content="\(HTMLReport.policy)"/>
      <title>\(title)</title>
      <style>
      \(HTMLReport.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      \(headline)\(curves)\(confusion)\(mistakes)\(firstLayer)\(epochTable)\(settings)</main>
      <footer>Written by blitz \(Markup.escaped(record.version)).</footer>
      </body>
      </html>

      """
  }

  /// A part of the page under its heading.
  func section(_ heading: String, _ content: String) -> String {
    "<section>\n<h2>\(Markup.escaped(heading))</h2>\n\(content)</section>\n"
  }

  /// A part that may be wider than the screen: it scrolls by itself, by the keyboard too.
  func scrolling(_ name: String, _ content: String) -> String {
    let name = Markup.escaped(name)
    return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(name)\">\n"
      + "\(content)</div>\n"
  }

  // MARK: Figures

  private var headline: String {
    var figures: [(name: String, value: String, note: String)] = []
    let last = record.epochs.last
    if let accuracy = record.testAccuracy {
      figures.append(("test accuracy", HTMLReport.percent(accuracy), countedRight ?? ""))
    }
    if let loss = last?.testLoss { figures.append(("test loss", loss.short, "")) }
    if let last { figures.append(("training loss", last.trainingLoss.short, "")) }
    if let last {
      figures.append(
        (
          "epochs", last.number.grouped,
          "\(last.stepCount.grouped) \(last.stepCount == 1 ? "step" : "steps")"
        ))
    }
    figures.append(("training time", HTMLReport.duration(record.seconds), ""))
    figures.append(("parameters", record.parameterCount.grouped, ""))
    let items = figures.map { figure in
      "<div><dt>\(figure.name)</dt><dd>\(Markup.escaped(figure.value))</dd>"
        + (figure.note.isEmpty ? "" : "<dd class=\"note\">\(figure.note)</dd>") + "</div>\n"
    }
    return "<dl class=\"headline\">\n\(items.joined())</dl>\n"
  }

  /// "9,050 of 10,000", if the confusion matrix tells.
  private var countedRight: String? {
    guard let matrix = record.confusion else { return nil }
    let total = matrix.joined().reduce(0, +)
    let right = matrix.indices.reduce(0) { sum, index in
      sum + (matrix[index].indices.contains(index) ? matrix[index][index] : 0)
    }
    return total > 0 ? "\(right.grouped) of \(total.grouped)" : nil
  }

  private var curves: String {
    guard !record.epochs.isEmpty else { return "" }
    func plot(
      _ name: String, _ scale: Plot.Scale,
      _ values: [(name: String, value: (RunRecord.Epoch) -> Double?)]
    ) -> Plot? {
      let series = values.map { values in
        (
          name: values.name,
          points: record.epochs.map { (x: Double($0.number), y: values.value($0) ?? .nan) }
        )
      }.filter { $0.points.contains { $0.y.isFinite } }
      return series.isEmpty
        ? nil : Plot.lines(through: series).labeled(x: "epoch", y: name).scaled(y: scale)
    }
    var plots = [
      plot("loss", .automatic, [("training", \.trainingLoss), ("test", \.testLoss)]),
      plot(
        "accuracy", .linear, [("training", \.trainingAccuracy), ("test", \.testAccuracy)]),
    ]
    if Set(record.epochs.map(\.rate)).count > 1 {
      plots.append(plot("learning rate", .linear, [("", \.rate)]))
    }
    let pictures = plots.compactMap { $0?.embeddedSVG }
    return section("Curves", "<div class=\"plots\">\n\(pictures.joined())</div>\n")
  }

  private static func text(_ figure: Double?, _ kind: RunRecord.Epoch.FigureKind) -> String {
    guard let figure else { return "" }
    return switch kind {
    case .count: Int(figure).grouped
    case .number: figure.short
    case .share: percent(figure)
    }
  }

  private var epochTable: String {
    guard !record.epochs.isEmpty else { return "" }
    let columns = RunRecord.columns(of: record.epochs)
    // A long run keeps its first and last epochs; metrics.csv has them all.
    let hidden = max(0, record.epochs.count - 400)
    var rows = ""
    for (place, epoch) in record.epochs.enumerated() where place < 200 || place >= 200 + hidden {
      if hidden > 0 && place == 200 + hidden {
        rows += "<tr><td colspan=\"\(columns.count)\">\(hidden.grouped) epochs left out</td></tr>\n"
      }
      let cells = columns.map { "<td>\(HTMLReport.text($0.value(epoch), $0.kind))</td>" }
      rows += "<tr>\(cells.joined())</tr>\n"
    }
    let heads = columns.map { "<th scope=\"col\">\($0.name.replacing("_", with: " "))</th>" }
      .joined()
    let table = "<table class=\"figures\">\n<thead><tr>\(heads)</tr></thead>\n<tbody>\n\(rows)"
    return section(
      "Epochs",
      "<details>\n<summary>The figures of every epoch</summary>\n"
        + scrolling("Figures by epoch", table + "</tbody>\n</table>\n") + "</details>\n")
  }

  private var settings: String {
    guard !record.settings.isEmpty else { return "" }
    let rows = record.settings.map { setting in
      "<tr><th scope=\"row\">\(Markup.escaped(setting.name))</th>"
        + "<td>\(Markup.escaped(setting.value))</td></tr>\n"
    }
    return section(
      "Settings", "<table class=\"settings\">\n<tbody>\n\(rows.joined())</tbody>\n</table>\n")
  }

  // MARK: Numbers as words

  /// "90.5 %", kept on one line. What is not quite all or nothing does not look like it.
  static func percent(_ share: Double) -> String {
    let text = (100 * share).decimal(1)
    if text == "100.0" && share < 1 { return "over\u{A0}99.9\u{A0}%" }
    if text == "0.0" && share > 0 { return "under\u{A0}0.1\u{A0}%" }
    return "\(text)\u{A0}%"
  }

  /// "4.20 s", "12 min 5 s", "3 h 20 min".
  static func duration(_ seconds: Double) -> String {
    guard seconds >= 60, seconds < 1e9 else { return "\(seconds.decimal(2)) s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\((whole / 3600).grouped) h \(whole % 3600 / 60) min"
  }
}
