import Blitz
import BlitzData
import Foundation
import Testing

@Suite("Fashion-MNIST")
struct FashionMNISTTests {
  static let isInstalled = FashionMNIST.standardDirectories.contains {
    FileManager.default.fileExists(atPath: "\($0)/train-images-idx3-ubyte.gz")
  }

  // NumPy 2.4.6 on the files of Debian's package: x.sum(), (x.sum(1) * arange(10000)).sum(),
  // bincount(y).
  @Test(
    "has the pixels and labels that NumPy reads",
    .enabled(if: isInstalled, "apt install dataset-fashion-mnist"))
  func installed() throws {
    let data = try FashionMNIST()
    #expect(data.train.pixels.shape == [60_000, 1, 28, 28])
    #expect(data.test.pixels.shape == [10_000, 1, 28, 28])
    #expect(Array(data.train.labels[..<10]) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    for part in [data.train, data.test] {
      #expect((0..<10).allSatisfy { c in part.labels.count { $0 == c } == part.count / 10 })
    }
    let sums = data.test.pixels.withUnsafeBytes { bytes in
      (0..<10_000).map { image in
        var sum = 0
        for i in 784 * image..<784 * (image + 1) { sum &+= Int(bytes[i]) }
        return sum
      }
    }
    #expect(sums.reduce(0, +) == 573_469_082)
    #expect(sums.enumerated().reduce(0) { $0 + $1.offset * $1.element } == 2_866_805_934_443)
    let batch = data.train.batch(at: [123, 0])
    #expect(batch.inputs.signature == "float32[2, 1, 28, 28]")
    #expect(batch.labels.signature == "int64[2]")
    #expect(abs(try batch.inputs[0].sum().item() * 255 - 42_314) < 0.1)
    #expect(try data.test.image(at: 7).pixels.count == 784)
    #expect(data.test.classNames[data.test.labels[0]] == "Ankle boot")
  }

  /// Files as small as the reader takes them.
  private func files(images: Int = 2, labels: [UInt8] = [9, 0]) throws -> [String: [UInt8]] {
    let header = IDXTests.header(8, UInt32(images), 28, 28)
    let pixels = (0..<images * 784).map { UInt8($0 % 256) }
    return [
      "train-images-idx3-ubyte": header + pixels,
      "train-labels-idx1-ubyte": IDXTests.header(8, UInt32(labels.count)) + labels,
      "t10k-images-idx3-ubyte": header + pixels,
      "t10k-labels-idx1-ubyte": IDXTests.header(8, UInt32(labels.count)) + labels,
    ]
  }

  @Test("is found compressed or not, here or where torchvision keeps it")
  func places() throws {
    let (plain, packed, torchvision) = (
      try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()
    )
    for (name, bytes) in try files() {
      _ = try plain.file(name, bytes)
      _ = try packed.file("\(name).gz", gzip(bytes))
      _ = try torchvision.file("FashionMNIST/raw/\(name)", bytes)
      _ = try torchvision.file("MNIST/raw/\(name)", bytes)
    }
    for folder in [plain, packed, torchvision] {
      let data = try FashionMNIST(directory: folder.path)
      #expect(data.train.labels == [9, 0])
      #expect(try data.test[1...].inputs.max().item() == 1)
    }
    for folder in [plain, packed, torchvision] {
      let data = try MNIST(directory: folder.path)
      #expect(data.train.labels == [9, 0])
      #expect(data.test.classNames[9] == "9")
    }
  }

  @Test("says what was looked for where, and what to install")
  func missing() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: DataError.self) { try FashionMNIST(directory: folder.path) }
    #expect(
      error.description
        == "Fashion-MNIST: there is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in "
        + "\(folder.path) or \(folder.path)/FashionMNIST/raw; install it with "
        + "`apt install dataset-fashion-mnist`, fetch it with `blitz download fashion-mnist`, or "
        + "name the folder that has it")
    let other = try #require(throws: DataError.self) { try MNIST(directory: folder.path) }
    #expect(
      other.description
        == "MNIST: there is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in "
        + "\(folder.path) or \(folder.path)/MNIST/raw; fetch it with `blitz download mnist` or "
        + "MNIST.download(), or name the folder that has it")
  }

  @Test("refuses files that do not belong together")
  func mixed() throws {
    func reason(_ files: [String: [UInt8]]) throws -> String {
      let folder = try TemporaryFolder()
      for (name, bytes) in files { _ = try folder.file(name, bytes) }
      let error = try #require(throws: DataError.self) { try FashionMNIST(directory: folder.path) }
      return error.description.replacing(folder.path, with: "D")
    }
    #expect(
      try reason(files(labels: [1, 2, 3]))
        == "D/train-labels-idx1-ubyte: has 3 labels, but D/train-images-idx3-ubyte has 2 images; "
        + "are they files of one set?")
    #expect(
      try reason(files(labels: [1, 10]))
        == "D/train-labels-idx1-ubyte: label 1 is 10, not a class from 0 to 9")
    var swapped = try files()
    swapped["train-images-idx3-ubyte"] = swapped["train-labels-idx1-ubyte"]
    #expect(
      try reason(swapped)
        == "D/train-images-idx3-ubyte: holds uint8[2], not pictures: uint8[count, height, width]")
    swapped = try files()
    swapped["t10k-labels-idx1-ubyte"] = swapped["t10k-images-idx3-ubyte"]
    #expect(
      try reason(swapped)
        == "D/t10k-labels-idx1-ubyte: holds uint8[2, 28, 28], not labels: uint8[count]")
    var small = try files()
    small["train-images-idx3-ubyte"] = IDXTests.header(8, 2, 1, 2) + [1, 2, 3, 4]
    #expect(
      try reason(small)
        == "train-images-idx3-ubyte: has images of 1 x 2 pixels; those of Fashion-MNIST are 28 x 28"
    )
  }
}
