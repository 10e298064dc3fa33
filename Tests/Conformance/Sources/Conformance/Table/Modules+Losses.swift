import Blitz

extension ModuleTable {
  private static func reduction(_ call: Call) throws -> LossReduction {
    try Table.reduction(call)
  }

  mutating func addLosses() {
    loss("L1Loss") {
      try l1(predictions: $1.x, targets: $1.tensor(1), reduction: Self.reduction($0))
    }
    loss("MSELoss") {
      try meanSquaredError(predictions: $1.x, targets: $1.tensor(1), reduction: Self.reduction($0))
    }
    loss("SmoothL1Loss") {
      try smoothL1(
        predictions: $1.x, targets: $1.tensor(1), beta: $0.real(.max, "beta", or: 1),
        reduction: Self.reduction($0))
    }
    loss("HuberLoss") {
      try huber(
        predictions: $1.x, targets: $1.tensor(1), delta: $0.real(.max, "delta", or: 1),
        reduction: Self.reduction($0))
    }
    loss("BCELoss") {
      try binaryCrossEntropy(
        probabilities: $1.x, targets: $1.tensor(1), weights: $0.optionalTensor(0, "weight"),
        reduction: Self.reduction($0))
    }
    loss("BCEWithLogitsLoss") {
      try binaryCrossEntropy(
        logits: $1.x, targets: $1.tensor(1), positiveWeight: $0.optionalTensor(.max, "pos_weight"),
        weights: $0.optionalTensor(0, "weight"), reduction: Self.reduction($0))
    }
    loss("KLDivLoss") { options, call in
      let reduction = try options.text(.max, "reduction", or: "mean")
      let losses = klDivergence(
        logProbabilities: try call.x, targets: try call.tensor(1),
        logTargets: try options.bool(.max, "log_target"),
        reduction: reduction == "batchmean" ? .batchMean : .none)
      switch reduction {
      case "mean": return losses.mean()
      case "sum": return losses.sum()
      default: return losses
      }
    }
    loss("PoissonNLLLoss") {
      try poissonNegativeLogLikelihood(
        rates: $1.x, targets: $1.tensor(1), areLogarithms: $0.bool(.max, "log_input", or: true),
        isFull: $0.bool(.max, "full"), epsilon: $0.real(.max, "eps", or: 1e-8),
        reduction: Self.reduction($0))
    }
    loss("GaussianNLLLoss") {
      try gaussianNegativeLogLikelihood(
        means: $1.x, targets: $1.tensor(1), variances: $1.tensor(2),
        isFull: $0.bool(.max, "full"), epsilon: $0.real(.max, "eps", or: 1e-6),
        reduction: Self.reduction($0))
    }
    addMargins()
    addLabels()
  }

  private mutating func addMargins() {
    loss("CosineEmbeddingLoss") {
      try cosineEmbedding(
        left: $1.x, right: $1.tensor(1), targets: $1.tensor(2),
        margin: $0.real(.max, "margin", or: 0), reduction: Self.reduction($0))
    }
    loss("MarginRankingLoss") {
      try marginRanking(
        left: $1.x, right: $1.tensor(1), targets: $1.tensor(2),
        margin: $0.real(.max, "margin", or: 0), reduction: Self.reduction($0))
    }
    loss("HingeEmbeddingLoss") {
      try hingeEmbedding(
        distances: $1.x, targets: $1.tensor(1), margin: $0.real(.max, "margin", or: 1),
        reduction: Self.reduction($0))
    }
    loss("SoftMarginLoss") {
      try softMargin(logits: $1.x, targets: $1.tensor(1), reduction: Self.reduction($0))
    }
    loss("MultiLabelMarginLoss") {
      try multiLabelMargin(scores: $1.x, labels: $1.tensor(1), reduction: Self.reduction($0))
    }
    loss("MultiLabelSoftMarginLoss") {
      try multiLabelSoftMargin(
        logits: $1.x, targets: $1.tensor(1), classWeights: $0.optionalTensor(0, "weight"),
        reduction: Self.reduction($0))
    }
    loss("MultiMarginLoss") {
      try multiClassHinge(
        scores: $1.x, labels: $1.tensor(1), margin: $0.real(.max, "margin", or: 1),
        p: $0.int(.max, "p", or: 1), classWeights: $0.optionalTensor(.max, "weight"),
        reduction: Self.reduction($0))
    }
  }

  private mutating func addLabels() {
    loss("NLLLoss") {
      try negativeLogLikelihood(
        logProbabilities: $1.x, labels: $1.tensor(1), classWeights: $0.optionalTensor(0, "weight"),
        ignoredLabel: $0.optionalInt(.max, "ignore_index"), reduction: Self.reduction($0))
    }
    loss("CrossEntropyLoss") {
      try crossEntropy(
        logits: $1.x, labels: $1.tensor(1),
        labelSmoothing: $0.real(.max, "label_smoothing", or: 0),
        classWeights: $0.optionalTensor(0, "weight"),
        ignoredLabel: $0.optionalInt(.max, "ignore_index"), reduction: Self.reduction($0))
    }
    network("LinearCrossEntropyLoss") { c in
      for name in ["device", "dtype", "options"] { _ = c.named(name) }
      let more = try c.optionalInts(.max, "out_features") ?? []
      let (features, classes) = (try c.int(0, "in_features"), try c.int(1, "num_classes"))
      let layer = try Linear(features, more.reduce(classes, *), bias: c.bool(.max, "bias"))
      let head = LinearHead(linear: layer)
      return Network(module: head) { call in
        [
          try linearCrossEntropy(
            inputs: call.x, weight: layer.weight.reshaped(to: Shape([classes] + more + [features])),
            labels: call.tensor(1),
            bias: layer.bias.map { $0.reshaped(to: Shape([classes] + more)) },
            labelSmoothing: c.real(.max, "label_smoothing", or: 0),
            classWeights: c.optionalTensor(.max, "weight"),
            ignoredLabel: c.optionalInt(.max, "ignore_index"), reduction: Self.reduction(c))
        ]
      }
    }
    loss("CTCLoss") {
      try ctc(
        logProbabilities: $1.x, targets: $1.tensor(1), inputLengths: $1.lengths(2),
        targetLengths: $1.lengths(3), blank: $0.int(0, "blank", or: 0),
        zeroInfinity: $0.bool(2, "zero_infinity"), reduction: Self.reduction($0))
    }
  }
}

/// A linear layer that a loss holds.
private struct LinearHead: Module {
  let linear: Linear
}
