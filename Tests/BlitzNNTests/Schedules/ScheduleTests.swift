import Blitz
import Foundation
import Testing

struct ScheduleCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let base: Double
  let rates: [String]
  let figures: [Double]?
  let momenta: [String]?

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
    "held": .held(over: 5),
    "held all": .held(over: 11, factor: 0.7),
    "polynomial": .polynomial(over: 5),
    "polynomial square": .polynomial(over: 30, power: 2),
    "warmRestarts": .warmRestarts(every: 7),
    "warmRestarts all": .warmRestarts(every: 3, growth: 2, least: 0.02),
    "chained": .chained([
      .held(over: 4, factor: 0.1), .exponential(factor: 0.9), .cosine(over: 50),
    ]),
  ]

  /// The same with a momentum that goes against the rate.
  static let cycles: [String: (schedule: Schedule, momentum: ClosedRange<Double>)] = [
    "cyclic": (.cyclic(to: 0.9, rising: 6), 0.8...0.9),
    "cyclic halving": (.cyclic(to: 0.9, rising: 3, falling: 8, shape: .halving), 0.5...0.9),
    "cyclic falling": (.cyclic(to: 0.9, rising: 6, shape: .falling(factor: 0.95)), 0.8...0.9),
    "oneCycle momentum": (.oneCycle(over: 40), 0.85...0.95),
  ]

  /// Functions of the step.
  static let functions: [String: @Sendable (Optimizer, Int) -> Void] = [
    "lambda": { $0.follow(at: $1) { 1 / Double(1 + $0) } },
    "multiplicative": { optimizer, step in
      if step > 0 { optimizer.multiplyRates(by: 0.9 + 0.01 * Double(step % 3)) }
    },
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
    let optimizer = SGD(network, rate: row.base, momentum: 0.9)
    var plateau = Self.plateaus[row.name]
    for (step, expected) in row.rates.enumerated() {
      if let figures = row.figures {
        if step > 0 { optimizer.follow(&plateau!, figure: figures[step - 1]) }
      } else if let function = Self.functions[row.name] {
        function(optimizer, step)
      } else if let cycle = Self.cycles[row.name] {
        optimizer.follow(cycle.schedule, at: step, momentum: cycle.momentum)
        let wanted = try #require(row.momenta.flatMap { Double($0[step]) })
        let found = try #require(optimizer.groups[0].momentum)
        #expect(abs(found - wanted) < 1e-14, "step \(step): a momentum of \(wanted)")
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
    let rows = [
      Array(Self.schedules.keys), Array(Self.plateaus.keys), Array(Self.cycles.keys),
      Array(Self.functions.keys),
    ]
    #expect(Set(Self.cases.map(\.name)) == Set(rows.joined()))
  }

  @Test("schedules go through JSON, and a plateau goes on where it stopped")
  func codable() throws {
    for schedule in Array(Self.schedules.values) + Self.cycles.values.map(\.schedule) {
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
      .multiStep(at: []), .constant.then(.constant), .held(over: 0), .polynomial(over: 0),
      .warmRestarts(every: 0, growth: 0), .warmRestarts(every: 1, growth: .max), .chained([]),
      .cyclic(to: 1, rising: 0, falling: 0), .cyclic(to: 1, rising: .max, falling: .max),
    ]
    for schedule in schedules {
      for step in [-1, 0, 1, 1_000_000] {
        #expect(!schedule.rate(at: step, base: 0.1).isNaN, "\(schedule) at \(step)")
      }
    }
    #expect(Schedule.warmUp(over: 3).then(.cosine(over: 4)).length == 7)
    #expect(Schedule.constant.then(.cosine(over: 4)).length == nil)
    #expect(Schedule.chained([.held(over: 3), .cosine(over: 4)]).length == 4)
    #expect(Schedule.chained([.constant, .cosine(over: 4)]).length == nil)
    #expect(Schedule.constant.momentum(at: 3, in: 0.8...0.9) == nil)
    #expect(Schedule.chained([.constant]).rate(at: 1, base: 0) == 0)
  }
}
