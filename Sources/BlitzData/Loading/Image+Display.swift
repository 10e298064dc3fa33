import BlitzTensor

extension Image: Displayable {
  /// The image as PNG; a small one is enlarged to 128 pixels or more, with a square for each pixel.
  public var display: Display {
    let text = "\(width) x \(height) image, \(channelCount == 1 ? "grey" : "colour")"
    return Display(png: try? enlarged(128 / max(width, height)).pngData(), text: text)
  }

  /// Each pixel as a square of `factor` pixels; the picture itself for less than 2.
  package func enlarged(_ factor: Int) -> Image {
    guard factor > 1 else { return self }
    var larger: [UInt8] = []
    larger.reserveCapacity(pixels.count * factor * factor)
    for row in 0..<height {
      var line: [UInt8] = []
      for column in 0..<width {
        let start = (row * width + column) * channelCount
        for _ in 0..<factor { line += pixels[start..<(start + channelCount)] }
      }
      for _ in 0..<factor { larger += line }
    }
    return Image(
      decodedWidth: width * factor, height: height * factor, channelCount: channelCount,
      pixels: larger)
  }
}

extension Tensor {
  /// The tensor as an image, for a notebook to show or a file to keep: the smallest element is
  /// black, the largest white.
  ///
  ///     digits.images[0].asImage()          // [1, 28, 28]
  ///     network.first.weight[0].reshaped(to: [28, 28]).asImage()
  ///
  /// - Parameter range: the values of black and white. If left out, they are 0 and 255 for uint8, 0
  ///   and 1 for floating elements that all lie between, else the smallest and the largest element.
  ///   NaN is black.
  /// - Returns: an image of `[height, width]`, or of `[channels, height, width]` with 1 or 3
  ///   channels. Several, `[count, channels, height, width]`, are put in a grid with as many
  ///   columns as rows, one pixel apart.
  /// - Throws: `TensorError` for another shape, or for an error of the computation.
  public func asImage(range: ClosedRange<Double>? = nil) throws(TensorError) -> Image {
    if let error { throw error }
    let sizes = rank == 2 ? [1, 1] + shape.sizes : rank == 3 ? [1] + shape.sizes : shape.sizes
    guard sizes.count == 4, sizes[1] == 1 || sizes[1] == 3, elementCount > 0 else {
      throw TensorError(
        "asImage",
        "takes [height, width], or [channels, height, width] with 1 or 3 channels, or several",
        operands: [("tensor", signature)], help: "reshape it first")
    }
    let isWhole = dtype == .uint8
    let numbers: [Double] = try (isWhole ? self : cast(to: .float64)).scalars(as: Double.self)
    let finite = numbers.lazy.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 0)
    let usual = isWhole ? 0...255.0 : 0...1.0
    let fits = isWhole || dtype.isFloating && least >= 0 && most <= 1
    let shown = range ?? (fits ? usual : least...most)
    let span = shown.upperBound - shown.lowerBound
    let bytes = numbers.map { number -> UInt8 in
      let share = span > 0 ? (number - shown.lowerBound) / span : 0
      return share > 0 ? UInt8((share < 1 ? share : 1) * 255 + 0.5) : 0
    }
    return sheet(bytes, count: sizes[0], channels: sizes[1], height: sizes[2], width: sizes[3])
  }

  private func sheet(
    _ bytes: [UInt8], count: Int, channels: Int, height: Int, width: Int
  ) -> Image {
    let perRow = Int(Double(count).squareRoot().rounded(.up))
    let rows = (count + perRow - 1) / perRow
    let full = (width: perRow * (width + 1) - 1, height: rows * (height + 1) - 1)
    var pixels = [UInt8](repeating: 255, count: full.width * full.height * channels)
    for index in 0..<count {
      let (top, left) = (index / perRow * (height + 1), index % perRow * (width + 1))
      for channel in 0..<channels {
        for y in 0..<height {
          for x in 0..<width {
            pixels[((top + y) * full.width + left + x) * channels + channel] =
              bytes[((index * channels + channel) * height + y) * width + x]
          }
        }
      }
    }
    return Image(
      decodedWidth: full.width, height: full.height, channelCount: channels, pixels: pixels)
  }
}
