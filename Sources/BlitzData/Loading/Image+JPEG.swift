import CTurboJPEG

extension Image {
  static func decodedJPEG(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    guard let decoder = tjInitDecompress() else {
      throw DataError(path: path, reason: "cannot be read: no memory for the JPEG decoder")
    }
    defer { tjDestroy(decoder) }
    func failure() -> DataError {
      let words = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown"
      // A warning is about the file's bytes; the rest may also be a kind of JPEG.
      let what =
        tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
        ? "is not a whole JPEG image" : "is a JPEG image that cannot be decoded"
      return DataError(path: path, reason: "\(what): \(DataError.excerpt(words.utf8, limit: 80))")
    }
    var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(-1))
    let isKnown =
      tjDecompressHeader3(
        decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours) == 0
    // A sampling that has no name in TurboJPEG is an error there, after the rest is told; it is
    // decoded all the same.
    guard isKnown || width > 0 && height > 0 && colours >= 0 else { throw failure() }
    // The decoder is content with tables alone.
    guard width > 0, height > 0 else {
      throw DataError(
        path: path, reason: "is not a whole JPEG image: the file ends before the picture's size")
    }
    try checkSize(Int(width), Int(height), path: path, limit: limit)
    let isGrey = colours == Int32(TJCS_GRAY.rawValue)
    let isPrint = colours == Int32(TJCS_CMYK.rawValue) || colours == Int32(TJCS_YCCK.rawValue)
    let channelCount = isGrey ? 1 : isPrint ? 4 : 3
    let format = isGrey ? TJPF_GRAY : isPrint ? TJPF_CMYK : TJPF_RGB
    let size = Int(width) * Int(height) * channelCount
    var isRead = false
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
      // A damaged file can leave pixels unwritten: they must not show old memory.
      pixels.initialize(repeating: 0)
      // The scans of a progressive file are limited: each takes time, and some bytes make one.
      isRead =
        tjDecompress2(
          decoder, bytes, UInt(bytes.count), pixels.baseAddress, width,
          width * Int32(channelCount), height, Int32(format.rawValue),
          Int32(TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)) == 0
      filled = size
    }
    guard isRead else { throw failure() }
    return Image(
      decodedWidth: Int(width), height: Int(height), channelCount: isGrey ? 1 : 3,
      pixels: isPrint ? shownOnScreen(pixels) : pixels)
  }

  /// The colours of print as those of a screen.
  ///
  ///     red = black - (255 - cyan) black / 255, the quotient rounded
  ///
  /// where 255 is no ink, as Adobe's programs write it. The integers of Pillow's `convert("RGB")`.
  private static func shownOnScreen(_ print: [UInt8]) -> [UInt8] {
    let count = print.count / 4
    return [UInt8](unsafeUninitializedCapacity: 3 * count) { colours, filled in
      for i in 0..<count {
        let light = Int(print[4 * i + 3])
        for channel in 0..<3 {
          let product = (255 - Int(print[4 * i + channel])) * light + 128
          colours[3 * i + channel] = UInt8(light - ((product >> 8) + product) >> 8)
        }
      }
      filled = 3 * count
    }
  }
}
