import Blitz

extension Table {
  /// PyTorch's name of what becomes of the rows' losses.
  static func reduction(_ call: Call) throws -> LossReduction {
    switch try call.text(.max, "reduction", or: "mean") {
    case "none": .none
    case "sum": .sum
    case "mean": .mean
    default: throw NoSuchCase()
    }
  }

  mutating func addLosses() {
    word("nn.functional.mse_loss") {
      try meanSquaredError(
        predictions: $0.x, targets: $0.tensor(1), reduction: Table.reduction($0))
    }
    word("nn.functional.l1_loss") {
      try l1(predictions: $0.x, targets: $0.tensor(1), reduction: Table.reduction($0))
    }
    word("nn.functional.smooth_l1_loss") {
      try smoothL1(
        predictions: $0.x, targets: $0.tensor(1), beta: $0.real(.max, "beta", or: 1),
        reduction: Table.reduction($0))
    }
    word("nn.functional.huber_loss") {
      try huber(
        predictions: $0.x, targets: $0.tensor(1), delta: $0.real(.max, "delta", or: 1),
        reduction: Table.reduction($0))
    }
    word("nn.functional.binary_cross_entropy_with_logits") {
      try binaryCrossEntropy(
        logits: $0.x, targets: $0.tensor(1), positiveWeight: $0.optionalTensor(.max, "pos_weight"),
        weights: $0.optionalTensor(.max, "weight"), reduction: Table.reduction($0))
    }
    word("nn.functional.binary_cross_entropy") {
      try binaryCrossEntropy(
        probabilities: $0.x, targets: $0.tensor(1), weights: $0.optionalTensor(.max, "weight"),
        reduction: Table.reduction($0))
    }
    word("nn.functional.cosine_similarity") {
      try cosineSimilarity($0.x, $0.tensor(1), axis: $0.int(2, "dim", or: 1))
    }
    word("nn.functional.cosine_embedding_loss") {
      try cosineEmbedding(
        left: $0.x, right: $0.tensor(1), targets: $0.tensor(2),
        margin: $0.real(.max, "margin", or: 0), reduction: Table.reduction($0))
    }
    word("nn.functional.nll_loss") {
      try negativeLogLikelihood(
        logProbabilities: $0.x, labels: $0.tensor(1),
        classWeights: $0.optionalTensor(.max, "weight"),
        ignoredLabel: $0.optionalInt(.max, "ignore_index"), reduction: Table.reduction($0))
    }
    word("nn.functional.cross_entropy") {
      try crossEntropy(
        logits: $0.x, labels: $0.tensor(1), labelSmoothing: $0.real(.max, "label_smoothing", or: 0),
        classWeights: $0.optionalTensor(.max, "weight"),
        ignoredLabel: $0.optionalInt(.max, "ignore_index"), reduction: Table.reduction($0))
    }
    word("nn.functional.multi_margin_loss") { call in
      try multiClassHinge(
        scores: call.x, labels: call.tensor(1), margin: call.real(.max, "margin", or: 1),
        p: call.int(.max, "p", or: 1), classWeights: call.optionalTensor(.max, "weight"),
        reduction: Table.reduction(call))
    }
    word("nn.functional.multilabel_margin_loss") {
      try multiLabelMargin(
        scores: $0.x, labels: $0.tensor(1), reduction: Table.reduction($0))
    }
    word("nn.functional.kl_div") { call in
      let logs = try call.bool(.max, "log_target")
      let reduction = try call.text(.max, "reduction", or: "mean")
      let losses = klDivergence(
        logProbabilities: try call.x, targets: try call.tensor(1), logTargets: logs,
        reduction: reduction == "batchmean" ? .batchMean : .none)
      switch reduction {
      case "mean": return losses.mean()
      case "sum": return losses.sum()
      default: return losses
      }
    }
    word("nn.functional.margin_ranking_loss") {
      try marginRanking(
        left: $0.x, right: $0.tensor(1), targets: $0.tensor(2),
        margin: $0.real(.max, "margin", or: 0), reduction: Table.reduction($0))
    }
    word("nn.functional.hinge_embedding_loss") {
      try hingeEmbedding(
        distances: $0.x, targets: $0.tensor(1), margin: $0.real(.max, "margin", or: 1),
        reduction: Table.reduction($0))
    }
    word("nn.functional.soft_margin_loss") {
      try softMargin(logits: $0.x, targets: $0.tensor(1), reduction: Table.reduction($0))
    }
    word("nn.functional.multilabel_soft_margin_loss") {
      try multiLabelSoftMargin(
        logits: $0.x, targets: $0.tensor(1), classWeights: $0.optionalTensor(.max, "weight"),
        reduction: Table.reduction($0))
    }
    word("nn.functional.triplet_margin_loss") { call in
      let (p, epsilon) = (try call.real(.max, "p", or: 2), try call.real(.max, "eps", or: 1e-6))
      return try tripletMargin(
        anchor: call.x, positive: call.tensor(1), negative: call.tensor(2),
        margin: call.real(.max, "margin", or: 1), swap: call.bool(.max, "swap"),
        reduction: Table.reduction(call)
      ) { pairwiseDistance($0, $1, p: p, epsilon: epsilon) }
    }
    word("nn.functional.triplet_margin_with_distance_loss") { call in
      if call.has(.max, "distance_function") { throw Lacking(what: "a function of Python's") }
      return try tripletMargin(
        anchor: call.x, positive: call.tensor(1), negative: call.tensor(2),
        margin: call.real(.max, "margin", or: 1), swap: call.bool(.max, "swap"),
        reduction: Table.reduction(call))
    }
    word("nn.functional.ctc_loss") {
      try ctc(
        logProbabilities: $0.x, targets: $0.tensor(1), inputLengths: $0.lengths(2),
        targetLengths: $0.lengths(3), blank: $0.int(4, "blank", or: 0),
        zeroInfinity: $0.bool(6, "zero_infinity"), reduction: Table.ctcReduction($0))
    }
    word("nn.functional.poisson_nll_loss") {
      try poissonNegativeLogLikelihood(
        rates: $0.x, targets: $0.tensor(1), areLogarithms: $0.bool(.max, "log_input", or: true),
        isFull: $0.bool(.max, "full"), epsilon: $0.real(.max, "eps", or: 1e-8),
        reduction: Table.reduction($0))
    }
    word("nn.functional.gaussian_nll_loss") {
      try gaussianNegativeLogLikelihood(
        means: $0.x, targets: $0.tensor(1), variances: $0.tensor(2), isFull: $0.bool(.max, "full"),
        epsilon: $0.real(.max, "eps", or: 1e-6), reduction: Table.reduction($0))
    }
  }
}

extension Table {
  /// The reduction, which can stand before the last argument.
  fileprivate static func ctcReduction(_ call: Call) throws -> LossReduction {
    switch try call.text(5, "reduction", or: "mean") {
    case "none": .none
    case "sum": .sum
    default: .mean
    }
  }
}

extension Call {
  /// Whole numbers, in a list or in a tensor.
  func lengths(_ place: Int) throws -> [Int] {
    if isTensor(place) { return try tensor(place).cast(to: .int64).scalars(as: Int.self) }
    return try ints(place)
  }
}
