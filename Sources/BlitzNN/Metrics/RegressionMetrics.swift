import BlitzTensor

/// How far numbers that a network tells are from the right ones, counted batch by batch.
///
///     var metrics = RegressionMetrics()
///     for batch in loader {
///       try metrics.add(predictions: model(batch.inputs), targets: batch.labels)
///     }
///     print(metrics.meanAbsoluteError, metrics.rootMeanSquaredError, metrics.r2)
///
/// The figures are scikit-learn's, of all elements as one column. Before the first they are NaN.
public struct RegressionMetrics: Sendable, Equatable, Codable {
  /// The number of elements so far.
  public private(set) var count = 0
  private var absoluteSum = 0.0
  private var squareSum = 0.0
  /// The mean of the targets, and the sum of the squares of their differences to it.
  private var mean = 0.0
  private var spread = 0.0

  /// Makes metrics of no elements yet.
  public init() {}

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - predictions: what the network tells, of any shape.
  ///   - targets: the right numbers, of the same shape.
  /// - Throws: `TensorError` for unequal shapes; nothing is added then.
  public mutating func add(predictions: Tensor, targets: Tensor) throws(TensorError) {
    if let error = predictions.error ?? targets.error { throw error }
    guard predictions.shape == targets.shape else {
      throw TensorError(
        "RegressionMetrics", "the shapes differ",
        operands: [("predictions", predictions.signature), ("targets", targets.signature)],
        help: "reshape one like the other: of [rows, 1] and [rows] all pairs would be compared")
    }
    let answers = try predictions.detached().cast(to: .float64).scalars(as: Double.self)
    let truths = try targets.detached().cast(to: .float64).scalars(as: Double.self)
    for (answer, truth) in zip(answers, truths) { add(answer, truth) }
  }

  /// Adds one number.
  package mutating func add(_ answer: Double, _ truth: Double) {
    // A count that was read from a file can be anything.
    count = min(count, Int.max - 1) + 1
    absoluteSum += abs(answer - truth)
    squareSum += (answer - truth) * (answer - truth)
    // Welford's way keeps the digits that a sum of squares loses.
    let step = truth - mean
    mean += step / Double(count)
    spread += step * (truth - mean)
  }

  /// The mean of `|prediction - target|`, `mean_absolute_error`.
  public var meanAbsoluteError: Double { absoluteSum / Double(count) }

  /// The mean of `(prediction - target)^2`, `mean_squared_error`.
  public var meanSquaredError: Double { squareSum / Double(count) }

  /// The root of the mean squared error, in the targets' own unit.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

  /// The coefficient of determination, `r2_score`: 1 is all right, 0 no better than the mean.
  ///
  ///     1 - sum of (prediction - target)^2 / sum of (target - mean)^2
  ///
  /// Where all targets are equal it is 1 if all predictions are right, else 0; of fewer than two
  /// elements NaN.
  public var r2: Double {
    guard count > 1 else { return .nan }
    if spread == 0 { return squareSum == 0 ? 1 : 0 }
    return 1 - squareSum / spread
  }
}
