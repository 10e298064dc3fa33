import BlitzTensor

/// How the rate changes over a training run: a pure function of the step.
///
///     let schedule = Schedule.warmUp(over: 500, from: 0.01).then(.cosine(over: 9_500))
///     for step in 0..<10_000 {
///       optimizer.follow(schedule, at: step)
///       ...
///     }
///
/// A step is whatever is counted: call `follow` once an epoch, or once a batch. Schedules start from
/// the rate that a parameter group was made with, and equal PyTorch's of the names that are given.
public indirect enum Schedule: Codable, Sendable, Hashable {
  /// The rate as it is.
  case constant
  /// Multiplied by `factor` at every `every`th step: `StepLR`.
  case step(every: Int, factor: Double = 0.1)
  /// Multiplied by `factor` at each of these steps: `MultiStepLR`.
  case multiStep(at: [Int], factor: Double = 0.1)
  /// Multiplied by `factor` at each step: `ExponentialLR`.
  case exponential(factor: Double)
  /// Down to `least` along half a cosine, `CosineAnnealingLR`; after `over` steps it rises again
  /// as that does, so end there or go on with another schedule.
  case cosine(over: Int, least: Double = 0)
  /// From the part `from` of the rate straight up to all of it: `LinearLR`.
  case warmUp(over: Int, from: Double = 1.0 / 3)
  /// Up from `rate / start` to the rate in the first part of the run, then down to
  /// `rate / start / end`, along half cosines: `OneCycleLR` with the rate for its `max_lr` and
  /// `cycle_momentum=False`. It stays at the last value afterwards.
  case oneCycle(over: Int, rising: Double = 0.3, start: Double = 25, end: Double = 1e4)
  /// The first schedule for so many steps, then the second from its own start: `SequentialLR`.
  case sequence(first: Schedule, steps: Int, second: Schedule)

  /// This schedule until it is over, then another one.
  ///
  /// Over are `warmUp`, `cosine` and `oneCycle` after their steps, a sequence after its last part;
  /// for the others write `.sequence(first:steps:second:)`, or the second is never reached.
  public func then(_ next: Schedule) -> Schedule {
    .sequence(first: self, steps: length ?? Int.max, second: next)
  }

  /// After how many steps the schedule is over; nil if it never is.
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

  /// The rate at a step, which counts from 0.
  ///
  /// - Parameter step: how many steps were made before.
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
  /// Sets the rate of each group to the schedule's at a step, from the rate that the group was
  /// made with.
  public func follow(_ schedule: Schedule, at step: Int) {
    for index in groups.indices {
      groups[index].rate = schedule.rate(at: step, base: groups[index].initialRate)
    }
  }
}
