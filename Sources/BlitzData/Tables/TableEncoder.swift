import BlitzSystem

/// Turns a table's cells into inputs and labels, by a layout.
struct TableEncoder {
  let table: RawTable
  let layout: CSV.Layout
  /// For each column of the layout, its place in this table.
  let places: [Int]
  /// The label's place in this table; nil if there is to be none.
  let labelPlace: Int?

  /// What came out.
  struct Result {
    var features: [Float] = []
    var labels: [Int] = []
    var targets: [Float] = []
    /// Where each row that was kept starts in the file.
    var starts: [Int] = []
    /// Rows that were left out, and cells that were filled in.
    var dropped = 0
    var filled = 0
  }

  /// How a column's cells become inputs.
  private enum Step {
    case number, boolean
    /// For each text of a part, its category; -1 for one that is none.
    case categories([Int])
  }

  func encode() throws(DataError) -> Result {
    var result = Result()
    let inputCount = layout.inputCount
    result.features.reserveCapacity(table.rowCount * inputCount)
    result.starts.reserveCapacity(table.rowCount)
    var row = [Float](repeating: 0, count: inputCount)
    let classes = layout.label.isText ? [] : layout.label.classNames.compactMap(Double.init)
    let hasGaps = (places + [labelPlace].compactMap(\.self)).contains {
      table.kinds($0).contains(.missing)
    }
    if !hasGaps, layout.columns.allSatisfy({ $0.kind == .number }) {
      result.features = try numbers()
    }
    let isPlain = !result.features.isEmpty
    for part in table.parts {
      let steps = zip(layout.columns, places).map { step($0, $1, part) }
      let labelTexts = labelPlace == nil ? [] : labelClasses(part)
      for index in 0..<part.count {
        if hasGaps, try isLeftOut(part, index) {
          result.dropped += 1
          continue
        }
        if let labelPlace {
          let cell = part.cells[index * table.width + labelPlace]
          if layout.label.classNames.isEmpty {
            result.targets.append(try target(cell, part, index, labelPlace))
          } else {
            result.labels.append(
              try label(cell, part, index, labelPlace, labelTexts, classes))
          }
        }
        result.starts.append(part.starts[index])
        if isPlain { continue }
        var offset = 0
        for (column, step) in steps.enumerated() {
          let cell = part.cells[index * table.width + places[column]]
          if case .number = step, !cell.isNaN {
            row[offset] = Float(cell)
            if row[offset].isInfinite { throw tooLarge(cell, part, index, places[column]) }
            offset += 1
            continue
          }
          if let text = TableCell.place(cell), text < 0 {
            try fill(&row, offset, layout.columns[column], part, index, places[column])
            result.filled += 1
          } else {
            try write(cell, &row, offset, step, layout.columns[column], part, index, places[column])
          }
          offset += layout.columns[column].inputCount
        }
        result.features.append(contentsOf: row)
      }
    }
    return result
  }

  // MARK: - Inputs

  /// The inputs of a table without gaps, all of whose columns are numbers; a thread for each part.
  private func numbers() throws(DataError) -> [Float] {
    let isFinite = Monitor(true)
    let features = [Float](unsafeUninitializedCapacity: table.rowCount * places.count) {
      features, count in
      guard let start = features.baseAddress else { return }
      var writers: [PartWriter] = []
      for part in table.parts {
        writers.append(PartWriter(part: part, places: places, target: start + count))
        count += part.count * places.count
      }
      let threads = writers.dropLast().map { writer in
        (writer, Thread { if !writer.write() { isFinite.withLock { $0 = false } } })
      }
      if let last = writers.last, !last.write() { isFinite.withLock { $0 = false } }
      for (writer, thread) in threads {
        if let thread {
          thread.join()
        } else if !writer.write() {
          isFinite.withLock { $0 = false }
        }
      }
    }
    if !isFinite.withLock({ $0 }) { try refuseInfinities() }
    return features
  }

  /// Throws an error about the first cell that is no finite float32.
  private func refuseInfinities() throws(DataError) {
    for part in table.parts {
      for row in 0..<part.count {
        for place in places {
          let cell = part.cells[row * table.width + place]
          if cell.isNaN {
            let text = table.spelling(part, row: row, column: place)
            throw table.error(part, row: row, column: place, "\(text) is not a number")
          }
          if !Float(cell).isFinite { throw tooLarge(cell, part, row, place) }
        }
      }
    }
  }

  private func step(_ column: CSV.Layout.Column, _ place: Int, _ part: TableRows) -> Step {
    switch column.kind {
    case .number: return .number
    case .boolean: return .boolean
    case .categories(let names):
      let categories = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
      return .categories(part.texts.map { categories[$0] ?? -1 })
    }
  }

