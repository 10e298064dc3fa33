extension CSV {
  /// Rows of numbers without a label, for a network to answer.
  ///
  /// A last column that is one too many is taken for the label, and left out.
  ///
  /// - Parameter columnCount: how many numbers the network takes.
  /// - Returns: the numbers row-major `[rows, columnCount]`, and the line of each row in the file,
  ///   from 1.
  /// - Throws: `DataError` as `init(path:)`, and for another number of columns.
  package static func rows(
    path: String, columnCount: Int
  ) throws(DataError) -> (features: [Float], lines: [Int]) {
    let bytes = try File.read(path)
    return try bytes.withUnsafeBufferPointer { bytes throws(DataError) in
      var scanner = CSVScanner(bytes: bytes, path: path)
      guard let header = try scanner.header() else {
        throw DataError(path: path, reason: "is empty; a row per example is needed")
      }
      guard header.width == columnCount || header.width == columnCount + 1 else {
        throw DataError(
          path: path,
          reason: "row \(header.row) has \(header.width) columns; "
            + "the network takes \(columnCount), with or without a label behind them")
      }
      var features: [Float] = []
      var lines: [Int] = []
      while let row = scanner.nextRow() {
        for column in 1...header.width {
          let value = Float(try scanner.number(row: row, column: column, of: header))
          if value.isInfinite {
            throw scanner.error(row, column, "\(scanner.cellText) is too large for float32")
          }
          if column <= columnCount { features.append(value) }
        }
        try scanner.endRow(row, of: header)
        lines.append(row)
      }
      if lines.isEmpty {
        throw DataError(path: path, reason: "has column names but no rows of numbers")
      }
      return (features, lines)
    }
  }
}
