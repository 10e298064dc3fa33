import BlitzTensor

/// Lowers the rate when a figure stops getting better: PyTorch's `ReduceLROnPlateau`.
///
///     var plateau = Plateau(patience: 3)
///     for epoch in 0..<100 {
///       ...
///       optimizer.follow(&plateau, figure: testLoss)
///     }
///
/// It has a state, which goes into checkpoints: it is `Codable`.
public struct Plateau: Codable, Sendable, Hashable {
  /// What a rate is multiplied by.
  public var factor: Double
  /// How many figures in a row may be no better before the rate is lowered.
  public var patience: Int
  /// By which part of the best figure the next must be better.
  public var threshold: Double
  /// How many figures are not looked at after the rate was lowered.
  public var cooldown: Int
  /// The least rate.
  public var least: Double
  /// Whether greater figures are better, as accuracies are.
  public var greaterIsBetter: Bool

  /// The best figure so far.
  public private(set) var best: Double?
  private var worseCount = 0
  private var coolCount = 0

  /// PyTorch's settings.
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

  /// Takes the next figure, once an epoch.
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

  /// The rate after a figure; takes the figure.
  public mutating func rate(after figure: Double, rate: Double) -> Double {
    isReached(by: figure) ? reduced(rate) : rate
  }

  /// A lower rate; one that would hardly change stays, as in PyTorch.
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
  /// Gives the next figure to a plateau, and lowers the rate of each group when it is reached.
  public func follow(_ plateau: inout Plateau, figure: Double) {
    guard plateau.isReached(by: figure) else { return }
    for index in groups.indices { groups[index].rate = plateau.reduced(groups[index].rate) }
  }
}
