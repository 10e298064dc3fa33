import Blitz
import Foundation
import Testing

@Suite("the best epoch")
struct BestEpochTests {
  @Test("stops once a figure has not improved for as many epochs as there is patience")
  func stopping() {
    // A figure, and the epoch (from 0) after which to stop, if any.
    let rows: [(figures: [Double], stopping: EarlyStopping, stop: Int?)] = [
      ([3, 2, 1, 1, 1], EarlyStopping(patience: 2), 4),
      ([3, 2, 2.5, 1.9, 2, 2, 2], EarlyStopping(patience: 3), 6),
      ([3, 2, 2.5, 1.9, 2, 2], EarlyStopping(patience: 3), nil),
      ([3, 2.95, 2.91, 2.85], EarlyStopping(patience: 2, leastChange: 0.1), 2),
      ([0.5, 0.6, 0.6, 0.4], EarlyStopping(patience: 2, greaterIsBetter: true), 3),
      ([.nan, .nan, 1], EarlyStopping(patience: 2), 1),
      ([2, 1, 1], EarlyStopping(patience: 0), 2),
    ]
    for (figures, stopping, stop) in rows {
      var stopping = stopping
      let stopped = figures.firstIndex { stopping.shouldStop(after: $0) }
      #expect(stopped == stop, "\(figures)")
    }
  }

  @Test("goes on from a checkpoint as if it had not stopped")
  func coding() throws {
    var stopping = EarlyStopping(patience: 2)
    _ = stopping.shouldStop(after: 1)
    _ = stopping.shouldStop(after: 2)
    #expect(!stopping.isBest && stopping.best == 1)
    var again = try JSONDecoder().decode(
      EarlyStopping.self, from: JSONEncoder().encode(stopping))
    let stops = again.shouldStop(after: 2)
    #expect(stops)
  }

  @Test("keeps the weights of the best epoch", arguments: [true, false])
  func best(inFile: Bool) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "best-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = Linear(2, 2)
    let optimizer = SGD(model, rate: 0.1, momentum: 0.9)
    var best = BestCheckpoint(path: inFile ? path : nil)
    #expect(throws: DataError.self) { try best.restore(model) }
    var kept: [Double] = []
    let figures: [Double] = [3, 1, 2, .nan, -.infinity, 1]
    for (epoch, figure) in figures.enumerated() {
      try model(Tensor([[1.0, 2]])).sum().backward()
      try optimizer.step()
      let isBest = try best.keep(model, optimizer, figure: figure)
      #expect(isBest == (epoch < 2))
      if isBest { kept = try model.weight.detached().array(as: [[Double]].self).flatMap { $0 } }
    }
    #expect(best.figure == 1)
    // A run that goes on remembers the figure, and where the weights are.
    let again = try JSONDecoder().decode(BestCheckpoint.self, from: JSONEncoder().encode(best))
    #expect(again.figure == 1 && again.path == best.path)
    try (inFile ? again : best).restore(model, optimizer)
    #expect(try model.weight.detached().array(as: [[Double]].self).flatMap { $0 } == kept)
    #expect(optimizer.stepCount == 2)
  }
}
