import BlitzTensor

/// How well a network tells yes from no: accuracy, precision, recall and F1 at a threshold, and the
/// area under the ROC curve, which needs none.
///
///     var metrics = BinaryMetrics()
///     for batch in loader {
///       try metrics.add(scores: model(batch.inputs).sigmoid(), labels: batch.labels)
///     }
///     print(metrics.accuracy, metrics.f1, metrics.rocAUC)
///
/// The figures are scikit-learn's. It keeps all scores, 9 bytes for each.
public struct BinaryMetrics: Sendable, Equatable {
  /// A row counts as yes if its score is above this.
  public let threshold: Double
  private var scores: [Double] = []
  private var labels: [Bool] = []

  /// Makes metrics of no rows yet.
  ///
  /// - Parameter threshold: 0.5 for probabilities, 0 for logits.
  public init(threshold: Double = 0.5) { self.threshold = threshold }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - scores: logits or probabilities of yes, of any shape.
  ///   - labels: `bool`, or 0 and 1, of the same shape.
  /// - Throws: `TensorError` for unequal shapes, another label or a score that is NaN; nothing is
  ///   added then.
  public mutating func add(scores: Tensor, labels: Tensor) throws(TensorError) {
    func failure(_ rule: String, _ help: String) -> TensorError {
      TensorError(
        "BinaryMetrics", rule,
        operands: [("scores", scores.signature), ("labels", labels.signature)], help: help)
    }
    if let error = scores.error ?? labels.error { throw error }
    guard scores.shape == labels.shape else {
      throw failure("there must be one label for each score", "reshape one like the other")
    }
    let truths = try labels.detached().cast(to: .float64).scalars(as: Double.self)
    if let label = truths.first(where: { $0 != 0 && $0 != 1 }) {
      throw failure("label \(label) is neither 0 nor 1", "for classes use ClassificationMetrics")
    }
    let numbers = try scores.detached().cast(to: .float64).scalars(as: Double.self)
    if numbers.contains(where: \.isNaN) {
      throw failure("a score is NaN", "look where it comes from; nothing is larger or smaller")
    }
    self.scores += numbers
    self.labels += truths.map { $0 == 1 }
  }

  /// The number of rows so far.
  public var count: Int { scores.count }

  /// The share of rows that were told right, `accuracy_score`; NaN without rows.
  public var accuracy: Double {
    let right = zip(scores, labels).count { ($0 > threshold) == $1 }
    return count == 0 ? .nan : Double(right) / Double(count)
  }

  /// The share of the rows told as yes that are, `precision_score`; 0 if there are none.
  public var precision: Double { tally.precision }

  /// The share of the rows with yes that were told as such, `recall_score`; 0 if there are none.
  public var recall: Double { tally.recall }

  /// The harmonic mean of precision and recall, `f1_score`; 0 if both are.
  public var f1: Double { tally.f1 }

  /// The area under the ROC curve, `roc_auc_score`: how often a yes has a higher score than a no,
  /// where equal scores count one half. NaN if there is only one of both.
  public var rocAUC: Double {
    let (wrong, right) = rocCurve
    var area = 0.0
    for place in wrong.indices.dropFirst() {
      area += (wrong[place] - wrong[place - 1]) * (right[place] + right[place - 1]) / 2
    }
    return area
  }

  /// The ROC curve, `roc_curve`: for each threshold from the highest on, the share of the no above
  /// it and the share of the yes above it.
  ///
  ///     let curve = metrics.rocCurve
  ///     print(Plot.line(curve.falsePositives, curve.truePositives))
  ///
  /// Both begin at 0 and end at 1; they are NaN if there is only yes or only no.
  public var rocCurve: (falsePositives: [Double], truePositives: [Double]) {
    let yes = labels.count { $0 }
    let (positives, negatives) = (Double(yes), Double(labels.count - yes))
    guard yes > 0, yes < labels.count else { return ([.nan, .nan], [.nan, .nan]) }
    var (falses, trues) = ([0.0], [0.0])
    var (wrong, right) = (0, 0)
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in order.enumerated() {
      if labels[index] { right += 1 } else { wrong += 1 }
      let next = place + 1 < order.count ? scores[order[place + 1]] : -.infinity
      // Equal scores are passed by one threshold.
      guard scores[index] != next || place + 1 == order.count else { continue }
      falses.append(Double(wrong) / negatives)
      trues.append(Double(right) / positives)
    }
    return (falses, trues)
  }

  private var tally: Tally {
    var tally = Tally()
    for (score, label) in zip(scores, labels) {
      if label { tally.rows += 1 }
      if score > threshold { tally.answers += 1 }
      if label, score > threshold { tally.right += 1 }
    }
    return tally
  }
}
