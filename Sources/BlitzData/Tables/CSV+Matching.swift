extension CSV {
  /// Reads a file with the layout of another: columns and classes are found by name, whatever their
  /// order. Columns without names are taken in the order of the other file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - layout: the layout of the other file.
  ///   - hasLabels: whether the file needs labels; if not, a label is ignored.
  ///   - hasHeader: whether the first row holds names; nil to decide by the rows.
  /// - Throws: `DataError` as `init(path:options:)`, for a missing column, and for a category or
  ///   class that the other file does not have.
  public init(
    path: String, like layout: Layout, hasLabels: Bool, hasHeader: Bool? = nil
  ) throws(DataError) {
    let text = try TableText(MappedFile(path: path))
    self = try text.file.withAllBytes { bytes throws(DataError) in
      let names = layout.columns.map(\.name)
      var table = try RawTable(
        bytes.bindMemory(to: UInt8.self), from: text.start, path: path, hasHeader: hasHeader,
        known: layout.isNamed ? names : [])
      let match = try ColumnMatch(table, layout, hasLabels: hasLabels)
      var texts = [Bool](repeating: false, count: table.width)
      for (column, place) in zip(layout.columns, match.places) {
        if case .categories = column.kind { texts[place] = true }
      }
      if let place = match.label, layout.label.isText { texts[place] = true }
      let mixed = texts.indices.contains(where: {
        texts[$0] && !table.kinds($0).isDisjoint(with: [.number, .infinite])
      })
      if mixed { try table.reread(texts: texts) }
      let encoder = TableEncoder(
        table: table, layout: layout, places: match.places, labelPlace: match.label)
      return try CSV(encoder, notes: match.notes, hasLines: true)
    }
  }
}

/// Where a table has the columns of a layout.
private struct ColumnMatch {
  var places: [Int] = []
  var label: Int?
  var notes: [String] = []

  init(_ table: RawTable, _ layout: CSV.Layout, hasLabels: Bool) throws(DataError) {
    if let names = table.names, layout.isNamed {
      try match(names, layout, hasLabels: hasLabels, path: table.scanner.path)
    } else {
      try count(table, layout, hasLabels: hasLabels)
    }
  }

  private mutating func match(
    _ names: [String], _ layout: CSV.Layout, hasLabels: Bool, path: String
  ) throws(DataError) {
    func place(_ name: String, _ place: Int) -> Int? {
      // A column without a name is where it was.
      name.isEmpty
        ? names.indices.contains(place) && names[place].isEmpty ? place : nil
        : names.firstIndex(of: name)
    }
    let found = layout.columns.map { place($0.name, $0.place) }
    var missing = zip(layout.columns, found).filter { $1 == nil }.map(\.0.title)
    label = place(layout.label.name, layout.label.place)
    if hasLabels, label == nil { missing.append(layout.label.title) }
    let extra = names.indices.filter { !found.contains($0) && $0 != label }
      .map { names[$0].isEmpty ? "column \($0 + 1)" : names[$0] }
    guard missing.isEmpty else {
      throw DataError(
        path: path,
        reason: "has no column \(CSV.list(missing)); the network takes "
          + CSV.list(layout.columns.map(\.title))
          + (extra.isEmpty ? "" : ", the file has besides: \(CSV.list(extra))"))
    }
    places = found.compactMap(\.self)
    if !extra.isEmpty { notes.append("not used: \(CSV.list(extra))") }
    if !hasLabels { label = nil }
  }

  private mutating func count(
    _ table: RawTable, _ layout: CSV.Layout, hasLabels: Bool
  ) throws(DataError) {
    if table.width == layout.fileWidth {
      places = layout.columns.map(\.place)
      label = hasLabels ? layout.label.place : nil
      return
    }
    let count = layout.columns.count
    guard table.width == count, !hasLabels else {
      let width = table.width == 1 ? "1 column" : "\(table.width) columns"
      throw DataError(
        path: table.scanner.path,
        reason: "has \(width) without names to find; the network takes "
          + (hasLabels ? "" : "\(count) (\(CSV.list(layout.columns.map(\.title)))), or ")
          + "the \(layout.fileWidth) of the file that it learned from, in their order")
    }
    places = Array(0..<count)
  }
}

extension RowScanner {
  /// The lines of rising places.
  func lines(of places: [Int]) -> [Int] {
    var (line, previous) = (1, 0)
    return places.map { place in
      line += self.line(of: place, from: previous) - 1
      previous = place
      return line
    }
  }
}
