import BlitzPlot
import BlitzData

/// The parts made of pictures. Each kind may take so many bytes: the page stays one that mail and
/// phones take.
extension HTMLReport {
  private static let maximumPictures = (mistakes: 24, weights: 64)
  private static let maximumBytes = 400_000
  /// Larger pictures are made smaller, to this many pixels across or down.
  private static let maximumSide = 64

  /// The examples that were told wrong with most confidence.
  var mistakes: String {
    guard !record.mistakes.isEmpty else { return "" }
    var figures: [String] = []
    var size = 0
    for mistake in record.mistakes.prefix(HTMLReport.maximumPictures.mistakes) {
      let truth = Markup.escaped(record.className(mistake.truth))
      let prediction = Markup.escaped(record.className(mistake.prediction))
      let probability = mistake.probability
      let sure = probability.isFinite ? ", \(HTMLReport.percent(probability)) sure" : ""
      let input: String
      switch mistake.input {
      case .text(let row):
        // A row of a thousand columns says no more than its first.
        let short = row.count > 400 ? row.prefix(400) + " ..." : row[...]
        input = "<p class=\"row\">\(Markup.escaped(String(short)))</p>"
      case .image(let image):
        guard let address = HTMLReport.address(image) else { continue }
        input = "<img src=\"\(address)\" alt=\"test example \(mistake.index): \(truth)\"/>"
      }
      let figure =
        "<figure>\(input)<figcaption><b>\(truth)</b> taken for <b>\(prediction)</b>\(sure)"
        + "<small>example \(mistake.index)</small></figcaption></figure>\n"
      size += figure.utf8.count
      if size > HTMLReport.maximumBytes { break }
      figures.append(figure)
    }
    let kind = record.mistakes.contains { if case .text = $0.input { true } else { false } }
    return section(
      "Worst mistakes",
      "<div class=\"mistakes\(kind ? " rows" : "")\">\n\(figures.joined())</div>\n"
        + leftOut(record.mistakes.count - figures.count, "mistake"))
  }

  /// What the first layer looks for.
  var firstLayer: String {
    guard !record.firstLayer.isEmpty else { return "" }
    let shown = record.firstLayer.prefix(HTMLReport.maximumPictures.weights)
    let scale = WeightScale(shown)
    var images = ""
    var (count, size) = (0, 0)
    for (index, picture) in shown.enumerated() {
      guard let image = scale.image(picture), let png = try? image.pngData() else { continue }
      let element =
        "<img src=\"\(Markup.address(png: png))\" alt=\"weights of unit \(index)\" "
        + "title=\"unit \(index)\"/>\n"
      size += element.utf8.count
      if size > HTMLReport.maximumBytes { break }
      images += element
      count += 1
    }
    let isColored = shown.contains { $0.channelCount == 3 }
    let areSquares = shown.allSatisfy {
      $0.width == $0.height && ($0.channelCount == 1 || $0.channelCount == 3)
    }
    let limit = scale.limit.short
    let legend =
      isColored
      ? "<p class=\"legend\">Grey is 0; a full colour is \(limit), a missing one -\(limit).</p>\n"
      : "<p class=\"legend\">-\(limit) <span class=\"scale\"></span> \(limit)</p>\n"
    return section(
      "First layer",
      "<p>The weights of each unit, laid out as the input that it looks at.</p>\n\(legend)"
        + "<div class=\"weights\(areSquares ? " squares" : "")\">\n\(images)</div>\n"
        + leftOut(record.firstLayer.count - count, "unit"))
  }

  private func leftOut(_ count: Int, _ what: String) -> String {
    guard count > 0 else { return "" }
    return "<p class=\"note\">\(count.grouped) more \(what)\(count == 1 ? " is" : "s are") "
      + "left out here.</p>\n"
  }

  /// An example's picture as an address, small enough to be one of many.
  private static func address(_ image: Image) -> String? {
    var image = image
    let side = max(image.width, image.height)
    if side > maximumSide {
      let size = { (length: Int) in max(1, length * maximumSide / side) }
      guard
        let small = try? image.resized(width: size(image.width), height: size(image.height))
      else { return nil }
      image = small
    }
    return (try? image.pngData()).map(Markup.address(png:))
  }
}
