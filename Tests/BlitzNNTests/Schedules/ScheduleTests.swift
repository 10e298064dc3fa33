import Blitz
import Foundation
import Testing

struct ScheduleCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let base: Double
  let rates: [String]
  let figures: [Double]?

  var testDescription: String { name }
}

@Suite struct ScheduleTests {
  static let cases = TrainingReference<ScheduleCase>.cases("schedules")

  static let schedules: [String: Schedule] = [
    "constant": .constant,
    "step": .step(every: 7, factor: 0.5),
    "multiStep": .multiStep(at: [3, 10, 11], factor: 0.3),
    "exponential": .exponential(factor: 0.9),
    "cosine": .cosine(over: 15, least: 0.02),
    "warmUp": .warmUp(over: 6, from: 0.1),
    "warmUp default": .warmUp(over: 5),
    "oneCycle": .oneCycle(over: 40),
    "oneCycle all": .oneCycle(over: 40, rising: 0.5, start: 10, end: 100),
    "warmUp then cosine": .warmUp(over: 6, from: 0.1).then(.cosine(over: 34)),
    "three": .warmUp(over: 4, from: 0.5).then(.cosine(over: 10, least: 0.1))
      .then(.exponential(factor: 0.8)),
  ]

  static let plateaus: [String: Plateau] = [
    "plateau": Plateau(factor: 0.5, patience: 2),
    "plateau cooldown": Plateau(
      factor: 0.5, patience: 1, threshold: 0.01, cooldown: 3, least: 0.03),
    "plateau greater": Plateau(patience: 2, greaterIsBetter: true),
  ]

  @Test("rates are PyTorch's", arguments: cases)
  func equalsPyTorch(_ row: ScheduleCase) throws {
    let network = Linear(1, 1)
    let optimizer = SGD(network, rate: row.base)
    var plateau = Self.plateaus[row.name]
    for (step, expected) in row.rates.enumerated() {
      if let figures = row.figures {
        if step > 0 { optimizer.follow(&plateau!, figure: figures[step - 1]) }
      } else {
        optimizer.follow(try #require(Self.schedules[row.name]), at: step)
      }
      let wanted = Double(expected)!
      #expect(
        abs(optimizer.rate - wanted) <= 1e-13 * max(wanted, 1e-3), "step \(step): \(wanted)")
    }
  }

  @Test("every schedule has a row")
  func everyScheduleHasRows() {
    #expect(Set(Self.cases.map(\.name)) == Set(Self.schedules.keys).union(Self.plateaus.keys))
  }

  @Test("schedules go through JSON, and a plateau goes on where it stopped")
  func codable() throws {
    for schedule in Self.schedules.values {
      let data = try JSONEncoder().encode(schedule)
      #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
    }
    var plateau = Plateau(patience: 1)
    _ = plateau.rate(after: 1, rate: 0.1)
    _ = plateau.rate(after: 1, rate: 0.1)
    var copy = try JSONDecoder().decode(Plateau.self, from: JSONEncoder().encode(plateau))
    #expect(copy == plateau)
    #expect(abs(copy.rate(after: 1, rate: 0.1) - 0.01) < 1e-15)
    #expect(Plateau(patience: 0).best == nil)
  }

  @Test("sizes of zero do not stop the program")
  func degenerate() {
    let schedules: [Schedule] = [
      .step(every: 0), .cosine(over: 0), .warmUp(over: 0), .oneCycle(over: 0), .oneCycle(over: 1),
      .multiStep(at: []), .constant.then(.constant),
    ]
    for schedule in schedules {
      for step in [-1, 0, 1, 1_000_000] {
        #expect(!schedule.rate(at: step, base: 0.1).isNaN, "\(schedule) at \(step)")
      }
    }
    #expect(Schedule.warmUp(over: 3).then(.cosine(over: 4)).length == 7)
    #expect(Schedule.constant.then(.cosine(over: 4)).length == nil)
  }
}
