import BlitzData

/// What is subtracted from each column or channel, and what it is then divided by.
struct Scaling: Codable, Sendable, Equatable {
  var mean: [Float]
  var deviation: [Float]

  /// MNIST's, over its 60,000 training pictures.
  static let mnist = Scaling(mean: [0.1307], deviation: [0.3081])

  /// CIFAR-10's, over its 50,000 training pictures.
  static let cifar10 = Scaling(
    mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])

  /// Fashion-MNIST's, over its 60,000 training pictures.
  static let fashionMNIST = Scaling(mean: [0.2860], deviation: [0.3530])

  /// Brings every column or channel of these examples to mean 0 and deviation 1, so that one rate
  /// suits all.
  ///
  /// - Parameter dataset: inputs `[count, channels, ...]`.
  init(of dataset: some Dataset) throws {
    let inputs = try dataset.examples(at: Array(0..<dataset.count)).inputs
    let channels = inputs.shape[1]
    let area = inputs.shape.elementCount / max(inputs.shape[0] * channels, 1)
    var sums = [Double](repeating: 0, count: channels)
    var squares = sums
    let count = Double(inputs.shape[0] * area)
    inputs.withUnsafeBytes { bytes in
      let numbers = bytes.bindMemory(to: Float.self)
      for (place, number) in numbers.enumerated() {
        sums[place / area % channels] += Double(number)
      }
      for (place, number) in numbers.enumerated() {
        let channel = place / area % channels
        let difference = Double(number) - sums[channel] / count
        squares[channel] += difference * difference
      }
    }
    mean = sums.map { Float($0 / count) }
    // A column that never changes tells nothing; dividing by 1 leaves it at 0.
    deviation = squares.map { $0 / count > 1e-24 ? Float(($0 / count).squareRoot()) : 1 }
  }

  /// The mean and deviation of labels that are numbers, `[count, 1]`.
  init(ofLabels dataset: some Dataset) throws {
    let labels = try dataset.examples(at: Array(0..<dataset.count)).others[0]
    let numbers = labels.withUnsafeBytes { $0.bindMemory(to: Float.self).map(Double.init) }
    let mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(numbers.count, 1))).squareRoot()
    self.init(mean: [Float(mean)], deviation: [deviation > 1e-12 ? Float(deviation) : 1])
  }

  init(mean: [Float], deviation: [Float]) {
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// The change to a loader's batches.
  var transform: Transform { .normalise(mean: mean, std: deviation) }
}
