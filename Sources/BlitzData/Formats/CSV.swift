/// A table of numbers with a class label in the last column, read from comma-separated text.
///
///     sepal length,sepal width,species
///     5.1,3.5,0
///     6.2,2.9,1
///
/// Cells are separated by commas, semicolons or tabs, whichever the first line has. Blank lines,
/// spaces around cells, quotes, Windows line ends and a byte-order mark are accepted. If a cell of
/// the first row is text, that row holds the columns' names.
///
/// As a dataset, a batch has inputs float32 `[count, columnCount]` and labels int64 `[count]`.
public struct CSV: Sendable {
  /// All columns but the last: row-major `[rowCount, columnCount]`. Decimals are rounded to
  /// Double and from there to Float, as NumPy does.
  public let features: [Float]
  /// The last column: whole numbers from 0.
  public let labels: [Int]
  /// The columns' names, the label's last; nil if the file has none.
  public let columnNames: [String]?
  /// Rows of data, without the header.
  public var rowCount: Int { labels.count }
  /// Features per row: one less than the columns of the file.
  public let columnCount: Int

  /// Reads the file at `path`.
  ///
  /// - Throws: `DataError` that names the row (the line in the file, from 1) and the column (from
  ///   1) if the file is missing, is a folder, is empty, has fewer than two columns or rows of
  ///   unequal length, holds text, an empty cell, NaN or an infinity where a number belongs, or a
  ///   label that is not a whole number in 0...`maximumLabel`.
  public init(path: String, maximumLabel: Int = 9_999) throws(DataError) {
    try self.init(bytes: File.read(path), path: path, maximumLabel: maximumLabel)
  }

  /// Reads text that is already in memory; `path` is what errors call it.
  ///
  /// - Throws: as `init(path:maximumLabel:)`.
  public init(bytes: [UInt8], path: String, maximumLabel: Int = 9_999) throws(DataError) {
    self = try bytes.withUnsafeBufferPointer { bytes throws(DataError) in
      try CSV(CSVScanner(bytes: bytes, path: path), path: path, maximumLabel: maximumLabel)
    }
  }

  private init(_ scanner: CSVScanner, path: String, maximumLabel: Int) throws(DataError) {
    var scanner = scanner
    guard let header = try scanner.header() else {
      throw DataError(path: path, reason: "is empty; a row per example is needed")
    }
    let width = header.width
    guard width >= 2 else {
      throw DataError(
        path: path,
        reason: "row \(header.row) has 1 column; two are needed: features, then the label")
    }
    var features: [Float] = []
    var labels: [Int] = []
    while let row = scanner.nextRow() {
      for column in 1..<width {
        let value = Float(try scanner.number(row: row, column: column, of: header))
        if value.isInfinite {
          throw scanner.error(row, column, "\(scanner.cellText) is too large for float32")
        }
        features.append(value)
      }
      let label = try scanner.number(row: row, column: width, of: header)
      guard label == label.rounded(), label >= 0, label <= Double(maximumLabel) else {
        throw scanner.error(
          row, width, "the label is \(scanner.cellText), not a whole number in 0...\(maximumLabel)")
      }
      labels.append(Int(label))
      try scanner.endRow(row, of: header)
    }
    if labels.isEmpty {
      throw DataError(path: path, reason: "has column names but no rows of numbers")
    }
    self.features = features
    self.labels = labels
    self.columnNames = header.names
    self.columnCount = width - 1
  }
}
