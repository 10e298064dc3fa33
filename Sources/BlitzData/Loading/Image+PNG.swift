import CPNG

extension Image {
  static func decodedPNG(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    var png = png_image()
    png.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&png) }
    let result = bytes.withUnsafeBytes { bytes -> Result<Image, DataError> in
      guard png_image_begin_read_from_memory(&png, bytes.baseAddress, bytes.count) != 0 else {
        return .failure(png.error(path))
      }
      let (width, height) = (Int(png.width), Int(png.height))
      do throws(DataError) {
        try checkSize(width, height, path: path, limit: limit)
      } catch {
        return .failure(error)
      }
      let isColour = png.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
      let channelCount = isColour ? 3 : 1
      png.format = isColour ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
      // As viewers do: 16 bits without a word about gamma are sRGB.
      png.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      var white = png_color(red: 255, green: 255, blue: 255)
      var isRead = false
      let size = width * height * channelCount
      let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
        let start = UnsafeMutableRawPointer(pixels.baseAddress!)
        // A damaged file can leave pixels unwritten: they must not show old memory.
        start.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        isRead =
          png_image_finish_read(&png, &white, start, png_int_32(width * channelCount), nil) != 0
        filled = size
      }
      guard isRead else { return .failure(png.error(path)) }
      return .success(
        Image(decodedWidth: width, height: height, channelCount: channelCount, pixels: pixels))
    }
    return try result.get()
  }

  /// The picture as the bytes of a PNG file, 8 bits a channel.
  ///
  /// - Throws: `DataError` if memory runs out.
  public func pngData() throws(DataError) -> [UInt8] {
    try encodedPNG(path: "PNG")
  }

  /// Writes the picture to a PNG file, in the place of the one that is there: all or nothing.
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
