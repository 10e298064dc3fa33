import Blitz
import BlitzData

/// Turns files into what a network takes.
struct PredictionInput {
  let network: NetworkDescription
  /// Whether light and dark of images are swapped.
  var isInverted = false
  /// Whether the first row of a table holds names.
  var hasHeader: Bool?

  /// What a file holds.
  struct Examples {
    /// `[rows, ...]`, scaled as in training.
    var numbers: Tensor
    /// The line of each row in the file; nil for an image.
    var lines: [Int?]
    /// What was decided about a table, a line each.
    var notes: [String] = []
    /// What was done to an image, in words; nil if nothing.
    var change: String?
  }

  /// Reads an image or the rows of a CSV file; the network says which it must be.
  func read(_ path: String) throws -> Examples {
    network.inputShape.count == 3 ? try readImage(path) : try readRows(path)
  }

  private func readRows(_ path: String) throws -> Examples {
    guard let layout = network.table else {
      throw RunFailure.run(
        "\(path): the network does not say what columns it takes; train it again")
    }
    let table = try CSV(path: path, like: layout, hasLabels: false, hasHeader: hasHeader)
    let numbers = Tensor(table.features, shape: [table.rowCount, table.columnCount])
    return Examples(numbers: network.scaled(numbers), lines: table.lines, notes: table.notes)
  }

  private func readImage(_ path: String) throws -> Examples {
    let (channels, height, width) =
      (network.inputShape[0], network.inputShape[1], network.inputShape[2])
    let image: Image
    do {
      image = try Image(path: path)
    } catch {
      guard path.lowercased().hasSuffix(".csv") else { throw error }
      throw RunFailure.run("\(path): is a table; the network takes images")
    }
    var changes: [String] = []
    if image.width != width || image.height != height {
      changes.append("\(image.width) x \(image.height) resized to \(width) x \(height)")
    }
    if channels == 1, image.channelCount == 3 { changes.append("colour turned to grey") }
    if isInverted { changes.append("light and dark swapped") }
    let numbers = try image.fitted(channelCount: channels, width: width, height: height)
      .tensor().unsqueezed(axis: 0)
    return Examples(
      numbers: network.scaled(isInverted ? 1 - numbers : numbers), lines: [nil],
      change: changes.isEmpty ? nil : changes.joined(separator: ", "))
  }

}

extension NetworkDescription {
  /// `[rows, channels, ...]` as the network saw its training data.
  func scaled(_ numbers: Tensor) -> Tensor {
    guard let scaling else { return numbers }
    let shape = Shape([scaling.mean.count] + Array(repeating: 1, count: numbers.rank - 2))
    return (numbers - Tensor(scaling.mean, shape: shape)) / Tensor(scaling.deviation, shape: shape)
  }
}
