// PyTorch's words for losses; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

@available(*, unavailable, message: "losses are functions: crossEntropy(logits: x, labels: y)")
public var CrossEntropyLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: meanSquaredError(predictions: x, targets: y)"
)
public var MSELoss: _Word { .init() }
@available(*, unavailable, message: "losses are functions: l1(predictions: x, targets: y)")
public var L1Loss: _Word { .init() }
@available(*, unavailable, message: "losses are functions: smoothL1(predictions: x, targets: y)")
public var SmoothL1Loss: _Word { .init() }
@available(*, unavailable, message: "losses are functions: huber(predictions: x, targets: y)")
public var HuberLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: binaryCrossEntropy(logits: x, targets: y)"
)
public var BCEWithLogitsLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: binaryCrossEntropy(probabilities: x, targets: y)"
)
public var BCELoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: negativeLogLikelihood(logProbabilities: x, labels: y)"
)
public var NLLLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: klDivergence(logProbabilities: x, targets: y)"
)
public var KLDivLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: cosineEmbedding(left: x, right: y, targets: t)"
)
public var CosineEmbeddingLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: tripletMargin(anchor: a, positive: p, negative: n)"
)
public var TripletMarginLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: marginRanking(left: x, right: y, targets: t)"
)
public var MarginRankingLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: hingeEmbedding(distances: x, targets: y)"
)
public var HingeEmbeddingLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: gaussianNegativeLogLikelihood(means:targets:variances:)"
)
public var GaussianNLLLoss: _Word { .init() }
@available(
  *, unavailable,
  message: "losses are functions: poissonNegativeLogLikelihood(rates: x, targets: y)"
)
public var PoissonNLLLoss: _Word { .init() }
@available(*, unavailable, message: "losses are functions: softMargin(logits: x, targets: y)")
public var SoftMarginLoss: _Word { .init() }
@available(*, unavailable, message: "write meanSquaredError(predictions: x, targets: y)")
public var mse_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write meanSquaredError(predictions: x, targets: y)")
public var mseLoss: _TensorWord { .init() }
@available(*, unavailable, message: "write crossEntropy(logits: x, labels: y)")
public var crossEntropyLoss: _TensorWord { .init() }
@available(*, unavailable, message: "write negativeLogLikelihood(logProbabilities: x, labels: y)")
public var nllLoss: _TensorWord { .init() }
@available(*, unavailable, message: "write binaryCrossEntropy(logits: x, targets: y)")
public var bceLoss: _TensorWord { .init() }
@available(*, unavailable, message: "write l1(predictions: x, targets: y)")
public var l1Loss: _TensorWord { .init() }
@available(*, unavailable, message: "write l1(predictions: x, targets: y)")
public var l1_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write smoothL1(predictions: x, targets: y)")
public var smooth_l1_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write huber(predictions: x, targets: y)")
public var huber_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write binaryCrossEntropy(logits: x, targets: y)")
public var binary_cross_entropy_with_logits: _TensorWord { .init() }
@available(*, unavailable, message: "write binaryCrossEntropy(probabilities: x, targets: y)")
public var binary_cross_entropy: _TensorWord { .init() }
@available(*, unavailable, message: "write negativeLogLikelihood(logProbabilities: x, labels: y)")
public var nll_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write klDivergence(logProbabilities: x, targets: y)")
public var kl_div: _TensorWord { .init() }
@available(*, unavailable, message: "write cosineSimilarity(x, y)")
public var cosine_similarity: _TensorWord { .init() }
@available(*, unavailable, message: "write tripletMargin(anchor: a, positive: p, negative: n)")
public var triplet_margin_loss: _TensorWord { .init() }
@available(*, unavailable, message: "write pairwiseDistance(x, y)")
public var pairwise_distance: _TensorWord { .init() }
@available(*, unavailable, message: "write crossEntropy(logits: x, labels: y)")
public var cross_entropy: _TensorWord { .init() }
