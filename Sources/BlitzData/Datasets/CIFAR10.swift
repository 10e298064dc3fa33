import BlitzSystem
import BlitzTensor

/// CIFAR-10: 60,000 photographs of animals and vehicles, 32 by 32 pixels in colour, in ten classes.
///
///     let data = try CIFAR10.download()     // fetches 170 MB, once
///     for (x, y) in DataLoader(data.train, batchSize: 128, shuffledBy: generator) { ... }
///
/// Made by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton (2009),
/// https://www.cs.toronto.edu/~kriz/cifar.html. It is not part of Blitz: `download(to:)` fetches
/// its binary version, and ``init(directory:)`` takes one that is here already.
public struct CIFAR10: Sendable {
  /// 50,000 images for training: inputs float32 `[count, 3, 32, 32]` from 0 to 1.
  public let train: ImageDataset
  /// 10,000 images for testing.
  public let test: ImageDataset

  /// The names of the classes.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The folders that are searched if none is given.
  public static let standardDirectories =
    ["/usr/share/datasets/cifar-10"] + Download.folder(of: "cifar-10")

  /// What `download(to:)` fetches and unpacks.
  public static let downloads = [
    Download(
      "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
  ]

  /// Reads the six binary batches; they take 154 MB of memory for training and 31 for testing.
  ///
  /// - Parameter directory: the folder of `data_batch_1.bin` to `data_batch_5.bin` and
  ///   `test_batch.bin`, or of `cifar-10-batches-bin`; if left out, `standardDirectories`.
  /// - Throws: `DataError` that says what was searched where and how to get it, or what is wrong
  ///   with a file.
  public init(directory: String? = nil) throws(DataError) {
    let places = (directory.map { [$0] } ?? CIFAR10.standardDirectories).flatMap {
      [$0, "\($0)/\(CIFAR10.folderName)"]
    }
    train = try CIFAR10.images((1...5).map { "data_batch_\($0).bin" }, in: places)
    test = try CIFAR10.images(["test_batch.bin"], in: places)
  }

  /// Fetches the files if they are not there, and reads them.
  ///
  /// - Parameter directory: where to keep them; `~/.blitz/datasets/cifar-10` if left out.
  /// - Throws: `DataError` for what ``Download/fetch(to:)`` or ``init(directory:)`` throw.
  public static func download(to directory: String? = nil) throws(DataError) -> CIFAR10 {
    try CIFAR10(directory: Download.fetch(downloads, to: directory, for: "cifar-10"))
  }

  private static let folderName = "cifar-10-batches-bin"

  private static func images(
    _ names: [String], in places: [String]
  ) throws(DataError) -> ImageDataset {
    var files: [MappedFile] = []
    for name in names { files.append(try MappedFile(path: find(name, in: places))) }
    return try read(files)
  }

  private static func find(_ name: String, in places: [String]) throws(DataError) -> String {
    let paths = places.map { "\($0)/\(name)" }
    if let path = paths.first(where: FileSystem.exists) { return path }
    let pickled = places.first { FileSystem.exists("\($0)/cifar-10-batches-py") }
    let hint = pickled.map { "\($0) has Python's version, the binary one is wanted: " } ?? ""
    throw DataError(
      path: "CIFAR-10",
      reason: "there is no \(name) in \(places.joined(separator: " or ")); \(hint)fetch it with "
        + "`blitz download cifar-10` or CIFAR10.download(), or name the folder that has it")
  }

  /// Reads binary batches, one after another: for each image a byte for its class and 3,072 for
  /// the red, green and blue of its pixels, row by row.
  ///
  /// - Throws: `DataError` for a file that does not end with an image, or a class above 9.
  static func read(_ files: [MappedFile]) throws(DataError) -> ImageDataset {
    let area = 3 * 32 * 32
    for file in files where file.count % (1 + area) != 0 || file.count == 0 {
      throw DataError(
        path: file.path,
        reason: "has \(file.count) bytes; a batch of CIFAR-10 has \(1 + area) for each image")
    }
    let count = files.reduce(0) { $0 + $1.count / (1 + area) }
    var labels: [Int] = []
    labels.reserveCapacity(count)
    do {
      var pixels = try HostArray(uninitialized: [count, 3, 32, 32], .uint8)
      try pixels.withUnsafeMutableBytes { target in
        for file in files {
          for image in 0..<file.count / (1 + area) {
            let record = try file.bytes(at: image * (1 + area), count: 1 + area, "an image")
            guard record[0] < classNames.count else {
              throw DataError(
                path: file.path,
                reason: "byte \(image * (1 + area)): the class of image \(image) is \(record[0]), "
                  + "not 0 to 9")
            }
            UnsafeMutableRawBufferPointer(rebasing: target[(labels.count * area)...])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: record.dropFirst()))
            labels.append(Int(record[0]))
          }
        }
      }
      return ImageDataset(pixels: pixels, labels: labels, classNames: classNames)
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError(
        path: files.first?.path ?? "CIFAR-10",
        reason: (error as? TensorError)?.summary ?? "\(error)")
    }
  }
}
