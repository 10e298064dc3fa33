import Foundation
import Testing

@Suite("blitz train: models, settings and resuming")
struct ExperimentTests {
  @Test(
    "trains with each kind of setting",
    arguments: [
      "--data iris --model mlp --hidden 16,8 --optimizer adamw --schedule warmup-cosine",
      "--data iris --optimizer momentum --schedule one-cycle --weight-decay 0.001 --bias",
      "--data iris --optimizer nesterov --schedule exponential --clip 1",
      "--data spirals --optimizer rmsprop --schedule step --dropout 0.1",
      "--data spirals --optimizer adagrad --schedule plateau --accumulate 3",
      "--data spirals --optimizer adadelta --schedule cosine --rate 0.5",
      "--data iris --model mlp --optimizer lion --loss squared-error",
      "--model conv --hidden 8 --batch 64 --augment --epochs 3",
    ].prefix(TestSize.isFull ? 8 : 5))
  func settings(options: String) throws {
    let (first, last) = try losses("--epochs 5 " + options)
    #expect(last < first, "\(options)")
  }

  @Test("learns iris and spirals")
  func accuracies() throws {
    #expect(try accuracy("--data iris") >= 0.9)
    #expect(try accuracy("--data spirals --epochs 100") >= 0.9)
  }

  @Test(
    "checks gradients before training, in each model",
    arguments: [
      "--data iris", "--data spirals", "--model conv --hidden 4 --dropout 0.5",
    ].prefix(TestSize.isFull ? 3 : 1))
  func gradients(options: String) throws {
    let result = try Command.run(
      words("train --json --seed 0 --epochs 1 --batch 300 --check-gradients " + options))
    let check = try #require(try result.objects().first)
    #expect(check["event"] as? String == "gradient_check")
    #expect(try #require(check["relative_error"] as? Double) < 1e-4)
    #expect(try #require(check["compared"] as? Int) > 10)
    #expect(check["passed"] as? Bool == true)
  }

