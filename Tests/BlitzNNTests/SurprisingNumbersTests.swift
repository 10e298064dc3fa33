import Blitz
import Testing

/// The site's page "Numbers that surprise" shows lines of this file, and what it says of them is
/// tested here. What it says of PyTorch was run with 2.15.0.
@Suite struct SurprisingNumbersTests {
  @Test("the processor computes with subnormal numbers")
  func subnormals() throws {
    // torch.tensor([1e-40]) * 1: 9.99995e-41. On XLA: CompiledPathTests.subnormals.
    #expect(try (Tensor([1e-40]) * 1).item() == Double(Float(1e-40)))
  }

  @Test("a branch that is not taken makes NaN, unless what it reads is replaced")
  func untakenBranch() throws {
    let x = Tensor([0.0, 4.0], requiresGrad: true)
    func wrong() -> Tensor {
      let y = Tensor.where(x .> 0, x.sqrt(), 0)  // at x = 0 the gradient is NaN, not 0
      return y
    }
    func right() -> Tensor {
      let safe = Tensor.where(x .> 0, x, 1)
      let y = Tensor.where(x .> 0, safe.sqrt(), 0)  // the gradient is 0
      return y
    }
    func slope(_ y: Tensor) throws -> [Float] {
      try gradient(of: y.sum(), wrt: x).scalars(as: Float.self)
    }
    // The same with torch.where: [nan, 0.25] and [0, 0.25].
    let slopes = (try slope(wrong()), try slope(right()))
    #expect(slopes.0[0].isNaN && slopes.0[1] == 0.25)
    #expect(slopes.1 == [0, 0.25])
    // All NaN with torch.where, too.
    let others: [(Tensor) -> Tensor] = [
      { $0.log() }, { $0.rsqrt() }, { 1 / $0 }, { $0.pow(0.5) }, { $0.pow(0.3) },
    ]
    for function in others {
      #expect(try slope(Tensor.where(x .> 0, function(x), 0))[0].isNaN)
    }
  }

  @Test("ops that are made with a branch have finite gradients where it bends")
  func branchesInside() throws {
    let labels = Tensor([0, 0])
    let functions: [(Tensor) -> Tensor] = [
      { $0.norm() }, { $0.std() }, { $0.softplus().sum() }, { $0.elu().sum() },
      { crossEntropy(logits: stack([$0, -$0], axis: 1), labels: labels) },
      { binaryCrossEntropy(logits: $0, targets: $0.detached() * 0) },
      { huber(predictions: $0, targets: $0.detached()) },
      { smoothL1(predictions: $0, targets: $0.detached()) },
      { l1(predictions: $0, targets: $0.detached()) },
    ]
    for (place, function) in functions.enumerated() {
      for number in [0.0, 200, -200] {
        let x = Tensor([Float(number), Float(number)], requiresGrad: true)
        let slope = try gradient(of: function(x), wrt: x).scalars(as: Float.self)
        #expect(slope.allSatisfy { $0.isFinite }, "\(place) at \(number): \(slope)")
      }
    }
  }

  @Test("a compiled function keeps the Swift numbers that it read, and sees its inputs change")
  func captures() throws {
    let (x, y) = (Tensor([[1.0, 2], [3, -1]]), Tensor([0, 1]))
    let model = Linear(2, 2, generator: Generator(seed: 0))
    let optimizer = SGD(model, rate: 0)
    let expected = try crossEntropy(logits: model(x), labels: y).item()

    var factor = 0.5
    let keeping = compile(model, optimizer) { batch in
      factor * crossEntropy(logits: model(batch[0]), labels: batch[1])
    }
    #expect(abs(try keeping(x, y).item() - 0.5 * expected) < 1e-6)
    factor = 2
    #expect(abs(try keeping(x, y).item() - 0.5 * expected) < 1e-6)

    var weight: Float = 0.5
    let step = compile(model, optimizer) { batch in
      batch[2] * crossEntropy(logits: model(batch[0]), labels: batch[1])
    }
    let loss = try step(x, y, Tensor([weight])[0])
    #expect(abs(try loss.item() - 0.5 * expected) < 1e-6)
    weight = 2
    #expect(abs(try step(x, y, Tensor([weight])[0]).item() - 2 * expected) < 1e-6)
  }

  @Test("a captured tensor that somebody else holds keeps its numbers without a word")
  func heldCapture() throws {
    let model = Linear(1, 1, generator: Generator(seed: 0))
    let first = Tensor([1.0]) * 2
    var scale = first
    let step = compile(model, SGD(model, rate: 0)) { x, _ in
      (scale * x).sum() + model(x).sum() * 0
    }
    let loss = try step(.ones([1]), .ones([1])).item()
    scale = Tensor([5.0])
    #expect(try step(.ones([1]), .ones([1])).item() == loss)
    #expect(try first.item() == 2)
  }
}
