import Blitz
import Foundation
import Testing

@testable import BlitzData

@Suite("Folders of images")
struct ImageFolderTests {
  /// A grey picture whose pixels all are `level`.
  private func png(_ level: UInt8, width: Int = 3, height: Int = 2) throws -> [UInt8] {
    try Image(
      width: width, height: height, channelCount: 1,
      pixels: [UInt8](repeating: level, count: width * height)
    ).pngData()
  }

  /// Two classes, three pictures, and what does not count.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.file("dog/b.PNG", png(51))
    _ = try folder.file("dog/a.png", png(102))
    _ = try folder.file("Cat/x.jpeg", png(255))
    _ = try folder.file("dog/notes.txt", [1])
    _ = try folder.file("dog/.hidden.png", [1])
    _ = try folder.file(".git/x.png", [1])
    _ = try folder.file("readme", [1])
    return folder
  }

  @Test("sorts classes and files by name", arguments: [0, 2])
  func sorting(workers: Int) throws {
    let folder = try folder()
    let data = try ImageFolder(folder.path)
    #expect(data.classNames == ["Cat", "dog"])
    #expect(data.labels == [0, 1, 1])
    #expect(data.paths.map { $0.split(separator: "/").last! } == ["x.jpeg", "a.png", "b.PNG"])
    let batches = Array(DataLoader(data, batchSize: 2, workers: workers))
    #expect(batches.map(\.inputs.signature) == ["float32[2, 3, 2, 3]", "float32[1, 3, 2, 3]"])
    #expect(try batches[0].labels.array() == [0, 1])
    #expect(try batches[1].inputs.scalars() == [Float](repeating: 0.2, count: 18))
    let grey = try ImageFolder(folder.path, size: (width: 5, height: 4), grayscale: true)
    #expect(grey[0...].inputs.signature == "float32[3, 1, 4, 5]")
    #expect(try grey[1...1].inputs.scalars() == [Float](repeating: 0.4, count: 20))
  }

  @Test("names the file that cannot be read, or that has another size, in the batch")
  func badFiles() throws {
    let folder = try folder()
    _ = try folder.file("dog/c.png", png(1, width: 4))
    _ = try folder.file("dog/d.png", Array(png(1).dropLast(20)))
    let data = try ImageFolder(folder.path)
    let batches = Array(DataLoader(data, batchSize: 1).batches)
    #expect(batches.prefix(3).allSatisfy { $0.error == nil })
    #expect(
      batches[3].error?.summary
        == "examples: \(folder.path)/dog/c.png: is 4 x 2 pixels, but \(folder.path)/Cat/x.jpeg is "
        + "3 x 2; write ImageFolder(size:) to resize all")
    let start = "examples: \(folder.path)/dog/d.png: is not a whole PNG image: "
    #expect(batches[4].error?.summary.hasPrefix(start) == true)
    #expect(try ImageFolder(folder.path, size: (width: 1, height: 1))[3...3].error == nil)
  }

  @Test("reads folders in a class's folder, and names what it does not read")
  func nested() throws {
    let folder = try folder()
    _ = try folder.file("dog/puppies/small/c.JFIF", png(1))
    _ = try folder.file("dog/puppies/z.bmp", png(1))
    _ = try folder.file("dog/anim.gif", Array("GIF89a".utf8))
    symlink("..", "\(folder.path)/dog/puppies/up")
    let data = try ImageFolder(folder.path)
    #expect(
      data.paths.map { String($0.dropFirst(folder.path.count + 1)) } == [
        "Cat/x.jpeg", "dog/a.png", "dog/b.PNG", "dog/puppies/z.bmp", "dog/puppies/small/c.JFIF",
      ])
    #expect(data.labels == [0, 1, 1, 1, 1])
    #expect(
      data.skippedText
        == "not read as pictures: 2 files: \(folder.path)/dog/anim.gif, "
        + "\(folder.path)/dog/notes.txt"
    )
    #expect(try data.isGrey())
    let colour = try Image(
      width: 3, height: 2, channelCount: 3, pixels: [UInt8](repeating: 9, count: 18))
    _ = try folder.file("dog/z.png", colour.pngData())
    #expect(try !ImageFolder(folder.path).isGrey())
  }

  @Test("says in one line why there is nothing to read")
  func errors() throws {
    func message(_ path: String, size: (width: Int, height: Int)? = nil) throws -> String {
      try #require(throws: DataError.self) { try ImageFolder(path, size: size) }.description
    }
    #expect(try message("/no/such") == "/no/such: cannot be listed: no such file or directory")
    let empty = try TemporaryFolder()
    #expect(
      try message(empty.path)
        == "\(empty.path): has no folders; each class needs one, which has its pictures")
    _ = try empty.file("cat/notes.txt", [1])
    #expect(
      try message(empty.path)
        == "\(empty.path)/cat: has no picture; a class needs one at least that ends in one of "
        + ImageFormat.endings.joined(separator: " ")
        + "; it has 1 file: \(empty.path)/cat/notes.txt")
    let bad = try TemporaryFolder()
    let path = try bad.file("cat/x.png", Array("hello".utf8))
    #expect(
      try message(bad.path)
        == "\(path): is a text, as its first bytes say, which is no picture that Blitz reads: "
        + ImageFormat.endings.joined(separator: " "))
    let whole = try folder()
    #expect(
      try message(whole.path, size: (width: 0, height: 3))
        .hasSuffix(": cannot be brought to 0 x 3 pixels; give sides from 1 to 65536"))
  }
}