  @Test(
    "goes on after a stop with the same numbers as if it had not stopped",
    arguments: [
      "", "--model mlp --hidden 16 --dropout 0.3 --optimizer adam --clip 1 --accumulate 3",
      "--data iris --optimizer momentum --schedule plateau",
    ].suffix(TestSize.isFull ? 3 : 1))
  func resume(options: String) throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = ("\(folder.path)/whole", "\(folder.path)/parts")
    _ = try Command.run(words("train --json --epochs 4 --out \(whole) " + options))
    _ = try Command.run(words("train --json --epochs 2 --out \(parts) " + options))
    let resumed = try Command.run(words("train --json --resume \(parts) --epochs 4"))
    #expect(resumed.error == "")
    #expect(try resumed.objects().map { $0["epoch"] as? Int } == [3, 4, nil])
    for name in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(whole)/\(name)") == bytes("\(parts)/\(name)"), "\(name)")
    }
    #expect(try figures(whole) == figures(parts))
    let again = try Command.run(["train", "--resume", parts])
    #expect(
      again.error == "blitz: \(parts)/checkpoint.safetensors: all 4 epochs of the run are done; "
        + "give more with --epochs\n")
    #expect(again.status == 2)
  }

  @Test("goes on in the middle of an epoch after Ctrl-C")
  func interruptedEpoch() throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = ("\(folder.path)/whole", "\(folder.path)/parts")
    let options = "--model mlp --hidden 32 --dropout 0.2 --augment --schedule cosine --epochs 8"
    _ = try Command.run(words("train --json --out \(whole) " + options))
    let stopped = try Command.run(
      words("train --json --out \(parts) " + options), interruptAfter: "\"epoch\":3,")
    #expect(stopped.status == 130)
    #expect(try Command.run(["train", "--json", "--resume", parts]).status == 0)
    #expect(try bytes("\(whole)/model.safetensors") == bytes("\(parts)/model.safetensors"))
    #expect(try figures(whole) == figures(parts))
  }

  @Test("refuses to resume nothing, other data, other settings and a damaged checkpoint")
  func wrongResume() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/run"
    let nothing = try Command.run(["train", "--resume", out])
    #expect(
      nothing.error == "blitz: \(out): there is no run to resume: it has no config.json; "
        + "name a folder that blitz train --out has written\n")
    #expect(nothing.status == 1)
    _ = try Command.run(words("train --data iris --epochs 1 --out \(out)"))
    let data = try Command.run(words("train --resume \(out) --data digits --epochs 2"))
    #expect(data.error.contains("is of a run on other data than digits is now"))
    let rate = try Command.run(words("train --resume \(out) --rate 3 --epochs 2"))
    #expect(
      rate.error == "blitz: --rate is 3, the run in \(out) has 0.01; "
        + "--resume goes on with its settings: leave --rate out\n")
    #expect(rate.status == 2)

    let config = try String(contentsOfFile: "\(out)/config.json", encoding: .utf8)
    _ = try folder.file(
      "run/config.json", config.replacing("\"hidden\" : 100", with: "\"hidden\" : 7"))
    let network = try Command.run(words("train --resume \(out) --epochs 2"))
    #expect(
      network.error.hasSuffix(
        "is of another network than its folder's config.json: w1, w2 do not fit\n"))
    _ = try folder.file("run/config.json", config)

    let checkpoint = try bytes("\(out)/checkpoint.safetensors")
    try checkpoint.prefix(checkpoint.count / 2)
      .write(to: URL(fileURLWithPath: "\(out)/checkpoint.safetensors"))
    let damaged = try Command.run(words("train --resume \(out) --epochs 2"))
    #expect(damaged.error.hasPrefix("blitz: \(out)/checkpoint.safetensors: "))
    #expect(damaged.error.split(separator: "\n").count == 1)
    #expect(damaged.status == 1)
  }

  @Test("does not write over another run, unless it is asked to")
  func overwrite() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/run"
    let run = words("train --data iris --seed 0 --epochs 2 --out \(out)")
    #expect(try Command.run(run).status == 0)
    let before = try bytes("\(out)/model.safetensors")
    let again = try Command.run(run + ["--hidden", "7"])
    #expect(
      again.error == "blitz: --out \(out): has a run already; --resume \(out) goes on with it, "
        + "--overwrite replaces it, another name keeps it\n")
    #expect(again.status == 2)
    #expect(try bytes("\(out)/model.safetensors") == before)
    #expect(try Command.run(run + ["--hidden", "7", "--overwrite"]).status == 0)
    #expect(try bytes("\(out)/model.safetensors") != before)
    #expect(try Command.run(words("train --resume \(out) --epochs 3")).status == 0)
    // Other files in the folder are no run.
    _ = try folder.file("notes.txt", "mine")
    #expect(try Command.run(words("train --data iris --epochs 1 --out \(folder.path)")).status == 0)
  }

  @Test("reads settings from a file, below those of the command line")
  func config() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "c.json",
      #"{"data": "iris", "model": "mlp", "hidden": [8, 4], "epochs": 50, "rate": 0.01, "seed": 3}"#)
    let run = try Command.run(
      words("train --json --config \(path) --epochs 2 --out \(folder.path)/a"))
    #expect(try run.objects().count == 3)
    // The settings as used make the same run again.
    _ = try Command.run(
      words("train --config \(folder.path)/a/config.json --out \(folder.path)/b"))
    for name in ["model.safetensors", "config.json"] {
      #expect(
        try bytes("\(folder.path)/a/\(name)") == bytes("\(folder.path)/b/\(name)"), "\(name)")
    }
    #expect(try figures("\(folder.path)/a") == figures("\(folder.path)/b"))
  }

  @Test(
    "names what is wrong with a file of settings, with exit code 2",
    arguments: [
      (#"{"lerning-rate": 1}"#, "there is no option \"lerning-rate\"; the options are"),
      (#"{"rat": 1}"#, "there is no option \"rat\"; did you mean \"rate\"?"),
      (#"{"lr": 1}"#, "there is no option \"lr\"; did you mean \"rate\"?"),
      (#"{"rate": "fast"}"#, "\"rate\" is \"fast\"; it takes a number"),
      (#"{"epochs": 2.5}"#, "\"epochs\" is 2.5; it takes a whole number"),
      (#"{"bias": 1}"#, "\"bias\" is 1; it takes true or false"),
      (#"{"hidden": [8, "x"]}"#, "\"hidden\" is [8, \"x\"]; it takes a whole number or a list"),
      (#"{"model": "cnn"}"#, "\"model\" is \"cnn\"; it takes two-layer, mlp or conv"),
      (
        #"{"precision": "half"}"#,
        "\"precision\" is \"half\"; it takes float32, bfloat16 or float16"
      ),
      (#"{"data": 3}"#, "\"data\" is 3; it takes a text"),
      (#"[1]"#, "is not a JSON object"), ("", "is not a JSON object"),
    ])
  func wrongConfig(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("c.json", text)
    let result = try Command.run(["train", "--config", path])
    #expect(result.error.hasPrefix("blitz: \(path): \(message)"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(result.status == 2)
  }

  @Test("leaves a report and event files")
  func report() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      words(
        "train --epochs 2 --hidden 8 --out \(folder.path)/o --tensorboard \(folder.path)/t"))
    #expect(result.status == 0, "\(result.error)")
    let report = try String(contentsOfFile: "\(folder.path)/o/report.html", encoding: .utf8)
    #expect(report.hasPrefix("<!DOCTYPE html>"))
    // Eight units' weights and the worst mistakes are pictures.
    #expect(report.components(separatedBy: "data:image/png").count > 8)
    let events = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/t")
    #expect(events.count == 1)
    #expect(events[0].hasPrefix("events.out.tfevents."))
    let text = String(decoding: try bytes("\(folder.path)/t/\(events[0])"), as: UTF8.self)
    #expect(text.contains("accuracy/test") && text.contains("settings"))
  }

  private func losses(_ options: String) throws -> (first: Double, last: Double) {
    // The last of an option's values counts.
    var values: [String] = []
    for word in words(options) {
      if word == "--epochs", let index = values.firstIndex(of: word) {
        values.removeSubrange(index...index + 1)
      }
      values.append(word)
    }
    let result = try Command.run(["train", "--json"] + values)
    #expect(result.status == 0, "\(result.error)")
    let losses = try result.objects().compactMap { $0["loss"] as? Double }
    return (try #require(losses.first), try #require(losses.last))
  }

  private func accuracy(_ options: String) throws -> Double {
    let result = try Command.run(words("train --json " + options))
    return try #require(try result.objects().last?["test_accuracy"] as? Double)
  }
}

/// The words of a command line.
func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

/// The rows of a run's metrics.csv but for the last column: how many seconds each epoch took.
func figures(_ folder: String) throws -> [Substring] {
  let text = try String(contentsOfFile: "\(folder)/metrics.csv", encoding: .utf8)
  let rows = text.split(separator: "\n")
  #expect(rows.first?.hasSuffix(",seconds") == true)
  return rows.map { $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)] }
}

/// A file's bytes.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
