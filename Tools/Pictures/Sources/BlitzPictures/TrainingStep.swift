import Blitz

/// The network whose training step is followed through Blitz: 64 rows, 1000 -> 100 -> 10, no bias.
struct TrainingStep {
  let x: Tensor
  let y: Tensor
  var weights: [Tensor]
  let step: CompiledStep

  init() {
    manualSeed(0)
    // The article shows what follows, up to the next comment.
    let x = Tensor.randn([64, 1000])
    let y = Tensor.randn([64, 10])
    let weights = [Tensor.randn([1000, 100]), Tensor.randn([100, 10])]

    let step = compile { (w: inout [Tensor], batch: [Tensor]) in
      let (x, y) = (batch[0], batch[1])
      let (loss, gradients) = valueAndGradients(at: w) { w in
        (x.matmul(w[0]).relu().matmul(w[1]) - y).square().sum()
      }
      for i in w.indices { w[i] -= 1e-6 * gradients[i] }
      return loss
    }
    // That is all of it.
    (self.x, self.y, self.weights, self.step) = (x, y, weights, step)
  }

  /// Trains; returns the last loss.
  mutating func run(_ count: Int) throws -> Double {
    var loss = 0.0
    for _ in 0..<count { loss = try step(&weights, x, y).item() }
    return loss
  }

  /// What an array of the step is called, by its shape.
  static func name(shape: [Int]) -> String? {
    switch shape {
    case [64, 1000]: "x"
    case [64, 10]: "y"
    case [1000, 100]: "w1"
    case [100, 10]: "w2"
    case []: "loss"
    default: nil
    }
  }
}
