import Blitz
import BlitzData

/// The files that training leaves in a folder: the model, the curves and the figures.
struct TrainingFiles {
  private let folder: String
  private var modelPath: String { "\(folder)/model.safetensors" }
  private var curvePath: String { "\(folder)/curve.svg" }
  private var metricsPath: String { "\(folder)/metrics.csv" }

  /// Prepares the folder, so that what is wrong with it shows before training and not after.
  ///
  /// - Throws: `DataError` if the files could not be written there.
  init(folder: String) throws {
    self.folder = folder
    try File.prepareFolder(folder)
    for path in [modelPath, curvePath, metricsPath] { try File.checkReplaceable(path) }
  }

  /// Writes the three files.
  ///
  /// - Returns: their names.
  func write(
    network: TwoLayerNetwork, split: TrainingSplit, epochs: [Training.Epoch], title: String
  ) throws -> [String] {
    var tensors = Array(zip(TwoLayerNetwork.names, network.parameters))
    if let scaling = split.scaling {
      tensors += [("input.mean", scaling.mean), ("input.deviation", scaling.deviation)]
    }
    let entries = try tensors.map { name, tensor in
      let numbers = try tensor.scalars(as: Float.self)
      return SafetensorsEntry(
        name: name, dtype: .float32, shape: tensor.shape.sizes,
        bytes: numbers.withUnsafeBytes { ArraySlice($0) })
    }
    try Safetensors(entries: entries, metadata: ["network": "relu(x w1 + b1) w2 + b2"])
      .write(to: modelPath)

    var panels = [
      CurveSVG.Panel(
        title: "loss", series: [Series("training", epochs.map(\.loss))], mayBeLogarithmic: true)
    ]
    var rows = "epoch,loss\n"
    if split.test != nil {
      panels.append(
        CurveSVG.Panel(
          title: "accuracy",
          series: [
            Series("training", epochs.map { $0.accuracy?.training ?? .nan }),
            Series("test", epochs.map { $0.accuracy?.test ?? .nan }),
          ]))
      rows = "epoch,loss,training_accuracy,test_accuracy\n"
    }
    for epoch in epochs {
      rows += "\(epoch.number),\(epoch.loss)"
      if let accuracy = epoch.accuracy { rows += ",\(accuracy.training),\(accuracy.test)" }
      rows += "\n"
    }
    try File.replace(
      curvePath, with: CurveSVG(title: title, xLabel: "epoch", panels: panels).text)
    try File.replace(metricsPath, with: rows)
    return [modelPath, curvePath, metricsPath]
  }
}
