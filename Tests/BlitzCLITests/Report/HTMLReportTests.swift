import BlitzData
import BlitzPlot
import Foundation
import Testing

@testable import BlitzCLI

@Suite("report.html")
struct HTMLReportTests {
  /// A small run with everything in it.
  private func record() throws -> RunRecord {
    var record = RunRecord(
      title: "conv on shapes", seconds: 75, parameterCount: 1_199_882, version: "9.8.7")
    record.settings = [("batch", "128"), ("rate", "0.001")]
    record.epochs = (1...3).map { number in
      RunRecord.Epoch(
        number: number, stepCount: 10 * number, trainingLoss: 1 / Double(number),
        trainingAccuracy: 0.5, testLoss: 1.5 / Double(number), testAccuracy: 0.6,
        rate: 0.1 / Double(number), seconds: 0.5)
    }
    record.classNames = ["circle", "square", "star"]
    record.confusion = [[9, 1, 0], [2, 7, 1], [0, 0, 1234]]
    record.testAccuracy = 0.9968
    record.firstLayer = [
      RunRecord.WeightPicture(width: 2, height: 1, channelCount: 1, values: [-0.5, 0.5]),
      RunRecord.WeightPicture(width: 1, height: 1, channelCount: 1, values: [0]),
    ]
    record.mistakes = [
      RunRecord.Mistake(
        input: .image(try Image(width: 1, height: 2, channelCount: 1, pixels: [7, 200])),
        index: 42, truth: 1, prediction: 0, probability: 0.987)
    ]
    return record
  }

