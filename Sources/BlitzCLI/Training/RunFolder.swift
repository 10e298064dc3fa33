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

/// The files that training leaves in a folder.
struct RunFolder {
  let path: String
  var modelPath: String { "\(path)/model.safetensors" }
  var checkpointPath: String { "\(path)/checkpoint.safetensors" }
  var configPath: String { "\(path)/config.json" }
  private var curvePath: String { "\(path)/curve.svg" }
  private var metricsPath: String { "\(path)/metrics.csv" }
  private var reportPath: String { "\(path)/report.html" }

  /// A folder that is there.
  init(existing path: String) { self.path = path }

  /// Prepares the folder, so that what is wrong with it shows before training and not after.
  ///
  /// - Throws: `DataError` if the files could not be written there.
  init(preparing path: String) throws {
    self.path = path
    try File.prepareFolder(path)
    for file in [modelPath, curvePath, metricsPath, configPath, checkpointPath, reportPath] {
      try File.checkReplaceable(file)
    }
  }

  /// Takes the folder for a new run.
  ///
  /// - Parameter replacing: whether a run that is there already is given up for it.
  /// - Throws: `RunFailure` if there is one, and it is not.
  func begin(replacing: Bool) throws {
    let hasRun = [configPath, checkpointPath, modelPath].contains(where: FileSystem.exists)
    try require(
      replacing || !hasRun,
      "--out \(path): has a run already; --resume \(path) goes on with it, --overwrite replaces "
        + "it, another name keeps it")
    // What is resumed after a crash must not be the run before.
    if hasRun { try? FileManager.default.removeItem(atPath: checkpointPath) }
  }

  /// Writes the settings.
  func write(_ experiment: Experiment) throws {
    try File.replace(configPath, with: ConfigFile.text(experiment.record))
  }

  /// Writes what is needed to go on after a crash.
  func writeCheckpoint(_ trainer: Trainer) throws {
    try trainer.checkpoint().write(to: checkpointPath)
    try File.replace(metricsPath, with: metrics(trainer.progress.epochs))
  }

  /// Writes what the run came to.
  ///
  /// - Returns: the names of all files.
  func write(_ trainer: Trainer, record: RunRecord) throws -> [String] {
    try writeCheckpoint(trainer)
    try writeModel(trainer)
    let epochs = trainer.progress.epochs
    var curves = [("training", epochs.map(\.trainingLoss))]
    if trainer.split.target != nil { curves.append(("test", epochs.map { $0.testLoss ?? .nan })) }
    var panels = [Plot.lines(curves).labeled(x: "epoch", y: "loss")]
    if trainer.split.test != nil, trainer.split.hasClasses {
      panels.append(
        Plot.lines([
          ("training", epochs.map { $0.trainingAccuracy ?? .nan }),
          ("test", epochs.map { $0.testAccuracy ?? .nan }),
        ])
        .labeled(x: "epoch", y: "accuracy").scaled(y: .linear))
    }
    try File.replace(curvePath, with: Plot.row(panels, title: record.title).svg)
    try File.replace(reportPath, with: HTMLReport(record).text)
    return [modelPath, curvePath, metricsPath, checkpointPath, configPath, reportPath]
  }

  /// Writes the weights under PyTorch's names, and in the file's metadata what network they are of.
  private func writeModel(_ trainer: Trainer) throws {
    var tensors = trainer.model.state.map { ($0.name, $0.tensor) }
    // Readers of a table's network need the columns' scales; those of pictures are in the metadata.
    if let scaling = trainer.network.scaling, !trainer.split.isImages {
      tensors += [
        ("input.mean", Tensor(scaling.mean, shape: [scaling.mean.count])),
        ("input.deviation", Tensor(scaling.deviation, shape: [scaling.deviation.count])),
      ]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let network = String(decoding: try encoder.encode(trainer.network), as: UTF8.self)
    try Safetensors.save(tensors, metadata: ["blitz": network], to: modelPath)
  }

  /// The figures of the report, to the last digit.
  private func metrics(_ epochs: [RunRecord.Epoch]) -> String {
    let columns = RunRecord.columns(of: epochs)
    let rows = epochs.map { epoch in
      columns.map { column in
        column.value(epoch).map { column.kind == .count ? "\(Int($0))" : "\($0)" } ?? ""
      }.joined(separator: ",")
    }
    return ([columns.map(\.name).joined(separator: ",")] + rows).map { "\($0)\n" }.joined()
  }
}
