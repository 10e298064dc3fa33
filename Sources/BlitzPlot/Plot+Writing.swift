import BlitzData
import BlitzTensor

extension Plot {
  /// Writes the plot to a file, as SVG or PNG by the ending of its name; an existing file is
  /// replaced.
  ///
  ///     try plot.write(to: "loss.svg")
  ///
  /// PNG has two pixels for each of SVG's. It is drawn by librsvg, which must be installed where
  /// the program runs (Debian's `librsvg2-2`, Homebrew's `librsvg`).
  ///
  /// - Parameter path: the file; its name ends in .svg or .png.
  /// - Parameter theme: the page it is for, light or dark; `.automatic` follows the reader's screen
  ///   in SVG and is light in PNG.
  /// - Throws: the plot's `TensorError` if it carries one; `DataError` if the name ends otherwise,
  ///   if the file cannot be written, or if librsvg is missing.
  public func write(to path: String, theme: Theme = .automatic) throws {
    if let error { throw error }
    let name = path.lowercased()
    if name.hasSuffix(".svg") {
      try File.replace(path, with: svg(theme: theme))
    } else if name.hasSuffix(".png") {
      try Rasterizer.image(
        PlotSVG(plot: self, theme: theme, enlargesPictures: true).document, path: path
      )
      .write(png: path)
    } else {
      throw DataError(path: path, reason: "is neither .svg nor .png; choose such a name")
    }
  }

  /// The plot as the bytes of a PNG file; see ``write(to:theme:)``.
  public func pngData(theme: Theme = .light) throws -> [UInt8] {
    if let error { throw error }
    return try Rasterizer.image(
      PlotSVG(plot: self, theme: theme, enlargesPictures: true).document, path: "PNG"
    ).pngData()
  }
}

extension Plot: Displayable {
  /// The plot as SVG, no wider than a notebook's cells in a window of medium size, and as text for
  /// terminals.
  public var display: Display {
    Display(svg: PlotSVG(plot: self, widest: 800).text, text: terminal())
  }
}
