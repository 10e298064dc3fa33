import BlitzTensor

/// How well a network tells classes apart: accuracy, precision, recall, F1, top-k and the confusion
/// matrix, counted batch by batch.
///
///     var metrics = ClassificationMetrics()
///     for batch in DataLoader(data.test, batchSize: 256) {
///       try metrics.add(scores: noGrad { model(batch.inputs) }, labels: batch.labels)
///     }
///     print(metrics.accuracy, metrics.topK(3), metrics.f1())
///     print(Plot.heatMap(metrics.confusion).labeled(x: "taken for", y: "is"))
///
/// The figures are scikit-learn's. Before the first row they are NaN.
public struct ClassificationMetrics: Sendable, Equatable {
  /// How the figures of the classes become one.
  public enum Average: Sendable, Hashable, CaseIterable {
    /// Their mean; a class that is in neither the labels nor the answers is left out.
    case macro
    /// Their mean, in which each class counts for the rows that have it.
    case weighted
  }

  /// The number of classes; 0 before the first batch.
  public private(set) var classCount = 0
  /// The number of rows so far.
  public private(set) var count = 0
  /// How many rows are of a class (first) and were taken for a class (second).
  private var pairs: [Pair: Int] = [:]
  /// How many rows have so many scores above that of their class.
  private var ranks: [Int: Int] = [:]

  private struct Pair: Hashable, Sendable {
    var truth, prediction: Int
  }

  /// Makes metrics of no rows yet.
  public init() {}

  /// Adds a batch.
  ///
  /// The class with the largest score is the answer; of equal scores the first counts, as in
  /// `argmax`.
  ///
  /// - Parameters:
  ///   - scores: logits or probabilities, `[rows, classes]`.
  ///   - labels: the right classes, `[rows]`, whole numbers from 0.
  /// - Throws: `TensorError` for other shapes, another number of classes than before, a label that
  ///   is no class, or a score that is NaN; nothing is added then.
  public mutating func add(scores: Tensor, labels: Tensor) throws(TensorError) {
    func failure(_ rule: String, _ help: String) -> TensorError {
      TensorError(
        "ClassificationMetrics", rule,
        operands: [("scores", scores.signature), ("labels", labels.signature)], help: help)
    }
    if let error = scores.error ?? labels.error { throw error }
    guard scores.rank == 2, labels.rank == 1, scores.shape[0] == labels.shape[0] else {
      throw failure("scores must be [rows, classes] and labels [rows]", "reshape them first")
    }
    guard labels.dtype.isInteger else {
      throw failure("labels are not whole numbers", "give the classes as 0, 1, 2 ...")
    }
    let classes = scores.shape[1]
    guard classCount == 0 || classes == classCount else {
      throw failure("batches before had \(classCount) classes", "begin new metrics for them")
    }
    let truths = try labels.cast(to: .int64).scalars(as: Int.self)
    if let label = truths.first(where: { !(0..<classes).contains($0) }) {
      throw failure("label \(label) is none of \(classes) classes", "number them from 0")
    }
    let numbers = try scores.detached().cast(to: .float64).scalars(as: Double.self)
    if numbers.contains(where: \.isNaN) {
      throw failure("a score is NaN", "look where it comes from; nothing is larger or smaller")
    }
    classCount = classes
    count += truths.count
    for (row, truth) in truths.enumerated() {
      let scores = numbers[row * classes..<(row + 1) * classes]
      let own = scores[row * classes + truth]
      var best = scores.startIndex
      var rank = 0
      for index in scores.indices {
        if scores[index] > scores[best] { best = index }
        let isBefore = scores[index] == own && index < row * classes + truth
        if scores[index] > own || isBefore { rank += 1 }
      }
      pairs[Pair(truth: truth, prediction: best - row * classes), default: 0] += 1
      ranks[rank, default: 0] += 1
    }
  }

  /// The number of rows whose class was told right.
  public var rightCount: Int { ranks[0] ?? 0 }

  /// The share of rows whose class was told right, `accuracy_score`.
  public var accuracy: Double { topK(1) }

  /// The share of rows whose class is among the `k` of the largest scores, `top_k_accuracy_score`.
  ///
  /// Of equal scores the first is the larger; in scikit-learn it is the last.
  public func topK(_ k: Int) -> Double {
    guard count > 0 else { return .nan }
    return Double(ranks.reduce(0) { $1.key < k ? $0 + $1.value : $0 }) / Double(count)
  }

  /// The share of the rows taken for a class that are of it, `precision_score`; 0 if there are
  /// none.
  public func precision(of label: Int) -> Double { tally(label).precision }

  /// The share of the rows of a class that were taken for it, `recall_score`; 0 if there are none.
  public func recall(of label: Int) -> Double { tally(label).recall }

  /// The harmonic mean of a class's precision and recall, `f1_score`; 0 if both are.
  public func f1(of label: Int) -> Double { tally(label).f1 }

  /// The classes' precision as one number.
  public func precision(_ average: Average = .macro) -> Double { mean(average, \.precision) }

  /// The classes' recall as one number; `.macro` is the balanced accuracy.
  public func recall(_ average: Average = .macro) -> Double { mean(average, \.recall) }

  /// The classes' F1 as one number.
  public func f1(_ average: Average = .macro) -> Double { mean(average, \.f1) }

  /// Which classes (rows) were taken for which (columns), `confusion_matrix`:
  /// `int64[classes, classes]`.
  ///
  /// - Returns: a tensor that carries an error if memory does not hold it.
  public var confusion: Tensor {
    let zeros = Tensor.zeros([classCount, classCount], dtype: .int64)
    guard zeros.error == nil, !pairs.isEmpty else { return zeros }
    let entries = Array(pairs)
    return zeros.indexPut(
      [Tensor(entries.map(\.key.truth)), Tensor(entries.map(\.key.prediction))],
      Tensor(entries.map(\.value)))
  }

  private func tally(_ label: Int) -> Tally { tallies()[label] ?? Tally() }

  /// The classes that are in the labels or the answers.
  private func tallies() -> [Int: Tally] {
    var found: [Int: Tally] = [:]
    for (pair, count) in pairs {
      found[pair.truth, default: Tally()].rows += count
      found[pair.prediction, default: Tally()].answers += count
      if pair.truth == pair.prediction { found[pair.truth, default: Tally()].right += count }
    }
    return found
  }

  private func mean(_ average: Average, _ figure: (Tally) -> Double) -> Double {
    guard count > 0 else { return .nan }
    let all = tallies().values
    switch average {
    case .macro: return all.reduce(0) { $0 + figure($1) } / Double(all.count)
    case .weighted: return all.reduce(0) { $0 + figure($1) * Double($1.rows) } / Double(count)
    }
  }
}

/// What precision, recall and F1 are made of.
struct Tally {
  /// Rows of the class, rows taken for it, and those that are both.
  var rows = 0
  var answers = 0
  var right = 0

  var precision: Double { Tally.share(right, of: answers) }
  var recall: Double { Tally.share(right, of: rows) }
  var f1: Double { Tally.share(2 * right, of: rows + answers) }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
