import Blitz
import BlitzLessons
import Foundation
import Synchronization
import Testing

@Suite("Lessons")
struct LessonTests {
  /// Reference/lessons.json, which Tests/Reference/lessons.py wrote: PyTorch's losses.
  struct Reference: Decodable {
    struct Run: Decodable {
      /// Nil for the lessons that train the weights themselves.
      var lesson: String?
      var seed: UInt64
      var steps: [Int]
      var losses: [Double]
      /// How far rounding to float32 had taken PyTorch's own losses by then, relative.
      var rounding: [Double]?
    }
    var runs: [Run]
  }

  private func references(_ lesson: String?) throws -> [Reference.Run] {
    let url = try #require(
      Bundle.module.url(forResource: "lessons", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url)).runs
      .filter { $0.lesson == lesson }
  }

  /// What a lesson reports.
  private func reports(
    of name: String, seed: UInt64, steps: Int
  ) throws -> [[(name: String, value: LessonValue)]] {
    let lesson = try #require(Lesson.all.first { $0.name == name })
    let lines = Mutex<[[(name: String, value: LessonValue)]]>([])
    try lesson.run(
      LessonRun(seed: seed, steps: steps) { line in lines.withLock { $0.append(line) } })
    return lines.withLock { $0 }
  }

  @Test("come in the order in which they are read")
  func order() {
    #expect(
      Lesson.all.map(\.name) == [
        "vectorized", "arrays", "tensors", "autograd", "custom-function", "compiled", "nn", "optim",
        "module", "dynamic", "what-it-lacks",
      ])
  }

  @Test(
    "print PyTorch's losses, step by step",
    arguments: [
      "arrays", "tensors", "autograd", "custom-function", "compiled", "nn", "optim", "module",
      "dynamic",
    ])
  func losses(name: String) throws {
    let isLayered = ["nn", "optim", "module", "dynamic"].contains(name)
    let references = try references(isLayered ? name : nil)
    #expect(references.count == 5)
    // All five seeds and 100 steps with BLITZ_TEST_FULL=1, which .ci/run sets.
    let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"
    let steps = isFull ? 100 : 15
    for reference in references.prefix(isFull ? 5 : 1) {
      let lines = try reports(of: name, seed: reference.seed, steps: steps)
      #expect(lines.count == steps)
      #expect(reference.steps.prefix(steps) == ArraySlice(0..<steps))
      for (step, (line, expected)) in zip(lines, reference.losses).enumerated() {
        #expect(line.map(\.name) == ["step", "loss"] + (name == "dynamic" ? ["depth"] : []))
        #expect(line[0].value == .integer(step))
        guard case .number(let loss) = line[1].value else {
          Issue.record("the loss is \(line[1].value)")
          continue
        }
        // Where float32 itself is further off than that, nobody's last bits are the right ones.
        let tolerance = max(1e-4, 4 * (reference.rounding?[step] ?? 0))
        #expect(
          abs(loss - expected) <= tolerance * expected,
          "seed \(reference.seed), step \(step): \(loss) in place of \(expected)")
      }
    }
  }

  @Test("keep the numbers of a notebook's run by name, and of no other")
  func keptNumbers() throws {
    let lesson = try #require(Lesson.all.first { $0.name == "dynamic" })
    let run = LessonRun(seed: 0, steps: 3)
    try lesson.run(run)
    let expected = try reports(of: "dynamic", seed: 0, steps: 3)
    #expect(run["loss"].map(LessonValue.number) == expected.map { $0[1].value })
    #expect(run["depth"].map { LessonValue.integer(Int($0)) } == expected.map { $0[2].value })
    #expect(run["step"] == [0, 1, 2] && run["accuracy"].isEmpty)

    let other = LessonRun(seed: 0, steps: 3) { _ in }
    try lesson.run(other)
    #expect(other["loss"].isEmpty)
  }

  @Test("show what the three derivatives of ReLU say at 0")
  func atZero() throws {
    let lines = try reports(of: "vectorized", seed: 0, steps: 1)
    #expect(lines.map { $0[0].value } == [.text("loop"), .text("formula"), .text("mask")])
    #expect(lines.map { $0[1].value } == [.number(0), .number(1), .number(1)])
    for line in lines {
      guard case .number(let milliseconds) = line[2].value else {
        Issue.record("no time: \(line)")
        continue
      }
      #expect(milliseconds > 0)
    }
  }
}