  private func write(
    _ cell: Double, _ row: inout [Float], _ offset: Int, _ step: Step,
    _ column: CSV.Layout.Column, _ part: TableRows, _ index: Int, _ place: Int
  ) throws(DataError) {
    let text = TableCell.place(cell).map { part.texts[$0] }
    switch step {
    case .number:
      throw table.error(
        part, row: index, column: place,
        "\(table.spelling(part, row: index, column: place)) is not a number")
    case .boolean:
      guard let value = text.map(CSV.truth) ?? (cell == 0 ? false : cell == 1 ? true : nil) else {
        throw table.error(
          part, row: index, column: place,
          "\(table.spelling(part, row: index, column: place)) is neither true nor false")
      }
      row[offset] = value ? 1 : 0
    case .categories(let categories):
      let category = TableCell.place(cell).map { categories[$0] } ?? -1
      guard category >= 0, case .categories(let names) = column.kind else {
        throw table.error(
          part, row: index, column: place,
          "\(table.spelling(part, row: index, column: place)) is none of the categories that the "
            + "network knows: \(categoryNames(column))")
      }
      for other in names.indices { row[offset + other] = other == category ? 1 : 0 }
    }
  }

  private func categoryNames(_ column: CSV.Layout.Column) -> String {
    if case .categories(let names) = column.kind { CSV.list(names) } else { "" }
  }

  private func tooLarge(
    _ cell: Double, _ part: TableRows, _ index: Int, _ place: Int
  ) -> DataError {
    let text = table.spelling(part, row: index, column: place)
    return table.error(
      part, row: index, column: place,
      cell.isInfinite ? "\(text) is not a finite number" : "\(text) is too large for float32")
  }

  // MARK: - Empty cells

  /// Whether a row has an empty cell for which it is left out.
  private func isLeftOut(_ part: TableRows, _ index: Int) throws(DataError) -> Bool {
    for place in places + [labelPlace].compactMap(\.self) {
      let cell = part.cells[index * table.width + place]
      guard TableCell.place(cell) == -1 else { continue }
      switch layout.missing {
      case .drop: return true
      case .mean:
        if place == labelPlace { return true }
      case .refuse:
        let text = table.spelling(part, row: index, column: place)
        throw table.error(
          part, row: index, column: place,
          (text == "\"\"" ? "the cell is empty" : "\(text) stands for no value")
            + "; --missing drop leaves such rows out, --missing mean fills in the column's mean")
      }
    }
    return false
  }

  private func fill(
    _ row: inout [Float], _ offset: Int, _ column: CSV.Layout.Column, _ part: TableRows,
    _ index: Int, _ place: Int
  ) throws(DataError) {
    // Without a mean yet, it is put in by whoever reckons the means.
    let values = column.fill ?? [Float](repeating: .nan, count: column.inputCount)
    for (input, value) in values.enumerated() { row[offset + input] = value }
  }

  // MARK: - Labels

  private func target(
    _ cell: Double, _ part: TableRows, _ index: Int, _ place: Int
  ) throws(DataError) -> Float {
    let target = Float(cell)
    if target.isNaN {
      throw table.error(
        part, row: index, column: place,
        "the label is \(table.spelling(part, row: index, column: place)), not a number")
    }
    if target.isInfinite { throw tooLarge(cell, part, index, place) }
    return target
  }

  /// For each text of a part, its class; -1 for one that is none.
  private func labelClasses(_ part: TableRows) -> [Int] {
    guard layout.label.isText else { return [] }
    let classes = Dictionary(layout.label.classNames.enumerated().map { ($1, $0) }) { first, _ in
      first
    }
    return part.texts.map { text in
      classes[text] ?? (CSV.truth(text) == nil ? -1 : classes[text.lowercased()] ?? -1)
    }
  }

  private func label(
    _ cell: Double, _ part: TableRows, _ index: Int, _ place: Int, _ texts: [Int],
    _ classes: [Double]
  ) throws(DataError) -> Int {
    if let text = TableCell.place(cell) {
      if texts.indices.contains(text), texts[text] >= 0 { return texts[text] }
    } else {
      // The classes rise.
      var (low, high) = (0, classes.count)
      while low < high {
        let middle = (low + high) / 2
        if classes[middle] < cell { low = middle + 1 } else { high = middle }
      }
      if low < classes.count, classes[low] == cell { return low }
    }
    throw table.error(
      part, row: index, column: place,
      "the label is \(table.spelling(part, row: index, column: place)), none of the network's "
        + "classes: \(CSV.list(layout.label.classNames))")
  }
}

/// Writes the inputs of a part, all of whose columns are numbers.
///
/// Unchecked: nobody else touches the target, and it outlives the thread that writes.
private struct PartWriter: @unchecked Sendable {
  let part: TableRows
  let places: [Int]
  let target: UnsafeMutablePointer<Float>

  /// Writes all rows; false if a number is not finite in float32.
  func write() -> Bool {
    part.cells.withUnsafeBufferPointer { cells in
      places.withUnsafeBufferPointer { places in
        var (next, isFinite) = (target, true)
        for row in 0..<part.count {
          for place in places {
            let number = Float(cells[row * part.width + place])
            isFinite = isFinite && number.isFinite
            next.pointee = number
            next += 1
          }
        }
        return isFinite
      }
    }
  }
}
