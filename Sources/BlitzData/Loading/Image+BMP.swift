extension Image {
  /// Reads a BMP file: 1, 4 and 8 bits a pixel with a palette, plain or run-length encoded; 16, 24
  /// and 32 bits, with masks or without. As Pillow does: a palette that is a ramp of greys gives
  /// one channel; fields of few bits are brought to 0...255 and cut off.
  static func decodedBMP(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
    var reader = try BMPReader(bytes, path: path)
    try checkSize(reader.width, reader.height, path: path, limit: limit)
    return try reader.image()
  }
}

/// The headers of a BMP file, and how its pixels are read.
private struct BMPReader {
  let width, height: Int
  private let bytes: [UInt8]
  private let path: String
  private let isTopDown: Bool
  private let bits: Int
  /// 0 plain, 1 and 2 run lengths of 8 and 4 bits, 3 masks.
  private let packing: Int
  private var palette: [UInt8] = []
  /// Of red, green, blue and alpha.
  private var masks: [UInt32] = []
  private let start: Int

  init(_ bytes: [UInt8], path: String) throws(DataError) {
    self.bytes = bytes
    self.path = path
    func number(_ place: Int, _ count: Int) throws(DataError) -> Int {
      guard place + count <= bytes.count else { throw BMPReader.ended(path) }
      return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    start = try number(10, 4)
    let headerSize = try number(14, 4)
    let isCore = headerSize == 12
    guard isCore || (40...256).contains(headerSize) else {
      throw DataError(
        path: path, reason: "byte 14: a BMP header of \(headerSize) bytes is none that Blitz knows")
    }
    width = isCore ? try number(18, 2) : Int(Int32(truncatingIfNeeded: try number(18, 4)))
    let rows = isCore ? try number(20, 2) : Int(Int32(truncatingIfNeeded: try number(22, 4)))
    height = abs(rows)
    isTopDown = rows < 0
    bits = try number(isCore ? 24 : 28, 2)
    packing = isCore ? 0 : try number(30, 4)
    guard width > 0, height > 0 else {
      throw DataError(path: path, reason: "declares \(width) x \(height) pixels")
    }
    let isKnown =
      switch packing {
      case 0: [1, 4, 8, 16, 24, 32].contains(bits)
      case 1: bits == 8
      case 2: bits == 4
      case 3: bits == 16 || bits == 32
      default: false
      }
    guard isKnown else {
      throw DataError(
        path: path,
        reason: "is a BMP image of \(bits) bits a pixel packed by method \(packing), which Blitz "
          + "does not read; save it as PNG")
    }
    if bits <= 8 {
      let entry = isCore ? 3 : 4
      let stated = isCore ? 0 : try number(46, 4)
      let count = stated == 0 ? 1 << bits : min(stated, 1 << bits)
      let place = 14 + headerSize
      guard place + count * entry <= bytes.count else { throw BMPReader.ended(path) }
      for i in 0..<count {
        // Blue is first in the file.
        palette += (0..<3).map { bytes[place + i * entry + 2 - $0] }
      }
    } else if packing == 3 {
      // Three masks follow the old header; newer ones have them, and alpha's, in the same place.
      let count = headerSize >= 56 ? 4 : 3
      for i in 0..<count { masks.append(UInt32(try number(54 + 4 * i, 4))) }
    } else {
      masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF]
    }
  }

  private static func ended(_ path: String) -> DataError {
    DataError(path: path, reason: "is not a whole BMP image: the file ends too early")
  }

  mutating func image() throws(DataError) -> Image {
    bits <= 8 ? try indexed() : try direct()
  }

  private func row(_ y: Int) -> Int { isTopDown ? y : height - 1 - y }

  /// Bytes of a row in the file, which is padded to four.
  private var rowSize: Int { (width * bits + 31) / 32 * 4 }

  private func checkSize() throws(DataError) {
    // The last row need not be padded.
    let size = rowSize * (height - 1) + (width * bits + 7) / 8
    guard start <= bytes.count, size <= bytes.count - start else { throw BMPReader.ended(path) }
  }

  // MARK: - With a palette

  private func indexed() throws(DataError) -> Image {
    let indices: [UInt8]
    if packing == 0 {
      try checkSize()
      indices = plainIndices()
    } else {
      indices = try runIndices()
    }
    let count = palette.count / 3
    let ramp = count == 2 ? [0, 255] : (0..<count).map { UInt8($0) }
    let isGrey = palette == ramp.flatMap { [$0, $0, $0] }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(indices.count * (isGrey ? 1 : 3))
    for index in indices {
      // Pillow takes colours beyond the palette for black.
      let place = 3 * Int(index)
      let isThere = place < palette.count
      if isGrey {
        pixels.append(isThere ? palette[place] : 0)
      } else if isThere {
        pixels += palette[place..<place + 3]
      } else {
        pixels += [0, 0, 0]
      }
    }
    return Image(
      decodedWidth: width, height: height, channelCount: isGrey ? 1 : 3, pixels: pixels)
  }

  private func plainIndices() -> [UInt8] {
    var indices: [UInt8] = []
    indices.reserveCapacity(width * height)
    let perByte = 8 / bits
    for y in 0..<height {
      let from = start + row(y) * rowSize
      for x in 0..<width {
        let shift = 8 - bits * (x % perByte + 1)
        indices.append(bytes[from + x / perByte] >> UInt8(shift) & UInt8(1 << bits - 1))
      }
    }
    return indices
  }

  /// Runs of equal pixels and of different ones; what is skipped has index 0.
  private func runIndices() throws(DataError) -> [UInt8] {
    var indices = [UInt8](repeating: 0, count: width * height)
    var (place, x, y) = (start, 0, 0)
    func put(_ index: UInt8) {
      if x < width, y < height { indices[row(y) * width + x] = index }
      x += 1
    }
    while place + 2 <= bytes.count {
      let (count, value) = (Int(bytes[place]), bytes[place + 1])
      place += 2
      if count > 0 {
        for i in 0..<count { put(bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15) }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return indices
      case 2:
        guard place + 2 <= bytes.count else { throw BMPReader.ended(path) }
        x += Int(bytes[place])
        y += Int(bytes[place + 1])
        place += 2
      default:
        let size = (Int(value) * bits + 7) / 8
        guard place + size <= bytes.count else { throw BMPReader.ended(path) }
        for i in 0..<Int(value) {
          let byte = bytes[place + i * bits / 8]
          put(bits == 8 ? byte : i % 2 == 0 ? byte >> 4 : byte & 15)
        }
        // Runs start at even places.
        place += size + size % 2
      }
      if y >= height { return indices }
    }
    throw BMPReader.ended(path)
  }

  // MARK: - Without

  private func direct() throws(DataError) -> Image {
    try checkSize()
    let hasAlpha = masks.count == 4 && masks[3] != 0
    let fields = masks.prefix(hasAlpha ? 4 : 3).map { mask in
      (shift: UInt32(mask == 0 ? 0 : mask.trailingZeroBitCount), mask: mask)
    }
    let size = bits / 8
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * fields.count)
    for y in 0..<height {
      var place = start + row(y) * rowSize
      for _ in 0..<width {
        var word: UInt32 = 0
        for i in 0..<size { word |= UInt32(bytes[place + i]) << UInt32(8 * i) }
        for field in fields {
          let most = UInt64(field.mask >> field.shift)
          let value = UInt64((word & field.mask) >> field.shift)
          pixels.append(most == 0 ? 0 : UInt8(value * 255 / most))
        }
        place += size
      }
    }
    return Image(onWhiteWidth: width, height: height, channelCount: fields.count, pixels: pixels)
  }
}
