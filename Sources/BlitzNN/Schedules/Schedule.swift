import BlitzTensor

/// The rate over a training run as a function of the step, `torch.optim.lr_scheduler`.
///
///     let schedule = Schedule.warmUp(over: 500, from: 0.01).then(.cosine(over: 9_500))
///     for step in 0..<10_000 {
///       optimizer.follow(schedule, at: step)
///       ...
///     }
///
/// A step is what you count: call `follow` once an epoch or once a batch. Schedules start from the
/// rate that a parameter group was made with. Each gives the rates of the PyTorch schedule that it
/// names.
public indirect enum Schedule: Codable, Sendable, Hashable {
  /// A constant rate.
  case constant
  /// The rate times `factor` every `every` steps: `StepLR`.
  case step(every: Int, factor: Double = 0.1)
  /// The rate times `factor` at each of these steps: `MultiStepLR`.
  case multiStep(at: [Int], factor: Double = 0.1)
  /// The rate times `factor` at each step: `ExponentialLR`.
  case exponential(factor: Double)
  /// Down to `least` along half a cosine in `over` steps: `CosineAnnealingLR`. Later steps rise
  /// again, as in PyTorch, so stop there or append another schedule.
  case cosine(over: Int, least: Double = 0)
  /// Linearly from the share `from` of the rate up to the rate: `LinearLR`.
  case warmUp(over: Int, from: Double = 1.0 / 3)
  /// Up from `rate / start` to the rate, then down to `rate / start / end`, along half cosines:
  /// `OneCycleLR` whose `max_lr` is the rate, with `cycle_momentum=False`. Later steps keep the
  /// last value.
  case oneCycle(over: Int, rising: Double = 0.3, start: Double = 25, end: Double = 1e4)
  /// The first schedule for `steps` steps, then the second from its own start: `SequentialLR`.
  case sequence(first: Schedule, steps: Int, second: Schedule)

  /// This schedule until it ends, then another one.
  ///
  /// `warmUp`, `cosine` and `oneCycle` end after their steps, a sequence after its last part. The
  /// others never end: write `.sequence(first:steps:second:)` for them.
  public func then(_ next: Schedule) -> Schedule {
    .sequence(first: self, steps: length ?? Int.max, second: next)
  }

  /// The number of steps after which the schedule ends; nil if it never does.
  public var length: Int? {
    switch self {
    case .constant, .step, .multiStep, .exponential: nil
    case .cosine(let over, _), .warmUp(let over, _), .oneCycle(let over, _, _, _): max(over, 0)
    case .sequence(_, let steps, let second):
      second.length.flatMap {
        let (sum, overflow) = steps.addingReportingOverflow($0)
        return overflow ? nil : sum
      }
    }
  }

  /// The rate at a step, from 0.
  ///
  /// - Parameter step: the number of steps made before.
  /// - Parameter base: the rate that the schedule starts from.
  public func rate(at step: Int, base: Double) -> Double {
    let step = max(step, 0)
    switch self {
    case .constant:
      return base
    case .step(let every, let factor):
      return base * factor.power(step / max(every, 1))
    case .multiStep(let steps, let factor):
      return base * factor.power(steps.count { $0 <= step })
    case .exponential(let factor):
      return base * factor.power(step)
    case .cosine(let over, let least):
      return between(base, least, Double(step) / Double(max(over, 1)))
    case .warmUp(let over, let from):
      if over <= 0 { return base }
      let part = Double(min(step, over)) / Double(over)
      let factor: Double = from + (1 - from) * part
      return base * factor
    case .oneCycle(let over, let rising, let start, let end):
      let initial = base / start
      let peak = rising * Double(over) - 1
      let last = Double(over) - 1
      let place = min(Double(step), last)
      // As PyTorch has it, the peak itself is the end of the rise.
      if place <= peak { return between(initial, base, peak == 0 ? 1 : place / peak) }
      return between(base, initial / end, last == peak ? 1 : (place - peak) / (last - peak))
    case .sequence(let first, let steps, let second):
      return step < steps
        ? first.rate(at: step, base: base) : second.rate(at: step - max(steps, 0), base: base)
    }
  }

  /// From one rate to another along half a cosine.
  private func between(_ from: Double, _ to: Double, _ part: Double) -> Double {
    let weight: Double = (1 + cosineOf(Double.pi * part)) / 2
    return to + (from - to) * weight
  }
}

extension Optimizer {
  /// Sets the rate of each group to the schedule's at a step, starting from the rate that the group
  /// was made with.
  public func follow(_ schedule: Schedule, at step: Int) {
    for index in groups.indices {
      groups[index].rate = schedule.rate(at: step, base: groups[index].initialRate)
    }
  }
}
