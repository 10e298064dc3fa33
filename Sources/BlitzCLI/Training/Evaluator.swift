import Blitz
import BlitzData
import BlitzNN

/// Puts a network to use on data, and counts what it gets right.
struct Evaluator {
  let model: any Layer
  let network: NetworkDescription
  let split: DataSplit
  /// Where the network is.
  var device = Device.cpu

  /// Some of the examples, evenly spread: what is measured after every epoch must not take as long
  /// as the epoch.
  ///
  /// - Parameter limit: how many at most.
  func sample(of dataset: any Dataset, limit: Int = 10_000) throws -> any Dataset {
    let count = dataset.count
    if count <= limit { return dataset }
    return try Subset(dataset, indices: (0..<limit).map { $0 * count / limit })
  }

  /// The mean loss and the share of examples whose largest answer is the right class, 0...1; nil if
  /// there are no classes.
  func figures(_ dataset: any Dataset) throws -> (loss: Double, accuracy: Double?) {
    var (loss, right) = (0.0, 0.0)
    try forEachBatch(dataset) { answers, batch in
      let sum = network.loss(of: answers, batch.labels, reduction: .sum)
      guard split.hasClasses else {
        loss += try sum.item()
        return
      }
      let hits = (answers.argmax(axis: 1) .== batch.labels).cast(to: .float64).sum()
      try eval(sum, hits)
      loss += try sum.item()
      right += try hits.item()
    }
    let count = Double(max(dataset.count, 1))
    return (loss / count, split.hasClasses ? right / count : nil)
  }

  /// What a network is worth that tells classes.
  struct Assessment {
    var metrics = ClassificationMetrics()
    var loss = 0.0
    /// The examples that were told wrong, by their places, the most confident first.
    var mistakes: [(index: Int, truth: Int, prediction: Int, probability: Double)] = []

    /// Which examples of each class (row) were taken for each class (column).
    func confusion() throws -> [[Int]] { try metrics.confusion.array(as: [[Int]].self) }
  }

  /// Looks at each answer.
  ///
  /// - Parameter mistakeLimit: how many mistakes are kept.
  func assess(_ dataset: any Dataset, mistakeLimit: Int = 24) throws -> Assessment {
    let classCount = network.outputSize
    var assessment = Assessment()
    try forEachBatch(dataset) { answers, batch in
      let sum = network.loss(of: answers, batch.labels, reduction: .sum)
      let table = network.probabilities(answers)
      try eval(sum, table)
      assessment.loss += try sum.item()
      try assessment.metrics.add(scores: table, labels: batch.labels)
      let probabilities = try table.scalars(as: Float.self)
      let labels = try batch.labels.scalars(as: Int.self)
      for (place, truth) in labels.enumerated() {
        let row = probabilities[place * classCount..<(place + 1) * classCount]
        let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
        let prediction = best - row.startIndex
        if prediction != truth {
          assessment.mistakes.append(
            (batch.indices[place], truth, prediction, Double(row[best])))
        }
      }
    }
    assessment.loss /= Double(max(dataset.count, 1))
    assessment.mistakes.sort { ($1.probability, $0.index) < ($0.probability, $1.index) }
    assessment.mistakes.removeLast(max(assessment.mistakes.count - mistakeLimit, 0))
    return assessment
  }

  /// Compares the network's numbers with a table's, in the label's own unit.
  func fit(_ dataset: any Dataset) throws -> RegressionMetrics {
    var metrics = RegressionMetrics()
    try forEachBatch(dataset) { answers, batch in
      let truths = try batch.labels.scalars(as: Float.self)
      for (truth, answer) in zip(truths, try network.numbers(answers)) {
        metrics.add(answer, Double(truth))
      }
    }
    return metrics
  }

  private func forEachBatch(
    _ dataset: any Dataset, _ body: (_ answers: Tensor, _ batch: Batch) throws -> Void
  ) throws {
    model.eval()
    try noGrad {
      for batch in split.loader(dataset, batch: network.model.definition.measuredRows).batches {
        if let error = batch.error { throw error }
        let batch = batch.to(device)
        try body(model(batch.inputs), batch)
      }
    }
  }
}
