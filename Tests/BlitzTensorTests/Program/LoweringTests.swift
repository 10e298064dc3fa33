import Blitz
import Foundation
import Testing

@testable import BlitzTensor

/// The texts of programs for accelerators. That they compute what the CPU computes is for the
/// tests that run them; these show every change of a text.
@Suite struct LoweringTests {
  /// The stored programs by row. `BLITZ_WRITE_PROGRAMS=FILE swift test --filter LoweringTests`
  /// writes those of today to a file: read the difference before it is stored.
  private static let stored = Result {
    guard
      let url = Bundle.module.url(
        forResource: "programs", withExtension: "txt", subdirectory: "Reference")
    else { throw CocoaError(.fileNoSuchFile) }
    var programs: [String: String] = [:]
    for part in try String(contentsOf: url, encoding: .utf8).components(separatedBy: "=== ")
    where !part.isEmpty {
      let end = part.firstIndex(of: "\n") ?? part.endIndex
      programs[String(part[..<end])] = String(part[end...].dropFirst())
    }
    return programs
  }

  @Test("writes the stored program", arguments: LoweringTable.rows.map(\.name))
  func matchesStored(name: String) throws {
    let row = try #require(LoweringTable.rows.first { $0.name == name })
    #expect(try row.make().text == LoweringTests.stored.get()[name])
  }

  @Test("writes all programs to the file that BLITZ_WRITE_PROGRAMS names")
  func writesPrograms() throws {
    let texts = try LoweringTable.rows.map { "=== \($0.name)\n" + (try $0.make().text) }
    #expect(Set(LoweringTable.rows.map(\.name)).count == texts.count, "two rows have one name")
    #expect(try LoweringTests.stored.get().count == texts.count, "a stored program has no row")
    if let path = ProcessInfo.processInfo.environment["BLITZ_WRITE_PROGRAMS"] {
      try texts.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  @Test("has a text for every elementwise op and dtype", arguments: Elementwise.allCases)
  func everyElementwise(op: Elementwise) throws {
    var count = 0
    for dtype in DType.allCases {
      guard let tensor = try LoweringTable.applied(op, dtype) else { continue }
      let program = try Lowered([tensor]).graph.program
      #expect(program.results == [Program.Value(shape: [2, 3], dtype: op.result(of: dtype))])
      #expect(program.text.contains("return %"))
      count += 1
    }
    #expect(count > 0, "no dtype is in the domain of \(op)")
  }

  @Test("has a row for every primitive, or a refusal by name")
  func everyPrimitive() throws {
    var seen: Set<ObjectIdentifier> = []
    for row in LoweringTable.rows {
      var pending = try row.make().pending.nodes
      while let node = pending.popLast() {
        seen.insert(ObjectIdentifier(node.op.rule))
        pending += node.inputs.all
      }
    }
    // What a custom function computes is its value, which is no op in a program.
    for rule in Rule.allCases where rule !== Rule.custom {
      switch rule.lowering {
      case .text: #expect(seen.contains(ObjectIdentifier(rule)), "no row has \(rule.name)")
      case .refused(let reason): #expect(!reason.isEmpty)
      }
    }
  }

  @Test("refuses by name")
  func refuses() {
    let step = Lowering.Operation(op: .data, inputs: [], shape: [2], dtype: .float32)
    var text = ProgramText(allowsTF32: false)
    #expect {
      try text.lower(step)
    } throws: { error in
      (error as? TensorError)?.summary
        == "data: cannot run on an accelerator: it is what programs are given"
    }
  }

  @Test("writes numbers exactly")
  func numbers() {
    func text(_ value: Double, _ dtype: DType) -> String { Scalar.real(value).programText(dtype) }
    #expect(text(0.5, .float32) == "0.5")
    #expect(text(0.1, .float32) == "0.10000000149011612")
    #expect(text(1e-6, .float32) == "0x358637BD")
    #expect(text(-.infinity, .float32) == "0xFF800000")
    #expect(text(.infinity, .float64) == "0x7FF0000000000000")
    #expect(text(.nan, .bfloat16) == "0x7FC0")
    #expect(text(-0.0, .float16) == "-0.0")
    #expect(text(1e-7, .float16) == "0x0002")
    #expect(Scalar.integer(Int.min).programText(.int64) == "-9223372036854775808")
    #expect(Scalar.integer(1).programText(.bool) == "true")
  }

  @Test("packs numbers by dtype")
  func packs() throws {
    let x = try LoweringTable.data([2])
    let n = try LoweringTable.data([2], .int32)
    let lowered = try Lowered([x * 2 + 3, n * 4, (x - 5) * 6])
    #expect(lowered.graph.scalarPacks.map(\.dtype) == [.float32, .int32])
    #expect(lowered.graph.scalarPacks.map(\.scalars.count) == [4, 1])
    let numbers = lowered.pending.scalars
    let packed = lowered.graph.scalarPacks.map { $0.scalars.map { numbers[$0].double } }
    #expect(Set(packed[0]) == [2, 3, 5, 6] && packed[1] == [4])
    #expect(
      lowered.graph.program.arguments.suffix(2) == [
        Program.Value(shape: [4], dtype: .float32), Program.Value(shape: [1], dtype: .int32),
      ])
  }

  @Test("names the arguments that a run may overwrite, as its text does")
  func donatedArguments() throws {
    let sum = try LoweringTable.data([2, 3]) + LoweringTable.data([3])
    let mark = "jax.buffer_donor"
    let kept = try Lowered([sum]).graph.program
    #expect(kept.donated == [] && !kept.text.contains(mark))
    let donated = try Lowered([sum], mayOverwrite: true).graph.program
    #expect(donated.donated == [0, 1] && donated.text.split(separator: mark).count == 3)
  }

  @Test("returns equal results once")
  func equalResults() throws {
    let x = try LoweringTable.data([2, 3])
    let lowered = try Lowered([x.exp(), x.exp(), x.exp() + 1])
    #expect(lowered.graph.program.results.count == 2)
    #expect(lowered.graph.resultPlaces.sorted() == [0, 0, 1])
  }

  @Test("refuses loops whose state changes its shape, and loops of no steps")
  func refusesLoops() throws {
    let x = try LoweringTable.data([2, 3])
    let pair = Repetition.Carried(argument: 0, result: 0)
    func message(_ tensor: Tensor, steps: Int) -> String? {
      do {
        _ = try Lowered(
          [tensor],
          repeating: Repetition(steps: steps, carried: [pair], stacked: [], perStep: []))
        return nil
      } catch {
        return (error as? TensorError)?.summary
      }
    }
    #expect(
      message(x.sum(axis: 0), steps: 2)
        == "compile: a step makes float32[3] of a state of float32[2, 3]")
    #expect(message(x.exp(), steps: 0) == "compile: 0 steps")
    #expect(message(x.exp(), steps: 2) == nil)
  }
}
