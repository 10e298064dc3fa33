import Blitz
import BlitzSystem
import Testing

@testable import BlitzCLI
@testable import BlitzTensor

@Suite("self-test of primitives")
struct SelfTestTests {
  @Test("has a sample for every primitive, each under a name of its own")
  func complete() {
    #expect(Rule.allCases.filter { $0.samples.isEmpty }.map(\.name) == [])
    #expect(Set(Sample.all.map(\.name)).count == Sample.all.count)
  }

  @Test("every sample has its primitive in its graph", arguments: Rule.allCases.map(\.name))
  func hasPrimitive(name: String) throws {
    let rule = try #require(Rule.allCases.first { $0.name == name })
    for sample in rule.samples {
      let answer = sample.compute(sample.inputs())
      #expect(answer.error == nil)
      var rules: [Rule] = []
      var (seen, waiting) = (Set<Int>(), [answer.node])
      while let node = waiting.popLast() {
        if !seen.insert(node.id).inserted { continue }
        rules.append(node.op.rule)
        waiting += node.inputs.all
      }
      switch rule {
      case _ where rule === Op.transfer.rule:
        break  // What brings operands to a device is in the graph on a device only.
      case _ where rule === Rule.custom:
        // The gradient of a custom function is its author's ops: here, twice the gradient.
        #expect(try answer.scalars(as: Float.self).allSatisfy { $0 != 0 })
      default: #expect(rules.contains { $0 === rule }, "\(sample.name)")
      }
    }
  }

  @Test("the processor is its own equal: every sample passes with error 0")
  func processor() {
    let test = SelfTest(on: ["cpu"])
    #expect(test.failures.isEmpty)
    #expect(test.rows.count == Sample.all.count)
    #expect(test.worst(on: 0)?.error == 0)
  }

  @Test("a device that is not there fails every sample, with what was looked for")
  func missing() {
    let test = SelfTest(on: ["xla:nothing"], samples: Array(Sample.all.prefix(2)))
    #expect(test.failures.count == 2)
    guard case .failed(let reason) = test.rows[0].outcomes[0] else {
      Issue.record("\(test.rows[0].outcomes[0])")
      return
    }
    #expect(reason.contains("xla:nothing") && reason.contains("BLITZ_PJRT_PLUGIN"))
    let lines = DoctorReport.lines(of: test)
    #expect(lines.contains("xla:nothing: 2 of 2 fail"))
    // What fails for one reason says it once.
    let (first, second) = (test.rows[0].sample.name, test.rows[1].sample.name)
    #expect(lines.contains("\(first), \(second) on xla:nothing: \(reason)"))
    let six = SelfTest(on: ["xla:nothing"], samples: Array(Sample.all.prefix(6)))
    #expect(
      DoctorReport.lines(of: six).filter { $0.contains(reason) }.map {
        $0.replacing(reason, with: "")
      }
        == ["\(first), \(second), \(six.rows[2].sample.name) and 3 more on xla:nothing: "])
  }

  @Test("an error above the tolerance, NaN and another shape do not pass")
  func wrong() {
    // What is computed changes from call to call: first for the processor, then for the device.
    func outcome(_ expected: Tensor, _ found: Tensor) -> (SelfTest.Outcome, passes: Bool) {
      let calls = Calls(answers: [expected, found])
      let sample = Sample("x", tolerance: 1e-3, .normal([1])) { _ in
        calls.next()
      }
      let test = SelfTest(on: ["cpu"], samples: [sample])
      return (test.rows[0].outcomes[0], test.failures.isEmpty)
    }
    let near = outcome(Tensor([2.0, 100]), Tensor([2.0, 100.05]))
    #expect(near.passes)
    let far = outcome(Tensor([2.0, 100]), Tensor([2.01, 100]))
    #expect(!far.passes)
    if case .computed(let error) = far.0 { #expect(abs(error - 0.005) < 1e-5) }
    #expect(outcome(Tensor([Double.nan]), Tensor([Double.nan])).passes)
    #expect(!outcome(Tensor([1.0]), Tensor([Double.nan])).passes)
    #expect(!outcome(Tensor([Double.nan]), Tensor([1.0])).passes)
    #expect(!outcome(Tensor([1.0, 1]), Tensor([[1.0, 1]])).passes)
    #expect(!outcome(Tensor([1.0]), Tensor([1.0]).cast(to: .float64)).passes)
    #expect(!outcome(Tensor([1.0]), Tensor([1.0]).reshaped(to: [2])).passes)
  }

  /// Answers that are given in turn.
  ///
  /// Unchecked: one thread calls it.
  private final class Calls: @unchecked Sendable {
    private var answers: [Tensor]
    init(answers: [Tensor]) { self.answers = answers }
    func next() -> Tensor { answers.removeFirst() }
  }
}

@Suite("machine")
struct MachineTests {
  @Test("reads the name and the vector units of an x86 and of an ARM processor")
  func processor() {
    let x86 = Processor(
      description: """
        processor\t: 0
        model name\t: AMD EPYC 9654 96-Core Processor
        flags\t\t: fpu sse sse4_2 avx fma avx2 f16c avx512f avx512_bf16

        processor\t: 1
        model name\t: another
        flags\t\t: fpu
        """, coreCount: 2)
    #expect(x86.name == "AMD EPYC 9654 96-Core Processor")
    #expect(
      x86.vectorUnits == ["SSE4.2", "AVX", "F16C", "FMA", "AVX2", "AVX-512", "AVX-512 BF16"])
    let arm = Processor(description: "Features\t: fp asimd sve\n", coreCount: 4)
    #expect(arm.name == nil)
    #expect(arm.vectorUnits == ["NEON", "SVE"])
    #expect(Processor(description: "", coreCount: 1).vectorUnits.isEmpty)
  }

  @Test("writes bytes for people")
  func bytes() {
    #expect(999.inBytes == "999 bytes")
    #expect(1000.inBytes == "1.0 kB")
    #expect(999_960.inBytes == "1.0 MB")
    #expect(85_200_000_000.inBytes == "85.2 GB")
  }
}
