import BlitzTensor

/// What ``Adam`` and ``AdamW`` have in common: all but what weight decay changes.
public protocol MomentRule: UpdateRule {
  /// How much of the running mean is kept, from 0 to below 1.
  var beta1: Double { get }
  /// How much of the running mean of squares is kept, from 0 to below 1.
  var beta2: Double { get }
  /// What keeps the divisor from zero.
  var epsilon: Double { get }
  /// How much weights decay, 0 or more.
  var weightDecay: Double { get }
  /// Whether the greatest mean of squares so far divides, not the present one.
  var amsgrad: Bool { get }
}

extension MomentRule {
  /// What PyTorch calls them.
  public var stateNames: [String] {
    amsgrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"]
  }
  /// The terms that are there.
  public var structure: [Bool] { [weightDecay != 0, amsgrad] }
  /// What has a range.
  public var ranges: [SettingRange] {
    [
      SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
      SettingRange("beta2", beta2, below: 1), SettingRange("epsilon", epsilon),
      SettingRange("weightDecay", weightDecay),
    ]
  }

  /// The numbers that `moved` takes; a rule's own come behind them.
  func momentNumbers(step: Int) -> [Double] {
    [
      rate / (1 - beta1.power(step)), (1 - beta2.power(step)).squareRoot(), 1 - beta1, beta2,
      1 - beta2, epsilon,
    ]
  }
  static var momentNumberCount: Int { 6 }

  /// The weight a step further by its gradient's moments, and these.
  func moved(
    _ weight: Tensor, _ gradient: Tensor, _ state: [Tensor], _ numbers: [Tensor]
  ) -> (weight: Tensor, state: [Tensor]) {
    let (stepSize, correction) = (numbers[0], numbers[1])
    let mean = state[0] + numbers[2] * (gradient - state[0])
    let square = state[1] * numbers[3] + numbers[4] * gradient * gradient
    let greatest = amsgrad ? state[2].maximum(square) : square
    let divisor = greatest.sqrt() / correction + numbers[5]
    let new = weight - stepSize * mean / divisor
    return (new, amsgrad ? [mean, square, greatest] : [mean, square])
  }
}
