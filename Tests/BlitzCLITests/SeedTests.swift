import Foundation
import Testing

@testable import BlitzCLI

@Suite("blitz train: the seed")
struct SeedTests {
  @Test("without one a run draws its own, tells it, and is made again by it")
  func drawn() throws {
    let folder = try TemporaryFolder()
    let (first, second, again) = (
      "\(folder.path)/first", "\(folder.path)/second", "\(folder.path)/again"
    )
    let options = "train --json --data iris --epochs 2 --out "
    let run = try Command.run(words(options + first), without: ["BLITZ_SEED"])
    let events = try run.objects()
    #expect(events.first?["event"] as? String == "seed")
    let seed = try #require(events.first?["seed"] as? Int)
    #expect(events.last?["seed"] as? Int == seed)
    #expect(try text("\(first)/config.json").contains("\"seed\" : \(seed)"))
    #expect(try text("\(first)/report.html").contains("\(seed)"))

    let repeated = try Command.run(words("\(options)\(again) --seed \(seed)"))
    // Who has named it need not be told.
    #expect(try repeated.objects().map { $0["event"] as? String } == ["epoch", "epoch", "result"])
    for name in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(first)/\(name)") == bytes("\(again)/\(name)"), "\(name)")
    }
    #expect(try figures(first) == figures(again))
    let other = try Command.run(words(options + second), without: ["BLITZ_SEED"])
    #expect(try other.objects().first?["seed"] as? Int != seed)
    #expect(
      try bytes("\(first)/model.safetensors") != bytes("\(second)/model.safetensors"))
  }

  @Test("BLITZ_SEED is one, and --seed goes before it")
  func environment() throws {
    let run = words("train --data iris --epochs 1")
    let told = try Command.run(run, environment: ["BLITZ_SEED": "7"])
    #expect(told.output.contains("\nseed 7: --seed 7 makes this run again\n"))
    let named = try Command.run(run + ["--seed", "3"], environment: ["BLITZ_SEED": "7"])
    #expect(!named.output.contains("seed"))
    let largest = try Command.run(
      run + ["--json"], environment: ["BLITZ_SEED": "18446744073709551615"])
    #expect(largest.output.hasPrefix("{\"event\":\"seed\",\"seed\":18446744073709551615}\n"))
  }

  @Test("a run that is resumed keeps its own")
  func resumed() throws {
    let folder = try TemporaryFolder()
    let run = try Command.run(
      words("train --json --data iris --epochs 1 --out \(folder.path)"), without: ["BLITZ_SEED"])
    let seed = try #require(try run.objects().first?["seed"] as? Int)
    let resumed = try Command.run(
      words("train --json --resume \(folder.path) --epochs 2"), without: ["BLITZ_SEED"])
    #expect(try resumed.objects().map { $0["event"] as? String } == ["epoch", "result"])
    #expect(try resumed.objects().last?["seed"] as? Int == seed)
  }

  @Test("lessons promise figures, and have one without being asked")
  func lessons() throws {
    let run = words("lesson autograd --steps 2")
    let losses = try Command.run(run, without: ["BLITZ_SEED"]).output
    // The last digits are the processor's: sums of products have another order on another.
    let numbers = losses.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(numbers.count == 4)
    for (found, expected) in zip(numbers, [0, 29_428_664.0, 1, 22_739_448]) {
      #expect(abs(found - expected) <= 1e-6 * expected)
    }
    #expect(try Command.run(run, environment: ["BLITZ_SEED": "9"]).output == losses)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}

@Suite("settings of blitz train")
struct SettingTests {
  @Test("have a name, a default or none, and a value that fits, each")
  func complete() throws {
    let names = TrainSettings.all.map(\.name)
    #expect(Set(names).count == names.count)
    // One that is not found by reflection is not an option either.
    #expect(Mirror(reflecting: TrainSettings.shared).children.count == names.count)
    let experiment = try Experiment(Choices())
    let open = TrainSettings.all.filter { experiment.choices[$0.name] == nil }.map(\.name)
    #expect(open == ["data-dir", "label", "header", "missing", "clip", "tensorboard", "out"])
    #expect(experiment.record["json"] == nil && experiment.record["rate"] != nil)
  }

  @Test("in a file are what the command line says", arguments: ["1e-06", "3", "0.25"])
  func file(rate: String) throws {
    let folder = try TemporaryFolder()
    var choices = Choices()
    (choices.rate, choices.hidden) = (Double(rate), HiddenSizes([8, 4]))
    (choices.model, choices.bias) = (.mlp, true)
    let path = try folder.file("c.json", ConfigFile.text(choices))
    let read = try ConfigFile.read(path)
    #expect(read.rate == Double(rate))
    #expect(read.told.map(\.name) == ["model", "hidden", "bias", "rate"])
    #expect(read.told.map(\.value) == ["mlp", "8,4", "true", rate])
  }

  @Test(
    "have the defaults that the data asks for",
    arguments: [
      ("digits", .twoLayer, [100], .squaredError, .sgd, 0.05, .constant, 16, 60),
      ("random", .twoLayer, [100], .squaredError, .sgd, 1e-6, .constant, 64, 500),
      ("fashion-mnist", .mlp, [256], .crossEntropy, .adam, 1e-3, .cosine, 128, 5),
      ("spirals", .mlp, [256], .crossEntropy, .adam, 1e-3, .constant, 16, 200),
      ("iris", .twoLayer, [100], .squaredError, .sgd, 0.01, .constant, 16, 60),
      ("table.csv", .twoLayer, [100], .squaredError, .sgd, 0.01, .constant, 16, 60),
    ]
      as [(
        String, ModelKind, [Int], TrainingLoss, OptimizerKind, Double, ScheduleKind, Int, Int
      )])
  func defaults(
    data: String, model: ModelKind, hidden: [Int], loss: TrainingLoss, optimizer: OptimizerKind,
    rate: Double, schedule: ScheduleKind, batch: Int, epochs: Int
  ) throws {
    var choices = Choices()
    choices.data = data
    let found = try Experiment(choices)
    #expect((found.model, found.hidden.sizes, found.loss) == (model, hidden, loss))
    #expect((found.optimizer, found.rate, found.schedule) == (optimizer, rate, schedule))
    #expect((found.batch, found.epochs) == (batch, epochs))
    #expect(found.bias == (model != .twoLayer))
  }
}
