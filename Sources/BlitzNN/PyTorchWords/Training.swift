// PyTorch's words for schedules and training; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

@available(
  *, unavailable,
  message: "write optimizer.follow(.step(every: 30, factor: 0.1), at: epoch)"
)
public var StepLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.multiStep(at: [30, 80]), at: epoch)")
public var MultiStepLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.exponential(factor: 0.9), at: epoch)")
public var ExponentialLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.cosine(over: 100), at: epoch)")
public var CosineAnnealingLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.cosine(over: 10), at: epoch % 10)")
public var CosineAnnealingWarmRestarts: _Word { .init() }
@available(
  *, unavailable,
  message: "write optimizer.follow(.oneCycle(over: steps), at: step), with the highest rate as base"
)
public var OneCycleLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.warmUp(over: 5), at: epoch)")
public var LinearLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.follow(.constant, at: epoch)")
public var ConstantLR: _Word { .init() }
@available(*, unavailable, message: "write Schedule.warmUp(over: 5).then(.cosine(over: 95))")
public var SequentialLR: _Word { .init() }
@available(*, unavailable, message: "write Schedule.warmUp(over: 5).then(.cosine(over: 95))")
public var ChainedScheduler: _Word { .init() }
@available(
  *, unavailable,
  message: "write var plateau = Plateau(), and optimizer.follow(&plateau, figure: loss)"
)
public var ReduceLROnPlateau: _Word { .init() }
@available(*, unavailable, message: "write optimizer.rate = base * factor(epoch)")
public var LambdaLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.rate = base * factor(epoch)")
public var MultiplicativeLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.rate = the rate of this step, each step")
public var CyclicLR: _Word { .init() }
@available(*, unavailable, message: "write optimizer.rate = the rate of this step, each step")
public var PolynomialLR: _Word { .init() }
@available(
  *, unavailable,
  message: "schedules are values: optimizer.follow(.cosine(over: 100), at: epoch)"
)
public var lr_scheduler: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(norm: 1)")
public var clip_grad_norm_: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(norm: 1)")
public var clip_grad_norm: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(norm: 1)")
public var clipGradNorm: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(value: 0.5)")
public var clip_grad_value_: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(value: 0.5)")
public var clip_grad_value: _Word { .init() }
@available(*, unavailable, message: "write optimizer.clipGradients(value: 0.5)")
public var clipGradValue: _Word { .init() }
@available(*, unavailable, renamed: "WeightAverage")
public typealias AveragedModel = WeightAverage
@available(*, unavailable, message: "write LossScaler()")
public var GradScaler: _Word { .init() }
@available(*, unavailable, message: "optimizers stand by themselves: write Adam(model, rate: 1e-3)")
public var optim: _Word { .init() }
@available(*, unavailable, message: "write let layers: [any Layer], an array as a property")
public var ModuleList: _Word { .init() }
@available(*, unavailable, message: "write weight = .kaimingUniform(shape)")
public var kaiming_normal_: _Word { .init() }
@available(*, unavailable, message: "write weight = .kaimingUniform(shape)")
public var kaiming_uniform_: _Word { .init() }
@available(*, unavailable, message: "write weight = .xavierUniform(shape)")
public var xavier_normal_: _Word { .init() }
@available(*, unavailable, message: "write weight = .xavierUniform(shape)")
public var xavier_uniform_: _Word { .init() }
@available(*, unavailable, message: "write weight = .truncatedNormal(shape)")
public var trunc_normal_: _Word { .init() }
@available(*, unavailable, renamed: "MultiHeadAttention")
public typealias MultiheadAttention = MultiHeadAttention
