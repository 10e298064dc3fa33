import CTurboJPEG

extension Image {
  static func decodedJPEG(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    guard let decoder = tjInitDecompress() else {
      throw DataError(path: path, reason: "cannot be read: no memory for the JPEG decoder")
    }
    defer { tjDestroy(decoder) }
    func failure() -> DataError {
      let words = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown"
      return DataError(
        path: path,
        reason: "is not a whole JPEG image: \(DataError.excerpt(words.utf8, limit: 80))")
    }
    var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
    guard
      tjDecompressHeader3(
        decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours) == 0
    else { throw failure() }
    // The decoder is content with tables alone.
    guard width > 0, height > 0 else {
      throw DataError(
        path: path, reason: "is not a whole JPEG image: the file ends before the picture's size")
    }
    try checkSize(Int(width), Int(height), path: path, limit: limit)
    if colours == Int32(TJCS_CMYK.rawValue) || colours == Int32(TJCS_YCCK.rawValue) {
      throw DataError(path: path, reason: "has the four colours of print; save it as RGB first")
    }
    let isGrey = colours == Int32(TJCS_GRAY.rawValue)
    let channelCount = isGrey ? 1 : 3
    let size = Int(width) * Int(height) * channelCount
    var isRead = false
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
      // A damaged file can leave pixels unwritten: they must not show old memory.
      pixels.initialize(repeating: 0)
      // The scans of a progressive file are limited: each takes time, and some bytes make one.
      isRead =
        tjDecompress2(
          decoder, bytes, UInt(bytes.count), pixels.baseAddress, width,
          width * Int32(channelCount), height,
          Int32((isGrey ? TJPF_GRAY : TJPF_RGB).rawValue),
          Int32(TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)) == 0
      filled = size
    }
    guard isRead else { throw failure() }
    return Image(
      decodedWidth: Int(width), height: Int(height), channelCount: channelCount, pixels: pixels)
  }
}
