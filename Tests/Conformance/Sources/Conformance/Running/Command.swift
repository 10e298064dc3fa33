import Foundation

/// What the program was called with.
struct Command {
  private var arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  /// Does what was asked for; answers the program's exit status.
  func run() throws -> Int32 {
    if arguments.first == "--work" {
      try work()
      return 0
    }
    var rest = self
    let only = rest.option("--only")
    let outcomes = rest.option("--outcomes")
    let most = rest.option("--first").flatMap { Int($0) } ?? .max
    let least = rest.option("--least").flatMap { Int($0) }
    guard let folder = rest.arguments.first else {
      print("Conformance FOLDER [--only NAME] [--first COUNT] [--outcomes FILE] [--least PASSES]")
      return 2
    }
    return try compute(folder, only, most, outcomes, least)
  }

  /// The value behind an option's name, both of which are taken away.
  private mutating func option(_ name: String) -> String? {
    guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
      return nil
    }
    let value = arguments[place + 1]
    arguments.removeSubrange(place...place + 1)
    return value
  }

  /// `--work FOLDER UNIT SAMPLE MOST [NAME]`: computes samples from a place on.
  private func work() throws {
    let only = arguments.count > 5 ? arguments[5] : nil
    let units = try Command.units(in: arguments[1], only: only)
    try Worker(
      folder: arguments[1], units: units, most: Int(arguments[4]) ?? .max, output: .standardOutput
    ).run(from: Int(arguments[2]) ?? 0, sample: Int(arguments[3]) ?? 0)
  }

  private func compute(
    _ folder: String, _ only: String?, _ most: Int, _ outcomes: String?, _ least: Int?
  ) throws -> Int32 {
    let names = try Command.lines("\(folder)/names.txt")
    let problems =
      try NamesWithoutRow.problems(names)
      + Table.modules.problems(Command.lines("\(folder)/modules.txt"))
    problems.forEach { print($0) }
    if CoreATen.written + CoreATen.missing.count != CoreATen.count {
      print("a core ATen operator's row is not there")
      return 1
    }
    let units = try Command.units(in: folder, only: only)
    let runner = Runner(folder: folder, units: units, only: only, most: most)
    let report = Report(outcomes: try runner.run(), units: units, names: names)
    report.write()
    if let outcomes {
      let lines = report.outcomes.map {
        "\($0.unit)\t\($0.sample)\t\($0.kind.rawValue)\t\($0.why)"
      }
      try lines.joined(separator: "\n").write(
        toFile: outcomes, atomically: true, encoding: .utf8)
    }
    if let least, report.passed < least {
      print("\(report.passed) samples pass; at least \(least) did before")
      return 1
    }
    return problems.isEmpty ? 0 : 1
  }

  private static func lines(_ file: String) throws -> [String] {
    try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func units(in folder: String, only: String?) throws -> [Unit] {
    try Unit.all(in: folder).filter { only == nil || [$0.op, $0.unit, $0.title].contains(only) }
  }
}
