import Blitz
import Foundation
import Testing

/// Files of this machine, and a server on it, stand for those of the network: curl fetches both.
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
    let digits = try #require(throws: DataError.self) {
      try Download("file://\(file)", sha256: "5891b5").fetch(to: target.path)
    }
    #expect(
      digits.reason == "its SHA-256 is to be 64 hexadecimal digits, not \"5891b5\"; write what "
        + "sha256sum prints of the file")
    #expect(try names(target.path) == [])
  }

  /// Six requests: that of a file that is there is not made, and one is led on.
  @Test("from a server are whole and checked, or are refused and leave nothing behind")
  func overHTTP() throws {
    let target = try TemporaryFolder()
    let server = try LocalServer(requests: 6) { path in
      func found(_ body: String, length: Int) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n\(body)"
      }
      switch path {
      case "/right.txt": return found("hello\n", length: 6)
      case "/wrong.txt": return found("hullo\n", length: 6)
      case "/short.txt": return found("hel", length: 6)
      case "/moved.txt":
        return "HTTP/1.1 302 Found\r\nLocation: /right.txt\r\nContent-Length: 0\r\n"
          + "Connection: close\r\n\r\n"
      default:
        return "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnone\n"
      }
    }
    func fetch(_ name: String) throws(DataError) -> String {
      try Download("\(server.address)/\(name)", sha256: sum).fetch(to: target.path)
    }
    let path = try fetch("right.txt")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello\n")
    // It is there, so nobody is asked.
    #expect(try fetch("right.txt") == path)
    let wrong = try #require(throws: DataError.self) { try fetch("wrong.txt") }
    #expect(wrong.reason.hasPrefix("what came has another SHA-256 than \(sum)"))
    let short = try #require(throws: DataError.self) { try fetch("short.txt") }
    #expect(short.reason.hasPrefix("cannot be fetched: curl: (18) "))
    let missing = try #require(throws: DataError.self) { try fetch("none.txt") }
    #expect(missing.path == "\(server.address)/none.txt")
    #expect(missing.reason.hasPrefix("cannot be fetched: curl: (22) "))
    #expect(missing.reason.contains("404"))
    #expect(missing.reason.hasSuffix("; get it another way and put it into \(target.path)"))
    let moved = try fetch("moved.txt")
    #expect(try String(contentsOfFile: moved, encoding: .utf8) == "hello\n")
    #expect(try names(target.path) == ["moved.txt", "right.txt"])
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
