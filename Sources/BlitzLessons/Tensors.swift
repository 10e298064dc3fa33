import Blitz

/// Lesson `tensors`: the same network and the same gradients, on a device of your choice.
///
/// What changed since `arrays` is one word: tensors are made on `device`, and every op computes
/// where its operands are. Numbers come back to the program only when it asks for them, here with
/// `item()`; until then an op only notes what is to be done.
func tensors(_ run: LessonRun) throws {
  let device = run.device
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: device)
  let y = Tensor.randn([64, 10], generator: generator, device: device)
  var w1 = Tensor.randn([1000, 100], generator: generator, device: device)
  var w2 = Tensor.randn([100, 10], generator: generator, device: device)
  let rate = 1e-6

  for step in 0..<run.steps {
    let h = x.matmul(w1)
    let hReLU = h.clamp(min: 0)
    let yPred = hReLU.matmul(w2)
    let loss = (yPred - y).square().sum()
    run.report(step: step, loss: try loss.item())

    let gradYPred = 2 * (yPred - y)
    let gradW2 = hReLU.transposed().matmul(gradYPred)
    var gradH = gradYPred.matmul(w2.transposed())
    gradH[h .< 0] = 0
    let gradW1 = x.transposed().matmul(gradH)

    w1 -= rate * gradW1
    w2 -= rate * gradW2
  }
}
