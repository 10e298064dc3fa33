import BlitzTensor

extension Image {
  /// The picture in another size, by bilinear interpolation with the filter widened when it
  /// shrinks, so that no pixel is left out.
  ///
  ///     out[i] = sum_j w[i, j] in[j],   w[i, j] ~ max(0, 1 - |j + 0.5 - c| / s)
  ///     c = (i + 0.5) in / out,         s = max(1, in / out)
  ///
  /// along each axis, weights summing to 1; rounded once at the end. The same filter as
  /// Pillow's `BILINEAR` and PyTorch's `interpolate(mode="bilinear", antialias=True)`.
  ///
  /// - Throws: `TensorError` if a side is less than 1, or there are more pixels than
  ///   `maximumPixelCount`.
  public func resized(width: Int, height: Int) throws(TensorError) -> Image {
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, area <= Image.maximumPixelCount else {
      throw TensorError(
        "resized", "\(width) x \(height) pixels are no size for a picture",
        help: "give sides from 1 on and at most \(Image.maximumPixelCount) pixels in all")
    }
    if width == self.width && height == self.height { return self }
    let channels = channelCount
    let across = Filter(from: self.width, to: width)
    let down = Filter(from: self.height, to: height)
    var rows = [Float](repeating: 0, count: self.height * width * channels)
    for y in 0..<self.height {
      for x in 0..<width {
        for c in 0..<channels {
          var sum: Float = 0
          for (k, weight) in across.weights[x].enumerated() {
            let place = (y * self.width + across.starts[x] + k) * channels + c
            sum += weight * Float(pixels[place])
          }
          rows[(y * width + x) * channels + c] = sum
        }
      }
    }
    var resized = [UInt8](repeating: 0, count: height * width * channels)
    let rowLength = width * channels
    for y in 0..<height {
      for i in 0..<rowLength {
        var sum: Float = 0
        for (k, weight) in down.weights[y].enumerated() {
          sum += weight * rows[(down.starts[y] + k) * rowLength + i]
        }
        resized[y * rowLength + i] = UInt8(min(max(sum.rounded(), 0), 255))
      }
    }
    return Image(
      decodedWidth: width, height: height, channelCount: channels, pixels: resized)
  }

  /// Which pixels of an axis go into each new one, and how much of each.
  private struct Filter {
    var starts: [Int] = []
    var weights: [[Float]] = []

    init(from old: Int, to new: Int) {
      let scale = Double(old) / Double(new)
      let support = max(scale, 1)
      for i in 0..<new {
        let centre = scale * (Double(i) + 0.5)
        let start = max(Int(centre - support + 0.5), 0)
        let end = min(Int(centre + support + 0.5), old)
        let raw = (start..<end).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / support) }
        let sum = raw.reduce(0, +)
        starts.append(start)
        weights.append(raw.map { Float($0 / sum) })
      }
    }
  }
}
