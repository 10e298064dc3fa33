import Blitz
import BlitzNN
import BlitzSystem

extension Experiment {
  /// The optimizer of a model. Weights decay, biases do not.
  func makeOptimizer(_ model: any Module) -> Optimizer {
    func make<Rule: UpdateRule>(_ rule: (_ weightDecay: Double) -> Rule) -> Optimizer {
      let weightDecay = self.weightDecay
      guard weightDecay > 0 else { return Optimizer(model, rule(0)) }
      let parameters = model.parameters
      let groups = [
        ParameterGroup(parameters.filter { $0.parameter.value.rank > 1 }, rule(weightDecay)),
        ParameterGroup(parameters.filter { $0.parameter.value.rank <= 1 }, rule(0)),
      ]
      return Optimizer(groups: Array(groups.prefix(self.bias ? 2 : 1)))
    }
    let rate = self.rate
    return switch self.optimizer {
    case .sgd: make { SGD.Rule(rate: rate, weightDecay: $0) }
    case .momentum: make { SGD.Rule(rate: rate, momentum: 0.9, weightDecay: $0) }
    case .nesterov:
      make { SGD.Rule(rate: rate, momentum: 0.9, weightDecay: $0, nesterov: true) }
    case .adam: make { Adam.Rule(rate: rate, weightDecay: $0) }
    case .adamw: make { AdamW.Rule(rate: rate, weightDecay: $0) }
    case .rmsprop: make { RMSprop.Rule(rate: rate, weightDecay: $0) }
    case .adagrad: make { Adagrad.Rule(rate: rate, weightDecay: $0) }
    case .adadelta: make { Adadelta.Rule(rate: rate, weightDecay: $0) }
    case .lion: make { Lion.Rule(rate: rate, weightDecay: $0) }
    }
  }

  /// How the rate changes over a run of so many updates; constant for a plateau, which looks at
  /// the test loss.
  func makeSchedule(updates: Int) -> Schedule {
    switch self.schedule {
    case .constant, .plateau: return .constant
    case .step: return .step(every: max((updates + 2) / 3, 1))
    case .exponential: return .exponential(factor: pow(0.01, 1 / Double(max(updates, 1))))
    case .cosine: return .cosine(over: updates)
    case .warmupCosine:
      let rising = min(max(updates / 20, 1), updates)
      return .warmUp(over: rising, from: 0.01).then(.cosine(over: max(updates - rising, 1)))
    case .oneCycle: return .oneCycle(over: max(updates, 2))
    }
  }
}
