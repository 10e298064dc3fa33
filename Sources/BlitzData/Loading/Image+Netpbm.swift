extension Image {
  /// Reads a Netpbm file of bytes: PGM (`P5`, grey) and PPM (`P6`, colour), up to 255 levels.
  ///
  /// `P6`, the width, the height and the highest level, with spaces or comments between them, one
  /// space, then the pixels. Fewer levels are brought to 0...255.
  static func decodedNetpbm(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    var place = 2
    func number(_ what: String) throws(DataError) -> Int {
      while place < bytes.count, [9, 10, 11, 12, 13, 32, 35].contains(bytes[place]) {
        // A comment goes from # to the line's end.
        if bytes[place] == 35 {
          while place < bytes.count, bytes[place] != 10 { place += 1 }
        } else {
          place += 1
        }
      }
      let start = place
      var value = 0
      while place < bytes.count, 48...57 ~= bytes[place], value < 1 << 32 {
        value = value * 10 + Int(bytes[place] - 48)
        place += 1
      }
      guard place > start else {
        throw DataError(path: path, reason: "byte \(place): the picture's \(what) is needed here")
      }
      return value
    }
    let (width, height) = (try number("width"), try number("height"))
    let most = try number("highest level")
    guard width > 0, height > 0, (1...255).contains(most) else {
      throw DataError(
        path: path,
        reason: "declares \(width) x \(height) pixels of levels up to \(most); Blitz reads 255 at "
          + "most, save it as PNG")
    }
    try checkSize(width, height, path: path, limit: limit)
    let channelCount = bytes[1] == UInt8(ascii: "6") ? 3 : 1
    let size = width * height * channelCount
    place += 1
    guard place <= bytes.count, size <= bytes.count - place else {
      throw DataError(path: path, reason: "is not a whole Netpbm image: the file ends too early")
    }
    var pixels = Array(bytes[place..<place + size])
    if most < 255 {
      for i in pixels.indices {
        pixels[i] = UInt8((Double(min(Int(pixels[i]), most)) / Double(most) * 255).rounded())
      }
    }
    return Image(
      decodedWidth: width, height: height, channelCount: channelCount, pixels: pixels)
  }
}
