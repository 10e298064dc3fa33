// PyTorch's labels of optimizers; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension SGD {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, renamed: "init(_:rate:momentum:)")
  public convenience init(_ model: any Module, lr: Double, momentum: Double) {
    self.init(groups: [])
  }
  @available(*, unavailable, renamed: "init(_:rate:weightDecay:)")
  public convenience init(_ model: any Module, lr: Double, weightDecay: Double) {
    self.init(groups: [])
  }
  @available(*, unavailable, message: "write SGD(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) { self.init(groups: []) }
}

extension Adam {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, renamed: "init(_:rate:weightDecay:)")
  public convenience init(_ model: any Module, lr: Double, weightDecay: Double) {
    self.init(groups: [])
  }
  @available(*, unavailable, message: "write Adam(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
  ) { self.init(groups: []) }
}

extension AdamW {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, renamed: "init(_:rate:weightDecay:)")
  public convenience init(_ model: any Module, lr: Double, weightDecay: Double) {
    self.init(groups: [])
  }
  @available(*, unavailable, message: "write AdamW(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
  ) { self.init(groups: []) }
}

extension RMSprop {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, message: "write RMSprop(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, alpha: Double = 0.99, eps: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0
  ) { self.init(groups: []) }
}

extension Adagrad {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, message: "write Adagrad(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, lrDecay: Double = 0, weightDecay: Double = 0,
    eps: Double = 1e-10
  ) { self.init(groups: []) }
}

extension Adadelta {
  @available(*, unavailable, renamed: "init(_:rate:)")
  public convenience init(_ model: any Module, lr: Double) { self.init(groups: []) }
  @available(*, unavailable, message: "write Adadelta(model, rate: 1e-3)")
  public convenience init(
    _ model: Any, lr: Double, rho: Double = 0.9, eps: Double = 1e-6,
    weightDecay: Double = 0
  ) { self.init(groups: []) }
}
