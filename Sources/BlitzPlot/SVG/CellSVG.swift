/// A heat map.
struct CellSVG {
  let plot: Plot
  let grid: CellGrid
  let enlargesPictures: Bool

  var drawing: PlotSVG.Drawing {
    let names = grid.rowNames.map { min(Pen.width($0), BandNames.room) }.max() ?? 0
    // Squares, as large as fits and no larger than a word needs.
    let side = min(56, 440 / Double(grid.columns), 340 / Double(grid.rows))
    let (cellWidth, cellHeight) = (
      max(side, min(24, 300 / Double(grid.columns))), max(side, min(24, 80 / Double(grid.rows)))
    )
    let (width, height) = (cellWidth * Double(grid.columns), cellHeight * Double(grid.rows))
    let columnNames = BandNames(grid.columnNames, band: cellWidth)
    let left = max(20 + names + (names > 0 ? 8 : 0), columnNames.overhang + 8)
    let scaleLabels = Axis.tight(
      over: [grid.colors.range.lowerBound, grid.colors.range.upperBound], count: 4
    ).ticks
    let scaleWidth = 44 + (scaleLabels.map { Pen.width($0.label) }.max() ?? 0)
    let full = max(left + width + 24 + scaleWidth, 240)

    var pen = Pen(enlargesPictures: enlargesPictures)
    var top = max(14, PlotSVG.title(plot.title, left: 16, width: full, &pen) + 6)
    if !plot.yLabel.isEmpty {
      pen.text("name", plot.yLabel, 16, top + 12, room: full - 24)
      top += 24
    }
    drawCells(left, top, cellWidth, cellHeight, &pen)
    // Of narrow rows not all names have room.
    let step = max(1, Int((13 / cellHeight).rounded(.up)))
    for index in stride(from: 0, to: grid.rowNames.count, by: step) {
      pen.text(
        "tick", grid.rowNames[index], left - 8, top + (Double(index) + 0.5) * cellHeight + 4,
        anchor: "end", room: BandNames.room)
    }
    var bottom = top + height
    if !grid.columnNames.isEmpty {
      columnNames.draw(left: left, base: bottom, &pen)
      bottom += columnNames.height
    }
    if !plot.xLabel.isEmpty {
      let middle = left + width / 2
      pen.text(
        "name", plot.xLabel, middle, bottom + 18, anchor: "middle",
        room: 2 * min(middle, full - middle) - 16)
      bottom += 22
    }
    drawScale(left + width + 24, top, max(height, 90), scaleLabels, &pen)
    return PlotSVG.Drawing(
      svg: pen.svg, width: full, height: max(bottom, top + max(height, 90)) + 14)
  }

  private func drawCells(
    _ left: Double, _ top: Double, _ width: Double, _ height: Double, _ pen: inout Pen
  ) {
    guard grid.values.count <= 1024 else {
      // One picture, a pixel a cell: elements for each would make the file slow to show.
      let pixels = grid.values.flatMap { grid.colors.color($0).bytes }
      pen.picture(
        PictureSVG.image(pixels, grid.columns, grid.rows), left, top,
        width * Double(grid.columns), height * Double(grid.rows), name: plot.name)
      return
    }
    let texts = grid.values.map(Axis.wholeLabel)
    let widest = texts.map { Pen.width($0, size: 12) }.max() ?? 0
    let hasText = widest < width - 4 && height > 16
    for (index, value) in grid.values.enumerated() {
      let (row, column) = (index / grid.columns, index % grid.columns)
      let color = grid.colors.color(value)
      let (x, y) = (left + Double(column) * width, top + Double(row) * height)
      let rowName = grid.rowNames.isEmpty ? "row \(row)" : grid.rowNames[row]
      let columnName = grid.columnNames.isEmpty ? "column \(column)" : grid.columnNames[column]
      pen.rectangle(
        "fill=\"\(color.hex)\" shape-rendering=\"crispEdges\"", x, y, width, height,
        tip: "\(rowName), \(columnName): \(texts[index])")
      if hasText {
        pen.add("<text class=\"value\" font-size=\"12\" fill=\"\(color.ink.hex)\" ")
        pen.add("x=\"\(Pen.number(x + width / 2))\" y=\"\(Pen.number(y + height / 2 + 4))\" ")
        pen.add("text-anchor=\"middle\" pointer-events=\"none\">\(texts[index])</text>\n")
      }
    }
  }

  /// What number has which colour.
  private func drawScale(
    _ left: Double, _ top: Double, _ height: Double, _ ticks: [(value: Double, label: String)],
    _ pen: inout Pen
  ) {
    let count = 64
    let range = grid.colors.range
    let pixels = (0..<count).flatMap { step -> [UInt8] in
      let share = 1 - (Double(step) + 0.5) / Double(count)
      // Weighted, since the ends may be further apart than a Double can say.
      return grid.colors.color(range.lowerBound * (1 - share) + range.upperBound * share).bytes
    }
    pen.picture(PictureSVG.image(pixels, 1, count), left, top, 14, height, name: "scale")
    for tick in ticks {
      let y = top + (1 - grid.colors.share(tick.value)) * height
      pen.line("base", left + 14, y, left + 18, y)
      pen.text("tick", tick.label, left + 22, y + 4)
    }
  }
}
