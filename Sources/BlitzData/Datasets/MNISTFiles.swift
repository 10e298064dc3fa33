import BlitzSystem
import BlitzTensor

/// A data set in MNIST's four idx files, which others have taken over: where they are, and what to
/// do where they are not.
struct MNISTFiles {
  /// The data set's name.
  let name: String
  /// The folders that are searched.
  let places: [String]
  let classNames: [String]
  /// How to get the files.
  let help: String

  /// The part `train` or `t10k`, compressed or not, of the first folder that has it.
  ///
  /// - Throws: `DataError` that says what was searched where, or what is wrong with a file.
  func part(_ part: String) throws(DataError) -> ImageDataset {
    let dataset = try ImageDataset(
      images: IDX(path: find("\(part)-images-idx3-ubyte")),
      labels: IDX(path: find("\(part)-labels-idx1-ubyte")), classNames: classNames)
    guard dataset.pixels.shape.dropFirst().elementsEqual([1, 28, 28]) else {
      throw DataError(
        path: "\(part)-images-idx3-ubyte",
        reason: "has images of \(dataset.pixels.shape[2]) x \(dataset.pixels.shape[3]) pixels; "
          + "those of \(name) are 28 x 28")
    }
    return dataset
  }

  private func find(_ file: String) throws(DataError) -> String {
    for place in places {
      for path in ["\(place)/\(file)", "\(place)/\(file).gz"] where FileSystem.exists(path) {
        return path
      }
    }
    throw DataError(
      path: name,
      reason: "there is no \(file) or \(file).gz in \(places.joined(separator: " or ")); "
        + "\(help), or name the folder that has it")
  }

  /// The names of the four files, compressed.
  static let fileNames = ["train", "t10k"].flatMap { part in
    ["images-idx3", "labels-idx1"].map { "\(part)-\($0)-ubyte.gz" }
  }
}
