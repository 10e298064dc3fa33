/// Says when to stop training: once a figure has not improved for some epochs.
///
///     var stopping = EarlyStopping(patience: 5)
///     for epoch in 1...100 {
///       ...
///       if stopping.shouldStop(after: testLoss) { break }
///     }
///
/// The figure is one of held-out data, such as the loss; what is learned only looks better and
/// better. ``BestCheckpoint`` keeps the weights of the best epoch. It has state that belongs in
/// checkpoints, so it is `Codable`.
public struct EarlyStopping: Codable, Sendable, Hashable {
  /// The number of epochs in a row without improvement after which to stop.
  public var patience: Int
  /// The amount by which a new figure must be better than the best to count as an improvement.
  public var leastChange: Double
  /// Whether larger figures are better, as for an accuracy.
  public var greaterIsBetter: Bool

  /// The best figure so far; nil before the first.
  public private(set) var best: Double?
  /// How many epochs in a row have not improved.
  public private(set) var epochsSinceBest = 0

  /// Makes one that has seen no figure yet.
  public init(patience: Int = 5, leastChange: Double = 0, greaterIsBetter: Bool = false) {
    self.patience = patience
    self.leastChange = leastChange
    self.greaterIsBetter = greaterIsBetter
  }

  /// Takes the next figure, once an epoch. NaN is no improvement.
  ///
  /// - Returns: whether `patience` epochs have gone by without improvement.
  public mutating func shouldStop(after figure: Double) -> Bool {
    if isImprovement(figure, over: best, by: leastChange, greaterIsBetter: greaterIsBetter) {
      best = figure
      epochsSinceBest = 0
    } else {
      epochsSinceBest = min(epochsSinceBest, Int.max - 1) + 1
    }
    return epochsSinceBest >= patience && epochsSinceBest > 0
  }

  /// Whether the last figure was the best.
  public var isBest: Bool { best != nil && epochsSinceBest == 0 }
}

/// Whether a figure is better than the best so far, if there is one.
package func isImprovement(
  _ figure: Double, over best: Double?, by change: Double = 0, greaterIsBetter: Bool
) -> Bool {
  guard let best else { return !figure.isNaN }
  return greaterIsBetter ? figure > best + change : figure < best - change
}
