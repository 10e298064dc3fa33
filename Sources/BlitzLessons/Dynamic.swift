import Blitz

/// A network whose depth is drawn anew each time: the same middle layer is applied none, one, two
/// or three times. A `for` is all that it takes, and the layer's weights are shared by its uses.
struct DynamicNet: Module {
  let inputLinear: Linear
  let middleLinear: Linear
  let outputLinear: Linear

  init(_ inputSize: Int, _ hiddenSize: Int, _ outputSize: Int, generator: Generator) {
    inputLinear = Linear(inputSize, hiddenSize, generator: generator)
    middleLinear = Linear(hiddenSize, hiddenSize, generator: generator)
    outputLinear = Linear(hiddenSize, outputSize, generator: generator)
  }

  func callAsFunction(_ x: Tensor, depth: Int) -> Tensor {
    var h = inputLinear(x).clamp(min: 0)
    for _ in 0..<depth { h = middleLinear(h).clamp(min: 0) }
    return outputLinear(h)
  }
}

/// Lesson `dynamic`: control flow is Swift's own, and may change from step to step.
///
/// Every step builds its own graph, so `backward()` follows whatever the forward pass did. Where
/// the middle layer was not used it has no gradient, and the optimizer leaves it alone.
func dynamic(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let x = Tensor.randn([64, 1000], generator: generator, device: run.device)
  let y = Tensor.randn([64, 10], generator: generator, device: run.device)
  let model = DynamicNet(1000, 100, 10, generator: generator)
  model.to(run.device)
  let optimizer = SGD(model, rate: 1e-4, momentum: 0.9, allowUnused: true)

  for step in 0..<run.steps {
    let depth = try Tensor.randint(0, 4, [], generator: generator).item(as: Int.self)
    let loss = squaredError(predictions: model(x, depth: depth), targets: y, reduction: .sum)
    run.report(step: step, loss: try loss.item(), depth: depth)

    try loss.backward()
    try optimizer.step()
  }
}
