import BlitzTensor
import CKernels

extension Image {
  /// The image in another size, by bilinear interpolation with the filter widened when it shrinks,
  /// so that every pixel counts.
  ///
  ///     out[i] = sum_j w[i, j] in[j],   w[i, j] ~ max(0, 1 - |j + 0.5 - c| / s)
  ///     c = (i + 0.5) in / out,         s = max(1, in / out)
  ///
  /// along each axis, with weights that sum to 1; rounded once at the end. This is the filter of
  /// PyTorch's `interpolate(mode="bilinear", antialias=True)` and of Pillow's `BILINEAR`, which
  /// also rounds between the axes, so that it may differ by one.
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
    let across = ResizeFilter(from: self.width, to: width)
    let down = ResizeFilter(from: self.height, to: height)
    let length = self.width * channelCount
    let resized = [UInt8](unsafeUninitializedCapacity: area * channelCount) { resized, filled in
      // Down first: whole rows, which the kernel weighs in vectors, and only then what is left.
      var row = [Float](repeating: 0, count: length)
      row.withUnsafeMutableBufferPointer { row in
        pixels.withUnsafeBufferPointer { pixels in
          for y in 0..<height {
            down.withWeights(y) { start, weights in
              blz_weigh_rows_u8(
                pixels.baseAddress! + start * length, Int64(length), weights.baseAddress!,
                Int64(weights.count), row.baseAddress!)
            }
            across.apply(
              to: UnsafePointer(row.baseAddress!), channels: channelCount,
              into: resized.baseAddress! + y * width * channelCount)
          }
        }
      }
      filled = area * channelCount
    }
    return Image(
      decodedWidth: width, height: height, channelCount: channelCount, pixels: resized)
  }
}

/// Which pixels of an axis go into each new one, and how much of each.
private struct ResizeFilter {
  /// The first old pixel of each new one.
  private var starts: [Int] = []
  /// Where the weights of each new pixel start, and where the last one's end.
  private var places = [0]
  private var weights: [Float] = []

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let support = max(scale, 1)
    for i in 0..<new {
      let centre = scale * (Double(i) + 0.5)
      let start = max(Int(centre - support + 0.5), 0)
      let end = min(Int(centre + support + 0.5), old)
      let raw = (start..<end).map { (pixel: Int) -> Double in
        let distance = abs(Double(pixel) + 0.5 - centre)
        return max(0, 1 - distance / support)
      }
      let sum = raw.reduce(0, +)
      starts.append(start)
      weights += raw.map { Float($0 / sum) }
      places.append(weights.count)
    }
  }

  /// Gives the first old pixel of a new one and the weights from there on.
  func withWeights(_ new: Int, _ body: (Int, UnsafeBufferPointer<Float>) -> Void) {
    weights.withUnsafeBufferPointer {
      body(starts[new], UnsafeBufferPointer(rebasing: $0[places[new]..<places[new + 1]]))
    }
  }

  /// Makes a row of new pixels, rounded, from one of old ones.
  func apply(
    to row: UnsafePointer<Float>, channels: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      for x in starts.indices {
        let (first, end) = (places[x], places[x + 1])
        for channel in 0..<channels {
          var pixel = row + starts[x] * channels + channel
          var sum: Float = 0
          for place in first..<end {
            sum += weights[place] * pixel.pointee
            pixel += channels
          }
          target[x * channels + channel] = UInt8(min(max(sum + 0.5, 0), 255))
        }
      }
    }
  }
}
