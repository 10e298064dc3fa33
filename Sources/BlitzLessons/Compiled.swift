import Blitz

/// Lesson `compiled`: the whole training step is planned once, and from then on only run.
///
/// In the lessons before, every step builds its graph of ops anew (and finds the plan that was made
/// for such a graph). Here `compile` calls the function once, to record what it does; the plan
/// holds forward pass, gradients and update together. So the function must not ask for numbers,
/// and its `if`s are decided when it is recorded. What changes is passed as `inout`.
func compiled(_ run: LessonRun) throws {
  let device = run.device
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: device)
  let y = Tensor.randn([64, 10], generator: generator, device: device)
  var weights = [
    Tensor.randn([1000, 100], generator: generator, device: device),
    Tensor.randn([100, 10], generator: generator, device: device),
  ]
  let rate = 1e-6

  let step = compile { (weights: inout [Tensor], batch: [Tensor]) in
    let (loss, gradients) = valueAndGradients(at: weights) { w in
      let yPred = batch[0].matmul(w[0]).clamp(min: 0).matmul(w[1])
      return (yPred - batch[1]).square().sum()
    }
    for index in weights.indices { weights[index] -= rate * gradients[index] }
    return loss
  }

  for index in 0..<run.steps {
    let loss = try step(&weights, x, y)
    run.report(step: index, loss: try loss.item())
  }
}
