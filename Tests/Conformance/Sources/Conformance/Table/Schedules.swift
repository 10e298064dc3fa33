import Blitz

/// How Blitz spells PyTorch's schedules: a row answers what the rates are, step by step, and the
/// momenta where they are cycled.
enum ScheduleTable {
  typealias Row = @Sendable (Call) throws -> [[Double]]

  static let rate = 0.1
  static let steps = 40

  static let rows: [String: Row] = own.merging(plain.mapValues(row)) { row, _ in row }

  private static let own: [String: Row] = [
    "LambdaLR": { call in
      let factor = try function(call)
      return run { $0.follow(at: $1, factor: factor) }
    },
    "MultiplicativeLR": { call in
      let factor = try function(call)
      return run { if $1 > 0 { $0.multiplyRates(by: factor($1)) } }
    },
    "ReduceLROnPlateau": { call in
      let figures = try call.tensor(1).scalars(as: Double.self)
      var plateau = try Plateau(
        factor: call.real(.max, "factor", or: 0.1), patience: call.int(.max, "patience", or: 10),
        threshold: call.real(.max, "threshold", or: 1e-4),
        cooldown: call.int(.max, "cooldown", or: 0), least: call.real(.max, "min_lr", or: 0),
        greaterIsBetter: call.text(.max, "mode", or: "min") == "max")
      return run { if $1 > 0 { $0.follow(&plateau, figure: figures[$1 - 1]) } }
    },
    "OneCycleLR": { call in
      let (base, schedule) = (try call.real(.max, "max_lr"), try oneCycle(call))
      let momentum = 0.85...0.95
      guard try call.bool(.max, "cycle_momentum", or: true) else {
        return run(base) { $0.follow(schedule, at: $1) }
      }
      return run(base, cycles: true) { $0.follow(schedule, at: $1, momentum: momentum) }
    },
    "CyclicLR": { call in
      let (base, schedule) = (try call.real(.max, "base_lr"), try cyclic(call))
      guard try call.bool(.max, "cycle_momentum", or: true) else {
        return run(base) { $0.follow(schedule, at: $1) }
      }
      let momentum = try call.real(.max, "base_momentum", or: 0.8)...0.9
      return run(base, cycles: true) { $0.follow(schedule, at: $1, momentum: momentum) }
    },
  ]

  private static func row(_ make: @escaping @Sendable (Call) throws -> Schedule) -> Row {
    { call in
      let schedule = try make(call)
      return run { $0.follow(schedule, at: $1) }
    }
  }

  /// The schedules that are values.
  private static let plain: [String: @Sendable (Call) throws -> Schedule] = [
    "StepLR": {
      try .step(every: $0.int(.max, "step_size"), factor: $0.real(.max, "gamma", or: 0.1))
    },
    "MultiStepLR": {
      try .multiStep(at: $0.ints(.max, "milestones"), factor: $0.real(.max, "gamma", or: 0.1))
    },
    "ConstantLR": {
      try .held(
        over: $0.int(.max, "total_iters", or: 5), factor: $0.real(.max, "factor", or: 1.0 / 3))
    },
    "LinearLR": {
      if try $0.real(.max, "end_factor", or: 1) != 1 { throw Lacking(what: "end_factor") }
      return try .warmUp(
        over: $0.int(.max, "total_iters", or: 5), from: $0.real(.max, "start_factor", or: 1.0 / 3))
    },
    "ExponentialLR": { try .exponential(factor: $0.real(.max, "gamma")) },
    "PolynomialLR": {
      try .polynomial(
        over: $0.int(.max, "total_iters", or: 5), power: $0.real(.max, "power", or: 1))
    },
    "CosineAnnealingLR": {
      try .cosine(over: $0.int(.max, "T_max"), least: $0.real(.max, "eta_min", or: 0))
    },
    "CosineAnnealingWarmRestarts": {
      try .warmRestarts(
        every: $0.int(.max, "T_0"), growth: $0.int(.max, "T_mult", or: 1),
        least: $0.real(.max, "eta_min", or: 0))
    },
    "SequentialLR": {
      let (parts, steps) = (try parts($0), try $0.ints(.max, "milestones"))
      return .sequence(first: parts[0], steps: steps[0], second: parts[1])
    },
    "ChainedScheduler": { try .chained(parts($0)) },
  ]

  private static func oneCycle(_ call: Call) throws -> Schedule {
    if try call.text(.max, "anneal_strategy", or: "cos") != "cos" {
      throw Lacking(what: "anneal_strategy")
    }
    return try .oneCycle(
      over: call.int(.max, "total_steps"), rising: call.real(.max, "pct_start", or: 0.3),
      start: call.real(.max, "div_factor", or: 25),
      end: call.real(.max, "final_div_factor", or: 1e4)
    )
  }

  private static func cyclic(_ call: Call) throws -> Schedule {
    let shapes: [String: CycleShape] = [
      "triangular": .triangular, "triangular2": .halving,
      "exp_range": .falling(factor: try call.real(.max, "gamma", or: 1)),
    ]
    return try .cyclic(
      to: call.real(.max, "max_lr"), rising: call.int(.max, "step_size_up", or: 2000),
      falling: call.optionalInt(.max, "step_size_down"),
      shape: shapes[call.text(.max, "mode", or: "triangular")] ?? .triangular)
  }

  /// The schedules that one of several is made of.
  private static func parts(_ call: Call) throws -> [Schedule] {
    guard case .list(let parts)? = call.named("schedulers") else { throw NoSuchCase() }
    return try parts.map { part in
      guard case .map(let settings) = part, case .text(let name)? = settings["name"] else {
        throw NoSuchCase()
      }
      return try plain[name]!(Call(names: settings, like: call))
    }
  }

  /// The functions of the step, by their formulas.
  private static func function(_ call: Call) throws -> (Int) -> Double {
    switch try call.text(.max, "lr_lambda") {
    case "1 / (1 + n)": { 1 / Double(1 + $0) }
    case "0.9": { _ in 0.9 }
    default: throw NoSuchCase()
    }
  }

  private static func run(
    _ base: Double = rate, cycles: Bool = false, _ follow: (Optimizer, Int) -> Void
  ) -> [[Double]] {
    let optimizer = SGD(Linear(1, 1), rate: base, momentum: 0.9)
    var (rates, momenta): ([Double], [Double]) = ([], [])
    for step in 0..<steps {
      follow(optimizer, step)
      rates.append(optimizer.rate)
      momenta.append(optimizer.groups[0].momentum ?? 0)
    }
    return cycles ? [rates, momenta] : [rates]
  }
}
