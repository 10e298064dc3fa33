import Blitz

/// Two parameters, as the samples of optimizers have them.
struct Pair: Module {
  @Parameter var first: Tensor
  @Parameter var second: Tensor

  var both: [Tensor] { [first, second] }
}

/// Twelve steps of an optimizer.
struct OptimizerRun {
  static let steps = 12

  let call: Call

  /// The two parameters after each step.
  func parameters(_ make: OptimizerTable.Row) throws -> [Tensor] {
    let pair = Pair(first: try call.tensor(1), second: try call.tensor(2))
    let step = try make(pair, call)
    var found: [Tensor] = []
    for number in 0..<OptimizerRun.steps {
      let slopes = try [3, 4].map { try call.tensor(2 * number + $0) }
      try step(slopes)
      found += pair.both.map { $0.detached() }
    }
    return found
  }
}

/// How Blitz spells PyTorch's optimizers: a row makes one from the options, and answers what makes
/// a step with two gradients.
struct OptimizerTable: Sendable {
  typealias Row = @Sendable (Pair, Call) throws -> ([Tensor]) throws -> Void

  private(set) var rows: [String: Row] = [:]

  private mutating func add(
    _ name: String, _ make: @escaping @Sendable (Pair, Call) throws -> Optimizer
  ) {
    rows[name] = { pair, call in
      let optimizer = try make(pair, call)
      optimizer.maximizes = try call.bool(.max, "maximize")
      return { slopes in
        try zip(pair.both, slopes).map { ($0 * $1).sum() }.reduce(0) { $0 + $1 }.backward()
        try optimizer.step()
      }
    }
  }

  /// Adam's two shares.
  private static func betas(_ call: Call, _ first: Double, _ second: Double) throws -> (
    Double, Double
  ) {
    guard let value = call.named("betas") else { return (first, second) }
    guard case .list(let both) = value else { throw Lacking(what: "\(value) for two numbers") }
    return (try call.real(both[0]), try call.real(both[1]))
  }

  private mutating func addAdams() {
    add("Adam") { pair, c in
      let (b1, b2) = try OptimizerTable.betas(c, 0.9, 0.999)
      if try c.bool(.max, "decoupled_weight_decay") {
        throw Lacking(what: "decoupled_weight_decay: that is AdamW")
      }
      return try Adam(
        pair, rate: c.real(.max, "lr", or: 1e-3), beta1: b1, beta2: b2,
        epsilon: c.real(.max, "eps", or: 1e-8), weightDecay: c.real(.max, "weight_decay", or: 0),
        amsgrad: c.bool(.max, "amsgrad"))
    }
    add("AdamW") { pair, c in
      let (b1, b2) = try OptimizerTable.betas(c, 0.9, 0.999)
      return try AdamW(
        pair, rate: c.real(.max, "lr", or: 1e-3), beta1: b1, beta2: b2,
        epsilon: c.real(.max, "eps", or: 1e-8),
        weightDecay: c.real(.max, "weight_decay", or: 1e-2), amsgrad: c.bool(.max, "amsgrad"))
    }
    add("Adamax") { pair, c in
      let (b1, b2) = try OptimizerTable.betas(c, 0.9, 0.999)
      return try Adamax(
        pair, rate: c.real(.max, "lr", or: 2e-3), beta1: b1, beta2: b2,
        epsilon: c.real(.max, "eps", or: 1e-8), weightDecay: c.real(.max, "weight_decay", or: 0))
    }
    add("NAdam") { pair, c in
      let (b1, b2) = try OptimizerTable.betas(c, 0.9, 0.999)
      return try NAdam(
        pair, rate: c.real(.max, "lr", or: 2e-3), beta1: b1, beta2: b2,
        epsilon: c.real(.max, "eps", or: 1e-8), weightDecay: c.real(.max, "weight_decay", or: 0),
        momentumDecay: c.real(.max, "momentum_decay", or: 4e-3),
        decoupledDecay: c.bool(.max, "decoupled_weight_decay"))
    }
    add("RAdam") { pair, c in
      let (b1, b2) = try OptimizerTable.betas(c, 0.9, 0.999)
      return try RAdam(
        pair, rate: c.real(.max, "lr", or: 1e-3), beta1: b1, beta2: b2,
        epsilon: c.real(.max, "eps", or: 1e-8), weightDecay: c.real(.max, "weight_decay", or: 0),
        decoupledDecay: c.bool(.max, "decoupled_weight_decay"))
    }
  }

