import Blitz
import Foundation

/// The sum of a tensor, written by a user.
private struct Doubled: CustomFunction {
  func forward(_ inputs: [Tensor]) -> Tensor { inputs.isEmpty ? 1 : inputs[0] * 2 }
  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    inputs.map { _ in gradient * 2 }
  }
}

/// The numbers of a thing that is written as JSON, replaced by others.
private func altered<T: Codable>(_ value: T, _ values: inout Values) throws -> T {
  guard
    var fields = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
      as? [String: Any]
  else { return value }
  for (name, field) in fields.sorted(by: { $0.key < $1.key }) where field is NSNumber {
    fields[name] = values.bool() ? NSNumber(value: values.int()) : NSNumber(value: 1e300)
  }
  return try JSONDecoder().decode(T.self, from: JSONSerialization.data(withJSONObject: fields))
}

extension Row {
  /// An optimizer of settings of any kind, and two updates by it.
  private static func optimizer<Rule: UpdateRule>(
    _ name: String, _ settings: String, rule ruleName: String? = nil,
    _ rule: @escaping @Sendable (inout Values) -> Rule,
    _ make: @escaping @Sendable (inout Values, any Module) -> Optimizer
  ) -> Row {
    let ruleName = ruleName ?? "\(name).Rule"
    return Row(
      "\(name).init(_:\(settings)allowUnused:)", "\(name).init(groups:allowUnused:)",
      "\(ruleName).init(\(settings))", "\(ruleName).init(from:)", "\(ruleName).scalars(step:_:)",
      "\(ruleName).updated(_:gradient:state:scalars:)", "Optimizer.step()", "Optimizer.zeroGrad()"
    ) {
      let model = Linear(2, $0.pick([1, 2, -1]))
      if $0.isOneIn(4) { model.weight = $0.tensor() }
      let rule = (try? altered(rule(&$0), &$0)) ?? rule(&$0)
      let scalars = rule.scalars(step: $0.int()) { Tensor($0) }
      let state = rule.initialState(of: $0.tensor())
      let updated =
        state.count == rule.stateNames.count
        ? rule.updated(model.weight, gradient: $0.tensor(), state: state, scalars: scalars).weight
        : 0
      for optimizer in [make(&$0, model), Optimizer(model, rule, allowUnused: $0.bool())] {
        for _ in 0..<2 {
          optimizer.zeroGrad()
          try? model($0.pick([$0.tensor(), Tensor.ones([3, 2])])).sum().backward()
          try? optimizer.step()
        }
        optimizer.rate = $0.double()
      }
      return [model.weight, updated]
    }
  }

