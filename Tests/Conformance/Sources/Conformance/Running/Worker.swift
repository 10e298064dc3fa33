import Blitz
import Foundation

/// The process that computes: it notes each sample before it begins, so that a trap is known by
/// the last note.
struct Worker {
  let folder: String
  let units: [Unit]
  /// How many samples of a unit are computed; the first of them.
  let most: Int
  /// Where the notes and outcomes go.
  let output: FileHandle
  /// The longest that a sample may take, in seconds.
  static let patience: UInt32 = 60

  /// Computes all samples from a place on.
  func run(from unit: Int, sample: Int) throws {
    var first = sample
    for number in unit..<units.count {
      try run(number, from: first)
      first = 0
    }
  }

  private func run(_ number: Int, from first: Int) throws {
    let unit = units[number]
    guard Table.has(unit) else { return }
    let file = try unit.file(in: folder)
    for (place, sample) in try unit.samples(in: folder).prefix(most).enumerated().dropFirst(first) {
      note("\(number) \(place)")
      alarm(Worker.patience)
      let (kind, why) = Attempt(unit: unit, sample: sample, file: file).outcome()
      let outcome = Outcome(
        unit: unit.unit, sample: sample.i, kind: kind, why: String(why.prefix(160)))
      note(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
    }
  }

  private func note(_ line: String) { output.write(Data((line + "\n").utf8)) }
}
