import Foundation
import Testing

@testable import BlitzData

@Suite("tables read like another")
struct TableMatchingTests {
  private func file(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "blitz-table-\(UUID().uuidString).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func read(
    _ text: String, like other: String, _ options: CSV.Options = CSV.Options(),
    hasLabels: Bool = false
  ) throws -> CSV {
    let layout = try CSV(bytes: Array(other.utf8), path: "t.csv", options: options).layout
    // As it is kept with a network.
    let kept = try JSONDecoder().decode(CSV.Layout.self, from: JSONEncoder().encode(layout))
    #expect(kept == layout)
    let path = try file(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(DataError) {
      return try CSV(path: path, like: kept, hasLabels: hasLabels)
    } catch {
      throw DataError(path: "new.csv", reason: error.reason)
    }
  }

  private let flowers = "length,width,colour,kind\n1,2,red,x\n3,4,blue,y\n5,6,red,x\n"

  @Test(
    "finds columns by name, whatever their order, an index or the label among them",
    arguments: [
      "length,width,colour\n7,8,blue\n",
      "width,colour,length\n8,blue,7\n",
      ",kind,width,length,colour\n0,y,8,7,blue\n",
      "colour,kind,note,width,length\nblue,y,hm,8,7\n",
      // Without names, in the order of the other.
      "7,8,blue\n",
      "7,8,blue,y\n",
    ])
  func names(text: String) throws {
    let table = try read(text, like: flowers)
    #expect(table.features == [7, 8, 1, 0])
    #expect(table.lines == [text.first!.isNumber ? 1 : 2])
  }

  @Test("names what is missing and what is not used")
  func differences() throws {
    let error = try #require(throws: DataError.self) {
      try read("length,colour,depth\n1,red,3\n", like: flowers)
    }
    #expect(
      error.reason == "has no column width; the network takes length, width, colour, the file has "
        + "besides: depth")
    let table = try read("depth,length,width,colour\n9,1,2,red\n", like: flowers)
    #expect(table.notes.contains("not used: depth"))
    let unlabelled = try #require(throws: DataError.self) {
      try read("length,width,colour\n1,2,red\n", like: flowers, hasLabels: true)
    }
    #expect(unlabelled.reason.hasPrefix("has no column kind; "))
    let narrow = try #require(throws: DataError.self) { try read("1,2\n3,4\n", like: flowers) }
    #expect(
      narrow.reason == "has 2 columns without names to find; the network takes 3 (length, width, "
        + "colour), or the 4 of the file that it learned from, in their order")
  }

  @Test("knows classes by their names, and no others")
  func classes() throws {
    let table = try read(
      "kind,length,width,colour\ny,1,2,red\nx,1,2,red\ny,0,0,blue\n", like: flowers, hasLabels: true
    )
    #expect(table.labels == [1, 0, 1])
    let numbers = "a,y\n1,0\n2,4000\n3,8000\n"
    #expect(
      try read("y,a\n8000,1\n8000,2\n0,3\n", like: numbers, hasLabels: true).labels == [2, 2, 0])
    let other = try #require(throws: DataError.self) {
      try read("a,y\n1,0\n2,5\n", like: numbers, hasLabels: true)
    }
    #expect(
      other.reason == "row 3, column 2 (y): the label is \"5\", none of the network's classes: "
        + "0, 4000, 8000")
    // Numbers that were texts among others.
    let mixed = "c,y\n7,u\na,v\nb,u\na,v\n"
    #expect(try read("c\n7\n", like: mixed).features == [1, 0, 0])
    let unknown = try #require(throws: DataError.self) {
      try read("length,width,colour\n1,2,green\n", like: flowers)
    }
    #expect(
      unknown.reason == "row 2, column 3 (colour): \"green\" is none of the categories that the "
        + "network knows: blue, red")
    let text = try #require(throws: DataError.self) {
      try read("length,width,colour\n1,two,red\n", like: flowers)
    }
    #expect(text.reason == "row 2, column 2 (width): \"two\" is not a number")
  }

  @Test("fills empty cells with the other's means")
  func fills() throws {
    let other = "a,c,y\n1,u,0\n3,v,1\n,u,1\n"
    let table = try read("a,c\n,v\n7,\n", like: other, CSV.Options(missing: .mean))
    #expect(table.features[..<5] == [2, 0, 1, 7, Float(2.0 / 3)])
    let refused = try #require(throws: DataError.self) {
      try read("a,c\n,v\n", like: "a,c,y\n1,u,0\n3,v,1\n")
    }
    #expect(refused.reason.hasPrefix("row 2, column 1 (a): the cell is empty"))
  }
}
