import Blitz
import Foundation
import Testing

struct LossCase: Decodable, Sendable, CustomTestStringConvertible {
  let call: String
  let inputs: [StoredTensor]
  let value: StoredTensor
  let gradients: [StoredTensor]

  var testDescription: String { "\(call) of \(inputs.map(\.shape))" }

  /// The call without the reduction at its end.
  var loss: String { String(call.prefix(upTo: call.lastIndex(of: " ")!)) }
  var reduction: LossReduction {
    LossReduction.allCases.first { call.hasSuffix(" \($0)") } ?? .none
  }
}

@Suite struct LossReferenceTests {
  static let cases = TrainingReference<LossCase>.cases("losses")

  static let losses = LossTable.losses

  @Test("losses have PyTorch's values and gradients", arguments: cases)
  func equalsPyTorch(_ row: LossCase) throws {
    let loss = try #require(Self.losses[row.loss], "no loss is written for \(row.loss)")
    let inputs = row.inputs.enumerated().map { index, stored in
      index < row.gradients.count ? stored.tensor.requiringGrad() : stored.tensor
    }
    let value = loss(inputs, row.reduction)
    try expectClose(value, row.value, "value")
    try value.sum().backward()
    for (index, expected) in row.gradients.enumerated() {
      try expectClose(inputs[index].grad, expected, "gradient of input \(index)")
    }
  }

  /// The losses that Tests/Conformance holds to PyTorch's own samples, which have all reductions.
  private static func conformanceLosses() throws -> String {
    try String(
      contentsOf: URL(filePath: #filePath).appending(
        path: "../../../Conformance/Sources/Conformance/Table/Ops+Losses.swift"
      ).standardized, encoding: .utf8)
  }

