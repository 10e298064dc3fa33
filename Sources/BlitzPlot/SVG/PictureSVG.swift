import BlitzData

/// Small pictures in rows, each pixel a square.
struct PictureSVG {
  let plot: Plot
  let grid: PictureGrid
  let enlargesPictures: Bool

  var drawing: PlotSVG.Drawing {
    let count = grid.pictures.count
    let largest = Double(grid.pictures.map { max($0.width, $0.height) }.max() ?? 1)
    let target: Double = count == 1 ? 280 : count <= 8 ? 96 : 56
    // Whole factors keep all pixels of one size; pictures that are too large shrink.
    let factor = largest > target ? target / largest : (target / largest).rounded(.down)
    let cell = (
      width: Double(grid.pictures.map(\.width).max() ?? 1) * factor,
      height: Double(grid.pictures.map(\.height).max() ?? 1) * factor
    )
    let widest = grid.captions.map { Pen.width($0) }.max() ?? 0
    let step = (
      width: max(cell.width, min(widest, 160)) + 6,
      height: cell.height + (grid.captions.isEmpty ? 6 : 26)
    )
    let rows = (count + grid.columns - 1) / grid.columns
    let width = max(32 + step.width * Double(grid.columns) - 6, 160)
    var pen = Pen(enlargesPictures: enlargesPictures)
    let top = max(16, PlotSVG.title(plot.title, left: 16, width: width, &pen) + 8)
    for (index, picture) in grid.pictures.enumerated() {
      let x = 16 + Double(index % grid.columns) * step.width + (step.width - 6 - cell.width) / 2
      let y = top + Double(index / grid.columns) * step.height
      let caption = grid.captions.isEmpty ? "" : grid.captions[index]
      pen.picture(
        picture, x, y, Double(picture.width) * factor, Double(picture.height) * factor,
        name: caption.isEmpty ? "picture \(index)" : caption)
      pen.text(
        "tick", caption, x + cell.width / 2, y + cell.height + 15, anchor: "middle",
        room: step.width)
    }
    return PlotSVG.Drawing(
      svg: pen.svg, width: width, height: top + step.height * Double(rows) + 10)
  }

  /// Pixels of three bytes each, as many as the sides say.
  static func image(_ pixels: [UInt8], _ width: Int, _ height: Int) -> Image? {
    try? Image(width: width, height: height, channelCount: 3, pixels: pixels)
  }
}

extension Pen {
  /// A picture that fills a rectangle.
  mutating func picture(
    _ image: Image?, _ x: Double, _ y: Double, _ width: Double, _ height: Double, name: String
  ) {
    guard var image else { return }
    if enlargesPictures && 2 * width > Double(image.width) {
      image = image.enlarged(min(Int((2 * width / Double(image.width)).rounded()), 64))
    }
    guard let png = try? image.pngData() else { return }
    add("<image x=\"\(Pen.number(x))\" y=\"\(Pen.number(y))\" width=\"\(Pen.number(width))\" ")
    add("height=\"\(Pen.number(height))\" preserveAspectRatio=\"none\" role=\"img\" ")
    add("aria-label=\"\(Markup.escaped(name))\" href=\"\(Markup.address(png: png))\"/>\n")
  }
}
