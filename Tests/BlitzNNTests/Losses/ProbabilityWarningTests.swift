import Blitz
import Testing

@testable import BlitzNN
@testable import BlitzTensor

@Suite struct ProbabilityWarningTests {
  private func reason(_ logits: Tensor) -> String? {
    ProbabilityWarning.reason(logits, looksAtNumbers: true)
  }

  @Test("sees softmax and sigmoid in the graph, without computing anything")
  func seesOps() throws {
    let model = Linear(4, 3)
    let x = Tensor.ones([2, 4])
    let probabilities = model(x).softmax(axis: 1)
    #expect(
      reason(probabilities)
        == "crossEntropy: the logits come from softmax; leave it out: crossEntropy takes logits "
        + "and applies softmax itself")
    #expect(reason(model(x).softmax(axis: 1).reshaped(to: [1, 2, 3]))?.contains("softmax") == true)
    #expect(reason(model(x).sigmoid())?.contains("come from sigmoid") == true)
    #expect(reason(model(x)) == nil)
    #expect(reason(model(x) / 2) == nil)
    #expect(reason(model(x) / model(x).sum(axis: 1, keepDims: true).exp()) == nil)
    #expect(reason(model(x).logSoftmax(axis: 1)) == nil)
    #expect(reason(model(x).softmax(axis: 1).log()) == nil)
    #expect(!probabilities.node.hasNumbers)
    #expect(probabilities.node.inputs.all.allSatisfy { !$0.hasNumbers })
  }

  @Test("looks at numbers that are in memory anyway")
  func seesNumbers() throws {
    let probabilities = try Tensor([[0.25, 0.75], [1.0, 0.0]]).eval()
    #expect(reason(probabilities)?.contains("0 to 1, each row sums to 1") == true)
    #expect(ProbabilityWarning.reason(probabilities, looksAtNumbers: false) == nil)
    #expect(reason(try Tensor([[0.25, 0.7], [1.0, 0.0]]).eval()) == nil)
    #expect(reason(try Tensor([[1.5, -0.5], [1.0, 0.0]]).eval()) == nil)
    #expect(reason(try Tensor([[Float.nan, 1]]).eval()) == nil)
    let model = Linear(4, 3)
    let computed = try model(Tensor.ones([2, 4])).softmax(axis: 1).eval()
    #expect(reason(computed) != nil)
  }

  @Test("warns on standard error, once")
  func warnsOnce() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      let model = Linear(4, 3)
      for _ in 0..<3 {
        let logits = model(Tensor.ones([2, 4]))
        _ = crossEntropy(logits: logits, labels: Tensor([0, 1]))
        _ = crossEntropy(logits: logits.softmax(axis: 1), labels: Tensor([0, 1]))
      }
    }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("warning: crossEntropy: the logits come from softmax") == true)
  }
}
