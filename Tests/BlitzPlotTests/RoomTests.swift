import Blitz
import Foundation
import Testing

@testable import BlitzPlot

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("plots of more than there is room for")
struct RoomTests {
  static let sentence =
    "a name that is as long as a whole sentence & has <signs> in it, and goes on"

  static let crowded: [(name: String, plot: Plot)] = [
    (
      "labels",
      Plot.line([sentence: [1.0, 2], "b": [2.0, 1]])
        .labeled(sentence + sentence, x: sentence + sentence, y: sentence + sentence)
    ),
    ("30 bars", Plot.bar((0..<30).map { "a long name \($0)" }, (0..<30).map { Double($0) })),
    ("200 bars", Plot.bar((0..<200).map { "class \($0)" }, (0..<200).map { Double($0) })),
    ("a long bar", Plot.bar([sentence, "b", "c"], [1.0, 2, 3])),
    (
      "a heat map",
      Plot.heatMap(
        [[1.0, 2], [3, 4]], rows: [sentence, "b"], columns: [sentence, sentence]
      ).labeled(x: sentence, y: sentence)
    ),
    (
      "a wide heat map",
      Plot.heatMap([(0..<60).map { Double($0) }], columns: (0..<60).map { "column \($0)" })
    ),
    (
      "a high heat map",
      Plot.heatMap((0..<60).map { [Double($0)] }, rows: (0..<60).map { "row \($0)" })
    ),
    (
      "pictures",
      Plot.images(Tensor.zeros([4, 8, 8]), captions: ["a", sentence, sentence, "d"]).labeled(
        sentence)
    ),
    ("seconds", Plot.line([1_700_000_000.0, 1_708_640_000], [1.0, 2])),
    ("far steps", Plot.line([1.0, 2, 3], startingAt: 1_000_000)),
    ("huge", Plot.line((0..<9).map { 1e300 * Double($0) })),
    ("wide", Plot.line((0..<600).map { 1e-300 * (10.0).power($0) }).scaled(y: .logarithmic)),
  ]

  /// An attribute of a node.
  private func text(_ node: XMLNode?, _ name: String) -> String {
    (node as? XMLElement)?.attributes?.first { $0.name == name }?.stringValue ?? ""
  }

  private func number(_ node: XMLNode, _ name: String) -> Double {
    Double(text(node, name)) ?? 0
  }

