/// A table with a label in one column, read from text.
///
///     sepal length,sepal width,species
///     5.1,3.5,setosa
///     6.2,2.9,versicolor
///
/// Cells are separated by commas, semicolons, tabs, bars or spaces, whichever makes the most
/// numbers; decimals may be written with a comma where commas do not separate. Blank lines, lines
/// that start with `#`, spaces around cells, quotes, Windows line ends, a byte-order mark, UTF-16
/// and gzip are accepted. All rows decide whether the first row holds names. `notes` lists the
/// decisions.
///
/// Columns of numbers are inputs as they are; true and false are 1 and 0; a column of texts becomes
/// one input for each of its words. An index that counts the rows is left out, and so are texts
/// that nearly all differ. A label is one of at least two classes, texts in order or rising
/// integers; or, if `options` ask for it, a number.
///
/// As a dataset, a batch has inputs float32 `[count, columnCount]` and labels int64 `[count]`; or,
/// for labels that are numbers, float32 `[count, 1]`.
public struct CSV: Sendable {
  /// The inputs: row-major `[rowCount, columnCount]`. Decimals are rounded to Double and from there
  /// to Float, as NumPy does.
  public let features: [Float]
  /// The class of each row, an index into `classNames`; empty if the label is a number.
  public let labels: [Int]
  /// The label of each row if it is a number; empty if it is a class.
  public let targets: [Float]
  /// The columns of the file and how each is read.
  public let layout: Layout
  /// The decisions about the table, one in each line.
  public let notes: [String]
  /// The number of rows, without the header and rows left out.
  public let rowCount: Int
  /// The line of the file that each row starts on, from 1, if they were asked for.
  package let lines: [Int]

  /// The number of inputs in a row.
  public var columnCount: Int { layout.inputCount }
  /// The classes in order; empty if the label is a number.
  public var classNames: [String] { layout.label.classNames }

  /// Reads the file at `path`.
  ///
  /// - Throws: `DataError` that names the row (the line in the file, from 1), the column (from 1)
  ///   and its name. The file may be missing, a folder, empty or no table; have fewer than two
  ///   columns, or rows of unequal length; have text among numbers, an empty cell, or an infinity;
  ///   or a label that makes no classes or is no number.
  public init(path: String, options: Options = Options()) throws(DataError) {
    try self.init(TableText(MappedFile(path: path)), options)
  }

  /// Reads text that is already in memory; error messages call it `path`.
  ///
  /// - Throws: as `init(path:options:)`.
  public init(
    bytes: [UInt8], path: String, options: Options = Options()
  ) throws(DataError) {
    try self.init(TableText(MappedFile(bytes: bytes, path: path)), options)
  }

  private init(_ text: TableText, _ options: Options) throws(DataError) {
    self = try text.file.withAllBytes { bytes throws(DataError) in
      let table = try RawTable(
        bytes.bindMemory(to: UInt8.self), from: text.start, path: text.file.path,
        hasHeader: options.hasHeader)
      var maker = LayoutMaker(table, options)
      let layout = try maker.layout()
      let encoder = TableEncoder(
        table: maker.table, layout: layout, places: layout.columns.map(\.place),
        labelPlace: layout.label.place)
      return try CSV(encoder, notes: maker.notes, hasLines: false)
    }
  }

  init(_ encoder: TableEncoder, notes: [String], hasLines: Bool) throws(DataError) {
    var result = try encoder.encode()
    var layout = encoder.layout
    if layout.missing == .mean, layout.columns.contains(where: { $0.fill == nil }) {
      CSV.fillMeans(&layout, &result.features)
    }
    guard !result.starts.isEmpty else {
      throw DataError(
        path: encoder.table.scanner.path, reason: "every row has an empty cell; none is left")
    }
    self.notes = notes + CSV.gapNotes(result)
    features = result.features
    labels = result.labels
    targets = result.targets
    rowCount = result.starts.count
    lines = hasLines ? encoder.table.scanner.lines(of: result.starts) : []
    self.layout = layout
  }

  private static func gapNotes(_ result: TableEncoder.Result) -> [String] {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    return [
      result.dropped == 0 ? nil : "left out: \(count(result.dropped, "row")) with an empty cell",
      result.filled == 0
        ? nil : "\(count(result.filled, "empty cell")) filled with the mean of the column",
    ].compactMap(\.self)
  }

  /// Puts the mean of each input in the place of NaN, and into the layout.
  private static func fillMeans(_ layout: inout Layout, _ features: inout [Float]) {
    let width = layout.inputCount
    var (sums, counts) = ([Double](repeating: 0, count: width), [Int](repeating: 0, count: width))
    for (place, value) in features.enumerated() where !value.isNaN {
      sums[place % width] += Double(value)
      counts[place % width] += 1
    }
    let means = zip(sums, counts).map { Float($0 / Double(max($1, 1))) }
    for (place, value) in features.enumerated() where value.isNaN {
      features[place] = means[place % width]
    }
    var offset = 0
    for column in layout.columns.indices {
      let count = layout.columns[column].inputCount
      layout.columns[column].fill = Array(means[offset..<offset + count])
      offset += count
    }
  }
}
