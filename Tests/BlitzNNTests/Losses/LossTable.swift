import Blitz

/// How the losses of the stored cases are called, by the call's name.
enum LossTable {
  typealias Loss = @Sendable ([Tensor], LossReduction) -> Tensor

  static let losses: [String: Loss] = [
    "squaredError": { squaredError(predictions: $0[0], targets: $0[1], reduction: $1) },
    "meanSquaredError": { meanSquaredError(predictions: $0[0], targets: $0[1], reduction: $1) },
    "l1": { l1(predictions: $0[0], targets: $0[1], reduction: $1) },
    "huber": { huber(predictions: $0[0], targets: $0[1], reduction: $1) },
    "huber(delta: 0.3)": { huber(predictions: $0[0], targets: $0[1], delta: 0.3, reduction: $1) },
    "smoothL1": { smoothL1(predictions: $0[0], targets: $0[1], reduction: $1) },
    "smoothL1(beta: 0.3)": {
      smoothL1(predictions: $0[0], targets: $0[1], beta: 0.3, reduction: $1)
    },
    "crossEntropy": { crossEntropy(logits: $0[0], labels: $0[1], reduction: $1) },
    "crossEntropy(labelSmoothing: 0.1)": {
      crossEntropy(logits: $0[0], labels: $0[1], labelSmoothing: 0.1, reduction: $1)
    },
    "crossEntropy(classWeights)": {
      crossEntropy(logits: $0[0], labels: $0[1], classWeights: $0[2], reduction: $1)
    },
    "crossEntropy(ignoredLabel: 1)": {
      crossEntropy(logits: $0[0], labels: $0[1], ignoredLabel: 1, reduction: $1)
    },
    "crossEntropy(all)": {
      crossEntropy(
        logits: $0[0], labels: $0[1], labelSmoothing: 0.2, classWeights: $0[2], ignoredLabel: 1,
        reduction: $1)
    },
    "negativeLogLikelihood": {
      negativeLogLikelihood(logProbabilities: $0[0], labels: $0[1], reduction: $1)
    },
    "negativeLogLikelihood(classWeights)": {
      negativeLogLikelihood(
        logProbabilities: $0[0], labels: $0[1], classWeights: $0[2], reduction: $1)
    },
    "negativeLogLikelihood(ignoredLabel: 1)": {
      negativeLogLikelihood(
        logProbabilities: $0[0], labels: $0[1], ignoredLabel: 1, reduction: $1)
    },
    "binaryCrossEntropy(probabilities)": {
      binaryCrossEntropy(probabilities: $0[0], targets: $0[1], reduction: $1)
    },
    "binaryCrossEntropy(logits)": {
      binaryCrossEntropy(logits: $0[0], targets: $0[1], reduction: $1)
    },
    "binaryCrossEntropy(logits, positiveWeight)": {
      binaryCrossEntropy(logits: $0[0], targets: $0[1], positiveWeight: $0[2], reduction: $1)
    },
    "klDivergence": { klDivergence(logProbabilities: $0[0], targets: $0[1], reduction: $1) },
    "klDivergence(logTargets: true)": {
      klDivergence(logProbabilities: $0[0], targets: $0[1], logTargets: true, reduction: $1)
    },
    "multiClassHinge": { multiClassHinge(scores: $0[0], labels: $0[1], reduction: $1) },
    "multiClassHinge(margin: 0.5)": {
      multiClassHinge(scores: $0[0], labels: $0[1], margin: 0.5, reduction: $1)
    },
    "multiClassHinge(p: 2, classWeights)": {
      multiClassHinge(
        scores: $0[0], labels: $0[1], margin: 0.7, p: 2, classWeights: $0[2], reduction: $1)
    },
    "multiLabelMargin": { multiLabelMargin(scores: $0[0], labels: $0[1], reduction: $1) },
    "binaryCrossEntropy(probabilities, weights)": {
      binaryCrossEntropy(probabilities: $0[0], targets: $0[1], weights: $0[2], reduction: $1)
    },
    "binaryCrossEntropy(logits, positiveWeight, weights)": {
      binaryCrossEntropy(
        logits: $0[0], targets: $0[1], positiveWeight: $0[2], weights: $0[3], reduction: $1)
    },
    "binaryCrossEntropy(logits, weights)": {
      binaryCrossEntropy(logits: $0[0], targets: $0[1], weights: $0[2], reduction: $1)
    },
    "linearCrossEntropy": {
      linearCrossEntropy(
        inputs: $0[0], weight: $0[1], labels: $0[3], bias: $0[2], reduction: $1)
    },
    "linearCrossEntropy(all)": {
      linearCrossEntropy(
        inputs: $0[0], weight: $0[1], labels: $0[2], labelSmoothing: 0.2, classWeights: $0[3],
        ignoredLabel: 1, reduction: $1)
    },
    "ctc": {
      let isOne = $0[0].rank == 2
      return ctc(
        logProbabilities: $0[0], targets: $0[1], inputLengths: isOne ? [6] : [6, 2, 4],
        targetLengths: isOne ? [2] : [3, 2, 0], reduction: $1)
    },
    "ctc(in a row)": {
      ctc(
        logProbabilities: $0[0], targets: $0[1], inputLengths: [5, 6, 1],
        targetLengths: [3, 2, 0], reduction: $1)
    },
    "ctc(blank: 3, zeroInfinity: true)": {
      ctc(
        logProbabilities: $0[0], targets: $0[1], inputLengths: [6, 2, 3],
        targetLengths: [3, 2, 0], blank: 3, zeroInfinity: true, reduction: $1)
    },
    "hinge": { hinge(scores: $0[0], targets: $0[1], reduction: $1) },
    "cosineEmbedding": {
      cosineEmbedding(left: $0[0], right: $0[1], targets: $0[2], reduction: $1)
    },
    "cosineEmbedding(margin: 0.2)": {
      cosineEmbedding(left: $0[0], right: $0[1], targets: $0[2], margin: 0.2, reduction: $1)
    },
    "cosineSimilarity": { inputs, _ in cosineSimilarity(inputs[0], inputs[1]) },
  ]
}
