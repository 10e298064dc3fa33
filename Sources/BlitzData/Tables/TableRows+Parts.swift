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
    let count = bounds.count - 1
    let results = Monitor([Int: Result<TableRows, DataError>]())
    let next = Monitor(0)
    /// Reads parts until there is none left.
    let work: @Sendable () -> Void = { [bounds] in
      while true {
        let part = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard part < count else { return }
        let result = reader.read(bounds[part], bounds[part + 1])
        results.withLock { $0[part] = result }
      }
    }
    let threads = (1..<max(min(cores, count), 1)).map { _ in Thread(work) }
    work()
    for thread in threads { thread?.join() }
    var parts: [TableRows] = []
    for part in 0..<count {
      guard let result = results.withLock({ $0.removeValue(forKey: part) }) else { continue }
      parts.append(try result.get())
    }
    return parts
  }

  private static var cores: Int {
    Environment.threadCount ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// Parts for each thread: one whose core has other work leaves more to the others.
  private static let partsAThread = 6

  /// Where the parts begin, and the end: some for each thread, of a megabyte at least. A quoted
  /// cell may hold line ends, which nobody in the middle of a file knows from those of rows.
  private static func partBounds(_ scanner: RowScanner) -> [Int] {
    let (start, end) = (scanner.position, scanner.bytes.count)
    let count = min(cores == 1 ? 1 : cores * partsAThread, (end - start) >> 20)
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
