import Blitz
import BlitzData
import BlitzNN

/// How far training has come.
struct TrainingProgress: Codable, Sendable {
  /// The epochs that are done.
  var epochs: [RunRecord.Epoch] = []
  /// Batches of the epoch under way that are done.
  private(set) var batch = 0
  /// Their rows, and the sum of the rows' losses.
  private(set) var rows = 0
  private(set) var lossSum = 0.0
  /// How long the epoch under way has taken, and those before.
  var epochSeconds = 0.0
  private(set) var secondsBefore = 0.0
  var plateau = Plateau(patience: 3)

  /// How long training has taken in all.
  var seconds: Double { secondsBefore + epochSeconds }

  /// Counts a batch whose step is made.
  mutating func countBatch() { batch += 1 }

  /// Counts the loss of a batch's rows.
  mutating func add(loss: Double, rows: Int, isSum: Bool) {
    self.rows += rows
    lossSum += isSum ? loss : loss * Double(rows)
  }

  /// Counts an epoch.
  mutating func end(_ epoch: RunRecord.Epoch) {
    epochs.append(epoch)
    secondsBefore += epochSeconds
    (batch, rows, lossSum, epochSeconds) = (0, 0, 0, 0)
  }
}

extension Trainer {
  /// All that is needed to go on from here with the same numbers as if training had not stopped.
  func checkpoint() throws -> Checkpoint {
    var checkpoint = try Checkpoint(model, optimizer)
    if let scaler { try checkpoint.set(scaler.state(), as: "scaler") }
    try checkpoint.set(progress, as: "progress")
    try checkpoint.set(loader.state, as: "loader")
    try checkpoint.set(generator.state, as: "generator")
    try checkpoint.set(split.fingerprint(), as: "data")
    return checkpoint
  }

  /// Goes back to a checkpoint.
  ///
  /// - Throws: `RunFailure` if it is of another network or other data, or no epoch is left.
  func restore(_ path: String) throws {
    let checkpoint = try Checkpoint(contentsOf: path)
    guard try checkpoint.value(String.self, of: "data") == split.fingerprint() else {
      throw RunFailure.run(
        "\(path): is of a run on other data than \(split.name) is now; start a new run, "
          + "or name the data as it was with --data")
    }
    progress = try checkpoint.value(of: "progress")
    do {
      try checkpoint.restore(model, optimizer)
      try scaler?.load(checkpoint.value(of: "scaler"))
      try loader.restore(checkpoint.value(of: "loader"))
    } catch let error as StateError {
      let names = error.unfit.map(\.name) + error.missing + error.unexpected
      throw RunFailure.run(
        "\(path): is of another network than its folder's config.json: "
          + "\(names.prefix(3).joined(separator: ", ")) \(names.count == 1 ? "does" : "do") not fit"
      )
    } catch let error as TensorError {
      throw RunFailure.run(
        "\(path): does not fit its folder's config.json: \(error.summary)")
    }
    generator.state = try checkpoint.value(of: "generator")
    guard progress.epochs.count < experiment.epochs else {
      throw RunFailure.argument(
        "\(path): all \(progress.epochs.count) epochs of the run are done; "
          + "give more with --epochs")
    }
  }
}
