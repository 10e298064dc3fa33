import BlitzTensor

extension OpTable {
  /// What training makes smaller.
  static let losses: [OpEntry] = [
    OpEntry("NegativeLogLikelihoodLoss", since: 12) { call in
      try call.negativeLogLikelihood(call[0])
    },
    OpEntry(many: "SoftmaxCrossEntropyLoss", since: 12) { call in
      let log = call[0].logSoftmax(axis: 1)
      return [call.like(0, try call.negativeLogLikelihood(log)), call.like(0, log)]
    },
  ]
}

extension OpCall {
  /// The weighted loss of the labels, which are input 1; the weights of classes are input 2.
  fileprivate func negativeLogLikelihood(_ log: Tensor) throws -> Tensor {
    if let error = log.error { throw error }
    guard log.rank >= 2 else { throw failure("takes [n, classes, ...]") }
    var labels = self[1].cast(to: .int64)
    var isCounted: Tensor?
    if has("ignore_index") {
      isCounted = labels .!= int("ignore_index")
      labels = .where(isCounted!, labels, 0)
    }
    let picked = log.gather(axis: 1, index: labels.unsqueezed(axis: 1)).squeezed(axis: 1)
    var weights = Tensor.ones(labels.shape, dtype: log.dtype)
    if let given = optional(2) {
      weights = given.indexSelect(axis: 0, indices: labels.reshaped(to: [-1]))
        .reshaped(to: labels.shape)
    }
    if let isCounted { weights = .where(isCounted, weights, weights * 0) }
    let losses = -picked * weights
    switch text("reduction", "mean") {
    case "none": return losses
    case "sum": return losses.sum()
    default: return losses.sum() / weights.sum()
    }
  }
}
