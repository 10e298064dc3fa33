import BlitzSystem
import BlitzTensor

extension TableRows {
  /// Reads all rows from a place on, on several threads if there are enough of them.
  ///
  /// - Returns: parts of the table, in order.
  static func parts(
    _ scanner: RowScanner, width: Int, firstRow: Int, texts: [Bool]
  ) throws(DataError) -> [TableRows] {
    let bounds = partBounds(scanner)
    let reader = PartReader(scanner: scanner, width: width, firstRow: firstRow, texts: texts)
    let results = Monitor([Int: Result<TableRows, DataError>]())
    let threads = bounds.indices.dropLast(2).map { part in
      Thread { [bounds] in
        let result = reader.read(bounds[part], bounds[part + 1])
        results.withLock { $0[part] = result }
      }
    }
    var parts: [TableRows] = []
    // The last part is read here, and those for which there was no thread.
    let last = reader.read(bounds[bounds.count - 2], bounds[bounds.count - 1])
    for (part, thread) in threads.enumerated() {
      thread?.join()
      let result = results.withLock { $0.removeValue(forKey: part) }
      parts.append(try (result ?? reader.read(bounds[part], bounds[part + 1])).get())
    }
    parts.append(try last.get())
    return parts
  }

  /// Where the parts begin, and the end: a part for each thread, of a megabyte at least. A quoted
  /// cell may hold line ends, which nobody in the middle of a file knows from those of rows.
  private static func partBounds(_ scanner: RowScanner) -> [Int] {
    let (start, end) = (scanner.position, scanner.bytes.count)
    let cores = Environment.threadCount ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let count = min(cores, (end - start) >> 20)
    guard count > 1, let base = scanner.bytes.baseAddress,
      memchr(base + start, Int32(UInt8(ascii: "\"")), end - start) == nil
    else { return [start, end] }
    var bounds = [start]
    for part in 1..<count {
      let middle = start + (end - start) / count * part
      guard let found = memchr(base + middle, Int32(UInt8(ascii: "\n")), end - middle) else {
        continue
      }
      let bound = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
      if bound > bounds[bounds.count - 1], bound < end { bounds.append(bound) }
    }
    return bounds + [end]
  }
}

/// Reads parts of a table.
///
/// Unchecked: the bytes that the scanner points to are not written.
private struct PartReader: @unchecked Sendable {
  let scanner: RowScanner
  let width: Int
  let firstRow: Int
  let texts: [Bool]

  func read(_ start: Int, _ end: Int) -> Result<TableRows, DataError> {
    Result { () throws(DataError) in
      var scanner = scanner
      scanner.position = start
      return try TableRows(
        &scanner, width: width, firstRow: firstRow, texts: texts, limit: end)
    }
  }
}
