import Blitz
import Testing

/// Calls that ended the process, and what they return.
@Suite struct NamedCaseTests {
  @Test("a single row of logits is an error that says how to write it")
  func singleRow() {
    let labels = Tensor([0, 1, 2])
    #expect(
      crossEntropy(logits: Tensor([1.0, 2, 3]), labels: labels).error?.message == """
        crossEntropy: logits must be [rows, classes] and labels [rows]
          logits: float32[3]
          labels: int64[3]
          help:   for a single row write scores.unsqueezed(axis: 0) and one label
        """)
    #expect(negativeLogLikelihood(logProbabilities: 1, labels: 0).error != nil)
  }

  @Test("layers of sizes that nothing holds carry an error that names them")
  func absurdLayers() {
    let sequence = Tensor.zeros([2, 1, 3])
    let errors = [
      GRU(3, 1 << 61)(sequence).output.error, LSTM(3, 1 << 61)(sequence).output.error,
      LSTM(3, 3, layers: 1 << 40)(sequence).output.error,
      MultiHeadAttention(Int.max, heads: 1)(sequence).error,
      Conv2d(Int.max, 1, size: 3)(.zeros([1, 1, 3, 3])).error,
    ]
    #expect(
      errors.map { $0?.summary } == [
        "GRU: hiddenSize is 2305843009213693952", "LSTM: hiddenSize is 2305843009213693952",
        "LSTM: layers is 1099511627776", "MultiHeadAttention: size is 9223372036854775807",
        "Conv2d: channels is 9223372036854775807",
      ])
  }

  /// PyTorch 2.15.0: `torch.tensor([1., 2, 3]).var(correction=-2**63)`.
  @Test("a correction of any size divides")
  func variance() throws {
    #expect(try Tensor([1.0, 2, 3]).variance(correction: .min).item() == 2.168404344971009e-19)
    #expect(try Tensor([1.0, 2, 3]).variance(correction: .max).item() == .infinity)
  }

  /// PyTorch 2.15.0: `torch.zeros(0).tile([2**62]).shape` is `[0]`.
  @Test("nothing, however often it is repeated, is nothing")
  func tiledNothing() throws {
    for (shape, repeats) in [
      ([0], [Int.max]), ([2, 0], [3, .max]), ([0, 3], [.max, 2]),
      ([2, 0, 3], [0, .max, 5]),
    ] as [(Shape, [Int])] {
      let tiled = Tensor.zeros(shape).requiringGrad().tiled(repeats)
      try tiled.eval()
      #expect(tiled.elementCount == 0)
      try tiled.sum().backward()
    }
  }

  @Test("more parts of an image than memory has places are an error")
  func parts() {
    let image = Tensor.zeros([1, 1, 3, 3])
    #expect(
      image.adaptiveAvgPool2d(Size2D(1 << 31, 1)).error?.summary
        == "adaptiveAvgPool2d: 2147483648 parts of 3 places are too many")
  }

  @Test("schedules have a rate at every step, however long they are")
  func schedules() {
    let ends = [Int.min, Int.min + 1, .max]
    for step in ends {
      for over in ends {
        #expect(!Schedule.oneCycle(over: over).rate(at: step, base: 1).isNaN)
        let sequence = Schedule.sequence(first: .constant, steps: over, second: .constant)
        #expect(sequence.rate(at: step, base: 0.5) == 0.5)
      }
    }
  }
}
