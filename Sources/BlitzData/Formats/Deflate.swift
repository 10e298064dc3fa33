import CZlib

/// Compression as zlib, gzip and zip files have it, by the system's zlib.
package enum Deflate {
  /// What is around the compressed data.
  package enum Wrapping: Int32, Sendable {
    /// Nothing, as in a zip file.
    case raw = -15
    /// The header and checksum of RFC 1950, as in PNG.
    case zlib = 15
    /// The header and checksum of RFC 1952; a file may hold several, one after another.
    case gzip = 31
  }

  /// No byte of input gives more bytes of output than this: a longest match is 258 bytes, and
  /// takes two bits at least.
  package static let largestRatio = 1032

  /// All of the data that is compressed in a range of a file, or in all of it.
  ///
  /// Memory is taken as data comes out: a file that grows without end is stopped at the limit.
  ///
  /// - Parameter limit: the most bytes that may come out.
  /// - Throws: `DataError` that names the byte if the data is damaged or cut off, or if there is
  ///   more of it than `limit`.
  package static func inflate(
    _ file: MappedFile, in range: Range<Int>? = nil, _ wrapping: Wrapping, limit: Int
  ) throws(DataError) -> [UInt8] {
    let inflater = try Inflater(file, in: range, wrapping)
    var data: [UInt8] = []
    // The next piece is as long as what is there, so that the number of copies stays small.
    while true {
      let room = min(max(data.count, 1 << 12), limit - data.count)
      if room == 0 {
        guard try inflater.isFinished() else {
          throw inflater.failure("the compressed data has more than \(limit) bytes, the limit")
        }
        return data
      }
      var failure: DataError?
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        do throws(DataError) {
          filled = try inflater.read(into: UnsafeMutableRawBufferPointer(buffer))
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if data.isEmpty { data = piece } else { data += piece }
      if piece.count < room { return data }
    }
  }

  /// The data that is compressed in bytes in memory; `path` is what errors call them.
  ///
  /// - Throws: as `inflate(_:in:_:limit:)`.
  package static func inflate(
    _ bytes: [UInt8], _ wrapping: Wrapping, limit: Int, path: String
  ) throws(DataError) -> [UInt8] {
    try inflate(MappedFile(bytes: bytes, path: path), wrapping, limit: limit)
  }

  /// Compresses bytes.
  ///
  /// - Parameters:
  ///   - pieces: the data, one piece after another.
  ///   - level: 0 (none) to 9 (smallest); 6 is zlib's own choice.
  /// - Returns: the compressed data, which `inflate` gives back.
  package static func deflate(
    _ pieces: [UnsafeRawBufferPointer], _ wrapping: Wrapping, level: Int = 6
  ) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let code = deflateInit2_(
      stream, Int32(min(max(level, 0), 9)), Z_DEFLATED, wrapping.rawValue, 8, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    // zlib's state is a quarter of a megabyte; nothing else can go wrong.
    guard code == Z_OK else { fatalError("Deflate: zlib has no memory, or is another version") }
    defer { deflateEnd(stream) }
    var compressed: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    func run(_ flush: Int32) {
      repeat {
        let count = room.count
        let left = room.withUnsafeMutableBufferPointer { buffer in
          stream.pointee.next_out = buffer.baseAddress
          stream.pointee.avail_out = UInt32(count)
          _ = CZlib.deflate(stream, flush)
          return Int(stream.pointee.avail_out)
        }
        compressed += room[..<(count - left)]
      } while stream.pointee.avail_out == 0
    }
    for piece in pieces {
      var rest = piece[...]
      while !rest.isEmpty {
        // zlib counts in 32 bits.
        let input = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        rest = rest.dropFirst(input.count)
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        run(Z_NO_FLUSH)
      }
    }
    run(Z_FINISH)
    return compressed
  }

  /// The checksum of zip, gzip and PNG.
  ///
  /// - Parameters:
  ///   - bytes: the data.
  ///   - checksum: that of the data before it, 0 at the start.
  package static func crc32(_ bytes: UnsafeRawBufferPointer, after checksum: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return checksum }
    return UInt32(
      crc32_z(UInt(checksum), start.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}

/// Takes compressed data out piece by piece, and never more than is asked for.
package final class Inflater {
  private let file: MappedFile
  private let range: Range<Int>
  private let wrapping: Deflate.Wrapping
  private let stream: UnsafeMutablePointer<z_stream>
  /// Where zlib's next input starts that it does not have yet.
  private var given: Int
  private var isAtEnd = false

  /// Starts at the first byte of a range of a file, or of all of it.
  ///
  /// - Throws: `DataError` if the range is not in the file.
  package init(
    _ file: MappedFile, in range: Range<Int>? = nil, _ wrapping: Deflate.Wrapping
  ) throws(DataError) {
    let range = range ?? 0..<file.count
    _ = try file.bytes(at: range.lowerBound, count: range.count, "the compressed data")
    self.file = file
    self.range = range
    self.wrapping = wrapping
    given = range.lowerBound
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = inflateInit2_(
      stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      throw DataError(path: file.path, reason: "cannot be unpacked: zlib returns \(code)")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The place of the next byte of input that has not been used.
  package var position: Int { given - Int(stream.pointee.avail_in) }

  /// Fills a buffer.
  ///
  /// - Returns: the number of bytes; fewer than asked for only at the end of the data.
  /// - Throws: `DataError` if the data is damaged or cut off.
  package func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var filled = 0
    while filled < target.count && !isAtEnd {
      try giveInput()
      let room = min(target.count - filled, 1 << 30)
      stream.pointee.next_out = (target.baseAddress! + filled).assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let code = CZlib.inflate(stream, Z_NO_FLUSH)
      let came = room - Int(stream.pointee.avail_out)
      filled += came
      switch code {
      case Z_OK: continue
      case Z_STREAM_END: try endMember()
      case Z_BUF_ERROR where came == 0 && position == range.upperBound:
        throw failure("the compressed data is cut off")
      default:
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "zlib returns \(code)"
        throw failure("the compressed data is damaged: \(words)")
      }
    }
    return filled
  }

  /// Whether nothing more comes out; looks one byte ahead, so it ends the reading.
  package func isFinished() throws(DataError) -> Bool {
    var byte: UInt8 = 0
    return try withUnsafeMutableBytes(of: &byte) { byte throws(DataError) in
      try read(into: byte) == 0
    }
  }

  /// An error about the place that the input has been used up to.
  package func failure(_ reason: String) -> DataError { file.failure(position, reason) }

  /// Hands zlib the next input if it has none.
  private func giveInput() throws(DataError) {
    guard stream.pointee.avail_in == 0 else { return }
    let bytes = try file.bytes(
      at: given, count: min(range.upperBound - given, 1 << 30), "the compressed data")
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(bytes.count)
    given += bytes.count
  }

  /// At the end of the compressed data: it is the end of the range too, except that another
  /// gzip member or zeros may follow, as gzip itself has it.
  private func endMember() throws(DataError) {
    if wrapping == .gzip, file.has([0x1F, 0x8B], at: position), position + 2 <= range.upperBound {
      inflateReset(stream)
      return
    }
    isAtEnd = true
    var rest = try file.bytes(
      at: position, count: range.upperBound - position, "the compressed data")[...]
    if wrapping == .gzip { rest = rest.drop { $0 == 0 } }
    guard rest.isEmpty else {
      throw failure("the compressed data ends here, but \(rest.count) bytes follow")
    }
  }
}
