import BlitzTensor

/// An image in memory: a byte for each pixel, or three for red, green and blue.
///
///     let image = try Image(path: "seven.png").grayscale().resized(width: 28, height: 28)
///     let input = image.tensor().unsqueezed(axis: 0)      // float32[1, 1, 28, 28]
public struct Image: Sendable, Equatable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The number of bytes of a pixel: 1 for grey, 3 for red, green and blue.
  public let channelCount: Int
  /// The pixels row by row from the top, each with its channels side by side:
  /// `[height, width, channelCount]`; 0 is dark, 255 is light, encoded as sRGB.
  public let pixels: [UInt8]

  /// The default limit of pixels that a file may declare: 64 Mi, which take 192 MiB in colour. A
  /// few hundred bytes can declare far more.
  public static let maximumPixelCount = 1 << 26

  /// Makes an image of pixels, row by row.
  ///
  /// - Throws: `TensorError` if there are not `width * height * channelCount` bytes, a side is
  ///   less than 1, or there are neither 1 nor 3 channels.
  public init(width: Int, height: Int, channelCount: Int, pixels: [UInt8]) throws(TensorError) {
    guard channelCount == 1 || channelCount == 3 else {
      throw TensorError(
        "Image", "\(channelCount) channels are neither 1 (grey) nor 3 (red, green, blue)")
    }
    let (area, isTooWide) = width.multipliedReportingOverflow(by: height)
    let (size, isTooLarge) = area.multipliedReportingOverflow(by: channelCount)
    guard width > 0, height > 0, !isTooWide, !isTooLarge, size == pixels.count else {
      throw TensorError(
        "Image", "\(pixels.count) bytes are not \(width) x \(height) pixels of \(channelCount)",
        help: "give width * height * channelCount bytes")
    }
    self.init(decodedWidth: width, height: height, channelCount: channelCount, pixels: pixels)
  }

  init(decodedWidth width: Int, height: Int, channelCount: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channelCount = channelCount
    self.pixels = pixels
  }

  /// Reads the image at `path`: PNG, JPEG, BMP, PGM or PPM; also WebP and TIFF in a build with the
  /// package traits of these names. The format is recognised by the file's content, not its name.
  ///
  /// Grey files have one channel, all others three. Of 16 bits the high 8 are kept; transparent
  /// pixels are laid on white, in the bytes as stored (Pillow's `Image.alpha_composite`); CMYK
  /// becomes red, green and blue by Pillow's formula. Notes about gamma and EXIF orientation are
  /// not applied.
  ///
  /// - Parameter path: the file, relative to the working folder unless it starts with a slash.
  /// - Parameter maximumPixelCount: the most pixels that the file may declare.
  /// - Throws: `DataError` that names the file if it cannot be read, has another format (which the
  ///   error names), is damaged or cut short, or declares more pixels.
  public init(
    path: String, maximumPixelCount: Int = Image.maximumPixelCount
  ) throws(DataError) {
    try self.init(
      bytes: File.read(path), path: path, maximumPixelCount: maximumPixelCount)
  }

  /// Reads an image file that is already in memory; error messages call it `path`.
  ///
  /// - Throws: as `init(path:maximumPixelCount:)`.
  public init(
    bytes: [UInt8], path: String, maximumPixelCount limit: Int = Image.maximumPixelCount
  ) throws(DataError) {
    let format = ImageFormat(bytes)
    switch format {
    case .png: self = try Image.decodedPNG(bytes, path: path, limit: limit)
    case .jpeg: self = try Image.decodedJPEG(bytes, path: path, limit: limit)
    case .bmp: self = try Image.decodedBMP(bytes, path: path, limit: limit)
    case .netpbm: self = try Image.decodedNetpbm(bytes, path: path, limit: limit)
    #if WebP
      case .webp: self = try Image.decodedWebP(bytes, path: path, limit: limit)
    #endif
    #if TIFF
      case .tiff: self = try Image.decodedTIFF(bytes, path: path, limit: limit)
    #endif
    default: throw DataError(path: path, reason: format?.refusal ?? ImageFormat.refusal(of: bytes))
    }
  }

  /// Finds out, before any memory is taken for them, whether the declared pixels are too many.
  static func checkSize(
    _ width: Int, _ height: Int, path: String, limit: Int
  ) throws(DataError) {
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, area <= limit else {
      throw DataError(
        path: path,
        reason: "declares \(width) x \(height) pixels, the limit is \(limit); "
          + "give a larger maximumPixelCount if they are meant")
    }
  }

  /// The image in grey: itself if it has no colour.
  ///
  ///     grey = 0.299 red + 0.587 green + 0.114 blue       (ITU-R BT.601, rounded)
  ///
  /// - Returns: an image of one channel, with the integers of Pillow's `convert("L")`.
  public func grayscale() -> Image {
    guard channelCount == 3 else { return self }
    let grey = [UInt8](unsafeUninitializedCapacity: width * height) { grey, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for i in 0..<grey.count {
          let red = UInt32(pixels[3 * i])
          let green = UInt32(pixels[3 * i + 1])
          let blue = UInt32(pixels[3 * i + 2])
          // The weights in 65536ths.
          let sum: UInt32 = 19_595 * red + 38_470 * green + 7_471 * blue + 0x8000
          grey[i] = UInt8(truncatingIfNeeded: sum >> 16)
        }
      }
      filled = width * height
    }
    return Image(decodedWidth: width, height: height, channelCount: 1, pixels: grey)
  }

  /// The image with three channels: itself if it has them, else the grey in each of them.
  public func rgb() -> Image {
    guard channelCount == 1 else { return self }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * self.pixels.count)
    for grey in self.pixels { pixels += [grey, grey, grey] }
    return Image(decodedWidth: width, height: height, channelCount: 3, pixels: pixels)
  }
}

extension Image {
  /// The image as a network takes it: grey or in colour, and in another size.
  ///
  /// - Parameters:
  ///   - channelCount: 1 makes it grey, before it is resized; 3 gives it three channels.
  ///   - height: that of the result.
  ///   - width: that of the result.
  /// - Throws: `TensorError` as `resized(width:height:)`.
  public func fitted(
    channelCount: Int, width: Int, height: Int
  ) throws(TensorError) -> Image {
    let resized = try (channelCount == 1 ? grayscale() : self).resized(width: width, height: height)
    return channelCount == 1 ? resized : resized.rgb()
  }
}

extension Image: CustomStringConvertible {
  /// `Image(28 x 20 pixels of 3 channels)`
  public var description: String { "Image(\(sizeText))" }
}