  @Test("every public loss has a row for each reduction, and every row a loss")
  func everyLossHasRows() throws {
    #expect(Set(Self.cases.map(\.loss)) == Set(Self.losses.keys))
    let names = try publicNames("Losses", "public func ")
    #expect(names.count >= 13)
    let conformance = try Self.conformanceLosses()
    func word(_ row: String) -> String { String(row.prefix { $0.isLetter || $0.isNumber }) }
    let own = Set(Self.losses.keys.map(word))
    for name in names where name != "cosineSimilarity" {
      if !own.contains(name) && conformance.contains("\(name)(") { continue }
      for reduction in LossReduction.allCases {
        #expect(
          Self.cases.contains {
            word($0.loss) == name && $0.reduction == reduction
          }, "\(name) \(reduction)")
      }
    }
  }

  struct Message: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let tensor: @Sendable () -> Tensor

    init(_ name: String, _ text: String, _ tensor: @escaping @Sendable () -> Tensor) {
      testDescription = name
      self.text = text
      self.tensor = tensor
    }
  }

  static let n = Tensor([1.0, 2, 3])
  static let column = Tensor([[1.0], [2.0], [3.0]])
  static let logits = Tensor([[1.0, 2, 3], [4.0, 5, 6]])

  static let messages: [Message] = [
    Message(
      "(N) against (N, 1)",
      """
      meanSquaredError: predictions and targets must have the same shape
        predictions: float32[3, 1]
        targets:     float32[3]
        help:        write targets.reshaped(to: [3, 1])
      """
    ) { meanSquaredError(predictions: column, targets: n) },
    Message(
      "a shape that broadcasting would take",
      """
      l1: predictions and targets must have the same shape
        predictions: float32[2, 3]
        targets:     float32[3]
        help:        a loss does not broadcast; write targets.expanded(to: [2, 3]) if that is meant
      """
    ) { l1(predictions: logits, targets: n) },
    Message(
      "integers",
      """
      huber: predictions are floats, not int64
        predictions: int64[2]
        help:        write predictions.cast(to: .float32)
      """
    ) { huber(predictions: Tensor([1, 2]), targets: Tensor([1, 2])) },
    Message(
      "dtypes that differ",
      """
      binaryCrossEntropy: the dtypes differ
        logits:  float32[3]
        targets: int64[3]
        help:    write targets.cast(to: .float32)
      """
    ) { binaryCrossEntropy(logits: n, targets: Tensor([1, 0, 1])) },
    Message("a bend of zero", "smoothL1: beta is 0.0\n  help: write a number above 0") {
      smoothL1(predictions: n, targets: n, beta: 0)
    },
    Message(
      "labels as a column",
      """
      crossEntropy: logits must be [rows, classes] and labels [rows]
        logits: float32[2, 3]
        labels: int64[2, 1]
        help:   write labels.reshaped(to: [2])
      """
    ) { crossEntropy(logits: logits, labels: Tensor([[0], [1]])) },
    Message(
      "one-hot labels of integers",
      """
      crossEntropy: logits must be [rows, classes] and labels [rows]
        logits: float32[2, 3]
        labels: int64[2, 3]
        help:   a label is a class number; for one-hot rows use labels.argmax(axis: 1)
      """
    ) { crossEntropy(logits: logits, labels: Tensor([[0, 1, 0], [1, 0, 0]])) },
    Message(
      "too few class weights",
      """
      crossEntropy: classWeights must be float32[3], one for each class
        logits:       float32[2, 3]
        classWeights: float32[2]
        help:         the classes are axis 1 of the logits
      """
    ) {
      crossEntropy(logits: logits, labels: Tensor([0, 1]), classWeights: Tensor([1.0, 2]))
    },
    Message(
      "an ignored label of probabilities",
      """
      crossEntropy: probabilities have no label to ignore
        labels: float32[2, 3]
        help:   leave ignoredLabel out, or give class numbers
      """
    ) { crossEntropy(logits: logits, labels: logits, ignoredLabel: 0) },
    Message(
      "smoothing of more than everything",
      "crossEntropy: labelSmoothing is 1.5\n  help: write a number from 0 to 1"
    ) { crossEntropy(logits: logits, labels: Tensor([0, 1]), labelSmoothing: 1.5) },
    Message(
      "targets of a row of pairs",
      """
      cosineEmbedding: left and right must be [rows, size] and targets [rows]
        left:    float32[2, 3]
        right:   float32[2, 3]
        targets: float32[3]
        help:    a target is 1 for a pair that belongs together, -1 for one that does not
      """
    ) { cosineEmbedding(left: logits, right: logits, targets: n) },
    Message(
      "more targets than there are",
      """
      ctc: targets are 3 long
        logProbabilities: float32[4, 1, 3]
        targets:          int64[1, 2]
        help:             give lengths that the targets have
      """
    ) {
      ctc(
        logProbabilities: Tensor.zeros([4, 1, 3]), targets: Tensor([[1, 2]]), inputLengths: [4],
        targetLengths: [3])
    },
    Message(
      "a blank beyond the classes",
      """
      ctc: the blank is 3
        logProbabilities: float32[4, 1, 3]
        targets:          int64[1, 2]
        help:             give a class from 0 to below 3
      """
    ) {
      ctc(
        logProbabilities: Tensor.zeros([4, 1, 3]), targets: Tensor([[1, 2]]), inputLengths: [4],
        targetLengths: [2], blank: 3)
    },
    Message(
      "weights for other columns",
      """
      binaryCrossEntropy: weights must broadcast to the losses
        losses:  float32[2, 3]
        weights: float32[2]
        help:    write one number for each loss, or one for each column
      """
    ) { binaryCrossEntropy(logits: logits, targets: logits, weights: Tensor([1.0, 2])) },
    Message("a third power", "multiClassHinge: p is 3\n  help: write 1 or 2") {
      multiClassHinge(scores: logits, labels: Tensor([0, 1]), p: 3)
    },
    Message(
      "labels of another shape",
      """
      multiLabelMargin: scores must be floats [rows, classes], labels whole of that shape
        scores: float32[2, 3]
        labels: int64[2]
        help:   fill the rows of labels up with -1
      """
    ) { multiLabelMargin(scores: logits, labels: Tensor([0, 1])) },
    Message(
      "a last layer of other features",
      """
      linearCrossEntropy: inputs must be [rows, features], weight [classes, features] and bias \
      [classes]
        inputs: float32[2, 3]
        weight: float32[3, 1]
        help:   flatten further axes of the inputs into the rows
      """
    ) { linearCrossEntropy(inputs: logits, weight: column, labels: Tensor([0, 1])) },
  ]

  @Test("says what is wrong and what to write", arguments: messages)
  func message(_ row: Message) { #expect(row.tensor().error?.message == row.text) }
}
