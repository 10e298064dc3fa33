/// The text of a table as UTF-8, however the file stores it.
struct TableText: Sendable {
  /// The text, and perhaps a byte-order mark before it.
  let file: MappedFile
  /// Where the text begins.
  let start: Int

  /// Unpacks gzip, turns UTF-16 into UTF-8 and steps over a byte-order mark.
  ///
  /// - Throws: `DataError` for a file that is something else, which it names.
  init(_ file: MappedFile) throws(DataError) {
    var file = file
    if file.has([0x1F, 0x8B], at: 0) {
      let limit = file.count.multipliedReportingOverflow(by: Deflate.largestRatio).partialValue
      file = MappedFile(bytes: try Deflate.inflate(file, .gzip, limit: limit), path: file.path)
    }
    for (magic, name) in TableText.others where file.has(magic, at: 0) {
      throw DataError(path: file.path, reason: "is \(name), not a table of text; save it as CSV")
    }
    if let utf8 = TableText.fromUTF16(file) { file = MappedFile(bytes: utf8, path: file.path) }
    start = file.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
    self.file = file
  }

  private static let others: [([UInt8], String)] = [
    ([0x50, 0x4B, 3, 4], "a zip archive or a spreadsheet"),
    ([0xD0, 0xCF, 0x11, 0xE0], "a spreadsheet of the old kind"),
    (Array("PAR1".utf8), "a Parquet file"), (Array("ARROW1".utf8), "an Arrow file"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    ([0x89] + Array("HDF".utf8), "an HDF5 file"), ([0x89] + Array("PNG".utf8), "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("%PDF".utf8), "a PDF document"),
    ([0xFD] + Array("7zXZ".utf8), "compressed by xz"), (Array("BZh".utf8), "compressed by bzip2"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed by Zstandard"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
  ]

  /// UTF-16 is known by its mark, or by a zero beside each of the first letters.
  private static func fromUTF16(_ file: MappedFile) -> [UInt8]? {
    file.withAllBytes { bytes in
      guard bytes.count >= 4 else { return nil }
      let isBig: Bool
      switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
      case (0xFF, 0xFE, _, _), (1..., 0, 1..., 0): isBig = false
      case (0xFE, 0xFF, _, _), (0, 1..., 0, 1...): isBig = true
      default: return nil
      }
      let units = (0..<bytes.count / 2).lazy.map { place in
        let (first, second) = (UInt16(bytes[2 * place]), UInt16(bytes[2 * place + 1]))
        return isBig ? first << 8 | second : second << 8 | first
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }
  }
}
