// A regression that knows how sure it is: five networks tell a mean and a variance each. Noise
// makes the variances large; where there was nothing to learn from, the networks disagree.
//
// Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation
// using Deep Ensembles" (2017).

import Blitz
import BlitzPlot
import ExampleSupport

struct Net: Layer {
  let hidden1 = Linear(1, 64)
  let hidden2 = Linear(64, 64)
  let output = Linear(64, 2)

  func forward(_ x: Tensor) -> Tensor { output(hidden2(hidden1(x).tanh()).tanh()) }

  func meanAndVariance(_ x: Tensor) -> (mean: Tensor, variance: Tensor) {
    let y = self(x)
    return (y[0..., 0], y[0..., 1].softplus() + 1e-4)
  }
}

/// The deviation of a measurement: it grows from left to right.
func noise(at x: Tensor) -> Tensor { 0.05 + 0.1 * (x + 3) }

/// A wave with noise.
func measured(at x: Tensor) -> Tensor { (2 * x).sin() + noise(at: x) * Tensor.randn(x.shape) }

manualSeed(0)
let x = Tensor.uniform([isFull ? 20_000 : 2000], from: -3, to: 3)
let y = measured(at: x)
let nets = (0..<5).map { _ in Net() }
for net in nets {
  let optimizer = Adam(net, rate: 5e-3)
  let step = compile(net, optimizer) { x, y in
    let (mean, variance) = net.meanAndVariance(x)
    return gaussianNegativeLogLikelihood(means: mean, targets: y, variances: variance)
  }
  let data = try TensorDataset(x.unsqueezed(axis: 1), y)
  let loader = DataLoader(data, batchSize: 200, shuffledBy: Generator(seed: 0))
  for epoch in 1...60 {
    var loss = Mean()
    for (x, y) in loader {
      loss.add(try step(x, y).item(), rows: x.shape[0])
    }
    if epoch == 60 { print("loss \(loss.value)") }
  }
}

/// The mean of all networks, and the deviation: what they expect and how much they disagree.
func predict(_ nets: [Net], at x: Tensor) -> (mean: Tensor, deviation: Tensor) {
  let answers = noGrad { nets.map { $0.meanAndVariance(x.unsqueezed(axis: 1)) } }
  let means = stack(answers.map(\.mean))
  let variance =
    stack(answers.map(\.variance)).mean(axis: 0) + means.variance(axis: 0, correction: 0)
  return (means.mean(axis: 0), variance.sqrt())
}

// Beyond 3 there was nothing to learn from.
let places = Tensor.linspace(-4, 4, count: 161)
let (mean, deviation) = predict(nets, at: places)
try showPicture(
  Plot.line(places, mean, name: "mean")
    .overlaid(with: .line(places, mean - 2 * deviation, name: "two deviations below"))
    .overlaid(with: .line(places, mean + 2 * deviation, name: "two deviations above"))
    .labeled("a wave with noise, and how sure the networks are", x: "x", y: "y"))

let newX = Tensor.uniform([5000], from: -3, to: 3)
let newY = measured(at: newX)
let (newMean, newDeviation) = predict(nets, at: newX)
let isInside = (newY - newMean).abs() .< 1.96 * newDeviation
let coverage = try isInside.cast(to: .float32).mean().item()
print("new measurements inside the band of 95 %: \(coverage)")
report("how far that is from 0.95", abs(coverage - 0.95))

/// The score of a band of 95 %: its width, and 40 times how far measurements are outside, in the
/// mean. The least is that of the true band (Gneiting and Raftery, 2007).
func score(_ mean: Tensor, _ deviation: Tensor) throws -> Double {
  let beyond = ((newY - mean).abs() - 1.96 * deviation).relu()
  return try (2 * 1.96 * deviation + 40 * beyond).mean().item()
}
report(
  "score of the band, relative to the true one",
  try score(newMean, newDeviation) / score((2 * newX).sin(), noise(at: newX)))
