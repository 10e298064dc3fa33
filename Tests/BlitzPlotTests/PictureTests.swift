import Blitz
import BlitzPlot
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("plots as SVG, text and PNG")
struct PictureTests {
  /// Stored pictures; `BLITZ_WRITE_PICTURES=FOLDER swift test --filter PictureTests` writes new
  /// ones there, to be looked at and then copied.
  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Pictures")
  static let newFolder = ProcessInfo.processInfo.environment["BLITZ_WRITE_PICTURES"]
    .map { URL(fileURLWithPath: $0) }

  /// Compares with a stored file, or writes it.
  static func compare(_ text: String, _ name: String) throws {
    if let newFolder {
      try Data(text.utf8).write(to: newFolder.appendingPathComponent(name))
      return
    }
    let stored = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    guard text != stored else { return }
    let pairs = zip(text.split(separator: "\n"), stored.split(separator: "\n"))
    let odd = pairs.first { $0 != $1 }
    Issue.record("\(name): \(odd?.0.prefix(200) ?? "longer") | \(odd?.1.prefix(200) ?? "shorter")")
  }

  @Test(
    "draws every kind as well-formed SVG without a coordinate that is no number",
    arguments: Gallery.names)
  func wellFormed(name: String) throws {
    for theme in [Plot.Theme.automatic, .light, .dark] {
      let text = try Gallery.plot(name).svg(theme: theme)
      let document = try XMLDocument(xmlString: text, options: [])
      #expect(document.rootElement()?.name == "svg")
      if let folder = PictureTests.newFolder {
        let url = folder.appendingPathComponent("\(theme)-\(name).svg")
        try Data(text.utf8).write(to: url)
      }
      #expect(text.contains("prefers-color-scheme") == (theme == .automatic))
      for attribute in ["x", "y", "x1", "y1", "width", "height", "d", "transform", "viewBox"] {
        for node in try document.nodes(forXPath: "//@\(attribute)") {
          let value = node.stringValue ?? ""
          #expect(!value.contains("nan") && !value.contains("inf"), "\(attribute)=\(value)")
        }
      }
      #expect(text.utf8.count < 100_000, "\(text.utf8.count)")
    }
  }

  @Test(
    "draws as it did: the stored pictures",
    arguments: ["curves", "classes", "groups", "confusion", "row", "error"])
  func storedPictures(name: String) throws {
    try PictureTests.compare(Gallery.plot(name).svg(theme: .light), "\(name).svg")
  }

  @Test(
    "draws with text as it did: the stored texts",
    arguments: Gallery.names.filter { !["map", "weights", "row"].contains($0) })
  func storedTexts(name: String) throws {
    let plot = try Gallery.plot(name)
    let text = [
      "unicode", plot.terminal(width: 60), "ASCII", plot.terminal(width: 60, unicode: false),
      "colour", plot.terminal(width: 60, height: 8, color: true), "",
    ]
    try PictureTests.compare(text.joined(separator: "\n"), "\(name).txt")
  }

  @Test("keeps to the width it is given", arguments: Gallery.names.filter { $0 != "error" })
  func width(name: String) throws {
    for width in [30, 60, 100] {
      for line in try Gallery.plot(name).terminal(width: width).split(separator: "\n") {
        #expect(line.count <= width, "\(line)")
      }
    }
  }

  /// Calls `body` with a folder that is gone afterwards.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("writes SVG as it is in memory, and no other kinds of files")
  func files() throws {
    let plot = try Gallery.plot("curves")
    try withFolder { folder in
      let svg = folder.appendingPathComponent("plot.svg").path
      try plot.write(to: svg)
      #expect(try String(contentsOfFile: svg, encoding: .utf8) == plot.svg)
      #expect(throws: TensorError.self) { try Gallery.plot("error").write(to: svg) }
    }
    #expect(
      throws: DataError(path: "a.jpg", reason: "is neither .svg nor .png; choose such a name")
    ) {
      try plot.write(to: "a.jpg")
    }
  }

  /// Whether the library that draws PNG is on this machine.
  static let hasRasterizer = ["librsvg-2.so.2", "librsvg-2.2.dylib"].contains { (name: String) in
    dlopen(name, RTLD_NOW) != nil
  }

  @Test(
    "writes PNG that can be read, in the colours of the theme",
    .enabled(if: hasRasterizer, "librsvg is not here; on Debian: apt install librsvg2-2"))
  func png() throws {
    var written: Image?
    try withFolder { folder in
      let path = folder.appendingPathComponent("plot.PNG").path
      try Gallery.plot("curves").write(to: path, theme: .dark)
      written = try Image(path: path)
    }
    let image = try #require(written)
    #expect(image.width == 960 && image.channelCount == 3)
    // The corner has the page's colour, and curves have theirs.
    #expect(Array(image.pixels.prefix(3)) == [0x0d, 0x11, 0x17])
    let pixels = stride(from: 0, to: image.pixels.count, by: 3).map { start in
      Array(image.pixels[start..<start + 3])
    }
    #expect(pixels.contains([0x56, 0xb4, 0xe9]) && pixels.contains([0xf0, 0x88, 0x3e]))
  }

  @Test(
    "says what to install for PNG",
    .enabled(if: !hasRasterizer, "librsvg is here; the test above runs instead"))
  func withoutRasterizer() throws {
    let error = #expect(throws: DataError.self) { try Gallery.plot("curves").pngData() }
    #expect(error?.reason.contains("needs librsvg; install it") == true)
  }

  @Test("shows what users wrote as it is, and never as markup")
  func escaping() throws {
    let hostile = "</style><script>alert('1')</script> & \"x\""
    let plots = [
      Plot.line([hostile: [1.0, 2]]), Plot.bar([hostile], [1]),
      Plot.heatMap([[1]], rows: [hostile], columns: [hostile]),
      Plot.images(Tensor.zeros([1, 2, 2]), captions: [hostile]),
      Plot.scatter([1], [1], classes: [0], names: [hostile]),
    ]
    for plot in plots {
      let text = plot.labeled(hostile, x: hostile, y: hostile).svg
      let document = try XMLDocument(xmlString: text, options: [])
      #expect(try document.nodes(forXPath: "//*[local-name()='script']").isEmpty)
      // As a title, and on the axes or in the legend: there whole, or cut, the whole as its tip.
      for name in ["title", "text"] {
        let texts = try document.nodes(forXPath: "//*[local-name()='\(name)']")
        #expect(texts.contains { $0.stringValue?.hasSuffix(hostile) == true }, "\(name)")
      }
    }
  }

  @Test("leaves gaps for what a logarithmic axis has no place for")
  func gaps() throws {
    let plot = Plot.line([1.0, 10, 0, 100, -5, 1000]).scaled(y: .logarithmic)
    let document = try XMLDocument(xmlString: plot.svg, options: [])
    let path = try document.nodes(forXPath: "//*[@class='curve s0']/@d").first?.stringValue ?? ""
    #expect(path.count { $0 == "M" } == 3 && path.count { $0 == "L" } == 1)
  }

  @Test("is what a notebook shows: SVG, and text")
  func display() throws {
    let plot = try Gallery.plot("curves")
    #expect(plot.display == Display(svg: plot.svg, text: plot.terminal()))
    #expect("\(plot)" == plot.terminal(width: 80))
    let row = Plot.row([plot, plot])
    #expect(row.svg.contains("width=\"960\""))
    #expect(try #require(row.display.svg).contains("width=\"800\""))
  }
}
