import Foundation

/// What came of all samples, as tables.
struct Report {
  let outcomes: [Outcome]
  let units: [Unit]
  /// PyTorch's names, also those without a sample of these dtypes.
  let names: [String]

  var passed: Int { outcomes.count { $0.kind == .passes } }

  func write() {
    let rows = Table.ops.rows
    let words = names.count { rows[$0]?.spelling == .word }
    let expressions = names.count { rows[$0]?.spelling == .expression }
    print(
      """
      \(names.count) operator names of PyTorch's own test database: \(words) have a word, \
      \(expressions) are one expression, \(names.count - words - expressions) are missing
      """)
    print("\(CoreATen.count) core ATen operators: \(CoreATen.written) have a word")
    let byUnit = Dictionary(uniqueKeysWithValues: units.map { ($0.unit, $0) })
    let byTitle = Dictionary(grouping: outcomes) { byUnit[$0.unit]?.title ?? "" }
    for (title, outcomes) in byTitle.sorted(by: { $0.key < $1.key }) {
      let all = units.filter { $0.title == title }.reduce(0) { $0 + $1.count }
      let counts = Outcome.Kind.allCases.map { kind in
        "\(outcomes.count { $0.kind == kind }) \(kind.rawValue)"
      }
      print(
        "\(title): \(counts.joined(separator: ", ")); of \(outcomes.count) samples of names with "
          + "a row, \(all) in all")
    }
    for kind in [Outcome.Kind.lacks, .refused, .foreign] { writeReasons(kind) }
    writeWrong()
  }

  private func writeReasons(_ kind: Outcome.Kind) {
    let chosen = outcomes.filter { $0.kind == kind }
    let byReason = Dictionary(grouping: chosen) {
      $0.why.replacing(/-?[0-9]+/, with: "N").prefix(70)
    }
    print("\n\(kind.rawValue), by reason:")
    for (reason, group) in byReason.sorted(by: { $0.value.count > $1.value.count }).prefix(25) {
      let names = Set(group.map { $0.unit.split(separator: ".").dropLast().joined(separator: ".") })
      let some = names.sorted().prefix(4).joined(separator: ", ")
      print("\(String(group.count).leftPadded(6))  \(reason)  (\(some))")
    }
  }

  private func writeWrong() {
    let chosen = outcomes.filter { $0.kind == .wrong || $0.kind == .traps }
    if chosen.isEmpty { return }
    print("\nwrong:")
    for (unit, group) in Dictionary(grouping: chosen, by: \.unit).sorted(by: { $0.key < $1.key }) {
      let first = group[0]
      print(
        "\(String(group.count).leftPadded(6))  \(unit), sample \(first.sample): "
          + (first.kind == .traps ? "ends the process" : first.why))
    }
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
