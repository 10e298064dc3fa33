import Blitz
import Foundation
import Testing

@testable import BlitzData

/// What Tests/Reference/pictures.py wrote.
struct PictureReference: Decodable, Sendable {
  var images: [LoadingReference.Picture]
  var resizes: [LoadingReference.Resize]

  static let stored: PictureReference = {
    do {
      let path = FormatReference.path("pictures.json")
      return try JSONDecoder().decode(
        PictureReference.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch { fatalError("Reference/pictures.json: \(error)") }
  }()

  /// The pictures whose names start so.
  static func pictures(_ name: String) -> [LoadingReference.Picture] {
    stored.images.filter { $0.name.hasPrefix(name) }
  }
}

@Suite("Formats of images")
struct ImageFormatTests {
  private static let always = ["png", "jpeg", "bmp", "pgm", "ppm"]

  @Test(
    "reads the pixels that Pillow reads, level for level",
    arguments: always.flatMap(PictureReference.pictures))
  func reading(picture: LoadingReference.Picture) throws { try check(picture, within: 0) }

  private func check(_ picture: LoadingReference.Picture, within: Int) throws {
    let image = try Image(bytes: Array(picture.file), path: picture.name)
    #expect(image.width == picture.width && image.height == picture.height)
    #expect(image.channelCount == picture.channels)
    let pixels = Array(picture.pixels)
    try #require(image.pixels.count == pixels.count)
    let worst = zip(image.pixels, pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(worst <= within)
  }

  @Test("has files of every kind")
  func counts() {
    let counts = ["png", "jpeg", "bmp", "p", "webp", "tiff"].map {
      PictureReference.pictures($0).count
    }
    #expect(counts == [65, 12, 11, 68, 3, 8])
  }

  #if WebP
    @Test("reads WebP", arguments: PictureReference.pictures("webp"))
    func webP(picture: LoadingReference.Picture) throws { try check(picture, within: 0) }
  #else
    @Test("names the trait that reads WebP")
    func noWebP() throws {
      let file = Array(try #require(PictureReference.pictures("webp").first).file)
      #expect(
        throws: DataError(
          path: "a.png",
          reason: "is a WebP image, which is read in a build with the package trait WebP; "
            + "or save it as PNG")
      ) { try Image(bytes: file, path: "a.png") }
    }
  #endif

  #if TIFF
    @Test("reads TIFF", arguments: PictureReference.pictures("tiff"))
    func tiff(picture: LoadingReference.Picture) throws { try check(picture, within: 1) }
  #else
    @Test("names the trait that reads TIFF")
    func noTIFF() throws {
      let file = Array(try #require(PictureReference.pictures("tiff").first).file)
      #expect(
        throws: DataError(
          path: "a.png",
          reason: "is a TIFF image, which is read in a build with the package trait TIFF; "
            + "or save it as PNG")
      ) { try Image(bytes: file, path: "a.png") }
    }
  #endif

  // Pillow's Image.resize(size, BILINEAR), which rounds after each axis.
  @Test("resizes as Pillow does, within a level", arguments: PictureReference.stored.resizes)
  func resizing(reference: LoadingReference.Resize) throws {
    let image = try Image(
      width: reference.width, height: reference.height, channelCount: reference.channels,
      pixels: Array(reference.pixels))
    let resized = try image.resized(width: reference.newWidth, height: reference.newHeight)
    try #require(resized.pixels.count == reference.values.count)
    for (ours, theirs) in zip(resized.pixels, reference.values) {
      #expect(abs(Double(ours) - theirs) <= 1)
    }
  }

  @Test(
    "says what a file is that is no picture",
    arguments: [
      ("GIF89a--", "a GIF image"), ("%PDF-1.7", "a PDF document"),
      ("\n<!DOCTYPE html><p>", "an HTML page"), ("<svg width='2'/>", "an SVG drawing"),
      ("PK\u{3}\u{4}", "a zip file"), ("\0\0\0 ftypavif", "an AVIF image"), ("P3 1 1", "a Netpbm"),
      ("not found", "a text"), ("version https://git-lfs", "a pointer of Git LFS"),
    ])
  func others(text: String, kind: String) throws {
    let error = try #require(throws: DataError.self) {
      try Image(bytes: Array(text.utf8), path: "a.png")
    }
    #expect(error.reason.hasPrefix("is \(kind)"))
  }
}
