// The losses and the rest of `nn`; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension nn {
  @available(*, unavailable, message: "losses are functions: crossEntropy(logits: x, labels: y)")
  public static var CrossEntropyLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: meanSquaredError(predictions: x, targets: y)"
  )
  public static var MSELoss: _Word { .init() }
  @available(*, unavailable, message: "losses are functions: l1(predictions: x, targets: y)")
  public static var L1Loss: _Word { .init() }
  @available(*, unavailable, message: "losses are functions: smoothL1(predictions: x, targets: y)")
  public static var SmoothL1Loss: _Word { .init() }
  @available(*, unavailable, message: "losses are functions: huber(predictions: x, targets: y)")
  public static var HuberLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: binaryCrossEntropy(logits: x, targets: y)"
  )
  public static var BCEWithLogitsLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: binaryCrossEntropy(probabilities: x, targets: y)"
  )
  public static var BCELoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: negativeLogLikelihood(logProbabilities: x, labels: y)"
  )
  public static var NLLLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: klDivergence(logProbabilities: x, targets: y)"
  )
  public static var KLDivLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: cosineEmbedding(left: x, right: y, targets: t)"
  )
  public static var CosineEmbeddingLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: tripletMargin(anchor: a, positive: p, negative: n)"
  )
  public static var TripletMarginLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: marginRanking(left: x, right: y, targets: t)"
  )
  public static var MarginRankingLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: hingeEmbedding(distances: x, targets: y)"
  )
  public static var HingeEmbeddingLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: gaussianNegativeLogLikelihood(means:targets:variances:)"
  )
  public static var GaussianNLLLoss: _Word { .init() }
  @available(
    *, unavailable,
    message: "losses are functions: poissonNegativeLogLikelihood(rates: x, targets: y)"
  )
  public static var PoissonNLLLoss: _Word { .init() }
  @available(*, unavailable, message: "losses are functions: softMargin(logits: x, targets: y)")
  public static var SoftMarginLoss: _Word { .init() }
  @available(*, unavailable, message: "write let layers: [any Layer], an array as a property")
  public static var ModuleList: _Word { .init() }
  @available(*, unavailable, message: "write an array or a dictionary as a property")
  public static var ModuleDict: _Word { .init() }
  @available(*, unavailable, message: "write an array or a dictionary as a property")
  public static var ParameterList: _Word { .init() }
  @available(*, unavailable, message: "write an array or a dictionary as a property")
  public static var ParameterDict: _Word { .init() }
  @available(*, unavailable, message: "write MultiHeadAttention(size, heads: 8)")
  public static var MultiheadAttention: _Word { .init() }
  @available(
    *, unavailable,
    message: "activations are methods, x.relu(); losses are functions, crossEntropy(logits:labels:)"
  )
  public static var functional: _Word { .init() }
  @available(
    *, unavailable,
    message: "write weight = .kaimingUniform(shape), .xavierUniform(shape), .normal(shape) ..."
  )
  public static var `init`: _Word { .init() }
  @available(*, unavailable, message: "write model.clipGradients(norm: 1)")
  public static var utils: _Word { .init() }
  @available(*, unavailable, message: "write x.patches([3, 3])")
  public static var Unfold: _Word { .init() }
  @available(*, unavailable, message: "write x.resized(by: [1, 1, 2, 2])")
  public static var Upsample: _Word { .init() }
  @available(*, unavailable, message: "write x.pixelShuffle(2)")
  public static var PixelShuffle: _Word { .init() }
  @available(*, unavailable, message: "write Dropout(0.5)")
  public static var Dropout2d: _Word { .init() }
  @available(*, unavailable, message: "write DataParallel(model, over: .cuda, count: 2)")
  public static var DataParallel: _Word { .init() }
  @available(*, unavailable, message: "write x.hardSwish() in forward")
  public static var Hardswish: _Word { .init() }
  @available(*, unavailable, message: "write x.mish() in forward")
  public static var Mish: _Word { .init() }
  @available(*, unavailable, message: "write x.relu6() in forward")
  public static var ReLU6: _Word { .init() }
  @available(*, unavailable, message: "write x.prelu(slope) in forward")
  public static var PReLU: _Word { .init() }
  @available(*, unavailable, message: "write x.selu() in forward")
  public static var SELU: _Word { .init() }
  @available(*, unavailable, message: "write x.maxPool1d(2) in forward")
  public static var MaxPool1d: _Word { .init() }
  @available(*, unavailable, message: "write x.avgPool1d(2) in forward")
  public static var AvgPool1d: _Word { .init() }
  @available(*, unavailable, message: "write cosineSimilarity(x, y)")
  public static var CosineSimilarity: _Word { .init() }
}
