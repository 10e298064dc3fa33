import Blitz

extension Row {
  static let losses: [Row] = [
    Row(
      "crossEntropy(logits:labels:labelSmoothing:classWeights:ignoredLabel:reduction:)"
    ) {
      let labels = $0.labels()
      return [
        crossEntropy(logits: $0.tensor(), labels: labels),
        crossEntropy(logits: $0.pictures(), labels: $0.tensor(), labelSmoothing: $0.double()),
        crossEntropy(
          logits: $0.tensor(), labels: labels, labelSmoothing: $0.double(),
          classWeights: $0.maybeTensor(), ignoredLabel: $0.bool() ? nil : $0.int(),
          reduction: $0.reduction()),
      ]
    },
    Row(
      "negativeLogLikelihood(logProbabilities:labels:classWeights:ignoredLabel:reduction:)"
    ) {
      negativeLogLikelihood(
        logProbabilities: $0.tensor(), labels: $0.labels(), classWeights: $0.maybeTensor(),
        ignoredLabel: $0.bool() ? nil : $0.int(), reduction: $0.reduction())
    },
    Row("multiClassHinge(scores:labels:margin:p:classWeights:reduction:)") {
      multiClassHinge(
        scores: $0.tensor(), labels: $0.labels(), margin: $0.double(), p: $0.int(),
        classWeights: $0.maybeTensor(), reduction: $0.reduction())
    },
    Row("multiLabelMargin(scores:labels:reduction:)") {
      multiLabelMargin(
        scores: $0.tensor(), labels: $0.bool() ? $0.labels() : $0.tensor().cast(to: .int64),
        reduction: $0.reduction())
    },
    Row("binaryCrossEntropy(logits:targets:positiveWeight:weights:reduction:)") {
      binaryCrossEntropy(
        logits: $0.tensor(), targets: $0.tensor(), positiveWeight: $0.maybeTensor(),
        weights: $0.maybeTensor(), reduction: $0.reduction())
    },
    Row("binaryCrossEntropy(probabilities:targets:weights:reduction:)") {
      binaryCrossEntropy(
        probabilities: $0.tensor(), targets: $0.tensor(), weights: $0.maybeTensor(),
        reduction: $0.reduction())
    },
    Row(
      "linearCrossEntropy(inputs:weight:labels:bias:labelSmoothing:classWeights:ignoredLabel:"
        + "reduction:)",
      // What it is made of says what is wrong with labels.
      "crossEntropy(logits:labels:labelSmoothing:classWeights:ignoredLabel:reduction:)"
    ) {
      linearCrossEntropy(
        inputs: $0.tensor(), weight: $0.tensor(), labels: $0.labels(), bias: $0.maybeTensor(),
        labelSmoothing: $0.double(), classWeights: $0.maybeTensor(),
        ignoredLabel: $0.bool() ? nil : $0.int(), reduction: $0.reduction())
    },
    Row(
      "ctc(logProbabilities:targets:inputLengths:targetLengths:blank:zeroInfinity:reduction:)"
    ) {
      ctc(
        logProbabilities: $0.sequence(), targets: $0.labels(),
        inputLengths: $0.bool() ? $0.ints() : $0.pick([[1], [2], [1, 2], []]),
        targetLengths: $0.bool() ? $0.ints() : $0.pick([[1], [2], [1, 1], [0]]),
        blank: $0.isOneIn(4) ? $0.int() : 0, zeroInfinity: $0.bool(), reduction: $0.reduction())
    },
    Row("cosineEmbedding(left:right:targets:margin:reduction:)") {
      cosineEmbedding(
        left: $0.tensor(), right: $0.tensor(), targets: $0.tensor(), margin: $0.double(),
        reduction: $0.reduction())
    },
    Row("cosineSimilarity(_:_:axis:)") {
      cosineSimilarity($0.tensor(), $0.tensor(), axis: $0.int())
    },
    Row("hinge(scores:targets:reduction:)") {
      hinge(scores: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
    },
    Row("huber(predictions:targets:delta:reduction:)") {
      huber(
        predictions: $0.tensor(), targets: $0.tensor(), delta: $0.double(),
        reduction: $0.reduction())
    },
    Row("klDivergence(logProbabilities:targets:logTargets:reduction:)") {
      klDivergence(
        logProbabilities: $0.tensor(), targets: $0.tensor(), logTargets: $0.bool(),
        reduction: $0.reduction())
    },
    Row("l1(predictions:targets:reduction:)") {
      l1(predictions: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
    },
    Row("meanSquaredError(predictions:targets:reduction:)") {
      meanSquaredError(
        predictions: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
    },
    Row("smoothL1(predictions:targets:beta:reduction:)") {
      smoothL1(
        predictions: $0.tensor(), targets: $0.tensor(), beta: $0.double(),
        reduction: $0.reduction())
    },
    Row("squaredError(predictions:targets:reduction:)") {
      squaredError(predictions: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
    },
    Row("marginRanking(left:right:targets:margin:reduction:)") {
      marginRanking(
        left: $0.tensor(), right: $0.tensor(), targets: $0.tensor(), margin: $0.double(),
        reduction: $0.reduction())
    },
    Row("hingeEmbedding(distances:targets:margin:reduction:)") {
      hingeEmbedding(
        distances: $0.tensor(), targets: $0.tensor(), margin: $0.double(),
        reduction: $0.reduction())
    },
    Row("softMargin(logits:targets:reduction:)") {
      softMargin(logits: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
    },
    Row("multiLabelSoftMargin(logits:targets:classWeights:reduction:)") {
      multiLabelSoftMargin(
        logits: $0.tensor(), targets: $0.tensor(), classWeights: $0.maybeTensor(),
        reduction: $0.reduction())
    },
    Row("pairwiseDistance(_:_:p:epsilon:keepDims:)") {
      pairwiseDistance(
        $0.tensor(), $0.tensor(), p: $0.double(), epsilon: $0.double(), keepDims: $0.bool())
    },
    Row("tripletMargin(anchor:positive:negative:margin:swap:reduction:distance:)") {
      tripletMargin(
        anchor: $0.tensor(), positive: $0.tensor(), negative: $0.tensor(), margin: $0.double(),
        swap: $0.bool(), reduction: $0.reduction())
    },
    Row(
      "poissonNegativeLogLikelihood(rates:targets:areLogarithms:isFull:epsilon:reduction:)"
    ) {
      poissonNegativeLogLikelihood(
        rates: $0.tensor(), targets: $0.tensor(), areLogarithms: $0.bool(), isFull: $0.bool(),
        epsilon: $0.double(), reduction: $0.reduction())
    },
    Row("gaussianNegativeLogLikelihood(means:targets:variances:isFull:epsilon:reduction:)") {
      gaussianNegativeLogLikelihood(
        means: $0.tensor(), targets: $0.tensor(), variances: $0.tensor(), isFull: $0.bool(),
        epsilon: $0.double(), reduction: $0.reduction())
    },
  ]
}
