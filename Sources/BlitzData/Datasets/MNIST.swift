/// MNIST: 70,000 handwritten digits, 28 by 28 pixels in grey.
///
///     let data = try MNIST.download()       // fetches 12 MB, once
///     for (x, y) in DataLoader(data.train, batchSize: 128, shuffledBy: generator) { ... }
///
/// Made by Yann LeCun, Corinna Cortes and Christopher Burges of NIST's forms. It is not part of
/// Blitz: `download(to:)` fetches its four files, and ``init(directory:)`` takes those that are
/// here already.
public struct MNIST: Sendable {
  /// 60,000 images for training: inputs float32 `[count, 1, 28, 28]` from 0 to 1.
  public let train: ImageDataset
  /// 10,000 images for testing.
  public let test: ImageDataset

  /// The names of the classes: "0" to "9".
  public static let classNames = (0...9).map(String.init)

  /// The folders that are searched if none is given.
  public static let standardDirectories =
    ["/usr/share/datasets/mnist"] + Download.folder(of: "mnist")

  /// What `download(to:)` fetches, from the copy that PyTorch keeps.
  public static let downloads = zip(
    MNISTFiles.fileNames,
    [
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ]
  ).map { name, sum in
    Download("https://ossci-datasets.s3.amazonaws.com/mnist/\(name)", sha256: sum)
  }

  /// Reads the four idx files, with or without `.gz`; they take 47 MB of memory for training and 8
  /// for testing.
  ///
  /// - Parameter directory: the folder of the files, or of `MNIST/raw` as torchvision has it; if
  ///   left out, `standardDirectories`.
  /// - Throws: `DataError` that says what was searched where and how to get it, or what is wrong
  ///   with a file.
  public init(directory: String? = nil) throws(DataError) {
    let files = MNISTFiles(
      name: "MNIST",
      places: directory.map { [$0, "\($0)/MNIST/raw"] } ?? MNIST.standardDirectories,
      classNames: MNIST.classNames,
      help: "fetch it with `blitz download mnist` or MNIST.download()")
    train = try files.part("train")
    test = try files.part("t10k")
  }

  /// Fetches the files that are not there, and reads them.
  ///
  /// - Parameter directory: where to keep them; `~/.blitz/datasets/mnist` if left out.
  /// - Throws: `DataError` for what ``Download/fetch(to:)`` or ``init(directory:)`` throw.
  public static func download(to directory: String? = nil) throws(DataError) -> MNIST {
    try MNIST(directory: Download.fetch(downloads, to: directory, for: "mnist"))
  }
}
