import Blitz

/// Two layers with a ReLU between them: a module of one's own is a struct that says which parts it
/// has, and in `forward` how they work together. The parameters are found by themselves, as
/// `linear1.weight`, `linear1.bias` and so on.
struct TwoLayerNet: Layer {
  let linear1: Linear
  let linear2: Linear

  init(_ inputSize: Int, _ hiddenSize: Int, _ outputSize: Int, generator: Generator) {
    linear1 = Linear(inputSize, hiddenSize, generator: generator)
    linear2 = Linear(hiddenSize, outputSize, generator: generator)
  }

  func forward(_ x: Tensor) -> Tensor {
    linear2(linear1(x).clamp(min: 0))
  }
}

/// Lesson `module`: a network that is more than one layer after the other is a type of its own.
func customModule(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: run.device)
  let y = Tensor.randn([64, 10], generator: generator, device: run.device)
  let model = TwoLayerNet(1000, 100, 10, generator: generator)
  model.to(run.device)
  let optimizer = SGD(model, rate: 1e-4)

  for step in 0..<run.steps {
    let loss = squaredError(predictions: model(x), targets: y, reduction: .sum)
    run.report(step: step, loss: try loss.item())

    try loss.backward()
    try optimizer.step()
  }
}
