import BlitzSystem

/// Fashion-MNIST: 70,000 pictures of clothes and shoes, 28 by 28 pixels in grey, in ten classes.
///
///     let data = try FashionMNIST()
///     for batch in DataLoader(data.train, batchSize: 128, shuffledBy: generator) { ... }
///
/// Made by Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando Research (2017),
/// https://github.com/zalandoresearch/fashion-mnist, licence MIT. It is not part of Blitz: on
/// Debian and Ubuntu the package `dataset-fashion-mnist` has its four files.
public struct FashionMNIST: Sendable {
  /// 60,000 images for training: inputs float32 `[count, 1, 28, 28]` from 0 to 1.
  public let train: ImageDataset
  /// 10,000 images for testing.
  public let test: ImageDataset

  /// The names of the classes.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// The folders that are searched if none is given.
  public static let standardDirectories = [
    "/usr/share/datasets/fashion-mnist", "/usr/local/share/datasets/fashion-mnist",
  ]

  /// Reads the four idx files, with or without `.gz`; they take 47 MB of memory for training and 8
  /// for testing.
  ///
  /// - Parameter directory: the folder of the files, or of `FashionMNIST/raw` as torchvision has
  ///   it; if left out, `standardDirectories`.
  /// - Throws: `DataError` that says what was searched where and what to install, or what is wrong
  ///   with a file.
  public init(directory: String? = nil) throws(DataError) {
    let places =
      directory.map { [$0, "\($0)/FashionMNIST/raw"] } ?? FashionMNIST.standardDirectories
    train = try FashionMNIST.part("train", in: places)
    test = try FashionMNIST.part("t10k", in: places)
  }

  private static func part(_ name: String, in places: [String]) throws(DataError) -> ImageDataset {
    let dataset = try ImageDataset(
      images: IDX(path: find("\(name)-images-idx3-ubyte", in: places)),
      labels: IDX(path: find("\(name)-labels-idx1-ubyte", in: places)), classNames: classNames)
    guard dataset.pixels.shape.dropFirst().elementsEqual([1, 28, 28]) else {
      throw DataError(
        path: "\(name)-images-idx3-ubyte",
        reason: "has images of \(dataset.pixels.shape[2]) x \(dataset.pixels.shape[3]) pixels; "
          + "those of Fashion-MNIST are 28 x 28")
    }
    return dataset
  }

  /// The path of a file, compressed or not, in the first of the places that has it.
  private static func find(_ file: String, in places: [String]) throws(DataError) -> String {
    for place in places {
      for path in ["\(place)/\(file)", "\(place)/\(file).gz"] where access(path, F_OK) == 0 {
        return path
      }
    }
    throw DataError(
      path: "Fashion-MNIST",
      reason: "there is no \(file) or \(file).gz in \(places.joined(separator: " or ")); "
        + "install it with `apt install dataset-fashion-mnist`, or name the folder that has it")
  }
}
