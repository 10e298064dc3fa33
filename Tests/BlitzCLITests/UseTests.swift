import BlitzData
import Foundation
import Testing

@Suite("blitz evaluate, predict and summary")
struct UseTests {
  @Test("evaluates what was held out: the accuracy that training told")
  func evaluate() throws {
    let folder = try TemporaryFolder()
    let trained = try Command.run(words("train --json --data iris --out \(folder.path)"))
    let result = try Command.run(["evaluate", folder.path, "--json"])
    let event = try #require(try result.objects().first)
    let accuracy = try #require(event["accuracy"] as? Double)
    #expect(accuracy == (try trained.objects().last?["test_accuracy"] as? Double))
    let confusion = try #require(event["confusion"] as? [[Int]])
    #expect(confusion.joined().reduce(0, +) == 30)
    #expect(Double((0..<3).reduce(0) { $0 + confusion[$1][$1] }) / 30 == accuracy)
    #expect(event["classes"] as? [String] == ["setosa", "versicolor", "virginica"])
    let table = try Command.run(["evaluate", folder.path])
    #expect(table.output.hasPrefix("iris, held out: "))
    #expect(table.output.contains("\n2 virginica"))
    #expect(table.status == 0)
    let other = try Command.run(["evaluate", folder.path, "--data", "digits"])
    #expect(other.error.contains("takes [4]"))
    #expect(other.status == 1)
  }

  @Test("quantizes what was trained, says what it costs, and uses the small network")
  func quantize() throws {
    let folder = try TemporaryFolder()
    let (large, small) = ("\(folder.path)/m", "\(folder.path)/small")
    _ = try Command.run(words("train --data iris --model mlp --out \(large)"))
    for kind in [[], ["--static", "--overwrite"]] {
      let told = try Command.run(["quantize", large, "--out", small] + kind)
      #expect(told.status == 0, "\(told.error)")
      #expect(told.output.contains(" % right, loss "), "\(told.output)")
      #expect(told.output.contains("before 9"), "\(told.output)")
    }
    #expect(try Command.run(["evaluate", small]).output.hasPrefix("iris, held out: "))
    let again = try Command.run(["quantize", large, "--out", small])
    #expect(again.error.contains("has a run already"), "\(again.error)")
    let twice = try Command.run(["quantize", small, "--out", large, "--overwrite"])
    #expect(twice.error.contains("is quantised already"), "\(twice.error)")
  }

  @Test("predicts the rows of a CSV file, with and without labels")
  func rows() throws {
    let folder = try TemporaryFolder()
    _ = try Command.run(words("train --data iris --out \(folder.path)/m"))
    let path = try folder.file(
      "new.csv",
      "petal width,sepal length,sepal width,petal length\n0.2,5.1,3.5,1.4\n\n2.1,6.9,3.1,5.4\n")
    let lines = try Command.run(["predict", "\(folder.path)/m", path]).output
      .split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("\(path), row 2: setosa "))
    #expect(lines[1].hasPrefix("\(path), row 4: virginica "))
    let labelled = try folder.file("labelled.csv", "5.1,3.5,1.4,0.2,setosa\n")
    let objects = try Command.run(
      ["predict", "\(folder.path)/m", labelled, "--top", "3", "--json"]
    ).objects()
    let top = try #require(objects[0]["top"] as? [[String: Any]])
    #expect(top.count == 3)
    #expect(top[0]["name"] as? String == "setosa")
    let sum = top.reduce(0) { $0 + ($1["probability"] as? Double ?? 0) }
    #expect(abs(sum - 1) < 1e-5)

