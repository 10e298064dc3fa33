import CKernels

/// Rows of nothing but plain numbers, read some thousand cells at a time in one call.
struct PlainRows {
  private let width: Int
  /// Row by row; what is behind `count` rows is of no meaning.
  private(set) var cells: [Double]
  /// Where each row starts, from the first one's start on.
  private(set) var starts: [Int64]
  /// The rows of the last reading.
  private(set) var count = 0

  init(width: Int) {
    self.width = width
    let most = max(1, 4096 / max(width, 1))
    cells = [Double](repeating: 0, count: most * width)
    starts = [Int64](repeating: 0, count: most)
  }

  /// Reads on from the scanner's position and leaves it behind the rows.
  ///
  /// - Returns: whether there was a plain row; others are for the scanner itself.
  mutating func read(
    from scanner: inout RowScanner, limit: Int, most: Int, kinds: inout [CellKinds]
  ) -> Bool {
    count = 0
    let dialect = scanner.dialect
    guard !dialect.isSpaced, width > 0, let base = scanner.bytes.baseAddress else { return false }
    var rows: Int64 = 0
    let end = scanner.bytes.count
    let length = kinds.withUnsafeMutableBytes { kinds in
      blz_decimal_rows(
        base + scanner.position, base + end, base + min(limit, end), dialect.separator,
        dialect.point, Int64(width), Int64(min(most, starts.count)), &cells, &starts,
        kinds.baseAddress!.assumingMemoryBound(to: UInt8.self), &rows)
    }
    scanner.position += length
    count = Int(rows)
    return count > 0
  }
}
