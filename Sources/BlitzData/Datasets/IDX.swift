import BlitzTensor

/// An array in the idx format, which MNIST and similar datasets use.
///
///     let images = try IDX(path: "train-images-idx3-ubyte.gz").tensor     // uint8[60000, 28, 28]
///
/// A file has two zeros, a byte for the type, a byte for the number of axes, the size of each axis
/// and the elements, all big-endian. It may be compressed by gzip, which is recognised by its
/// content. The types are uint8 (08), int32 (0C), float32 (0D) and float64 (0E); Blitz does not
/// have the signed byte (09) and the 16-bit integer (0B).
public struct IDX: Sendable {
  /// The elements in memory.
  public let array: HostArray
  /// What errors call the file.
  let path: String

  /// The size of each axis.
  public var shape: Shape { array.shape }
  /// The type of the elements.
  public var dtype: DType { array.dtype }
  /// The array as a tensor, which shares its memory.
  public var tensor: Tensor { array.tensor }

  /// Reads the file at `path`.
  ///
  /// - Throws: `DataError` that names the byte if the file cannot be read, does not start as an idx
  ///   file, has a type that Blitz does not have, or has not as many bytes as its sizes say. Memory
  ///   is taken only for sizes that the file can have.
  public init(path: String) throws(DataError) {
    try self.init(MappedFile(path: path))
  }

  /// Reads a file that is already in memory; error messages call it `path`.
  ///
  /// - Throws: as `init(path:)`.
  public init(bytes: [UInt8], path: String) throws(DataError) {
    try self.init(MappedFile(bytes: bytes, path: path))
  }

  /// Reads a file that is mapped.
  ///
  /// - Throws: as `init(path:)`.
  package init(_ file: MappedFile) throws(DataError) {
    path = file.path
    if file.has([0x1F, 0x8B], at: 0) {
      let inflater = try Inflater(file, .gzip)
      // No more than this can come out of so many bytes.
      let (room, overflow) = file.count.multipliedReportingOverflow(by: Deflate.largestRatio)
      array = try IDX.read(
        path: "\(path), unpacked", limit: overflow ? Int.max : room, isExact: false
      ) { target throws(DataError) in try inflater.read(into: target) }
      guard try inflater.isFinished() else {
        throw inflater.failure("more follows the \(array.shape) numbers of the idx file")
      }
    } else {
      var place = 0
      array = try IDX.read(path: path, limit: file.count, isExact: true) {
        target throws(DataError) in
        let count = min(target.count, file.count - place)
        target.copyMemory(from: try file.bytes(at: place, count: count, "the data"))
        place += count
        return count
      }
    }
  }

  /// Reads header and numbers in the order in which they come.
  ///
  /// - Parameters:
  ///   - limit: the file's size, or an upper bound of it.
  ///   - isExact: whether `limit` is the file's size.
  ///   - read: fills a buffer and returns how many bytes there were.
  private static func read(
    path: String, limit: Int, isExact: Bool,
    _ read: (UnsafeMutableRawBufferPointer) throws(DataError) -> Int
  ) throws(DataError) -> HostArray {
    func failure(_ byte: Int, _ reason: String) -> DataError {
      DataError(path: path, reason: "byte \(byte): \(reason)")
    }
    func bytes(_ count: Int, from place: Int) throws(DataError) -> [UInt8] {
      let target = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
      defer { target.deallocate() }
      let got = try read(target)
      guard got == count else {
        throw failure(place + got, "the file ends inside the header of an idx file")
      }
      return Array(target)
    }
    let magic = try bytes(4, from: 0)
    guard magic[0] == 0, magic[1] == 0 else {
      throw failure(
        0, "an idx file starts with two zeros, this one with \(magic[0]) and \(magic[1])")
    }
    let dtype: DType
    switch magic[2] {
    case 0x08: dtype = .uint8
    case 0x0C: dtype = .int32
    case 0x0D: dtype = .float32
    case 0x0E: dtype = .float64
    case 0x09, 0x0B:
      throw failure(
        2,
        "Blitz has no \(magic[2] == 9 ? "signed byte" : "16-bit integer"), the type of these "
          + "numbers; write them as 32-bit integers (12)")
    default:
      throw failure(2, "\(magic[2]) is no idx type; they are 8, 9, 11, 12, 13 and 14")
    }
    let rank = Int(magic[3])
    guard rank >= 1, rank <= Shape.maximumRank else {
      throw failure(3, "\(rank) axes are not from 1 to \(Shape.maximumRank)")
    }
    let header = try bytes(4 * rank, from: 4)
    let sizes = (0..<rank).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let start = 4 + 4 * rank
    let (size, overflow) = Shape(sizes).elementCount.multipliedReportingOverflow(
      by: dtype.byteCount)
    let room = max(limit - start, 0)
    guard !overflow, isExact ? size == room : size <= room else {
      throw failure(
        4,
        "\(dtype)\(Shape(sizes)) takes \(overflow ? "too many" : String(size)) bytes, but "
          + (isExact ? "\(room) follow" : "at most \(room) can follow") + " the header")
    }
    do {
      var array = try HostArray(uninitialized: Shape(sizes), dtype)
      try array.withUnsafeMutableBytes { target in
        let got = size == 0 ? 0 : try read(target)
        guard got == size else {
          throw failure(
            start + got, "the file ends; \(size - got) bytes more belong to \(dtype)\(Shape(sizes))"
          )
        }
        swapBytes(target, width: dtype.byteCount)
      }
      return array
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError(path: path, reason: (error as? TensorError)?.summary ?? "\(error)")
    }
  }

  /// Turns big-endian numbers into those of this machine.
  private static func swapBytes(_ bytes: UnsafeMutableRawBufferPointer, width: Int) {
    switch width {
    case 4:
      bytes.withMemoryRebound(to: UInt32.self) { numbers in
        for i in numbers.indices { numbers[i] = UInt32(bigEndian: numbers[i]) }
      }
    case 8:
      bytes.withMemoryRebound(to: UInt64.self) { numbers in
        for i in numbers.indices { numbers[i] = UInt64(bigEndian: numbers[i]) }
      }
    default: break
    }
  }
}
