import BlitzData

/// A training run's figures, under the names that TensorBoard groups them by.
extension EventWriter {
  /// Adds an epoch's figures; the step is the epoch's number, as in metrics.csv.
  ///
  /// - Throws: `DataError` as `write(_:step:)`.
  func write(_ epoch: RunRecord.Epoch) throws(DataError) {
    let figures: [(tag: String, value: Double?)] = [
      ("loss/training", epoch.trainingLoss), ("loss/test", epoch.testLoss),
      ("accuracy/training", epoch.trainingAccuracy), ("accuracy/test", epoch.testAccuracy),
      ("rate", epoch.rate), ("seconds", epoch.seconds),
    ]
    var values: [Event.Value] = []
    for (tag, value) in figures {
      if let value { values.append(.scalar(tag: tag, Float(value))) }
    }
    try write(values, step: epoch.number)
  }

  /// Adds the settings as a table.
  ///
  /// - Throws: `DataError` as `write(_:step:)`.
  func write(settings: [(name: String, value: String)], step: Int = 0) throws(DataError) {
    let rows = settings.map { setting in
      "| \(EventWriter.cell(setting.name)) | \(EventWriter.cell(setting.value)) |\n"
    }
    let table = "| setting | value |\n|---|---|\n\(rows.joined())"
    try write([.text(tag: "settings", table)], step: step)
  }

  /// Adds the pictures of the first layer's weights, the first 16 of them.
  ///
  /// - Throws: `DataError` as `write(_:step:)`.
  func write(firstLayer: [RunRecord.WeightPicture], step: Int) throws(DataError) {
    let shown = firstLayer.prefix(16)
    let scale = WeightScale(shown)
    var values: [Event.Value] = []
    for (index, picture) in shown.enumerated() {
      guard let image = scale.image(picture) else { continue }
      values.append(
        .image(
          tag: "first layer/\(index)", width: image.width, height: image.height,
          channelCount: image.channelCount, png: try image.pngData()))
    }
    try write(values, step: step)
  }

  /// A text as it may stand in a Markdown table.
  private static func cell(_ text: String) -> String {
    var cell = ""
    for character in text {
      switch character {
      case "|", "\\", "`", "*", "_", "<", "[", "]": cell += "\\\(character)"
      case _ where character.isNewline: cell += " "
      default: cell.append(character)
      }
    }
    return cell
  }
}