  private static let optimizers: [Row] = [
    optimizer(
      "SGD", "rate:momentum:dampening:weightDecay:nesterov:",
      {
        SGD.Rule(
          rate: $0.double(), momentum: $0.double(), dampening: $0.double(),
          weightDecay: $0.double(), nesterov: $0.bool())
      },
      {
        SGD(
          $1, rate: $0.double(), momentum: $0.double(), dampening: $0.double(),
          weightDecay: $0.double(), nesterov: $0.bool(), allowUnused: $0.bool())
      }),
    optimizer(
      "Adam", "rate:beta1:beta2:epsilon:weightDecay:amsgrad:", rule: "MomentRule",
      {
        Adam.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), epsilon: $0.double(),
          weightDecay: $0.double(), amsgrad: $0.bool())
      }, { Adam($1, rate: $0.double(), beta1: $0.double(), amsgrad: $0.bool()) }),
    optimizer(
      "AdamW", "rate:beta1:beta2:epsilon:weightDecay:amsgrad:", rule: "MomentRule",
      {
        AdamW.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), epsilon: $0.double(),
          weightDecay: $0.double(), amsgrad: $0.bool())
      }, { AdamW($1, rate: $0.double(), beta2: $0.double(), amsgrad: $0.bool()) }),
    Row("Adagrad.Rule.initialState(of:)") {
      Adagrad.Rule(initialSum: $0.double()).initialState(of: $0.tensor())
    },
    optimizer(
      "Adagrad", "rate:rateDecay:weightDecay:initialSum:epsilon:",
      {
        Adagrad.Rule(
          rate: $0.double(), rateDecay: $0.double(), weightDecay: $0.double(),
          initialSum: $0.double(), epsilon: $0.double())
      }, { Adagrad($1, rate: $0.double(), rateDecay: $0.double(), initialSum: $0.double()) }),
    optimizer(
      "Adadelta", "rate:rho:epsilon:weightDecay:",
      {
        Adadelta.Rule(
          rate: $0.double(), rho: $0.double(), epsilon: $0.double(), weightDecay: $0.double())
      }, { Adadelta($1, rate: $0.double(), rho: $0.double()) }),
    optimizer(
      "RMSprop", "rate:alpha:epsilon:weightDecay:momentum:centered:",
      {
        RMSprop.Rule(
          rate: $0.double(), alpha: $0.double(), epsilon: $0.double(), weightDecay: $0.double(),
          momentum: $0.double(), centered: $0.bool())
      }, { RMSprop($1, rate: $0.double(), alpha: $0.double(), centered: $0.bool()) }),
    optimizer(
      "Lion", "rate:beta1:beta2:weightDecay:",
      {
        Lion.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), weightDecay: $0.double())
      }, { Lion($1, rate: $0.double(), beta1: $0.double()) }),
    optimizer(
      "NAdam", "rate:beta1:beta2:epsilon:weightDecay:momentumDecay:decoupledDecay:",
      {
        NAdam.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), epsilon: $0.double(),
          weightDecay: $0.double(), momentumDecay: $0.double(), decoupledDecay: $0.bool())
      }, { NAdam($1, rate: $0.double(), beta1: $0.double(), decoupledDecay: $0.bool()) }),
    optimizer(
      "RAdam", "rate:beta1:beta2:epsilon:weightDecay:decoupledDecay:",
      {
        RAdam.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), epsilon: $0.double(),
          weightDecay: $0.double(), decoupledDecay: $0.bool())
      }, { RAdam($1, rate: $0.double(), beta2: $0.double(), decoupledDecay: $0.bool()) }),
    optimizer(
      "Adamax", "rate:beta1:beta2:epsilon:weightDecay:",
      {
        Adamax.Rule(
          rate: $0.double(), beta1: $0.double(), beta2: $0.double(), epsilon: $0.double(),
          weightDecay: $0.double())
      }, { Adamax($1, rate: $0.double(), beta1: $0.double()) }),
    optimizer(
      "Rprop", "rate:shrinking:growing:least:most:",
      {
        Rprop.Rule(
          rate: $0.double(), shrinking: $0.double(), growing: $0.double(), least: $0.double(),
          most: $0.double())
      }, { Rprop($1, rate: $0.double(), least: $0.double()) }),
    Row("Rprop.Rule.initialState(of:)", "Adafactor.Rule.initialState(of:)") {
      Rprop.Rule(rate: $0.double()).initialState(of: $0.tensor())
        + Adafactor.Rule().initialState(of: $0.tensor())
    },
    optimizer(
      "ASGD", "rate:shrinking:power:start:weightDecay:",
      {
        ASGD.Rule(
          rate: $0.double(), shrinking: $0.double(), power: $0.double(), start: $0.double(),
          weightDecay: $0.double())
      }, { ASGD($1, rate: $0.double(), start: $0.double()) }),
    optimizer(
      "Adafactor", "rate:decayPower:epsilon:leastSize:largestUpdate:weightDecay:",
      {
        Adafactor.Rule(
          rate: $0.double(), decayPower: $0.double(), epsilon: $0.bool() ? nil : $0.double(),
          leastSize: $0.double(), largestUpdate: $0.double(), weightDecay: $0.double())
      }, { Adafactor($1, rate: $0.double(), epsilon: $0.double()) }),
    Row("Adafactor.Rule.stateNames(of:)") { Adafactor.Rule().stateNames(of: $0.tensor()) },
    optimizer(
      "Muon", "rate:weightDecay:momentum:nesterov:epsilon:iterations:ratio:",
      {
        Muon.Rule(
          rate: $0.double(), weightDecay: $0.double(), momentum: $0.double(),
          nesterov: $0.bool(), epsilon: $0.double(), iterations: $0.int(),
          ratio: $0.pick(Muon.RateRatio.allCases))
      }, { Muon($1, rate: $0.double(), iterations: $0.int()) }),
    Row(
      "LBFGS.init(_:rate:iterations:evaluations:gradientTolerance:changeTolerance:history:"
        + "lineSearch:)", "LBFGS.step(_:)", "LBFGS.load(_:)"
    ) { values in
      let model = Linear(2, values.pick([1, 2, -1]))
      let optimizer = LBFGS(
        model, rate: values.double(),
        iterations: values.pick([3, 0, -1, .min]),
        evaluations: values.bool() ? nil : values.pick([0, 1, 8, -1, .min]),
        gradientTolerance: values.double(), changeTolerance: values.double(),
        history: values.int(), lineSearch: values.bool() ? nil : .strongWolfe)
      let x = values.pick([values.tensor(), Tensor.ones([3, 2])])
      _ = try? optimizer.step { model(x).square().mean() }
      var state = optimizer.state
      if let numbers = try? altered(state.numbers, &values) { state.numbers = numbers }
      if values.bool(), !state.tensors.isEmpty { state.tensors[0].tensor = values.tensor() }
      try? optimizer.load(state)
      _ = try? optimizer.step { model(x).square().mean() }
      return [model.weight]
    },
    Row(
      "Optimizer.init(_:_:allowUnused:)", "Optimizer.init(groups:allowUnused:)",
      "ParameterGroup.init(_:_:)", "Optimizer.load(_:)", "Optimizer.State.init(tensors:numbers:)",
      "Optimizer.checkFinite(_:age:)", "Optimizer.clipGradients(_:)",
      "Optimizer.clipGradients(norm:p:)", "Optimizer.clipGradients(value:)",
      "Optimizer.follow(_:at:)", "Optimizer.follow(_:at:momentum:)",
      "Optimizer.follow(at:factor:)", "Optimizer.multiplyRates(by:)", "Optimizer.follow(_:figure:)",
      "Optimizer.Numbers.init(from:)"
    ) {
      let model = Linear(2, 2)
      let rule = Adam.Rule(rate: $0.double())
      let parameter = Parameter($0.tensor())
      let optimizer = Optimizer(
        groups: [
          ParameterGroup(model, rule), ParameterGroup([($0.string(), parameter)], rule),
        ], allowUnused: true)
      _ = Optimizer(groups: [ParameterGroup<Adam.Rule>]())
      try? model($0.tensor()).sum().backward()
      optimizer.follow($0.schedule(), at: $0.int())
      optimizer.follow($0.schedule(), at: $0.int(), momentum: 0...1)
      let factor = $0.double()
      optimizer.follow(at: $0.int()) { _ in factor }
      optimizer.multiplyRates(by: $0.double())
      optimizer.maximizes = $0.bool()
      var plateau = Plateau(patience: $0.int())
      optimizer.follow(&plateau, figure: $0.double())
      optimizer.clipGradients($0.pick([.norm($0.double()), .value($0.double())]))
      optimizer.clipGradients(value: $0.double())
      let norm = optimizer.clipGradients(norm: $0.double(), p: $0.double())
      try? optimizer.step()
      _ = try? optimizer.checkFinite($0.tensor(), age: $0.int())
      let numbers = try altered(optimizer.state.numbers, &$0)
      var state = Optimizer.State(tensors: optimizer.state.tensors, numbers: numbers)
      if $0.isOneIn(3), !state.tensors.isEmpty { state.tensors[0].tensor = $0.tensor() }
      try? optimizer.load(state)
      try? optimizer.step()
      return [norm, model.weight]
    },
    Row(
      "LossScaler.init(initialScale:growthFactor:backoffFactor:growthInterval:)",
      "LossScaler.scale(_:)", "LossScaler.unscale(_:)", "LossScaler.step(_:)", "LossScaler.state()",
      "LossScaler.load(_:)", "LossScaler.State.init(from:)"
    ) {
      let scaler = LossScaler(
        initialScale: $0.double(), growthFactor: $0.double(), backoffFactor: $0.double(),
        growthInterval: $0.int())
      let model = Linear(2, 2)
      let optimizer = SGD(model, rate: 0.1)
      try? scaler.load(altered(LossScaler().state(), &$0))
      let loss = scaler.scale(model($0.tensor()).sum())
      try? loss.backward()
      try? scaler.unscale(optimizer)
      _ = try? scaler.step(optimizer)
      _ = try? scaler.step(optimizer)
      return [scaler.scale($0.tensor()), model.weight]
    },
    Row(
      "compile(_:_:clipping:scaler:steps:_:)", "CompiledTraining.callAsFunction(_:)",
      "DataParallel.init(_:over:count:)", "DataParallel.split(_:)"
    ) {
      let model = Linear(2, 2)
      let step = compile(
        model, SGD(model, rate: $0.double()), clipping: .norm($0.double()),
        steps: $0.bool() ? nil : $0.isOneIn(2) ? 1 : $0.pick([.min, 0, -1, .max, 1 << 40])
      ) { meanSquaredError(predictions: model($0), targets: $1) }
      let parallel = DataParallel(Linear(2, 2), over: $0.device(), count: $0.int())
      _ = try? step()
      return [
        (try? step($0.tensor(), $0.tensor())) ?? 0, (try? step($0.tensor())) ?? 0,
        parallel.split($0.tensor()),
      ]
    },
  ]

  static let training: [Row] = optimizers

  static let differentiation: [Row] = [
    Row("Mean.init()", "Mean.add(_:rows:)") {
      var mean = Mean()
      mean.add($0.double(), rows: $0.int())
      mean.add($0.double(), rows: $0.int())
      return "\(mean)"
    },
    Row(
      "Tensor.backward(gradient:retainGraph:accumulate:)", "Tensor.zeroGrad()"
    ) {
      var x = $0.tensor()
      let y = x * $0.tensor()
      try? y.backward(gradient: $0.maybeTensor(), retainGraph: $0.bool(), accumulate: $0.bool())
      try? y.sum().backward(retainGraph: $0.bool())
      try? $0.tensor().backward()
      x.zeroGrad()
      let none = x.grad
      x.grad = $0.tensor()
      return [none, x.grad, x, y]
    },
    Row("gradient(of:wrt:createGraph:)", "gradients(of:wrt:createGraph:)") {
      let (x, y) = ($0.tensor(), $0.tensor())
      let output = (x * y).square().sum()
      return gradients(of: output, wrt: [x, y, $0.tensor()], createGraph: $0.bool()) + [
        gradient(of: output, wrt: x, createGraph: true), gradient(of: $0.tensor(), wrt: y),
        gradient(of: x, wrt: y),
      ]
    },
    Row("valueAndGradients(at:_:)", "noGrad(_:)", "autocast(to:_:)") {
      let (inputs, other) = ($0.tensors(), $0.tensor())
      let found = valueAndGradients(at: inputs) { ($0.first ?? other) * other }
      let untracked: Tensor = noGrad { other + 1 }
      let half: Tensor = autocast(to: $0.pick([.float32, .bfloat16, .float16])) {
        other.matmul(other)
      }
      return [found.value, untracked, half] + found.gradients
    },
    Row("gradCheck(_:step:order:_:)", "GradCheckReport.passes(_:)") {
      let inputs = $0.tensors().map { $0.elementCount > 100 ? 1 : $0 }
      let report = try gradCheck(inputs, step: $0.double(), order: $0.int()) {
        ($0.first ?? 1).square().sum()
      }
      return report.passes($0.double())
    },
    Row(
      "CustomFunction.callAsFunction(_:)", "CustomFunction.forward(_:)",
      "CustomFunction.backward(_:_:_:)"
    ) { [Doubled()($0.tensor()), Doubled()($0.tensors()), Doubled()($0.tensor(), $0.tensor())] },
    Row("compile(_:)", "CompiledFunction.callAsFunction(_:)", "CompiledStep.callAsFunction(_:_:)") {
      let (x, axis) = ($0.tensor(), $0.int())
      let function = compile { (x: Tensor) in x.softmax(axis: axis) }
      let step = compile { (state: inout [Tensor], inputs: [Tensor]) in
        for index in state.indices { state[index] = state[index] + (inputs.first ?? 1) }
        return state.first ?? 0
      }
      let alone = compile { (state: inout [Tensor]) in state.first ?? 0 }
      var state = $0.tensors()
      return [
        (try? function(x)) ?? 0, (try? step(&state, x)) ?? 0, (try? step(&state)) ?? 0,
        (try? alone(&state)) ?? 0,
      ]
    },
    Row("compile(steps:_:)") {
      let steps = $0.pick([1, 2, 0, -1, .min, .max, 1 << 40])
      let step = compile(steps: steps) { (state: inout [Tensor], inputs: [Tensor]) in
        for index in state.indices { state[index] = state[index] + (inputs.first ?? 1) }
        return state.first ?? 0
      }
      let alone = compile(steps: steps) { (state: inout [Tensor]) in state.first ?? 0 }
      var state = $0.tensors()
      return [(try? step(&state, $0.tensor())) ?? 0, (try? alone(&state)) ?? 0]
    },
  ]

  static let metrics: [Row] = [
    Row(
      "ClassificationMetrics.init()", "ClassificationMetrics.add(scores:labels:)",
      "ClassificationMetrics.topK(_:)", "ClassificationMetrics.precision(of:)",
      "ClassificationMetrics.recall(of:)", "ClassificationMetrics.f1(of:)",
      "ClassificationMetrics.precision(_:)", "ClassificationMetrics.recall(_:)",
      "ClassificationMetrics.f1(_:)"
    ) {
      var metrics = ClassificationMetrics()
      try? metrics.add(scores: $0.tensor(), labels: $0.tensor())
      try? metrics.add(scores: .randn([4, 3]), labels: .randint($0.pick([1, 3, 5]), [4]))
      let label = $0.int()
      _ = (
        metrics.topK($0.int()), metrics.precision(of: label), metrics.recall(of: label),
        metrics.f1(of: label), metrics.precision(), metrics.recall(.weighted), metrics.f1()
      )
      return metrics.confusion
    },
    Row("BinaryMetrics.init(threshold:)", "BinaryMetrics.add(scores:labels:)") {
      var metrics = BinaryMetrics(threshold: $0.double())
      try? metrics.add(scores: $0.tensor(), labels: $0.tensor())
      try? metrics.add(scores: .rand([4]), labels: .randint(2, [4]))
      return (metrics.accuracy, metrics.precision, metrics.recall, metrics.f1, metrics.rocAUC)
    },
    Row(
      "RegressionMetrics.init()", "RegressionMetrics.add(predictions:targets:)",
      "RegressionMetrics.init(from:)"
    ) {
      var metrics = RegressionMetrics()
      try? metrics.add(predictions: $0.tensor(), targets: $0.tensor())
      metrics = (try? altered(metrics, &$0)) ?? metrics
      try? metrics.add(predictions: $0.tensor(), targets: $0.tensor())
      return (metrics.meanAbsoluteError, metrics.rootMeanSquaredError, metrics.r2)
    },
    Row(
      "EarlyStopping.init(patience:leastChange:greaterIsBetter:)",
      "EarlyStopping.shouldStop(after:)", "EarlyStopping.init(from:)"
    ) {
      var stopping = EarlyStopping(
        patience: $0.int(), leastChange: $0.double(), greaterIsBetter: $0.bool())
      var changed = (try? altered(stopping, &$0)) ?? stopping
      for _ in 0..<4 {
        _ = stopping.shouldStop(after: $0.double())
        _ = changed.shouldStop(after: $0.double())
      }
      return stopping
    },
    Row(
      "BestCheckpoint.init(path:greaterIsBetter:)", "BestCheckpoint.keep(_:_:figure:)",
      "BestCheckpoint.restore(_:_:)", "BestCheckpoint.init(from:)"
    ) {
      let model = Linear(2, 1)
      var best = BestCheckpoint(greaterIsBetter: $0.bool())
      _ = try? best.keep(model, figure: $0.double())
      _ = try? best.keep(model, Adam(model), figure: $0.double())
      try? best.restore(Linear($0.pick([1, 2]), 1), Adam(model))
      let changed = (try? altered(best, &$0)) ?? best
      try? changed.restore(model)
      return model.weight
    },
  ]

  static let schedules: [Row] = [
    Row(
      "Schedule.rate(at:base:)", "Schedule.then(_:)", "Schedule.init(from:)",
      "Schedule.momentum(at:in:)", "CycleShape.init(from:)"
    ) {
      let schedule = $0.schedule().then($0.schedule())
      let again = try? JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule))
      return (
        schedule.rate(at: $0.int(), base: $0.double()), schedule.length, again?.length,
        schedule.momentum(at: $0.int(), in: 0...1), schedule.rate(at: .max, base: 1),
        schedule.rate(at: .min, base: 1)
      )
    },
    Row(
      "Plateau.init(factor:patience:threshold:cooldown:least:greaterIsBetter:)",
      "Plateau.isReached(by:)", "Plateau.rate(after:rate:)", "Plateau.init(from:)"
    ) {
      var plateau = Plateau(
        factor: $0.double(), patience: $0.int(), threshold: $0.double(), cooldown: $0.int(),
        least: $0.double(), greaterIsBetter: $0.bool())
      var changed = (try? altered(plateau, &$0)) ?? plateau
      for _ in 0..<6 {
        _ = plateau.isReached(by: $0.double())
        _ = plateau.rate(after: $0.double(), rate: $0.double())
        _ = changed.isReached(by: $0.double())
      }
      return plateau
    },
    Row("SettingRange.init(_:_:below:)") {
      SettingRange($0.string(), $0.double(), below: $0.double())
    },
  ]
}
