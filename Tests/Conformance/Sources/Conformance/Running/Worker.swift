import Blitz
import Foundation

/// The process that computes: it notes each sample before it begins, so that a trap is known by
/// the last note.
struct Worker {
  let folder: String
  let units: [Unit]
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
    guard let row = Table.ops.rows[unit.op] else { return }
    let file = try unit.file(in: folder)
    for (place, sample) in try unit.samples(in: folder).enumerated().dropFirst(first) {
      note("\(number) \(place)")
      alarm(Worker.patience)
      var outcome = compute(row, unit, sample, file)
      outcome.why = String(outcome.why.prefix(160))
      note(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
    }
  }

  private func note(_ line: String) { output.write(Data((line + "\n").utf8)) }

  private func compute(
    _ row: Table.Row, _ unit: Unit, _ sample: Sample, _ file: SafetensorsFile
  ) -> Outcome {
    func outcome(_ kind: Outcome.Kind, _ why: String = "") -> Outcome {
      Outcome(unit: unit.unit, sample: sample.i, kind: kind, why: why)
    }
    let parts = [sample.in] + sample.args + Array(sample.kw.values) + sample.out
    if sample.out.isEmpty { return outcome(.foreign, "an answer without tensors") }
    if let what = parts.lazy.compactMap(\.foreignPart).first { return outcome(.foreign, what) }
    var leaves: [String: Tensor] = [:]
    let wanted = Set((sample.wrt ?? []).compactMap { $0 })
    let call = Call(sample) { name in
      if let leaf = leaves[name] { return leaf }
      let tensor = try file.tensor(named: name)
      guard wanted.contains(name) else { return tensor }
      leaves[name] = tensor.requiringGrad()
      return leaves[name]!
    }
    do {
      // The seed that PyTorch sets for what it draws.
      manualSeed(42)
      let found = try row.compute(call)
      if let name = call.lacking { return outcome(.lacks, "the option \(name)") }
      let comparison = Comparison(
        sample: sample, load: file.tensor(named:), drawn: row.drawn,
        ties: row.ties)
      let text = try comparison.difference(found, leaves: leaves)
      return text.map { outcome(.wrong, $0) } ?? outcome(.passes)
    } catch let error as Lacking {
      return outcome(.lacks, error.what)
    } catch let error as TensorError {
      return outcome(.refused, error.summary)
    } catch {
      return outcome(.refused, "\(error)")
    }
  }
}
