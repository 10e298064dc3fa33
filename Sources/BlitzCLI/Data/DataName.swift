import BlitzSystem

/// The data that `--data` knows by name; anything else is a file or a folder.
enum DataName: String, CaseIterable {
  case digits, random
  case fashionMNIST = "fashion-mnist"
  case spirals, iris

  /// What `--data` takes, for messages.
  static let all = "digits, random, fashion-mnist, spirals, iris, a CSV file or a folder of images"

  /// Whether the examples are pictures.
  var isImages: Bool {
    switch self {
    case .digits, .fashionMNIST: true
    case .random, .spirals, .iris: false
    }
  }

  /// The shape of an example, and the classes.
  var layout: (inputShape: [Int], outputSize: Int) {
    switch self {
    case .digits: ([1, 8, 8], 10)
    case .random: ([1000], 10)
    case .fashionMNIST: ([1, 28, 28], 10)
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
