import Blitz

/// ReLU as if the library did not have it: a forward pass, and a backward pass that says how the
/// gradient of the output becomes the gradient of the input.
struct MyReLU: CustomFunction {
  func forward(_ inputs: [Tensor]) -> Tensor {
    inputs[0].clamp(min: 0)
  }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    var gradInput = gradient
    gradInput[inputs[0] .< 0] = 0
    return [gradInput]
  }
}

/// Lesson `custom-function`: a function of your own takes part in the walk backwards.
///
/// Both passes are made of tensor ops, so a custom function runs wherever tensors do. `gradCheck`
/// compares its gradient with differences of its values. The losses are those of `autograd`.
func customFunction(_ run: LessonRun) throws {
  let device = run.device
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: device)
  let y = Tensor.randn([64, 10], generator: generator, device: device)
  var w1 = Tensor.randn([1000, 100], generator: generator, device: device, requiresGrad: true)
  var w2 = Tensor.randn([100, 10], generator: generator, device: device, requiresGrad: true)
  let rate = 1e-6
  let relu = MyReLU()

  for step in 0..<run.steps {
    let yPred = relu(x.matmul(w1)).matmul(w2)
    let loss = (yPred - y).square().sum()
    run.report(step: step, loss: try loss.item())

    try loss.backward()
    noGrad {
      w1 -= rate * w1.grad
      w2 -= rate * w2.grad
    }
  }
}
