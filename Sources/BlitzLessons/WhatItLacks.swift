import Blitz

/// Lesson `what-it-lacks`: the network of the other lessons has no bias and no regularisation,
/// "which is bad" says the page that they come from. How bad is it, on real handwritten digits?
///
/// A bias lets a unit answer when its inputs are zero, and gives the classes a starting point.
/// Regularisation keeps a network from learning its rows by heart: weight decay pulls weights that
/// are not needed to zero, dropout lets every unit down half of the time, so that no unit can rely
/// on another. It is meant for few rows, so these networks learn from 300 of the 1,797 digits and
/// are asked about the others, where they end within a point of each other: so small a network on
/// such digits has little to learn by heart. `AdamW` is what trains them all.
func whatItLacks(_ run: LessonRun) throws {
  let variants: [(name: String, hasBias: Bool, decay: Double, dropout: Double)] = [
    ("neither", false, 0, 0),
    ("bias", true, 0, 0),
    ("bias, weight decay", true, 1, 0),
    ("bias, dropout", true, 0, 0.5),
    ("bias, both", true, 1, 0.5),
  ]
  let digits = Digits()
  let labels = Tensor(digits.labels.map(Int64.init), shape: [digits.labels.count]).to(run.device)
  let pixels = Tensor(digits.pixels, shape: [digits.labels.count, 64]).to(run.device)
  var curves: [(name: String, values: [Double])] = []

  for variant in variants {
    // The same rows, order and initial weights for all, as far as their shapes agree.
    let generator = Generator(seed: run.seed)
    let order = Tensor.randperm(digits.labels.count, generator: generator)
    let (training, test) = (order[..<300], order[300...])
    let model = Sequential(
      Linear(64, 100, bias: variant.hasBias, generator: generator), ReLU(),
      Dropout(variant.dropout, generator: generator),
      Linear(100, 10, bias: variant.hasBias, generator: generator))
    model.to(run.device)
    let optimizer = AdamW(model, rate: 3e-3, weightDecay: variant.decay)
    let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }

    func accuracy(_ rows: Tensor) throws -> Double {
      model.eval()
      defer { model.train() }
      let right = noGrad { model(pixels[rows]).argmax(axis: 1) .== labels[rows] }
      return try right.cast(to: .float64).mean().item()
    }

    var curve: [Double] = []
    for index in 0..<run.steps {
      let rows = training[Tensor.randint(0, 300, [50], generator: generator)]
      _ = try step(pixels[rows], labels[rows])
      if index % 10 == 9 { curve.append(try accuracy(test)) }
    }
    curves.append((variant.name, curve))
    run.report(
      network: variant.name, trainingAccuracy: try accuracy(training),
      testAccuracy: try accuracy(test))
  }
  run.draw("accuracy on rows that were not learned from", x: "tens of steps", curves)
}
