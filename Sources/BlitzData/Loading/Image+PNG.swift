import CPNG

extension Image {
  static func decodedPNG(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    try bytes.withBytes { (bytes) throws(DataError) in
      var file = blz_png()
      file.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      file.size = bytes.count
      guard blz_png_read(&file, nil) != 0 else { throw file.error(path) }
      let (width, height) = (Int(file.width), Int(file.height))
      let channelCount = Int(file.channels)
      try checkSize(width, height, path: path, limit: limit)
      var isRead = false
      let size = width * height * channelCount
      let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
        // A damaged file can leave pixels unwritten: they must not show old memory.
        pixels.initialize(repeating: 0)
        isRead = blz_png_read(&file, pixels.baseAddress) != 0
        filled = size
      }
      guard isRead else { throw file.error(path) }
      return Image(
        onWhiteWidth: width, height: height, channelCount: channelCount, pixels: pixels)
    }
  }

  /// The image as the bytes of a PNG file, 8 bits for each channel.
  ///
  /// - Throws: `DataError` if memory runs out.
  public func pngData() throws(DataError) -> [UInt8] {
    try encodedPNG(path: "PNG")
  }

  /// Writes the image to a PNG file, whole or not at all; an existing file is replaced.
  ///
  /// - Throws: `DataError` if the folder is missing or not writable, the disk is full, or `path`
  ///   names something that is not a regular file.
  public func write(png path: String) throws(DataError) {
    try File.replace(path, with: [encodedPNG(path: path)[...]])
  }

  private func encodedPNG(path: String) throws(DataError) -> [UInt8] {
    var png = png_image()
    png.version = png_uint_32(PNG_IMAGE_VERSION)
    png.width = png_uint_32(width)
    png.height = png_uint_32(height)
    png.format = channelCount == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
    defer { png_image_free(&png) }
    let stride = png_int_32(width * channelCount)
    // No more than this: what zlib adds at worst to pixels, a filter byte a row, and the chunks.
    let raw = (width * channelCount + 1) * height
    var size = raw + raw / 512 + 1024
    var isWritten = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
      isWritten =
        png_image_write_to_memory(&png, bytes.baseAddress, &size, 0, pixels, stride, nil) != 0
      filled = isWritten ? size : 0
    }
    guard isWritten else { throw png.error(path) }
    return bytes
  }
}

extension png_image {
  /// What libpng says, as an error about a file.
  fileprivate func error(_ path: String) -> DataError {
    let words = withUnsafeBytes(of: message) { $0.prefix { $0 != 0 } }
    return DataError(
      path: path, reason: "is not a whole PNG image: \(DataError.excerpt(Array(words), limit: 64))")
  }
}

extension blz_png {
  /// What libpng says, as an error about a file.
  fileprivate func error(_ path: String) -> DataError {
    let words = withUnsafeBytes(of: message) { Array($0.prefix { $0 != 0 }) }
    return DataError(
      path: path, reason: "is not a whole PNG image: \(DataError.excerpt(words, limit: 64))")
  }
}
