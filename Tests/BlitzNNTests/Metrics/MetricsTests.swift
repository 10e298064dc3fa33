import Blitz
import Foundation
import Testing

@Suite("metrics")
struct MetricsTests {
  @Test("of classes equal scikit-learn's, however the rows come in batches")
  func classes() throws {
    let reference = try MetricsReference.read()
    try #require(reference.classes.count == 2)
    for stored in reference.classes {
      let rows = stored.labels.count
      let scores = Tensor(
        stored.scores, shape: [rows, stored.classes], dtype: .float64)
      let labels = Tensor(stored.labels)
      for size in [rows, 7] {
        var metrics = ClassificationMetrics()
        for start in stride(from: 0, to: rows, by: size) {
          let range = start..<min(start + size, rows)
          try metrics.add(scores: scores[range], labels: labels[range])
        }
        expect(stored, "accuracy", metrics.accuracy)
        expect(stored, "top 2", metrics.topK(2))
        expect(stored, "top 3", metrics.topK(3))
        for (name, average) in [
          ("macro", ClassificationMetrics.Average.macro), ("weighted", .weighted),
        ] {
          expect(stored, "\(name) precision", metrics.precision(average))
          expect(stored, "\(name) recall", metrics.recall(average))
          expect(stored, "\(name) f1", metrics.f1(average))
        }
        let all = 0..<stored.classes
        #expect(all.map { metrics.precision(of: $0) } == stored.each["precision"])
        #expect(all.map { metrics.recall(of: $0) } == stored.each["recall"])
        #expect(all.map { metrics.f1(of: $0) } == stored.each["f1"])
        #expect(try metrics.confusion.scalars(as: Int.self) == stored.confusion)
        #expect(metrics.count == rows && metrics.classCount == stored.classes)
      }
    }
  }

  @Test("of yes and no equal scikit-learn's")
  func binary() throws {
    let reference = try MetricsReference.read()
    try #require(reference.binary.count == 4)
    for stored in reference.binary {
      var metrics = BinaryMetrics()
      let half = stored.labels.count / 2
      for range in [0..<half, half..<stored.labels.count] {
        try metrics.add(
          scores: Tensor(Array(stored.scores[range]), dtype: .float64),
          labels: Tensor(Array(stored.labels[range])))
      }
      expect(stored, "accuracy", metrics.accuracy)
      expect(stored, "precision", metrics.precision)
      expect(stored, "recall", metrics.recall)
      expect(stored, "f1", metrics.f1)
      expect(stored, "roc auc", metrics.rocAUC)
      let curve = metrics.rocCurve
      #expect(curve.falsePositives == stored.falsePositives, "\(stored.name)")
      #expect(curve.truePositives == stored.truePositives, "\(stored.name)")
    }
  }

  @Test("of numbers equal scikit-learn's")
  func regression() throws {
    let reference = try MetricsReference.read()
    try #require(reference.regression.count == 4)
    for stored in reference.regression {
      var metrics = RegressionMetrics()
      try metrics.add(
        predictions: Tensor(stored.predictions, dtype: .float64),
        targets: Tensor(stored.targets, dtype: .float64))
      expect(stored, "mean absolute", metrics.meanAbsoluteError)
      expect(stored, "mean squared", metrics.meanSquaredError)
      expect(stored, "root", metrics.rootMeanSquaredError)
      expect(stored, "r2", metrics.r2)
    }
  }

  @Test("of nothing are NaN, of one kind there is no ROC curve")
  func nothing() throws {
    let classes = ClassificationMetrics()
    #expect(classes.accuracy.isNaN && classes.f1().isNaN && classes.topK(2).isNaN)
    #expect(classes.confusion.shape == [0, 0])
    #expect(RegressionMetrics().meanAbsoluteError.isNaN && RegressionMetrics().r2.isNaN)
    var binary = BinaryMetrics()
    #expect(binary.accuracy.isNaN && binary.rocAUC.isNaN)
    try binary.add(scores: Tensor([0.2, 0.9]), labels: Tensor([1, 1]))
    #expect(binary.rocAUC.isNaN && binary.recall == 0.5)
  }

  @Test("say what is wrong, and add nothing then")
  func errors() throws {
    var classes = ClassificationMetrics()
    let scores = Tensor([[0.1, 0.9], [0.8, 0.2]])
    try classes.add(scores: scores, labels: Tensor([1, 1]))
    let before = classes
    for (scores, labels, rule) in [
      (scores, Tensor([1, 2]), "label 2 is none of 2 classes"),
      (scores, Tensor([0.0, 1]), "labels are not whole numbers"),
      (scores, Tensor([1]), "scores must be [rows, classes] and labels [rows]"),
      (Tensor([[1.0, 2, 3]]), Tensor([1]), "batches before had 2 classes"),
      (Tensor([[1.0, .nan]]), Tensor([0]), "a score is NaN"),
    ] {
      #expect(
        throws: TensorError.self, performing: { try classes.add(scores: scores, labels: labels) })
      do { try classes.add(scores: scores, labels: labels) } catch {
        #expect(error.summary == "ClassificationMetrics: \(rule)")
      }
      #expect(classes == before)
    }
    var binary = BinaryMetrics()
    do { try binary.add(scores: Tensor([0.1, 0.2]), labels: Tensor([1, 2])) } catch {
      #expect(error.summary == "BinaryMetrics: label 2.0 is neither 0 nor 1")
    }
    var regression = RegressionMetrics()
    do { try regression.add(predictions: .zeros([3, 1]), targets: .zeros([3])) } catch {
      #expect(error.summary == "RegressionMetrics: the shapes differ")
    }
    #expect(binary.count == 0 && regression.count == 0)
  }

  private func expect(
    _ stored: some StoredFigures, _ name: String, _ found: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let right = stored.figures[name] ?? .nan
    #expect(
      abs(found - right) <= 1e-9 * max(1, abs(right)),
      "\(stored.name), \(name): \(found) instead of \(right)", sourceLocation: sourceLocation)
  }
}

protocol StoredFigures {
  var name: String { get }
  var figures: [String: Double] { get }
}

/// What scikit-learn computed; Tests/Reference/metrics.py writes it.
struct MetricsReference: Decodable {
  struct Classes: Decodable, StoredFigures {
    let name: String
    let classes: Int
    let scores: [Double]
    let labels: [Int]
    let figures: [String: Double]
    let each: [String: [Double]]
    let confusion: [Int]
  }

  struct Binary: Decodable, StoredFigures {
    let name: String
    let scores: [Double]
    let labels: [Int]
    let figures: [String: Double]
    let falsePositives, truePositives: [Double]
  }

  struct Regression: Decodable, StoredFigures {
    let name: String
    let predictions, targets: [Double]
    let figures: [String: Double]
  }

  let classes: [Classes]
  let binary: [Binary]
  let regression: [Regression]

  static func read() throws -> MetricsReference {
    let url = try #require(
      Bundle.module.url(
        forResource: "metrics", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}
