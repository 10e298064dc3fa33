/// A zip file's list of members: npz files and PyTorch's checkpoints are zip files.
///
/// Only what those have: one disk, no encryption, members stored or deflated, 64-bit sizes. The
/// list at the end of the file is believed only where it agrees with the members' own headers and
/// with the size of the file. Members that overlap, the trick of most zip bombs, are refused.
package struct ZipArchive: Sendable {
  /// One file in the archive.
  package struct Member: Sendable {
    /// Its name, with folders.
    package let name: String
    /// Where its compressed bytes are in the archive.
    package let range: Range<Int>
    /// Whether the bytes are compressed.
    package let isDeflated: Bool
    /// How many bytes it has when it is unpacked, as the archive says.
    package let size: Int
    /// Its checksum; nil if none was taken.
    package fileprivate(set) var checksum: UInt32?
    /// The byte of the archive where its own header starts.
    package let place: Int
  }

  /// The archive.
  package let file: MappedFile
  /// The members, in the order of the list, without folders.
  package private(set) var members: [Member]

  /// Reads the list of members.
  ///
  /// - Throws: `DataError` that names the byte if this is not a zip file, or one that lies.
  package init(_ file: MappedFile) throws(DataError) {
    self.file = file
    let list = try ZipArchive.findList(file)
    var members: [Member] = []
    var names: Set<ExactName> = []
    var position = list.start
    for _ in 0..<list.count {
      let (member, next) = try ZipArchive.member(file, at: position, list: list)
      position = next
      guard names.insert(ExactName(member.name)).inserted else {
        throw file.failure(member.place, "\(JSONText.quoted(member.name)) is there twice")
      }
      members.append(member)
    }
    guard position == list.end else {
      throw file.failure(
        position, "the list of members ends here, not at \(list.end) as the end record says")
    }
    var end = 0
    for member in members.sorted(by: { $0.place < $1.place }) {
      guard member.place >= end else {
        throw file.failure(
          member.place,
          "\(JSONText.quoted(member.name)) starts inside the member before it, which ends at \(end)"
        )
      }
      end = member.range.upperBound
    }
    self.members = members.filter { !$0.name.hasSuffix("/") }
  }

  /// The archive, with a checksum of zero for none: PyTorch writes that if it is told to leave them
  /// out (`torch.serialization.set_crc32_options(False)`).
  func takingZeroForNoChecksum() -> ZipArchive {
    var archive = self
    for place in members.indices where members[place].checksum == 0 {
      archive.members[place].checksum = nil
    }
    return archive
  }

  /// The member called `name`, or nil if there is none.
  package subscript(name: String) -> Member? { members.first { $0.name == name } }

  /// All bytes of a member.
  ///
  /// - Parameter limit: the most bytes that it may have.
  /// - Throws: `DataError` if it has more, or is damaged.
  package func contents(of member: Member, limit: Int) throws(DataError) -> [UInt8] {
    guard member.size <= limit else {
      throw file.failure(
        member.place,
        "\(JSONText.quoted(member.name)) has \(member.size) bytes, the limit is \(limit)")
    }
    let reader = try ZipReader(self, member)
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: member.size) { buffer, filled in
      do throws(DataError) {
        try reader.fill(
          UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: member.size))
        try reader.finish()
        filled = member.size
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  // MARK: - The list

  private struct List {
    var start: Int
    var end: Int
    var count: Int
  }

  /// The record at the very end, which says where the list is.
  private static func findList(_ file: MappedFile) throws(DataError) -> List {
    // The record has 22 bytes, and after it a comment of up to 65,535, whose length is its last
    // number.
    let found = file.withAllBytes { bytes -> Int? in
      var place = bytes.count - 22
      while place >= max(bytes.count - 22 - 0xFFFF, 0) {
        let mark = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        if mark == 0x0605_4B50 {
          let comment = bytes.loadUnaligned(fromByteOffset: place + 20, as: UInt16.self)
          if Int(UInt16(littleEndian: comment)) == bytes.count - place - 22 { return place }
        }
        place -= 1
      }
      return nil
    }
    guard let record = found else {
      throw file.failure(
        file.count, "the file ends without a zip file's end record; is it cut off?")
    }
    let what = "the end record"
    let disk = try file.integer(UInt32.self, at: record + 4, what)
    var list = List(
      start: Int(try file.integer(UInt32.self, at: record + 16, what)), end: record,
      count: Int(try file.integer(UInt16.self, at: record + 10, what)))
    var size = Int(try file.integer(UInt32.self, at: record + 12, what))
    // 64-bit numbers are in a second record, which a third one, just before this, points to.
    if file.has([0x50, 0x4B, 6, 7], at: record - 20) {
      let place = try int(file, at: record - 12, "the 64-bit end record's place")
      guard file.has([0x50, 0x4B, 6, 6], at: place) else {
        throw file.failure(record - 12, "the 64-bit end record is not at \(place)")
      }
      list.count = try int(file, at: place + 32, what)
      size = try int(file, at: place + 40, what)
      list.start = try int(file, at: place + 48, what)
      list.end = place
    } else if disk != 0 {
      throw file.failure(record + 4, "the archive is one of several disks; join them first")
    }
    guard list.start <= list.end, size == list.end - list.start, list.count <= size / 46 else {
      throw file.failure(
        record,
        "the end record says \(list.count) members in \(size) bytes from byte \(list.start) on, "
          + "but the list would end at \(list.end)")
    }
    return list
  }

  /// A 64-bit number that can be a place or a size.
  private static func int(
    _ file: MappedFile, at place: Int, _ what: String
  ) throws(DataError) -> Int {
    let number = try file.integer(UInt64.self, at: place, what)
    guard let value = Int(exactly: number) else {
      throw file.failure(place, "\(what) is \(number), which no file reaches")
    }
    return value
  }

  /// The member at a place in the list, and the place of the next one.
  private static func member(
    _ file: MappedFile, at place: Int, list: List
  ) throws(DataError) -> (Member, next: Int) {
    guard place <= list.end - 46, file.has([0x50, 0x4B, 1, 2], at: place) else {
      throw file.failure(place, "a member's entry in the list does not start as it must")
    }
    func word(_ offset: Int) throws(DataError) -> Int {
      Int(try file.integer(UInt16.self, at: place + offset, "a member's entry"))
    }
    func long(_ offset: Int) throws(DataError) -> Int {
      Int(try file.integer(UInt32.self, at: place + offset, "a member's entry"))
    }
    let nameLength = try word(28)
    let extraLength = try word(30)
    let next = place + 46 + nameLength + extraLength + (try word(32))
    guard next <= list.end else {
      throw file.failure(place, "a member's entry goes beyond the list's end, \(list.end)")
    }
    let bytes = try file.bytes(at: place + 46, count: nameLength, "a member's name")
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw file.failure(place + 46, "a member's name is not UTF-8")
    }
    let quoted = "\"\(DataError.excerpt(bytes))\""
    let flags = try word(8)
    let method = try word(10)
    guard flags & 1 == 0 else {
      throw file.failure(place + 8, "\(quoted) is encrypted; unpack it first")
    }
    guard method == 0 || method == 8 else {
      throw file.failure(
        place + 10, "\(quoted) is compressed by method \(method); Blitz reads 0 and 8 (deflate)")
    }
    var sizes = [try long(24), try long(20), try long(42)]
    try readWideSizes(
      file, at: place + 46 + nameLength, count: extraLength, into: &sizes)
    let (size, packed, header) = (sizes[0], sizes[1], sizes[2])
    guard header <= list.start - 30, file.has([0x50, 0x4B, 3, 4], at: header) else {
      throw file.failure(place + 42, "\(quoted) is not at byte \(header) as the list says")
    }
    let localName = Int(try file.integer(UInt16.self, at: header + 26, "a member's header"))
    let localExtra = Int(try file.integer(UInt16.self, at: header + 28, "a member's header"))
    let data = header + 30 + localName + localExtra
    guard data <= list.start, packed <= list.start - data else {
      throw file.failure(
        place + 20, "\(quoted) has \(packed) bytes from \(data) on, the list is at \(list.start)")
    }
    guard localName == nameLength,
      try file.bytes(at: header + 30, count: localName, "a name").elementsEqual(bytes)
    else { throw file.failure(header + 30, "the name here is not \(quoted) as in the list") }
    guard Int(try file.integer(UInt16.self, at: header + 8, "a method")) == method else {
      throw file.failure(header + 8, "the method here is not \(method) as in the list")
    }
    let isPlausible =
      method == 0 ? size == packed : size / Deflate.largestRatio <= packed
    guard isPlausible else {
      throw file.failure(place + 24, "\(quoted): \(packed) bytes cannot hold \(size)")
    }
    let member = Member(
      name: name, range: data..<data + packed, isDeflated: method == 8, size: size,
      checksum: try file.integer(UInt32.self, at: place + 16, "a checksum"), place: header)
    return (member, next)
  }

  /// Replaces those of the sizes that are all ones by the 64-bit ones, which are in the first
  /// extra field with the number 1, in the same order.
  private static func readWideSizes(
    _ file: MappedFile, at start: Int, count: Int, into sizes: inout [Int]
  ) throws(DataError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var place = start
    while place <= start + count - 4 {
      let kind = try file.integer(UInt16.self, at: place, "an extra field")
      let length = Int(try file.integer(UInt16.self, at: place + 2, "an extra field"))
      guard length <= start + count - place - 4 else { break }
      if kind == 1 {
        var wide = place + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          guard wide <= place + 4 + length - 8 else {
            throw file.failure(place, "the 64-bit sizes of a member are not all there")
          }
          sizes[index] = try int(file, at: wide, "a 64-bit size")
          wide += 8
        }
        return
      }
      place += 4 + length
    }
    throw file.failure(start, "the 64-bit sizes of a member are not there")
  }
}

