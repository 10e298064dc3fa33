import Foundation
import Testing

@Suite("blitz train")
struct TrainTests {
  @Test(
    "names what is wrong with a file in one line, with exit code 1",
    arguments: [
      ("a,b,c\n1,2,0\n1,2\n", "row 3 has 2 columns, row 1 has 3; every row needs as many"),
      (
        "1,2,-1\n",
        "every label is -1 (column 3); at least two classes are needed, or another column with "
          + "--label"
      ),
      ("", "is empty; a row per example is needed"),
      ("1,0\n2,1\n", "a fifth of the rows is held out, so 5 are needed at least; it has 2"),
      (
        "1,0\n1,0\n1,0\n1,0\n1,0\n",
        "every label is 0 (column 2); at least two classes are needed, or another column with "
          + "--label"
      ),
    ])
  func wrongFiles(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", text)
    let result = try Command.run(["train", "--data", path])
    #expect(result.error == "blitz: \(path): \(message)\n")
    #expect(result.status == 1)
  }

  @Test("refuses convolutions over a table")
  func convolutionOfTable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", "1,2,0\n3,4,1\n1,2,0\n3,4,1\n1,2,0\n")
    let result = try Command.run(["train", "--data", path, "--model", "conv"])
    #expect(
      result.error == "blitz: --model conv takes images, not --data \(path); "
        + "it takes --model two-layer or mlp\n")
    #expect(result.status == 2)
  }

  @Test("names a missing file, and what else --data takes")
  func missingFile() throws {
    let slip = try Command.run(["train", "--data", "digit"])
    #expect(
      slip.error == "blitz: digit: cannot be opened: there is no such file or folder; "
        + "did you mean \"digits\"?\n")
    #expect(slip.status == 1)
    let result = try Command.run(["train", "--data", "photographs"])
    #expect(
      result.error == "blitz: photographs: cannot be opened: there is no such file or folder; "
        + "--data takes digits, random, mnist, fashion-mnist, cifar-10, spirals, iris, a CSV file "
        + "or a folder of "
        + "images\n")
    #expect(result.status == 1)
  }

  @Test("refuses a folder that it cannot write to, before training")
  func unwritableFolder() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f", "x")
    let result = try Command.run(["train", "--out", path])
    #expect(result.error == "blitz: \(path): is not a folder; choose another name\n")
    #expect(result.output == "")
    #expect(result.status == 1)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/o/curve.svg", withIntermediateDirectories: true)
    let other = try Command.run(["train", "--out", "\(folder.path)/o"])
    #expect(
      other.error
        == "blitz: \(folder.path)/o/curve.svg: is not a regular file; choose another name\n")
    #expect(other.status == 1)
  }

  @Test(
    "learns the digits to 95 % at least; with either loss where BLITZ_TEST_FULL is 1",
    arguments: TestSize.isFull ? [0, 1, 2] : [0])
  func digits(seed: Int) throws {
    for loss in ["squared-error", "cross-entropy"].suffix(TestSize.isFull ? 2 : 1) {
      // As it is by itself once, in CI; else as soon as it has learned.
      let isPlain = seed == 0 && TestSize.isFull
      let count = isPlain ? 60 : 20
      let epochs = isPlain ? [] : ["--epochs", "\(count)"]
      let result = try Command.run(
        ["train", "--json", "--seed", "\(seed)", "--loss", loss] + epochs)
      #expect(result.status == 0)
      #expect(result.error == "")
      let events = try result.objects()
      #expect(events.count == count + 1)
      for (index, event) in events.dropLast().enumerated() {
        #expect(event["event"] as? String == "epoch")
        #expect(event["epoch"] as? Int == index + 1)
        #expect(event["loss"] as? Double != nil)
      }
      let last = try #require(events.last)
      #expect(last["event"] as? String == "result")
      #expect(try #require(last["test_accuracy"] as? Double) >= 0.95)
      #expect(last["test_accuracy"] as? Double == events[count - 1]["accuracy"] as? Double)
    }
  }

  @Test(
    "learns the digits in bfloat16 and float16 about as well as in float32",
    .enabled(if: TestSize.isFull, "half a minute in a debug build: BLITZ_TEST_FULL=1"),
    arguments: ["bfloat16", "float16"])
  func precision(name: String) throws {
    let (half, single) = (try Self.accuracy(name), try Self.single.get())
    #expect(half >= 0.95 && abs(half - single) <= 0.02, "\(half) and \(single)")
  }

  private static let single = Result { try accuracy("float32") }

  private static func accuracy(_ precision: String) throws -> Double {
    let result = try Command.run(
      words("train --json --model mlp --hidden 64 --epochs 12 --precision \(precision)"))
    #expect(result.error == "")
    return try #require(try result.objects().last?["test_accuracy"] as? Double)
  }

  @Test(
    "keeps the precision and the scaler's state for going on",
    .enabled(if: TestSize.isFull, "seconds in a debug build: BLITZ_TEST_FULL=1"))
  func resumedPrecision() throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = ("\(folder.path)/whole", "\(folder.path)/parts")
    let options = " --precision float16 --accumulate 2 --out "
    _ = try Command.run(words("train --json --epochs 3" + options + whole))
    _ = try Command.run(words("train --json --epochs 1" + options + parts))
    #expect(try Command.run(words("train --json --epochs 3 --resume \(parts)")).status == 0)
    for file in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(whole)/\(file)") == bytes("\(parts)/\(file)"), "\(file)")
    }
    let config = try String(contentsOfFile: "\(whole)/config.json", encoding: .utf8)
    #expect(config.contains("\"precision\" : \"float16\""))
    let report = try String(contentsOfFile: "\(whole)/report.html", encoding: .utf8)
    #expect(report.contains("float16"))
  }

  @Test("gives the same numbers for the same seed and others for another")
  func seeds() throws {
    func losses(_ seed: String) throws -> [Double?] {
      try Command.run(["train", "--json", "--epochs", "3", "--seed", seed]).objects()
        .map { $0["loss"] as? Double }
    }
    let first = try losses("5")
    #expect(try losses("5") == first)
    #expect(try losses("6") != first)
  }

  @Test("writes model, curve and figures")
  func files() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      ["train", "--epochs", "4", "--bias", "--hidden", "12", "--out", "\(folder.path)/a/b"])
    #expect(result.status == 0, "\(result.error)")
    let metrics = try String(contentsOfFile: "\(folder.path)/a/b/metrics.csv", encoding: .utf8)
    let rows = metrics.split(separator: "\n")
    #expect(rows.count == 5)
    #expect(
      rows[0]
        == "epoch,steps,training_loss,test_loss,training_accuracy,test_accuracy,rate,seconds")
    #expect(rows.allSatisfy { $0.split(separator: ",").count == 8 })
    #expect(rows[4].hasPrefix("4,"))
    let curve = try String(contentsOfFile: "\(folder.path)/a/b/curve.svg", encoding: .utf8)
    #expect(curve.hasPrefix("<svg ") && curve.hasSuffix("</svg>\n"))
    let model = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/a/b/model.safetensors"))
    let header = String(decoding: model.dropFirst(8).prefix(1000), as: UTF8.self)
    for part in [
      "\"w1\":{\"dtype\":\"F32\",\"shape\":[64,12]", "\"w2\":{\"dtype\":\"F32\",\"shape\":[12,10]",
      "\"b1\":{\"dtype\":\"F32\",\"shape\":[12]", "\"b2\":{\"dtype\":\"F32\",\"shape\":[10]",
    ] {
      #expect(header.contains(part))
    }
  }

  @Test("stops at Ctrl-C and still writes what --out asked for")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      ["train", "--json", "--epochs", "100000", "--out", folder.path],
      interruptAfter: "\"epoch\":2,")
    #expect(result.status == 130)
    #expect(result.error == "")
    let last = try #require(try result.objects().last)
    #expect(last["event"] as? String == "result")
    #expect(last["stopped"] as? Bool == true)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      names.sorted() == [
        "checkpoint.safetensors", "config.json", "curve.svg", "metrics.csv", "model.safetensors",
        "report.html",
      ])
  }

  @Test("reports steps that are too large as one line")
  func divergence() throws {
    let result = try Command.run(["train", "--rate", "1e6", "--json"])
    #expect(result.status == 1)
    #expect(
      result.error.hasSuffix(
        " is not finite: the steps are too large; try a --rate below 1000000.0\n"))
    #expect(result.error.contains(", in epoch 1: weight w"))
    #expect(result.error.hasPrefix("blitz: the loss is "))
    #expect(result.error.contains("; the largest gradient is "))
    #expect(result.error.contains(", of w"))
    #expect(result.error.split(separator: "\n").count == 1)
  }

  @Test("names the row and column of a number that is not finite once it is scaled")
  func notFiniteData() throws {
    let folder = try TemporaryFolder()
    // Less the mean, which is near the other end of float32, 3e38 is out of range.
    var text = "small,large,class\n"
    for index in 0..<20 { text += "\(index),\(index == 7 ? "3e38" : "-3e38"),\(index % 2)\n" }
    let path = try folder.file("large.csv", text)
    let result = try Command.run(["train", "--data", path, "--seed", "0", "--json"])
    #expect(result.status == 1)
    #expect(
      result.error.hasSuffix(
        ", in epoch 1: the data is not finite: row 8, large: 3e+38 less its mean, divided by its "
          + "deviation, is inf; correct it or leave it out\n"), "\(result.error)")
  }

  @Test("learns a CSV file whose columns have different sizes")
  func csv() throws {
    let folder = try TemporaryFolder()
    // Class 1 where the small column is above 0; the large one is noise, the last is constant.
    var text = "small,large,constant,class\n"
    for index in 0..<200 {
      let small = Double((index * 37) % 101 - 50) / 1000
      text += "\(small),\((index * 7919) % 10007 * 1000),3,\(small > 0 ? 1 : 0)\n"
    }
    let path = try folder.file("t.csv", text)
    let result = try Command.run(["train", "--data", path, "--json", "--hidden", "16"])
    let accuracy = try #require(try result.objects().last?["test_accuracy"] as? Double)
    #expect(accuracy >= 0.9)
  }

  @Test(
    "trains the page's own setting",
    .enabled(if: TestSize.isFull, "seconds in a debug build: BLITZ_TEST_FULL=1"))
  func random() throws {
    let result = try Command.run(["train", "--data", "random", "--json", "--seed", "0"])
    let events = try result.objects()
    #expect(events.count == 501)
    let first = try #require(events.first?["loss"] as? Double)
    let last = try #require(events[499]["loss"] as? Double)
    #expect(first > 1e7 && last < 1e-2)
    #expect(events.last?["test_accuracy"] == nil)
  }
}