  @Test("is one well-formed page with a heading for each part")
  func structure() throws {
    let page = try PageTree(HTMLReport(record()).text)
    #expect(page.elements.first?.name == "html")
    #expect(page.elements.first?.attributes["lang"] == "en")
    #expect(page.all("h1").map(\.text) == ["conv on shapes"])
    #expect(
      page.all("h2").map(\.text) == [
        "Curves", "Confusion matrix", "Worst mistakes", "First layer", "Epochs", "Settings",
      ])
    #expect(page.all("meta").contains { $0.attributes["name"] == "viewport" })
    #expect(
      page.all("svg").map { $0.attributes["aria-label"] } == [
        "loss by epoch", "accuracy by epoch", "learning rate by epoch",
      ])
    #expect(page.all("footer").map(\.text) == ["Written by blitz 9.8.7."])
  }

  @Test("needs nothing from elsewhere and runs nothing")
  func selfContained() throws {
    let text = try HTMLReport(record()).text
    let page = try PageTree(text)
    for name in ["script", "link", "iframe", "object"] { #expect(page.all(name).isEmpty) }
    for image in page.all("img") {
      #expect(image.attributes["src"]?.hasPrefix("data:image/png;base64,") == true)
      #expect(image.attributes["alt"]?.isEmpty == false)
    }
    let style = try #require(page.all("style").first?.text)
    #expect(!style.contains("url(") && !style.contains("@import"))
    let address = /https?:/
    #expect(text.matches(of: address).isEmpty)
  }

  @Test("tells the figures that matter first")
  func headline() throws {
    let page = try PageTree(HTMLReport(record()).text)
    let boxes = page.all("div").filter { $0.path.last == "dl" }.map(\.text)
    #expect(
      boxes == [
        "test accuracy99.7\u{A0}%1,250 of 1,254", "test loss0.5000", "training loss0.3333",
        "epochs330 steps", "training time1 min 15 s", "parameters1,199,882",
      ])
  }

  @Test("has the confusion matrix as a table, with names, counts and shades")
  func confusion() throws {
    let page = try PageTree(HTMLReport(record()).text)
    let cells = page.all("td").filter { $0.attributes["class"]?.count == 2 }
    #expect(cells.map(\.text) == ["9", "1", "0", "2", "7", "1", "0", "0", "1234"])
    #expect(
      cells.map { $0.attributes["class"] } == [
        "r9", "e3", "e0", "e5", "r7", "e3", "e0", "e0", "r9",
      ])
    let table = page.elements.filter { $0.path.contains("table") && $0.name == "th" }
    let heads = table.filter { $0.attributes["scope"] == "row" }.map(\.text)
    #expect(heads == ["circle", "square", "star", "batch", "rate"])
    #expect(
      page.all("td", class: "recall").map(\.text) == [
        "90.0\u{A0}%", "70.0\u{A0}%", "100.0\u{A0}%",
      ])
    #expect(
      page.all("li").map(\.text) == [
        "square taken for circle: 2 of 10", "circle taken for square: 1 of 10",
        "square taken for star: 1 of 10",
      ])
  }

  @Test("shows weights and mistakes as pictures that decode to them")
  func pictures() throws {
    let page = try PageTree(HTMLReport(record()).text)
    let images = try page.all("img").map { element in
      let text = try #require(element.attributes["src"]?.split(separator: ",").last)
      let bytes = try #require(Data(base64Encoded: String(text)))
      return try Image(bytes: [UInt8](bytes), path: "picture")
    }
    try #require(images.count == 3)
    #expect(images[0].pixels == [7, 200])
    #expect(images[1].pixels == Color.diverging(-1).bytes + Color.diverging(1).bytes)
    #expect(images[1].pixels == [0x00, 0x44, 0x88, 0xA2, 0x3B, 0x00])
    #expect(images[2].pixels == [0xF5, 0xF5, 0xF5])
    #expect(
      page.all("figcaption").map(\.text) == [
        "square taken for circle, 98.7\u{A0}% sureexample 42"
      ])
  }

  @Test("shows what users wrote as it is, and never as markup")
  func escaping() throws {
    let hostile = "</style></title><script>alert('1')</script> & \"x\" <b>\u{FFFE}"
    let shown = hostile.replacingOccurrences(of: "\u{FFFE}", with: "\u{FFFD}")
    var record = try record()
    record.title = hostile
    record.version = hostile
    record.settings = [(hostile, hostile), ("control", "a\u{0}b\u{1B}c\nd")]
    record.classNames = [hostile]
    record.mistakes.append(
      RunRecord.Mistake(
        input: .text(hostile), index: 1, truth: 0, prediction: -1, probability: .nan))
    let page = try PageTree(HTMLReport(record).text)
    #expect(page.all("script").isEmpty)
    #expect(page.all("title").first?.text == shown)
    #expect(page.all("h1").first?.text == shown)
    #expect(page.all("td").suffix(2).map(\.text) == [shown, "a b c d"])
    #expect(page.all("p", class: "row").map(\.text) == [shown])
    #expect(
      page.all("figcaption").last?.text == "\(shown) taken for class -1example 1")
    // Names past those that there are.
    #expect(page.all("th").contains { $0.text == "class 2" })
  }

  @Test("draws what is not a number as gaps, and no coordinate is one")
  func notNumbers() throws {
    var record = try record()
    record.epochs[1].trainingLoss = .nan
    record.epochs[1].testLoss = .infinity
    record.epochs[2].testLoss = -1e300
    record.epochs[2].rate = .infinity
    record.testAccuracy = .nan
    record.seconds = .infinity
    let odd: [Float] = [.nan, .infinity, -.infinity, 0]
    record.firstLayer = [
      RunRecord.WeightPicture(width: 2, height: 2, channelCount: 1, values: odd),
      RunRecord.WeightPicture(width: 1, height: 1, channelCount: 4, values: odd),
    ]
    let page = try PageTree(HTMLReport(record).text)
    let drawn = page.elements.filter { $0.path.contains("svg") }
    #expect(drawn.count > 30)
    for element in drawn {
      for (name, value) in element.attributes where name != "class" && name != "text-anchor" {
        #expect(
          !value.contains("nan") && !value.contains("inf"), "\(element.name) \(name) \(value)")
      }
    }
    #expect(page.all("div", class: "weights").count == 1 && page.all("img").count == 3)
  }

  @Test("leaves out what it does not know")
  func empty() throws {
    let record = RunRecord(title: "", seconds: 0, parameterCount: 0, version: "")
    let page = try PageTree(HTMLReport(record).text)
    #expect(page.all("h2").isEmpty && page.all("svg").isEmpty)
    var ragged = record
    ragged.confusion = [[1], [], [0, 2, 0, 5]]
    let cells = try PageTree(HTMLReport(ragged).text).all("td")
      .filter { $0.attributes["class"]?.count == 2 }
    #expect(cells.map(\.text).joined() == "1000000002050000")
  }

  @Test("stays small however much there is, and says what it leaves out")
  func size() throws {
    var record = try record()
    // Noise, which no compression makes smaller.
    var state: UInt32 = 1
    func noise() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 24
    }
    let values = (0..<784).map { _ in Float(noise()) - 128 }
    let large = (0..<100 * 100 * 3).map { _ in Float(noise()) - 128 }
    let pixels = (0..<96 * 80 * 3).map { _ in UInt8(noise()) }
    let image = try Image(width: 96, height: 80, channelCount: 3, pixels: pixels)
    record.firstLayer = Array(
      repeating: RunRecord.WeightPicture(width: 28, height: 28, channelCount: 1, values: values),
      count: 100)
    record.mistakes = (0..<30).map { index in
      RunRecord.Mistake(
        input: .image(image), index: index, truth: 0, prediction: 1, probability: 1)
    }
    record.confusion = [[Int]](repeating: [Int](repeating: 1, count: 100), count: 100)
    var text = HTMLReport(record).text
    #expect(text.utf8.count < 900_000)
    var page = try PageTree(text)
    #expect(
      page.all("p").map(\.text).filter { $0.contains("left out") } == [
        "6 more mistakes are left out here.", "36 more units are left out here.",
      ])
    #expect(
      page.all("p").contains { $0.text == "The matrix of 100 classes is too large to show here." })
    #expect(page.all("img").count == 24 + 64)

    record.firstLayer = Array(
      repeating: RunRecord.WeightPicture(width: 100, height: 100, channelCount: 3, values: large),
      count: 12)
    text = HTMLReport(record).text
    #expect(text.utf8.count < 900_000)
    page = try PageTree(text)
    let shown = page.all("img").count - 24
    #expect((1..<12).contains(shown))
    #expect(page.all("p").contains { $0.text == "\(12 - shown) more units are left out here." })
  }
}
