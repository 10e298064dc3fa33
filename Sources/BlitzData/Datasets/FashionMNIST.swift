/// Fashion-MNIST: 70,000 pictures of clothes and shoes, 28 by 28 pixels in grey, in ten classes.
///
///     let data = try FashionMNIST()
///     for (x, y) in DataLoader(data.train, batchSize: 128, shuffledBy: generator) { ... }
///
/// Made by Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando Research (2017),
/// https://github.com/zalandoresearch/fashion-mnist, licence MIT. It is not part of Blitz: on
/// Debian and Ubuntu the package `dataset-fashion-mnist` has its four files, and `download(to:)`
/// fetches them.
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
  public static let standardDirectories =
    ["/usr/share/datasets/fashion-mnist", "/usr/local/share/datasets/fashion-mnist"]
    + Download.folder(of: "fashion-mnist")

  /// What `download(to:)` fetches, from the authors' repository.
  public static let downloads = zip(
    MNISTFiles.fileNames,
    [
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ]
  ).map { name, sum in
    Download(
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/\(name)",
      sha256: sum)
  }

  /// Reads the four idx files, with or without `.gz`; they take 47 MB of memory for training and 8
  /// for testing.
  ///
  /// - Parameter directory: the folder of the files, or of `FashionMNIST/raw` as torchvision has
  ///   it; if left out, `standardDirectories`.
  /// - Throws: `DataError` that says what was searched where and what to install, or what is wrong
  ///   with a file.
  public init(directory: String? = nil) throws(DataError) {
    let files = MNISTFiles(
      name: "Fashion-MNIST",
      places: directory.map { [$0, "\($0)/FashionMNIST/raw"] }
        ?? FashionMNIST.standardDirectories, classNames: FashionMNIST.classNames,
      help: "install it with `apt install dataset-fashion-mnist`, fetch it with `blitz download "
        + "fashion-mnist`")
    train = try files.part("train")
    test = try files.part("t10k")
  }

  /// Fetches the files that are not there, 31 MB, and reads them.
  ///
  /// - Parameter directory: where to keep them; `~/.blitz/datasets/fashion-mnist` if left out.
  /// - Throws: `DataError` for what ``Download/fetch(to:)`` or ``init(directory:)`` throw.
  public static func download(to directory: String? = nil) throws(DataError) -> FashionMNIST {
    try FashionMNIST(directory: Download.fetch(downloads, to: directory, for: "fashion-mnist"))
  }
}
