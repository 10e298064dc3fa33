import Blitz
import Testing

/// A label or number that there is not is named by who was called, when the numbers are read.
@Suite struct LabelErrorTests {
  private func message(_ loss: Tensor) -> String? {
    #expect(loss.error == nil)
    do throws(TensorError) { _ = try loss.scalars(as: Double.self) } catch { return error.message }
    return nil
  }

  private let scores = Tensor.zeros([4, 3])
  private let labels = Tensor([0, 2, 1, 5])

  @Test("crossEntropy says which label of which row, with every option")
  func crossEntropies() {
    let expected = """
      crossEntropy: label 5 at row 3 is not below 3
        help: labels are 0 to 2; ignoredLabel: 5 leaves such rows out
      """
    #expect(message(crossEntropy(logits: scores, labels: labels)) == expected)
    #expect(message(crossEntropy(logits: scores, labels: labels, reduction: .none)) == expected)
    #expect(message(crossEntropy(logits: scores, labels: labels, labelSmoothing: 0.1)) == expected)
    #expect(
      message(crossEntropy(logits: scores, labels: labels, classWeights: .ones([3]))) == expected)
    #expect(
      message(crossEntropy(logits: scores, labels: Tensor([0, -1, 1, 2])))?
        .hasPrefix("crossEntropy: label -1 at row 1 is negative") == true)
    #expect(
      message(crossEntropy(logits: scores, labels: labels, ignoredLabel: 5)) == nil)
  }

  @Test("the other losses do so, too")
  func otherLosses() {
    #expect(
      message(negativeLogLikelihood(logProbabilities: scores, labels: labels))?
        .hasPrefix("negativeLogLikelihood: label 5 at row 3 is not below 3") == true)
    #expect(
      message(multiClassHinge(scores: scores, labels: labels)) == """
        multiClassHinge: label 5 at row 3 is not below 3
          help: labels are 0 to 2
        """)
  }

  @Test("a loss of half precision names the loss, too")
  func half() {
    #expect(
      message(crossEntropy(logits: scores.cast(to: .bfloat16), labels: labels))?
        .hasPrefix("crossEntropy: label 5 at row 3") == true)
  }

  @Test("Embedding says which number, and how many vectors there are")
  func embedding() {
    #expect(
      message(Embedding(10, 4)(Tensor([[1, 2], [12, 3]]))) == """
        Embedding: number 12 at place 2 is not below 10
          help: the table has 10 vectors, for the numbers 0 to 9
        """)
  }

  @Test("oneHot says which label")
  func oneHot() {
    #expect(
      message(Tensor([0, 1, 3]).oneHot(classCount: 3)) == """
        oneHot: label 3 at place 2 is not below 3
          help: classCount, 3 here, is one more than the greatest label
        """)
  }

  @Test("readers of positions are named as they were called")
  func readers() {
    let (x, index) = (Tensor.zeros([3]), Tensor([0, 7]))
    var written = x
    written[index] = 1
    let calls = [
      ("gather", x.gather(axis: 0, index: index)),
      ("indexSelect", x.indexSelect(axis: 0, indices: index)),
      ("scatter", x.scatter(axis: 0, index: index, updates: .ones([2]))),
      ("scatterAdd", x.scatterAdd(axis: 0, index: index, updates: .ones([2]))), ("[]", x[index]),
      ("[]=", written),
    ]
    for (op, tensor) in calls {
      #expect(message(tensor)?.hasPrefix("\(op): the index 7 is out of range") == true)
    }
  }
}