  private mutating func addSums() {
    add("Adadelta") { pair, c in
      try Adadelta(
        pair, rate: c.real(.max, "lr", or: 1), rho: c.real(.max, "rho", or: 0.9),
        epsilon: c.real(.max, "eps", or: 1e-6), weightDecay: c.real(.max, "weight_decay", or: 0))
    }
    add("Adagrad") { pair, c in
      try Adagrad(
        pair, rate: c.real(.max, "lr", or: 1e-2), rateDecay: c.real(.max, "lr_decay", or: 0),
        weightDecay: c.real(.max, "weight_decay", or: 0),
        initialSum: c.real(.max, "initial_accumulator_value", or: 0),
        epsilon: c.real(.max, "eps", or: 1e-10))
    }
    add("Adafactor") { pair, c in
      var epsilons: (Double?, Double) = (nil, 1e-3)
      if case .list(let both)? = c.named("eps") {
        if case .none = both[0] {} else { epsilons.0 = try c.real(both[0]) }
        epsilons.1 = try c.real(both[1])
      }
      return try Adafactor(
        pair, rate: c.real(.max, "lr", or: 1e-2), decayPower: c.real(.max, "beta2_decay", or: -0.8),
        epsilon: epsilons.0, leastSize: epsilons.1, largestUpdate: c.real(.max, "d", or: 1),
        weightDecay: c.real(.max, "weight_decay", or: 0))
    }
    add("RMSprop") { pair, c in
      try RMSprop(
        pair, rate: c.real(.max, "lr", or: 1e-2), alpha: c.real(.max, "alpha", or: 0.99),
        epsilon: c.real(.max, "eps", or: 1e-8), weightDecay: c.real(.max, "weight_decay", or: 0),
        momentum: c.real(.max, "momentum", or: 0), centered: c.bool(.max, "centered"))
    }
  }

  private mutating func addOthers() {
    add("SGD") { pair, c in
      try SGD(
        pair, rate: c.real(.max, "lr", or: 1e-3), momentum: c.real(.max, "momentum", or: 0),
        dampening: c.real(.max, "dampening", or: 0),
        weightDecay: c.real(.max, "weight_decay", or: 0), nesterov: c.bool(.max, "nesterov"))
    }
    add("ASGD") { pair, c in
      try ASGD(
        pair, rate: c.real(.max, "lr", or: 1e-2), shrinking: c.real(.max, "lambd", or: 1e-4),
        power: c.real(.max, "alpha", or: 0.75), start: c.real(.max, "t0", or: 1e6),
        weightDecay: c.real(.max, "weight_decay", or: 0))
    }
    add("Rprop") { pair, c in
      func pair2(_ name: String, _ usual: (Double, Double)) throws -> (Double, Double) {
        guard case .list(let both)? = c.named(name) else { return usual }
        return (try c.real(both[0]), try c.real(both[1]))
      }
      let (etas, sizes) = (try pair2("etas", (0.5, 1.2)), try pair2("step_sizes", (1e-6, 50)))
      return try Rprop(
        pair, rate: c.real(.max, "lr", or: 1e-2), shrinking: etas.0, growing: etas.1,
        least: sizes.0, most: sizes.1)
    }
    add("Muon") { pair, c in
      let ratios: [String: Muon.RateRatio] = [
        "original": .original, "match_rms_adamw": .likeAdamW, "spectral": .spectral,
      ]
      if c.has(.max, "ns_coefficients") { throw Lacking(what: "the option ns_coefficients") }
      let name = try c.text(.max, "adjust_lr_fn", or: "original")
      guard let ratio = ratios[name] else { throw Lacking(what: name) }
      return try Muon(
        pair, rate: c.real(.max, "lr", or: 1e-3),
        weightDecay: c.real(.max, "weight_decay", or: 0.1),
        momentum: c.real(.max, "momentum", or: 0.95),
        nesterov: c.bool(.max, "nesterov", or: true), epsilon: c.real(.max, "eps", or: 1e-7),
        iterations: c.int(.max, "ns_steps", or: 5), ratio: ratio)
    }
    rows["LBFGS"] = { pair, c in
      let wolfe = try c.text(.max, "line_search_fn") == "strong_wolfe"
      let optimizer = try LBFGS(
        pair, rate: c.real(.max, "lr", or: 1), iterations: c.int(.max, "max_iter", or: 20),
        evaluations: c.optionalInt(.max, "max_eval"),
        gradientTolerance: c.real(.max, "tolerance_grad", or: 1e-7),
        changeTolerance: c.real(.max, "tolerance_change", or: 1e-9),
        history: c.int(.max, "history_size", or: 100), lineSearch: wolfe ? .strongWolfe : nil)
      let maximizes = try c.bool(.max, "maximize")
      optimizer.maximizes = maximizes
      let bend = maximizes ? -0.5 : 0.5
      return { slopes in
        _ = try optimizer.step {
          zip(pair.both, slopes).map { ($0 * $1).sum() + $0.square().sum() * bend }
            .reduce(0) { $0 + $1 }
        }
      }
    }
  }

  /// How far parameters may be from PyTorch's, relatively and absolutely, beyond what is usual:
  /// Muon's products are bfloat16, LBFGS stops where the loss no longer changes, and ASGD's rates
  /// are float32 in PyTorch whatever the parameters are.
  static let tolerances = ["Muon": 3e-4, "LBFGS": 1e-4, "ASGD": 2e-6]

  static let all: OptimizerTable = {
    var table = OptimizerTable()
    table.addAdams()
    table.addSums()
    table.addOthers()
    return table
  }()
}

extension Table {
  static var optimizers: OptimizerTable { .all }
}
