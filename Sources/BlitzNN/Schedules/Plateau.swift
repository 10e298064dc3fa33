import BlitzTensor

/// Lowers the rate when a metric stops improving, `torch.optim.lr_scheduler.ReduceLROnPlateau`.
///
///     var plateau = Plateau(patience: 3)
///     for epoch in 0..<100 {
///       ...
///       optimizer.follow(&plateau, figure: testLoss)
///     }
///
/// It has state that belongs in checkpoints, so it is `Codable`.
public struct Plateau: Codable, Sendable, Hashable {
  /// The number that the rate is multiplied by when it is lowered.
  public var factor: Double
  /// The number of epochs without improvement after which the rate is lowered.
  public var patience: Int
  /// The share of the best value by which a new one must be better to count as an improvement.
  public var threshold: Double
  /// The number of epochs after lowering in which the metric is ignored.
  public var cooldown: Int
  /// The lower bound of the rate; `min_lr` in PyTorch.
  public var least: Double
  /// Whether larger values are better, as for an accuracy.
  public var greaterIsBetter: Bool

  /// The best value so far.
  public private(set) var best: Double?
  private var worseCount = 0
  private var coolCount = 0

  /// Makes a plateau; the defaults are PyTorch's.
  public init(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
    least: Double = 0, greaterIsBetter: Bool = false
  ) {
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.least = least
    self.greaterIsBetter = greaterIsBetter
  }

  /// Takes the next value of the metric, once an epoch.
  ///
  /// - Returns: whether the rate is to be lowered now.
  public mutating func isReached(by figure: Double) -> Bool {
    if isBetter(figure) {
      best = figure
      worseCount = 0
    } else {
      worseCount = min(worseCount, Int.max - 1) + 1
    }
    if coolCount > 0 {
      coolCount -= 1
      worseCount = 0
    }
    guard worseCount > patience else { return false }
    coolCount = cooldown
    worseCount = 0
    return true
  }

  /// Takes the next value of the metric, and returns the rate after it.
  public mutating func rate(after figure: Double, rate: Double) -> Double {
    isReached(by: figure) ? reduced(rate) : rate
  }

  /// The lowered rate; a change that is tiny is left out, as in PyTorch.
  func reduced(_ rate: Double) -> Double {
    let new = max(rate * factor, least)
    return rate - new > 1e-8 ? new : rate
  }

  private func isBetter(_ figure: Double) -> Bool {
    guard let best else { return !figure.isNaN }
    return greaterIsBetter ? figure > best * (1 + threshold) : figure < best * (1 - threshold)
  }
}

extension Optimizer {
  /// Gives a plateau the next value of the metric, and lowers the rates of all groups if it is due.
  public func follow(_ plateau: inout Plateau, figure: Double) {
    guard plateau.isReached(by: figure) else { return }
    for index in groups.indices { groups[index].rate = plateau.reduced(groups[index].rate) }
  }
}
