/// How high the later peaks of a cyclic schedule are, `mode` of PyTorch's `CyclicLR`.
public enum CycleShape: Codable, Sendable, Hashable {
  /// All the same.
  case triangular
  /// Each half as high as the one before it; `triangular2` in PyTorch.
  case halving
  /// Times a factor at each step; `exp_range` in PyTorch.
  case falling(factor: Double)

  /// How high the schedule is, of its first peak.
  func scale(cycle: Double, step: Int) -> Double {
    switch self {
    case .triangular: 1
    case .halving: 2.0.power(1 - cycle)
    case .falling(let factor): factor.power(step)
    }
  }
}

extension Schedule {
  /// The momentum that belongs to the rate at a step: the upper bound where the rate is low, the
  /// lower one at its peaks, as PyTorch's `OneCycleLR` and `CyclicLR` cycle it.
  ///
  /// - Parameters:
  ///   - step: the number of steps made before.
  ///   - range: from `base_momentum` to `max_momentum`.
  /// - Returns: the momentum; nil for a schedule that has none.
  public func momentum(at step: Int, in range: ClosedRange<Double>) -> Double? {
    let (low, high) = (range.lowerBound, range.upperBound)
    let step = max(step, 0)
    switch self {
    case .oneCycle(let over, let rising, _, _):
      let (isRising, part) = oneCyclePart(step, Double(over), rising)
      return isRising ? between(high, low, part) : between(low, high, part)
    case .cyclic(_, let rising, let falling, let shape):
      let (height, cycle) = cycleHeight(step, rising, falling ?? rising)
      return high - (high - low) * height * shape.scale(cycle: cycle, step: step)
    case .sequence(let first, let steps, let second):
      return step < steps
        ? first.momentum(at: step, in: range)
        : second.momentum(at: step - max(steps, 0), in: range)
    default: return nil
    }
  }

  /// Whether one cycle still rises, and what part of the rise or fall is done.
  func oneCyclePart(_ step: Int, _ over: Double, _ rising: Double) -> (isRising: Bool, Double) {
    let peak = rising * over - 1
    let last = over - 1
    let place = min(Double(step), last)
    // As PyTorch has it, the peak itself is the end of the rise.
    if place <= peak { return (true, peak == 0 ? 1 : place / peak) }
    return (false, last == peak ? 1 : (place - peak) / (last - peak))
  }

  /// What part is done of the fall that a step is in.
  func restartPart(_ step: Int, _ every: Int, _ growth: Int) -> Double {
    var (place, length) = (step, max(every, 1))
    if growth <= 1 { return Double(place % length) / Double(length) }
    while place >= length {
      place -= length
      let (next, overflow) = length.multipliedReportingOverflow(by: growth)
      length = overflow ? .max : next
    }
    return Double(place) / Double(length)
  }

  /// How high a triangle is at a step, from 0 to 1, and which one it is, from 1.
  func cycleHeight(_ step: Int, _ rising: Int, _ falling: Int) -> (height: Double, cycle: Double) {
    let (rising, falling) = (Double(max(rising, 1)), Double(max(falling, 0)))
    let total = rising + falling
    let cycle = (1 + Double(step) / total).rounded(.down)
    let part = 1 + Double(step) / total - cycle
    let peak = rising / total
    return (part <= peak ? part / peak : (part - 1) / (peak - 1), cycle)
  }
}
