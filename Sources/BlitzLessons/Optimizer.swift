import Blitz

/// Lesson `optim`: an optimizer takes the step downhill.
///
/// Plain gradient descent is one rule among many. `Adam` keeps for each weight a running mean of
/// its gradient and of the gradient's square, and scales its step by them. To use another rule,
/// change one line.
func optimizer(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: run.device)
  let y = Tensor.randn([64, 10], generator: generator, device: run.device)
  let model = Sequential(
    Linear(1000, 100, generator: generator), ReLU(), Linear(100, 10, generator: generator))
  model.to(run.device)
  let optimizer = Adam(model, rate: 1e-4)

  for step in 0..<run.steps {
    let loss = squaredError(predictions: model(x), targets: y, reduction: .sum)
    run.report(step: step, loss: try loss.item())

    // No gradients to reset: a step makes new weights, which have none yet.
    try loss.backward()
    try optimizer.step()
  }
}
