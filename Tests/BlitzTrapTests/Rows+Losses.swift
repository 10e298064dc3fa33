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
    Row("multiClassHinge(scores:labels:margin:reduction:)") {
      multiClassHinge(
        scores: $0.tensor(), labels: $0.labels(), margin: $0.double(), reduction: $0.reduction())
    },
    Row("binaryCrossEntropy(logits:targets:positiveWeight:reduction:)") {
      binaryCrossEntropy(
        logits: $0.tensor(), targets: $0.tensor(), positiveWeight: $0.maybeTensor(),
        reduction: $0.reduction())
    },
    Row("binaryCrossEntropy(probabilities:targets:reduction:)") {
      binaryCrossEntropy(
        probabilities: $0.tensor(), targets: $0.tensor(), reduction: $0.reduction())
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
  ]
}
