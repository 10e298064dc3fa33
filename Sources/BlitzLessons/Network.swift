import Blitz

/// Lesson `nn`: layers and losses that are ready to use, instead of weights and formulas.
///
/// `Sequential` holds layers and applies them one after the other; each `Linear` draws its own
/// weights (this time with biases) and keeps them as parameters. The loss is a function too. What
/// is left to write is the step downhill, over all parameters that the model has.
func network(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: run.device)
  let y = Tensor.randn([64, 10], generator: generator, device: run.device)
  let model = Sequential(
    Linear(1000, 100, generator: generator), ReLU(), Linear(100, 10, generator: generator))
  model.to(run.device)
  let rate = 1e-4

  for step in 0..<run.steps {
    let loss = squaredError(predictions: model(x), targets: y, reduction: .sum)
    run.report(step: step, loss: try loss.item())

    try loss.backward()
    noGrad {
      for (_, parameter) in model.parameters {
        parameter.value -= rate * parameter.value.grad
      }
    }
  }
}
