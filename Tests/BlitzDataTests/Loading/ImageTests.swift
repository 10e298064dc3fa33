import Blitz
import BlitzData
import Foundation
import Testing

@Suite("Images")
struct ImageTests {
  @Test("reads the pixels that Pillow reads", arguments: LoadingReference.stored.images)
  func reading(picture: LoadingReference.Picture) throws {
    let image = try Image(bytes: Array(picture.file), path: picture.name)
    #expect(image.width == picture.width)
    #expect(image.height == picture.height)
    #expect(image.channelCount == picture.channels)
    // Two releases of the same JPEG decoder: equal, as are PNG's numbers.
    #expect(image.pixels == Array(picture.pixels))
    #expect(image.grayscale().pixels == Array(picture.grey))
  }

  @Test(
    "reads its own PNG back",
    arguments: [(1, 1, 1), (1, 7, 3), (200, 3, 1), (64, 65, 3)])
  func writing(width: Int, height: Int, channels: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let pixels = (0..<width * height * channels).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    let image = try Image(width: width, height: height, channelCount: channels, pixels: pixels)
    #expect(try Image(bytes: image.pngData(), path: "memory") == image)
    let folder = try TemporaryFolder()
    try image.write(png: "\(folder.path)/a.png")
    #expect(try Image(path: "\(folder.path)/a.png") == image)
  }

  // torch.nn.functional.interpolate(mode="bilinear", antialias=True)
  @Test("resizes as PyTorch's antialiased filter does", arguments: LoadingReference.stored.resizes)
  func resizing(reference: LoadingReference.Resize) throws {
    let image = try Image(
      width: reference.width, height: reference.height, channelCount: reference.channels,
      pixels: Array(reference.pixels))
    let resized = try image.resized(width: reference.newWidth, height: reference.newHeight)
    #expect(resized.width == reference.newWidth)
    #expect(resized.height == reference.newHeight)
    #expect(resized.pixels.count == reference.values.count)
    for (ours, theirs) in zip(resized.pixels, reference.values) {
      #expect(abs(Double(ours) - theirs) <= 0.501)
    }
  }

  @Test("becomes a tensor of channels, rows and columns, and comes back")
  func tensors() throws {
    let image = try Image(
      width: 2, height: 1, channelCount: 3, pixels: [255, 0, 51, 102, 153, 204])
    #expect(image.tensor().shape == [3, 1, 2])
    #expect(try image.tensor().scalars() == [1, 0.4, 0, 0.6, 0.2, 0.8] as [Float])
    #expect(try Image(image.tensor()) == image)
    #expect(try Image((image.tensor() * 255).cast(to: .uint8)) == image)
    let bright: [[Double]] = [[-1, 0.5, .nan, 7]]
    #expect(try Image(Tensor(bright)).pixels == [0, 128, 0, 255])
    #expect(image.grayscale().rgb().pixels == [82, 82, 82, 144, 144, 144])
  }