/// Reads one member of a zip file from start to end, and checks its checksum.
package final class ZipReader {
  private let archive: ZipArchive
  private let member: ZipArchive.Member
  private let inflater: Inflater?
  private var read = 0
  private var checksum: UInt32 = 0

  /// Starts at the member's first byte.
  package init(_ archive: ZipArchive, _ member: ZipArchive.Member) throws(DataError) {
    self.archive = archive
    self.member = member
    inflater = member.isDeflated ? try Inflater(archive.file, in: member.range, .raw) : nil
  }

  /// Fills a buffer with the next bytes.
  ///
  /// - Throws: `DataError` if there are fewer.
  package func fill(_ target: UnsafeMutableRawBufferPointer) throws(DataError) {
    guard target.count > 0 else { return }
    guard target.count <= member.size - read else {
      throw archive.file.failure(
        member.range.upperBound,
        "\(JSONText.quoted(member.name)) ends after \(member.size) bytes; "
          + "\(target.count) are needed from \(read) on")
    }
    if let inflater {
      let count = try inflater.read(into: target)
      guard count == target.count else {
        throw inflater.failure(
          "\(JSONText.quoted(member.name)) ends after \(read + count) bytes, "
            + "not \(member.size) as the list says")
      }
    } else {
      let source = try archive.file.bytes(
        at: member.range.lowerBound + read, count: target.count, "a member")
      target.copyMemory(from: source)
    }
    read += target.count
    checksum = Deflate.crc32(UnsafeRawBufferPointer(target), after: checksum)
  }

  /// Checks that all has been read, that no more comes, and that the checksum is right.
  package func finish() throws(DataError) {
    let name = JSONText.quoted(member.name)
    guard read == member.size else {
      throw archive.file.failure(
        member.range.upperBound, "\(name) has \(member.size) bytes, but only \(read) belong to it")
    }
    if let inflater, try !inflater.isFinished() {
      throw inflater.failure("\(name) has more bytes than the \(member.size) that the list says")
    }
    guard member.checksum == nil || checksum == member.checksum else {
      throw archive.file.failure(
        member.place, "the checksum of \(name) is wrong: the file is damaged")
    }
  }
}
