import Blitz

/// Lesson `autograd`: only the forward pass is written; the library works out the gradients.
///
/// Tensors made with `requiresGrad: true` are where gradients are wanted. Ops on them are
/// remembered, and `backward()` walks the memory in reverse and leaves the gradient of the loss at
/// each of them, as `grad`. The losses are those of the lessons before.
func autograd(_ run: LessonRun) throws {
  let device = run.device
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: device)
  let y = Tensor.randn([64, 10], generator: generator, device: device)
  var w1 = Tensor.randn([1000, 100], generator: generator, device: device, requiresGrad: true)
  var w2 = Tensor.randn([100, 10], generator: generator, device: device, requiresGrad: true)
  let rate = 1e-6

  for step in 0..<run.steps {
    // No need to keep h or hReLU by name: nobody writes the backward pass.
    let yPred = x.matmul(w1).clamp(min: 0).matmul(w2)
    let loss = (yPred - y).square().sum()
    run.report(step: step, loss: try loss.item())

    try loss.backward()

    // The step downhill is no part of the network, so it is not remembered. It makes new weights,
    // which have no gradient yet: nothing adds up from one step to the next.
    noGrad {
      w1 -= rate * w1.grad
      w2 -= rate * w2.grad
    }
  }
}
