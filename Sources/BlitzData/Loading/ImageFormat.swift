/// The formats of pictures, told apart by a file's first bytes.
enum ImageFormat: Sendable, CaseIterable {
  case png, jpeg, bmp, netpbm, webp, tiff

  /// What a file is; nil if none of these.
  init?(_ bytes: [UInt8]) {
    func has(_ text: String, at place: Int = 0) -> Bool {
      bytes.dropFirst(place).starts(with: text.utf8)
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if has("RIFF"), has("WEBP", at: 8) {
      self = .webp
    } else if has("II*\0") || has("MM\0*") || has("II+\0") || has("MM\0+") {
      self = .tiff
    } else if has("BM"), bytes.dropFirst(6).starts(with: [0, 0, 0, 0]) {
      self = .bmp
    } else if has("P5") || has("P6"), bytes.count > 2, [9, 10, 13, 32, 35].contains(bytes[2]) {
      self = .netpbm
    } else {
      return nil
    }
  }

  /// How names end of files that are read in this build.
  static let endings: [String] = allCases.filter { $0.isRead }.flatMap(\.endings)

  /// Whether this build has the reader.
  var isRead: Bool { refusal == nil }

  private var endings: [String] {
    switch self {
    case .png: [".png"]
    case .jpeg: [".jpg", ".jpeg", ".jfif"]
    case .bmp: [".bmp"]
    case .netpbm: [".pgm", ".ppm"]
    case .webp: [".webp"]
    case .tiff: [".tif", ".tiff"]
    }
  }

  /// What keeps this build from reading it; nil if nothing does.
  var refusal: String? {
    switch self {
    case .png, .jpeg, .bmp, .netpbm: return nil
    case .webp:
      #if WebP
        return nil
      #else
        return "is a WebP image, which is read in a build with the package trait WebP; "
          + "or save it as PNG"
      #endif
    case .tiff:
      #if TIFF
        return nil
      #else
        return "is a TIFF image, which is read in a build with the package trait TIFF; "
          + "or save it as PNG"
      #endif
    }
  }

  /// What a file is that is none of these pictures, in words.
  static func refusal(of bytes: [UInt8]) -> String {
    guard !bytes.isEmpty else { return "is empty; a picture is needed" }
    func has(_ text: String, at place: Int = 0) -> Bool {
      bytes.dropFirst(place).starts(with: text.utf8)
    }
    let kinds: [(Bool, String)] = [
      (has("GIF8"), "a GIF image"), (has("%PDF"), "a PDF document"),
      (has("PK\u{3}\u{4}"), "a zip file"), (bytes.starts(with: [0x1F, 0x8B]), "a gzip file"),
      (has("ftypavif", at: 4), "an AVIF image"), (has("ftyphei", at: 4), "an HEIC image"),
      (has("ftypmif1", at: 4), "an HEIC image"), (has("ftyp", at: 4), "a video"),
      (bytes.starts(with: [0, 0, 1, 0]), "an icon (ICO)"), (has("8BPS"), "a Photoshop file"),
      (bytes.starts(with: [0xFF, 0x0A]) || has("JXL ", at: 4), "a JPEG XL image"),
      (has("jP  ", at: 4), "a JPEG 2000 image"), (has("\u{7F}ELF"), "a program"),
      (has("version https://git-lfs"), "a pointer of Git LFS, not the file: run git lfs pull"),
      (
        bytes.count > 2 && bytes[2] <= 32 && ["P1", "P2", "P3", "P4", "P7"].contains { has($0) },
        "a Netpbm image of another kind than P5 and P6"
      ),
    ]
    if let kind = kinds.first(where: \.0)?.1 { return sentence(kind) }
    let start = String(decoding: bytes.prefix(1000), as: UTF8.self)
    let text = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(200).lowercased()
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
      return sentence("an HTML page")
    }
    if text.hasPrefix("<svg") || text.hasPrefix("<?xml") {
      return sentence(start.lowercased().contains("<svg") ? "an SVG drawing" : "an XML document")
    }
    if bytes.prefix(1000).allSatisfy({ $0 >= 32 && $0 < 127 || (9...13).contains($0) }) {
      return sentence("a text")
    }
    let digits = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "byte 0: \(digits.joined(separator: " ")) is the start of no picture that Blitz reads: "
      + endings.joined(separator: " ")
  }

  private static func sentence(_ kind: String) -> String {
    "is \(kind), as its first bytes say, which is no picture that Blitz reads: "
      + endings.joined(separator: " ")
  }
}

extension Image {
  /// Whether a file gives one channel. PNG and JPEG say so in their first bytes; others are read.
  static func isGrey(_ path: String) throws(DataError) -> Bool {
    let file = try MappedFile(path: path)
    let start = file.withAllBytes { Array($0.prefix(1 << 16)) }
    switch ImageFormat(start) {
    case .png where start.count > 25: return start[25] == 0 || start[25] == 4
    case .jpeg:
      if let count = componentCount(ofJPEG: start) { return count == 1 }
    default: break
    }
    return try Image(path: path).channelCount == 1
  }

  /// How many channels a JPEG file's frame header says; nil if it comes later than these bytes.
  private static func componentCount(ofJPEG bytes: [UInt8]) -> Int? {
    var place = 2
    while place + 9 < bytes.count, bytes[place] == 0xFF {
      let mark = bytes[place + 1]
      // The frame headers are 0xC0 to 0xCF but for tables.
      if (0xC0...0xCF).contains(mark), ![0xC4, 0xC8, 0xCC].contains(mark) {
        return Int(bytes[place + 9])
      }
      place += 2 + (Int(bytes[place + 2]) << 8) + Int(bytes[place + 3])
    }
    return nil
  }
}
