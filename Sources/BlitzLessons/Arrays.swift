import Blitz

/// Lesson `arrays`: a network with one hidden layer, and its gradients worked out by hand.
///
/// The network maps 1000 numbers to 100 and those to 10, for 64 rows at once:
///
///     h = x w1,   hReLU = max(h, 0),   yPred = hReLU w2,   loss = sum (yPred - y)^2
///
/// There is no bias and no regularisation. Going backwards, each line below is the chain rule
/// applied to one line above it. Of PyTorch's numbers for a seed this takes x, y, w1, w2, in order.
func arrays(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator)
  let y = Tensor.randn([64, 10], generator: generator)
  var w1 = Tensor.randn([1000, 100], generator: generator)
  var w2 = Tensor.randn([100, 10], generator: generator)
  let rate = 1e-6

  for step in 0..<run.steps {
    // Forwards: what the network returns, and how wrong it is.
    let h = x.matmul(w1)
    let hReLU = h.clamp(min: 0)
    let yPred = hReLU.matmul(w2)
    let loss = (yPred - y).square().sum()
    run.report(step: step, loss: try loss.item())

    // Backwards: how the loss changes with each of these, from the last to the first.
    let gradYPred = 2 * (yPred - y)
    let gradW2 = hReLU.transposed().matmul(gradYPred)
    var gradH = gradYPred.matmul(w2.transposed())
    // Where ReLU returned 0 for a negative number, nothing that comes later depends on it.
    gradH[h .< 0] = 0
    let gradW1 = x.transposed().matmul(gradH)

    // A small step downhill.
    w1 -= rate * gradW1
    w2 -= rate * gradW2
  }
}
