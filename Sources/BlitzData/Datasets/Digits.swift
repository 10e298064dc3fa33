/// Real handwritten digits: 1,797 images of 8 by 8 pixels by 13 writers, with their classes.
///
/// The data is the test set of "Optical Recognition of Handwritten Digits" by E. Alpaydin and
/// C. Kaynak, UCI Machine Learning Repository (1998), licence CC BY 4.0. It is part of the binary:
/// no file is read and nothing is downloaded.
///
/// A batch has inputs float32 `[count, 1, 8, 8]` from 0 to 1 and labels int64 `[count]`.
public struct Digits: Dataset {
  /// The ink of each pixel, from 0 (none) to 1 (full): row-major
  /// `[count, imageHeight * imageWidth]`.
  public let pixels: [Float]
  /// The class of each image, 0...9.
  public let labels: [Int]
  /// The names of the classes: "0" to "9".
  public let classNames = (0...9).map(String.init)
  /// The number of rows of pixels in an image.
  public let imageHeight = 8
  /// The number of columns of pixels in an image.
  public let imageWidth = 8
  /// The number of images: 1,797.
  public var count: Int { labels.count }

  /// Unpacks the images from the binary; takes about a millisecond.
  public init() {
    // 64 letters, a label and the end of the line; the last line has no end.
    let lineLength = 66
    let count = (Digits.text.utf8CodeUnitCount + 1) / lineLength
    var pixels: [Float] = []
    pixels.reserveCapacity(count * 64)
    var labels: [Int] = []
    labels.reserveCapacity(count)
    Digits.text.withUTF8Buffer { text in
      for line in stride(from: 0, to: text.count, by: lineLength) {
        // A letter counts ink in sixteenths from "A"; sixteenths are exact in Float.
        for letter in text[line..<line + 64] {
          pixels.append(Float(letter - UInt8(ascii: "A")) / 16)
        }
        labels.append(Int(text[line + 64] - UInt8(ascii: "0")))
      }
    }
    self.pixels = pixels
    self.labels = labels
  }
  /// The images at these indices.
  public func examples(at indices: [Int]) throws -> Examples {
    try Examples(
      rows: indices, of: pixels, shape: [1, imageHeight, imageWidth], labels: labels)
  }
}
