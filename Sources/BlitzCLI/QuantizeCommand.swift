import ArgumentParser
import Blitz
import BlitzData
import BlitzNN
import BlitzPlot
import BlitzSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `blitz quantize`: a trained network with weights of 8 bits.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Turn a trained network's weights to 8 bits, and say what that costs.",
    discussion: """
      It is measured before and after on the rows that its training held out. The new folder has \
      the network and its settings: evaluate, predict, serve and onnx export take it.
      """)

  @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
  var folder: String

  @Option(help: ArgumentHelp("The folder that the small network goes to.", valueName: "DIR"))
  var out: String

  @Flag(
    name: .customLong("static"),
    help: "Fix the steps of each layer's inputs by the training data, instead of for each row.")
  var isStatic = false

  @Option(help: ArgumentHelp("The folder of the files of \(DataName.withFiles).", valueName: "DIR"))
  var dataDir: String?

  @Flag(help: "Replace a run that --out has already.")
  var overwrite = false

  func run() throws {
    let saved = try SavedNetwork(folder: folder)
    let target = try RunFolder(preparing: out)
    try require(
      URL(filePath: out).resolvingSymlinksInPath().path
        != URL(filePath: folder).resolvingSymlinksInPath().path,
      "--out \(out): is the folder of the network itself; name another")
    var choices = try ConfigFile.read(RunFolder(existing: folder).configPath)
    if let dataDir { choices.dataDir = dataDir }
    let experiment = try Experiment(choices)
    let split = try DataSplit.load(experiment, generator: Generator(seed: experiment.seed))
    try require(
      split.inputShape == saved.network.inputShape,
      "\(experiment.data): has inputs of shape \(split.inputShape); the network of \(folder) takes "
        + "\(saved.network.inputShape)")
    let evaluator = Evaluator(model: saved.model, network: saved.network, split: split)
    let held = split.test ?? split.training
    let name = "\(experiment.data), \(split.test == nil ? "training" : "held out")"
    let before = try worth(evaluator, held)
    if isStatic {
      let sample = try evaluator.sample(of: split.training, limit: 1000)
      try saved.model.quantized(.static { _ = try evaluator.figures(sample) })
    } else {
      try saved.model.quantized(.dynamic)
    }
    // Only now is a run that is there given up.
    try target.begin(replacing: overwrite)
    let file = try SafetensorsFile(saved.path)
    let scales = try file.tensors().filter { $0.key.hasPrefix("input.") }.sorted { $0.key < $1.key }
    try Safetensors.save(
      saved.model.state.map { ($0.name, $0.tensor) } + scales.map { ($0.key, $0.value) },
      metadata: file.metadata, to: target.modelPath)
    try File.replace(
      target.configPath,
      with: String(decoding: try File.read(RunFolder(existing: folder).configPath), as: UTF8.self))
    // What was saved is what is measured.
    let small = Evaluator(
      model: try SavedNetwork(folder: out).model, network: saved.network, split: split)
    BlitzPlot.tell("\(name): \(before) before, \(try worth(small, held)) after")
    let sizes = [saved.path, target.modelPath].map { FileSystem.facts($0)?.size ?? 0 }
    print("wrote \(target.modelPath): \(sizes[1].inBytes), before \(sizes[0].inBytes)")
  }

  /// What a network does on data, in a few words.
  private func worth(_ evaluator: Evaluator, _ dataset: any Dataset) throws -> String {
    guard evaluator.split.target == nil else {
      return "root mean square error \(try evaluator.fit(dataset).rootMeanSquaredError.short)"
    }
    let (loss, accuracy) = try evaluator.figures(dataset)
    guard let accuracy else { return "loss \(loss.short)" }
    return "\((100 * accuracy).decimal(2)) % right, loss \(loss.short)"
  }
}
