import Blitz
import Testing

/// Losses against PyTorch 2.15: `torch.nn.functional.cross_entropy(logits, labels)` and
/// `((p - t) ** 2).sum()`, run in float64 on the numbers below.
@Suite struct LossTests {
  private let logits = Tensor([[1.0, 2, 3], [0.5, -1, 0]], dtype: .float64)

  @Test("cross-entropy has PyTorch's value and gradient")
  func crossEntropyValue() throws {
    let x = logits.requiringGrad()
    let loss = crossEntropy(logits: x, labels: Tensor([2, 1]))
    #expect(abs(try loss.item() - 1.2558682848905545) < 1e-12)
    try loss.backward()
    let expected = [
      0.04501528658519022,
      0.12236423552739882,
      -0.1673795221125891,
      0.2732746936330898,
      -0.4390241738451356,
      0.16574948021204575,
    ]
    for (found, wanted) in zip(try x.grad.scalars(as: Double.self), expected) {
      #expect(abs(found - wanted) < 1e-12)
    }
  }

  @Test("squared error sums rows, and divides by their number for the mean")
  func squaredErrorValue() throws {
    let targets = Tensor([[1.0, 0, 3], [0.5, -1, 2]], dtype: .float64)
    let sum = squaredError(predictions: logits, targets: targets, reduction: .sum)
    #expect(try sum.item() == 8)
    #expect(try squaredError(predictions: logits, targets: targets).item() == 4)
  }

  @Test("losses never broadcast")
  func refusesOtherShapes() {
    let error = squaredError(predictions: Tensor([1.0, 2]), targets: Tensor([[1.0], [2.0]])).error
    #expect(
      error?.message == """
        squaredError: predictions and targets must have the same shape, of one axis or more
          predictions: float32[2]
          targets:     float32[2, 1]
          help:        write targets.reshaped(to: [2])
        """)
    let labels = crossEntropy(logits: logits, labels: Tensor([0.0, 1.0])).error
    #expect(labels?.rule == "labels are int64 or int32, not float32")
    let rows = crossEntropy(logits: logits, labels: Tensor([0, 1, 2])).error
    #expect(rows?.op == "crossEntropy")
  }

  @Test("a label out of range is an error when the loss is read")
  func refusesBadLabels() {
    #expect(throws: TensorError.self) {
      try crossEntropy(logits: logits, labels: Tensor([0, 3])).item()
    }
  }
}
