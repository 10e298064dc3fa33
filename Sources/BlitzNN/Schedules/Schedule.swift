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
  /// The rate times `factor` for `over` steps, then the rate: `ConstantLR`.
  case held(over: Int, factor: Double = 1.0 / 3)
  /// Down to 0 in `over` steps, along a power of the part that is left: `PolynomialLR`.
  case polynomial(over: Int, power: Double = 1)
  /// Down to `least` along half a cosine in `every` steps, then again from the rate, each time
  /// `growth` times as slowly as the last: `CosineAnnealingWarmRestarts`.
  case warmRestarts(every: Int, growth: Int = 1, least: Double = 0)
  /// Up and down between the rate and `to`, again and again: `CyclicLR` whose `base_lr` is the
  /// rate. It falls in as many steps as it rises in if `falling` is nil.
  case cyclic(to: Double, rising: Int = 2000, falling: Int? = nil, shape: CycleShape = .triangular)
  /// The rate times the factors of all of these: `ChainedScheduler`.
  case chained([Schedule])
  /// The first schedule for `steps` steps, then the second from its own start: `SequentialLR`.
  case sequence(first: Schedule, steps: Int, second: Schedule)

  /// This schedule until it ends, then another one.
  ///
  /// `warmUp`, `cosine`, `oneCycle`, `held` and `polynomial` end after their steps, a sequence
  /// after its last part, a chain with the last of its schedules. The others never end: write
  /// `.sequence(first:steps:second:)` for them.
  public func then(_ next: Schedule) -> Schedule {
    .sequence(first: self, steps: length ?? Int.max, second: next)
  }

  /// The number of steps after which the schedule ends; nil if it never does.
  public var length: Int? {
    switch self {
    case .constant, .step, .multiStep, .exponential, .warmRestarts, .cyclic: nil
    case .cosine(let over, _), .warmUp(let over, _), .oneCycle(let over, _, _, _),
      .held(let over, _), .polynomial(let over, _):
      max(over, 0)
    case .chained(let schedules):
      schedules.contains { $0.length == nil } ? nil : schedules.compactMap(\.length).max()
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
      let (isRising, part) = oneCyclePart(step, Double(over), rising)
      return isRising ? between(initial, base, part) : between(base, initial / end, part)
    case .held(let over, let factor):
      return step < over ? base * factor : base
    case .polynomial(let over, let power):
      return over <= 0 ? base : base * (1 - Double(min(step, over)) / Double(over)).power(power)
    case .warmRestarts(let every, let growth, let least):
      return between(base, least, restartPart(step, every, growth))
    case .cyclic(let to, let rising, let falling, let shape):
      let (height, cycle) = cycleHeight(step, rising, falling ?? rising)
      return base + (to - base) * height * shape.scale(cycle: cycle, step: step)
    case .chained(let schedules):
      // Each gives a factor, as each of PyTorch's changes the rate that the one before it left.
      return base == 0
        ? 0 : base * schedules.reduce(1) { $0 * $1.rate(at: step, base: base) / base }
    case .sequence(let first, let steps, let second):
      return step < steps
        ? first.rate(at: step, base: base) : second.rate(at: step - max(steps, 0), base: base)
    }
  }

  /// From one rate to another along half a cosine.
  func between(_ from: Double, _ to: Double, _ part: Double) -> Double {
    let weight: Double = (1 + cosineOf(Double.pi * part)) / 2
    return to + (from - to) * weight
  }
}
