// With the package trait `TIFF`, which needs libtiff.
#if TIFF
  import CTIFF

  extension Image {
    /// Reads the first picture of a TIFF file, of any kind that libtiff turns into colours.
    static func decodedTIFF(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
      try bytes.withBytes { (bytes) throws(DataError) in
        var file = blz_tiff()
        file.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        file.size = bytes.count
        let failure = DataError(
          path: path, reason: "is a TIFF image that is damaged or of a kind that libtiff refuses")
        // Strips and tables are no larger than a whole picture.
        let (most, overflow) = limit.multipliedReportingOverflow(by: 8)
        let room = overflow ? Int.max : max(most, 1 << 20)
        guard blz_tiff_read(&file, nil, tmsize_t(room)) != 0 else { throw failure }
        let (width, height) = (Int(file.width), Int(file.height))
        guard width > 0, height > 0 else { throw failure }
        try checkSize(width, height, path: path, limit: limit)
        var words = [UInt32](repeating: 0, count: width * height)
        guard blz_tiff_read(&file, &words, tmsize_t(room)) != 0 else { throw failure }
        let channelCount = file.isGrey != 0 ? 1 : 3
        var pixels: [UInt8] = []
        pixels.reserveCapacity(words.count * channelCount)
        for word in words {
          // The colours are times alpha already: what is missing is white.
          let white = 255 - (word >> 24)
          for channel in 0..<UInt32(channelCount) {
            pixels.append(UInt8(min((word >> (8 * channel) & 255) + white, 255)))
          }
        }
        return Image(
          decodedWidth: width, height: height, channelCount: channelCount, pixels: pixels)
      }
    }
  }
#endif