  @Test("stay inside the picture, and words off each other", arguments: crowded.indices)
  func room(index: Int) throws {
    let plot = RoomTests.crowded[index].plot
    #expect(plot.error == nil)
    let document = try XMLDocument(xmlString: plot.svg, options: [])
    let root = try #require(document.rootElement())
    let (width, height) = (number(root, "width"), number(root, "height"))
    // The words' boxes, for level ones and for those of one turn each: along the words and across.
    var boxes: [(turn: Double, from: Double, to: Double, line: Double)] = []
    for node in try document.nodes(forXPath: "//*[local-name()='text']") {
      let words = node.children?.first { $0.kind == .text }?.stringValue ?? ""
      let kind = text(node, "class")
      let size = kind == "name" ? 13 : kind == "title" ? number(node, "font-size") : 12
      let length = Pen.width(words, size: size)
      let (x, y) = (number(node, "x"), number(node, "y"))
      let anchor = text(node, "text-anchor")
      let start = anchor == "end" ? -length : anchor == "middle" ? -length / 2 : 0
      let rotation = text(node, "transform")
      let turn = (Double(rotation.dropFirst("rotate(".count).prefix { $0 != " " }) ?? 0) * .pi / 180
      for end in [start, start + length] {
        let place = (x: x + end * cos(turn), y: y + end * sin(turn))
        #expect(place.x >= 0 && place.x <= width + 1, "\(words) at \(place)")
        #expect(place.y >= 0 && place.y <= height, "\(words) at \(place)")
      }
      let along = x * cos(turn) + y * sin(turn)
      boxes.append((turn, along + start, along + start + length, y * cos(turn) - x * sin(turn)))
    }
    for (place, a) in boxes.enumerated() {
      for b in boxes[..<place]
      where a.turn == b.turn && abs(a.line - b.line) < 11 && a.from < b.to && b.from < a.to {
        Issue.record("\(a) over \(b)")
      }
    }
    for path in try document.nodes(forXPath: "//*[@class='curve s0']/@d") {
      let numbers = (path.stringValue ?? "").split { "MLh ".contains($0) }.compactMap { Double($0) }
      #expect(numbers.allSatisfy { (0...max(width, height)).contains($0) })
    }
    for line in plot.terminal(width: 40).split(separator: "\n") { #expect(line.count <= 40) }
  }

  @Test("tell twenty series apart, as curves and as dots, in SVG and as letters")
  func twenty() throws {
    let curves = Plot.lines((0..<20).map { ("c\($0)", [Double($0), Double($0 + 1)]) })
    let dots = Plot.scatter(
      (0..<20).map { Double($0) }, (0..<20).map { Double($0) }, classes: 0..<20)
    for (plot, kind) in [(curves, "curve"), (dots, "dot")] {
      let document = try XMLDocument(xmlString: plot.svg, options: [])
      let paths = try document.nodes(forXPath: "//*[local-name()='path']")
      let looks = Set(
        paths.indices.compactMap { index -> String? in
          let name = text(paths[index], "class")
          guard name.hasPrefix(kind) else { return nil }
          let next = index + 1 < paths.count ? paths[index + 1] : nil
          let hole = text(next, "class").hasPrefix("hole")
          return name + (hole ? " hole" : "")
        })
      #expect(looks.count == 20)
    }
    let letters = (0..<20).map { DotCanvas.letter(of: $0) }
    #expect(Set(letters).count == 20)
  }

  @Test("draw 300,000 points as small files, with the peaks that there are")
  func many() throws {
    var numbers = (0..<300_000).map { Double($0 % 7) }
    (numbers[123_456], numbers[200_000]) = (90, -80)
    (numbers[5], numbers[6]) = (.nan, .infinity)
    let curve = Plot.line(numbers)
    #expect(curve.svg.utf8.count < 100_000)
    let places = Thinning.curve(numbers.indices.map { (x: Double($0) / 1000, y: numbers[$0]) })
    #expect(places.count < 3000)
    #expect(places.contains { $0?.y == 90 } && places.contains { $0?.y == -80 })
    #expect(places.first??.x == 0 && places.last??.x == 299.999)
    let dots = Plot.scatter(numbers.map { sin($0 * 1e3) }, numbers.indices.map { cos(Double($0)) })
    #expect(dots.svg.utf8.count < 100_000)
  }

  @Test("keep gaps that can be seen, and a point between two of them")
  func gaps() {
    let places: [Thinning.Place] = (0..<5000).map { index in
      (1000..<2000).contains(index) && index != 1500 ? nil : (x: Double(index), y: 0)
    }
    let kept = Thinning.curve(places)
    #expect(kept.count { $0 == nil } == 2)
    #expect(kept.contains { $0?.x == 1500 })
  }

  @Test(
    "count whole numbers in bins of equally many of them",
    arguments: [
      ((0..<1000).map { $0 % 10 }, 1, [Double](repeating: 100, count: 10)),
      ([1, 2, 2, 3, 3, 3, 7], 2, [3, 3, 0, 1]),
    ])
  func wholeNumbers(numbers: [Int], width: Double, counts: [Double]) throws {
    guard case .histogram(let edges, let groups) = Plot.histogram(numbers).marks.first else {
      Issue.record("no histogram")
      return
    }
    #expect(groups[0].values == counts)
    #expect(edges.first == Double(numbers.min()!) - 0.5)
    #expect(zip(edges, edges.dropFirst()).allSatisfy { $1 - $0 == width })
  }

  @Test("say what a logarithmic axis leaves out, and give the least bar a height")
  func logarithmic() {
    var plot = Plot.line((-50..<50).map { Double($0) }).labeled(y: "gain")
    plot.yScale = .logarithmic
    let scale = "logarithmic, without 51 not above 0"
    #expect(plot.svg.contains("gain (\(scale))") && plot.terminal().contains("gain, \(scale)"))
    #expect(plot.scaled(x: .logarithmic).terminal().contains(", x logarithmic, without 1 not"))
    var bars = Plot.bar(["a", "b"], [0.001, 1000])
    bars.yScale = .logarithmic
    #expect(PlotAxes(bars, xCount: 5, yCount: 5).y.position(of: 0.001)! > 0.05)
  }
}
