import BlitzData
import Testing

@Suite("Digits")
struct DigitsTests {
  let digits = Digits()

  @Test("holds 1,797 images of 8 by 8 pixels")
  func counts() {
    #expect(digits.count == 1797)
    #expect(digits.pixels.count == 1797 * digits.imageHeight * digits.imageWidth)
    #expect(digits.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
  }

  // scikit-learn 1.9.1, NumPy 2.4.6: d = load_digits(); numpy.bincount(d.target)
  @Test("has as many images of each class as scikit-learn counts")
  func labelCounts() {
    let counts = (0...9).map { label in digits.labels.count { $0 == label } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(digits.labels.suffix(5) == [9, 0, 8, 9, 8])
  }

  // d.data.sum() is 561718; (d.data * numpy.arange(1797)[:, None]).sum() is 503342547.
  @Test("has the ink that scikit-learn's array has, image by image")
  func sums() {
    let sixteenths = digits.pixels.map { Int($0 * 16) }
    #expect(sixteenths.reduce(0, +) == 561_718)
    let weighted = sixteenths.enumerated().reduce(0) { $0 + $1.element * ($1.offset / 64) }
    #expect(weighted == 503_342_547)
    #expect(digits.pixels.allSatisfy { 0...1 ~= $0 })
  }

  @Test("draws the first image as a zero")
  func firstImage() {
    let rows = (0..<8).map { row in
      String(digits.pixels[row * 8..<row * 8 + 8].map { $0 > 0.4 ? "#" : "." })
    }
    #expect(
      rows == [
        "...##...", "..####..", "..#..##.", "..#..##.", "..#..##.", "..#..##.", "..#.##..",
        "...##...",
      ])
  }
}
