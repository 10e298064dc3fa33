import Foundation

extension Bundle {
  /// Where the tests look for what PyTorch answered; SwiftPM copies no files that are links.
  static let module: Bundle = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return Bundle(url: folder.appending(path: "BlitzDataTests")) ?? .main
  }()
}
