import Blitz
import Foundation
import Testing

/// Files of this machine stand for those of the network: curl fetches both.
@Suite("downloads")
struct DownloadTests {
  // printf 'hello\n' | sha256sum, GNU coreutils 9.1.
  private let sum = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

  @Test("come once, whole and checked")
  func fetches() throws {
    let (source, target) = (try TemporaryFolder(), try TemporaryFolder())
    let file = try source.file("a.txt", Array("hello\n".utf8))
    let download = Download("file://\(file)", sha256: sum.uppercased())
    let path = try download.fetch(to: target.path + "/new/folder")
    #expect(path == target.path + "/new/folder/a.txt")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello\n")
    // It is there: its source may be gone.
    try FileManager.default.removeItem(atPath: file)
    #expect(try download.fetch(to: target.path + "/new/folder") == path)
    #expect(try names(target.path + "/new/folder") == ["a.txt"])
  }

  @Test("unpack archives")
  func unpacks() throws {
    let (source, target) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try source.file("inner/b.txt", Array("hello\n".utf8))
    let archive = source.path + "/c.tar.gz"
    #expect(try run("tar", "-czf", archive, "-C", source.path, "inner") == "")
    let sum = try run("sha256sum", archive).prefix(64)
    try Download("file://\(archive)", sha256: String(sum)).fetch(to: target.path)
    #expect(try names(target.path) == ["c.tar.gz", "inner"])
    #expect(try names(target.path + "/inner") == ["b.txt"])
  }

  @Test("leave nothing behind where they fail, and say why")
  func refuses() throws {
    let (source, target) = (try TemporaryFolder(), try TemporaryFolder())
    let file = try source.file("a.txt", Array("hullo\n".utf8))
    func reason(_ url: String) throws -> String {
      try #require(throws: DataError.self) {
        try Download(url, sha256: sum).fetch(to: target.path)
      }.reason
    }
    #expect(
      try reason("file://\(file)")
        == "what came has another SHA-256 than \(sum): it is damaged, or was changed; nothing is "
        + "kept")
    let missing = try reason("file://\(source.path)/none.txt")
    #expect(missing.hasPrefix("cannot be fetched: curl: (37) "))
    #expect(missing.hasSuffix("; get it another way and put it into \(target.path)"))
    #expect(
      try reason("a.txt") == "is no address of a file, as https://example.org/a.csv")
    #expect(try names(target.path) == [])
  }

  @Test("of the data sets have the names that their readers look for")
  func sets() {
    let files = ["train", "t10k"].flatMap {
      ["\($0)-images-idx3-ubyte", "\($0)-labels-idx1-ubyte"]
    }
    for downloads in [MNIST.downloads, FashionMNIST.downloads] {
      #expect(downloads.map { $0.url.split(separator: "/").last } == files.map { "\($0).gz"[...] })
    }
    let all = MNIST.downloads + FashionMNIST.downloads + CIFAR10.downloads
    #expect(all.allSatisfy { $0.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    #expect(Set(all.map(\.sha256)).count == 9)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func run(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
