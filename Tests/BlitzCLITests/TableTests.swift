import Foundation
import Testing

@Suite("blitz with tables")
struct TableTests {
  /// Class "big" where the length is above 5, "small" below; colours tell nothing.
  private static func rows(_ count: Int) -> [(length: Double, colour: String, kind: String)] {
    (0..<count).map { row in
      let length = Double(row * 37 % 101) / 10
      return (length, ["red", "blue", "green"][row % 3], length > 5 ? "big" : "small")
    }
  }

  private static let names = rows(120).map { "\($0.length),\($0.colour),\($0.kind)\n" }.joined()

  @Test("learns classes by name, and finds the columns of other tables by theirs")
  func names() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", "length,colour,kind\n" + Self.names)
    let out = "\(folder.path)/m"
    let trained = try Command.run(["train", "--data", path, "--hidden", "16", "--out", out])
    #expect(trained.status == 0, "\(trained.error)")
    for line in [
      "the first row holds the columns' names (--header no takes it as data)",
      "one input for each colour: blue, green, red", "label: kind, 2 classes: big, small",
    ] {
      #expect(trained.output.contains("\(path): \(line)\n"))
    }
    // An index, another order, the label in front.
    var moved = ",kind,colour,length\n"
    for (place, row) in Self.rows(40).enumerated() {
      moved += "\(place),\(row.kind),\(row.colour),\(row.length)\n"
    }
    let other = try folder.file("moved.csv", moved)
    let measured = try Command.run(["evaluate", out, "--data", other, "--json"])
    let straight = try folder.file(
      "straight.csv",
      "length,colour,kind\n"
        + Self.rows(40).map { "\($0.length),\($0.colour),\($0.kind)\n" }.joined())
    let direct = try Command.run(["evaluate", out, "--data", straight, "--json"])
    let accuracy = try #require(try measured.objects().first?["accuracy"] as? Double)
    #expect(accuracy >= 0.9)
    #expect(accuracy == (try direct.objects().first?["accuracy"] as? Double))
    let told = try Command.run(["predict", out, other]).output.split(separator: "\n")
    #expect(told.first == "\(other): not used: column 1")
    #expect(told[1].hasPrefix("\(other), row 2: small "))
    let lacking = try folder.file("lacking.csv", "colour,size\nred,3\n")
    let refused = try Command.run(["predict", out, lacking])
    #expect(
      refused.error == "blitz: \(lacking): has no column length; the network takes length, colour, "
        + "the file has besides: size\n")
    let stranger = try folder.file("stranger.csv", "length,colour,kind\n1,red,huge\n")
    let unknown = try Command.run(["evaluate", out, "--data", stranger])
    #expect(
      unknown.error.contains("the label is \"huge\", none of the network's classes: big, small"))
  }

  // Without it being left out, 90 % are told right of noise.
  @Test("does not learn an index: noise sorted by class stays noise")
  func index() throws {
    let folder = try TemporaryFolder()
    var text = ",a,b,y\n"
    for row in 0..<300 {
      text += "\(row),\(row * 7919 % 1009),\(row * 104_729 % 997),\(row / 100)\n"
    }
    let path = try folder.file("t.csv", text)
    let result = try Command.run(["train", "--data", path, "--json"])
    let events = try result.objects()
    let notes = try #require(events.first?["notes"] as? [String])
    #expect(notes.contains("left out: column 1, an index: it has no name and counts up from 0"))
    #expect(try #require(events.last?["test_accuracy"] as? Double) < 0.6)
  }

  @Test("learns a label that is a number, and tells it in its own unit")
  func regression() throws {
    let folder = try TemporaryFolder()
    func text(_ rows: Range<Int>) -> String {
      "price,size,rooms\n"
        + rows.map { row in
          let (size, rooms) = (row * 37 % 101 + 20, row * 7919 % 5 + 1)
          return "\(50_000 + 1000 * size + 20_000 * rooms),\(size),\(rooms)\n"
        }.joined()
    }
    let path = try folder.file("t.csv", text(0..<200))
    let out = "\(folder.path)/m"
    let result = try Command.run(
      ["train", "--data", path, "--label", "price", "--loss", "mse", "--json", "--out", out])
    let last = try #require(try result.objects().last)
    #expect(try #require(last["test_r2"] as? Double) > 0.95)
    let error = try #require(last["test_root_mean_square"] as? Double)
    #expect(error < 8_000)
    #expect(last["test_accuracy"] == nil)
    let again = try Command.run(["evaluate", out, "--json"]).objects()
    #expect(abs(try #require(again.first?["root_mean_square"] as? Double) - error) < 1e-6 * error)
    let new = try folder.file("new.csv", "rooms,size\n3,70\n")
    let told = try Command.run(["predict", out, new, "--json"]).objects()
    #expect(told.first?["name"] as? String == "price")
    #expect(abs(try #require(told.first?["value"] as? Double) - 180_000) < 20_000)
    let shown = try Command.run(["predict", out, new]).output
    #expect(shown.hasPrefix("\(new), row 2: price "))
    // Classes there are none.
    let refused = try Command.run(["train", "--data", path, "--label", "price"])
    #expect(refused.error.contains("learn it as a number with --loss mse"))
    #expect(refused.status == 1)
    let metrics = try String(contentsOfFile: "\(out)/metrics.csv", encoding: .utf8)
    #expect(metrics.hasPrefix("epoch,steps,training_loss,test_loss,rate,seconds\n1,"))
  }

  @Test("refuses empty cells by row, column and name, or fills them in as it is told")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", "length,colour,kind\n,red,big\n" + Self.names)
    let refused = try Command.run(["train", "--data", path])
    #expect(
      refused.error
        == "blitz: \(path): row 2, column 1 (length): the cell is empty; --missing drop "
        + "leaves such rows out, --missing mean fills in the column's mean\n")
    #expect(refused.status == 1)
    let out = "\(folder.path)/m"
    let filled = try Command.run(
      ["train", "--data", path, "--missing", "mean", "--epochs", "2", "--out", out])
    #expect(filled.output.contains("1 empty cell filled with the mean of the column\n"))
    let new = try folder.file("new.csv", "colour,length\nred,\n")
    #expect(try Command.run(["predict", out, new]).output.contains("row 2: "))
    let dropped = try Command.run(
      ["train", "--data", path, "--missing", "drop", "--epochs", "2"])
    #expect(dropped.output.contains("left out: 1 row with an empty cell\n"))
  }
}