    let narrow = try folder.file("narrow.csv", "1,2\n")
    let refused = try Command.run(["predict", "\(folder.path)/m", narrow])
    #expect(
      refused.error == "blitz: \(narrow): has 2 columns without names to find; the network takes 4 "
        + "(sepal length, sepal width, petal length, petal width), or the 5 of the file that it "
        + "learned from, in their order\n")
    #expect(refused.status == 1)
  }

  @Test("learns a folder of images and predicts one of another size")
  func images() throws {
    let folder = try TemporaryFolder()
    // Dark pictures and light ones.
    for (name, level) in [("dark", 40), ("light", 200)] {
      let place = "\(folder.path)/images/\(name)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for index in 0..<10 {
        let pixels = (0..<64).map { UInt8(level + ($0 * 7 + index * 13) % 30) }
        try Image(width: 8, height: 8, channelCount: 1, pixels: pixels)
          .write(png: "\(place)/\(index).png")
      }
    }
    let (images, out) = ("\(folder.path)/images", "\(folder.path)/m")
    let trained = try Command.run(
      words("train --data \(images) --model conv --hidden 4 --epochs 10 --batch 4 --out \(out)"))
    #expect(trained.status == 0, "\(trained.error)")
    let colour = [UInt8](repeating: 210, count: 20 * 30 * 3)
    let path = "\(folder.path)/new.png"
    try Image(width: 20, height: 30, channelCount: 3, pixels: colour).write(png: path)
    let told = try Command.run(["predict", out, path])
    #expect(told.output.hasPrefix("\(path): light "))
    #expect(told.output.hasSuffix("(20 x 30 resized to 8 x 8, colour turned to grey)\n"))
    let inverted = try Command.run(["predict", out, path, "--invert"])
    #expect(inverted.output.hasPrefix("\(path): dark "))
    let measured = try Command.run(["evaluate", out, "--data", images, "--json"])
    #expect(try #require(try measured.objects().first?["accuracy"] as? Double) == 1)
    let table = try folder.file("t.csv", "1,2\n")
    let refused = try Command.run(["predict", out, table])
    #expect(refused.error == "blitz: \(table): is a table; the network takes images\n")
  }

  @Test("finds Fashion-MNIST's files in a folder, and says what is missing")
  func fashion() throws {
    let folder = try TemporaryFolder()
    let missing = try Command.run(
      ["train", "--data", "fashion-mnist", "--data-dir", folder.path])
    #expect(missing.error.contains("there is no train-images-idx3-ubyte"))
    #expect(missing.error.contains("apt install dataset-fashion-mnist"))
    #expect(missing.status == 1)
    // Class k is light in row k; two pictures of each to learn from, one to test with.
    for (name, count) in [("train", 20), ("t10k", 10)] {
      func number(_ value: Int) -> [UInt8] { [0, 0, UInt8(value >> 8), UInt8(value & 255)] }
      var images: [UInt8] = [0, 0, 8, 3] + number(count) + number(28) + number(28)
      var labels: [UInt8] = [0, 0, 8, 1] + number(count)
      for index in 0..<count {
        labels.append(UInt8(index % 10))
        images += (0..<784).map { $0 / 28 == index % 10 ? 255 : UInt8($0 % 50) }
      }
      try Data(images).write(
        to: URL(fileURLWithPath: "\(folder.path)/\(name)-images-idx3-ubyte"))
      try Data(labels).write(
        to: URL(fileURLWithPath: "\(folder.path)/\(name)-labels-idx1-ubyte"))
    }
    let out = "\(folder.path)/m"
    let result = try Command.run(
      words(
        "train --json --data fashion-mnist --data-dir \(folder.path) --hidden 16 --epochs 150 "
          + "--out \(out)"))
    #expect(result.status == 0, "\(result.error)")
    #expect(try #require(try result.objects().last?["test_accuracy"] as? Double) == 1)
    let digits = try Command.run(
      words("train --json --data mnist --data-dir \(folder.path) --hidden 16 --epochs 1"))
    #expect(digits.status == 0, "\(digits.error)")
    // The data's folder is among the settings.
    let measured = try Command.run(["evaluate", out])
    #expect(measured.output.contains("100.00 % right (10 of 10)"))
    #expect(measured.output.contains("\n9 Ankle boot"))
  }

  @Test("learns the photographs of CIFAR-10's binary batches")
  func photographs() throws {
    let folder = try TemporaryFolder()
    for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      // Class k is light in row k.
      var images: [UInt8] = []
      for label in 0..<10 {
        images.append(UInt8(label))
        images += (0..<3072).map { place -> UInt8 in
          place % 1024 / 32 == label ? 255 : UInt8(place % 50)
        }
      }
      try Data(images).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).bin"))
    }
    let result = try Command.run(
      words(
        "train --json --data cifar-10 --data-dir \(folder.path) --hidden 16 --epochs 30")
    )
    #expect(result.status == 0, "\(result.error)")
    #expect(try #require(try result.objects().last?["test_accuracy"] as? Double) > 0.4)
    let missing = try Command.run(
      ["train", "--data", "cifar-10", "--data-dir", "\(folder.path)/none"])
    #expect(missing.error.contains("`blitz download cifar-10`"))
    #expect(missing.status == 1)
  }

  @Test("shows the layers of a network, of a folder or of options")
  func summary() throws {
    let conv = try Command.run(words("summary --model conv --data fashion-mnist"))
    #expect(conv.output.contains("Conv2d      [1, 32, 28, 28]         320"))
    #expect(conv.output.contains("421,642 trainable"))
    let folder = try TemporaryFolder()
    _ = try Command.run(words("train --data iris --epochs 1 --hidden 5 --out \(folder.path)"))
    let saved = try Command.run(["summary", folder.path])
    #expect(saved.output.contains("TwoLayerNetwork  [1, 3]"))
    #expect(saved.output.contains("35 trainable"))
  }

  @Test("refuses folders without a model, and damaged models")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let missing = try Command.run(["evaluate", "\(folder.path)/none"])
    #expect(
      missing.error == "blitz: \(folder.path)/none: is not a folder; "
        + "name one that blitz train --out has written\n")
    #expect(missing.status == 1)
    let empty = try Command.run(["predict", folder.path, "x.png"])
    #expect(empty.error.hasPrefix("blitz: \(folder.path)/model.safetensors: cannot be opened"))
    _ = try folder.file("model.safetensors", "nonsense, but long enough for a header's length")
    let damaged = try Command.run(["summary", folder.path])
    #expect(damaged.error.hasPrefix("blitz: \(folder.path)/model.safetensors: "))
    #expect(damaged.error.split(separator: "\n").count == 1)
    #expect(damaged.status == 1)
  }
}