  /// A PNG that declares a size; its checksum is right.
  private static func declaring(_ width: UInt32, _ height: UInt32) -> [UInt8] {
    func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    let header = Array("IHDR".utf8) + big(width) + big(height) + [8, 0, 0, 0, 0]
    var checksum: UInt32 = ~0
    for byte in header {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + big(13) + header + big(~checksum)
      + big(0) + Array("IDAT".utf8) + big(0x35AF_061E)
  }

  /// A JPEG that declares 65,000 by 64,000 pixels.
  private static var hugeJPEG: [UInt8] {
    var bytes = LoadingReference.file("jpeg, colour")
    guard
      let place = bytes.indices.dropLast(9).first(where: { bytes[$0...].starts(with: [255, 0xC0]) })
    else { return [] }
    bytes.replaceSubrange(place + 5..<place + 9, with: [250, 0, 253, 232])
    return bytes
  }

  @Test(
    "says in one line what is wrong with a file",
    arguments: [
      ([], "is empty; a picture is needed"),
      (
        [1, 2, 3, 0x7F], "byte 0: 01 02 03 7f is the start of no picture that Blitz reads: "
      ),
      (Array(LoadingReference.file("png, colour").prefix(60)), "is not a whole PNG image: "),
      (Array(LoadingReference.file("png, colour").dropLast(40)), "is not a whole PNG image: "),
      (Array(LoadingReference.file("png, colour").prefix(8)), "is not a whole PNG image: "),
      (Array(LoadingReference.file("jpeg, colour").prefix(100)), "is not a whole JPEG image: "),
      (
        Array(LoadingReference.file("jpeg, colour").dropLast(60)),
        "is not a whole JPEG image: Premature end of JPEG file"
      ),
      (
        declaring(60_000, 60_000),
        "declares 60000 x 60000 pixels, the limit is 67108864; "
          + "give a larger maximumPixelCount if they are meant"
      ),
      (
        hugeJPEG,
        "declares 65000 x 64000 pixels, the limit is 67108864; "
          + "give a larger maximumPixelCount if they are meant"
      ),
      (declaring(0, 5), "is not a whole PNG image: "),
      (declaring(100, 100), "is not a whole PNG image: "),
    ] as [([UInt8], String)])
  func errors(bytes: [UInt8], reason: String) throws {
    let error = try #require(throws: DataError.self) { try Image(bytes: bytes, path: "a.png") }
    #expect(error.path == "a.png")
    let start = reason.hasSuffix(" ") ? String(error.reason.prefix(reason.count)) : error.reason
    #expect(start == reason)
    #expect(error.reason.count > reason.count || !reason.hasSuffix(" "))
    #expect(!error.description.contains("\n"))
  }

  @Test("survives damaged files: each of 4,000 is an image or an error")
  func damaged() throws {
    var generator = SystemRandomNumberGenerator()
    var (images, errors) = (0, 0)
    for picture in LoadingReference.stored.images {
      for _ in 0..<400 {
        var bytes = Array(picture.file)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(
            in: 0...255, using: &generator)
        }
        if Bool.random(using: &generator) {
          bytes.removeLast(Int.random(in: 0..<bytes.count - 8, using: &generator))
        }
        do {
          let image = try Image(bytes: bytes, path: "d", maximumPixelCount: 1 << 16)
          #expect(image.pixels.count == image.width * image.height * image.channelCount)
          images += 1
        } catch {
          errors += 1
        }
      }
    }
    #expect(errors > images && images > 0)
  }

  @Test("refuses pixels and tensors that are no picture")
  func refused() throws {
    func message(_ make: () throws -> Image) throws -> String {
      try #require(tensorError { try make() }?.summary)
    }
    #expect(
      try message { try Image(width: 2, height: 2, channelCount: 1, pixels: [1]) }
        == "Image: 1 bytes are not 2 x 2 pixels of 1")
    #expect(
      try message { try Image(width: .max, height: .max, channelCount: 3, pixels: []) }
        == "Image: 0 bytes are not \(Int.max) x \(Int.max) pixels of 3")
    #expect(
      try message { try Image(width: 1, height: 1, channelCount: 2, pixels: [1, 2]) }
        == "Image: 2 channels are neither 1 (grey) nor 3 (red, green, blue)")
    #expect(
      try message { try Image(Tensor.zeros([2, 4, 4])) }
        == "Image: takes [height, width] or [channels, height, width] with 1 or 3 channels")
    #expect(
      try message { try Image(Tensor.zeros([4, 4], dtype: .int64)) }
        == "Image: takes uint8, or float32 or float64 from 0 to 1")
    let image = try Image(width: 1, height: 1, channelCount: 1, pixels: [7])
    #expect(
      try message { try image.resized(width: 0, height: 3) }
        == "resized: 0 x 3 pixels are no size for a picture")
    #expect(
      try message { try image.resized(width: .max, height: 3) }
        == "resized: \(Int.max) x 3 pixels are no size for a picture")
  }
}
