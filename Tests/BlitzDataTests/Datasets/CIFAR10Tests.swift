import Blitz
import Foundation
import Testing

@testable import BlitzData

@Suite("CIFAR-10")
struct CIFAR10Tests {
  /// An image whose pixels are red 10, green 20 and blue 30, but for one that is the label.
  static func image(_ label: UInt8) -> [UInt8] {
    var planes = [10, 20, 30].flatMap { [UInt8](repeating: $0, count: 1024) }
    // Green, row 2, column 5.
    planes[1024 + 2 * 32 + 5] = label
    return [label] + planes
  }

  private static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

  @Test("has a class and then three planes for each image, the batches in their order")
  func reads() throws {
    for place in ["", "cifar-10-batches-bin/"] {
      let folder = try TemporaryFolder()
      for (number, name) in CIFAR10Tests.names.enumerated() {
        _ = try folder.file(
          place + name, CIFAR10Tests.image(UInt8(number)) + CIFAR10Tests.image(9))
      }
      let data = try CIFAR10(directory: folder.path)
      #expect(data.train.labels == [0, 9, 1, 9, 2, 9, 3, 9, 4, 9])
      #expect(data.test.labels == [5, 9])
      #expect(data.test.classNames[5] == "dog")
      let batch = data.train.batch(at: [4])
      #expect(batch.inputs.signature == "float32[1, 3, 32, 32]")
      #expect(abs(try batch.inputs[0, 0, 2, 5].item() * 255 - 10) < 1e-5)
      #expect(abs(try batch.inputs[0, 1, 2, 5].item() * 255 - 2) < 1e-5)
      #expect(abs(try batch.inputs[0, 2].mean().item() * 255 - 30) < 1e-4)
    }
  }

  @Test("says what was looked for where, and how to get it")
  func missing() throws {
    let folder = try TemporaryFolder()
    func words() throws -> String {
      try #require(throws: DataError.self) { try CIFAR10(directory: folder.path) }.description
        .replacing(folder.path, with: "D")
    }
    let places = "CIFAR-10: there is no data_batch_1.bin in D or D/cifar-10-batches-bin; "
    let help =
      "fetch it with `blitz download cifar-10` or CIFAR10.download(), or name the folder that has "
      + "it"
    #expect(try words() == places + help)
    _ = try folder.file("cifar-10-batches-py/data_batch_1", [0])
    #expect(
      try words() == places + "D has Python's version, the binary one is wanted: " + help)
  }

  @Test("refuses a file that ends within an image, and a class above 9")
  func damaged() throws {
    func reason(_ bytes: [UInt8]) throws -> String {
      try #require(throws: DataError.self) {
        try CIFAR10.read([MappedFile(bytes: bytes, path: "b")])
      }.description
    }
    let image = CIFAR10Tests.image(3)
    #expect(
      try reason(image + [1]) == "b: has 3074 bytes; a batch of CIFAR-10 has 3073 for each image")
    #expect(try reason([]) == "b: has 0 bytes; a batch of CIFAR-10 has 3073 for each image")
    #expect(
      try reason(image + CIFAR10Tests.image(10))
        == "b: byte 3073: the class of image 1 is 10, not 0 to 9")
  }
}
