import BlitzData
import BlitzNN
import BlitzSystem

/// The data that `--data` knows by name; anything else is a file or a folder.
enum DataName: String, CaseIterable {
  case digits, random, mnist
  case fashionMNIST = "fashion-mnist"
  case cifar10 = "cifar-10"
  case spirals, iris

  /// What `--data` takes, for messages.
  static let all =
    allCases.map(\.rawValue).joined(separator: ", ") + ", a CSV file or a folder of images"

  /// What a word that is no name may have been meant to be: `mnist` for `minst`.
  static func meant(by word: String) -> String? {
    if DataName(rawValue: word) != nil { return nil }
    return word.nearest(in: allCases.map(\.rawValue)).map { "did you mean \"\($0)\"?" }
  }

  /// What `--data` takes, for help texts.
  static let valueName = allCases.map(\.rawValue).joined(separator: "|") + "|FILE.csv|DIR"

  /// Whether it is in files that are not part of Blitz; there is much of it.
  var hasFiles: Bool { !downloads.isEmpty }

  /// What `blitz download` fetches of it.
  var downloads: [Download] {
    switch self {
    case .mnist: MNIST.downloads
    case .fashionMNIST: FashionMNIST.downloads
    case .cifar10: CIFAR10.downloads
    case .digits, .random, .spirals, .iris: []
    }
  }

  /// The names of the data that has files: "mnist, fashion-mnist or cifar-10".
  static let withFiles = {
    let names = allCases.filter(\.hasFiles).map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }()

  /// Whether the examples are pictures.
  var isImages: Bool {
    switch self {
    case .digits, .mnist, .fashionMNIST, .cifar10: true
    case .random, .spirals, .iris: false
    }
  }

  /// The shape of an example, and the classes.
  var layout: (inputShape: [Int], outputSize: Int) {
    switch self {
    case .digits: ([1, 8, 8], 10)
    case .random: ([1000], 10)
    case .mnist, .fashionMNIST: ([1, 28, 28], 10)
    case .cifar10: ([3, 32, 32], 10)
    case .spirals: ([2], 3)
    case .iris: ([4], 3)
    }
  }

  /// Whether a path is that of a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
