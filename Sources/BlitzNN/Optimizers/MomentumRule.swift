/// A rule that keeps a part of the last direction, which a schedule may change from step to step.
protocol MomentumRule: UpdateRule {
  /// The setting that says how much is kept.
  static var directionSetting: WritableKeyPath<Self, Double> { get }
}

extension MomentumRule {
  /// How much is kept, from 0 to below 1.
  var direction: Double {
    get { self[keyPath: Self.directionSetting] }
    set { self[keyPath: Self.directionSetting] = newValue }
  }
}

extension SGD.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.momentum }
}

extension RMSprop.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.momentum }
}

extension Muon.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.momentum }
}

extension MomentRule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.beta1 }
}

extension NAdam.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.beta1 }
}

extension RAdam.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.beta1 }
}

extension Adamax.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.beta1 }
}

extension Lion.Rule: MomentumRule {
  static var directionSetting: WritableKeyPath<Self, Double> { \.beta1 }
}
