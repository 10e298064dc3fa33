// A GRU reads four days of hourly numbers and tells the next day. The series is made here: a day, a
// week, a slow rise and noise, as the use of electricity has.

import Blitz
import BlitzPlot
import ExampleSupport

let (past, future) = (96, 24)
let noise = 0.15

/// `count` hours of the series.
func series(_ count: Int) -> Tensor {
  let hours = Tensor.arange(0.0, Double(count))
  let day = (hours * (2 * Double.pi / 24)).sin()
  let week = (hours * (2 * Double.pi / 168)).cos()
  // The peaks of the day are higher in the middle of the week.
  return day * (1 + 0.5 * week) + 0.3 * week + hours * 0.0005 + noise * Tensor.randn([count])
}

struct Forecaster: Layer {
  let gru = GRU(1, 32, batchFirst: true)
  let head = Linear(32, future)

  /// Four days `[rows, 96]` become the next one, `[rows, 24]`: what these days were in the mean,
  /// and a change.
  func forward(_ hours: Tensor) -> Tensor {
    // Without their level, which rises: the network would not know later ones.
    let shape = hours - hours.mean(axis: 1, keepDims: true)
    let (_, hidden) = gru(shape.unsqueezed(axis: 2))
    return hours.reshaped(to: [-1, 4, future]).mean(axis: 1) + head(hidden[-1])
  }
}

manualSeed(0)
let hours = series(isFull ? 20_000 : 2500)
let windows = hours.unfolded(axis: 0, size: past + future)
let count = windows.shape[0]
let data = try TensorDataset(windows[0..., 0..<past], windows[0..., past...])
// The last fifth is tested: a forecast must not know the future.
let (train, test) = try data.split(at: count * 4 / 5)

let model = Forecaster()
let optimizer = Adam(model, rate: 5e-3)
let loader = DataLoader(train, batchSize: 128, shuffledBy: Generator(seed: 0))
let step = compile(model, optimizer, clipping: .norm(1)) { x, y in
  meanSquaredError(predictions: model(x), targets: y)
}
let epochs = 20
let schedule = Schedule.cosine(over: epochs * loader.batchCount)
var progress = ProgressLine(epochs: epochs, batches: loader.batchCount, curves: ["loss"])
for _ in 1...epochs {
  var loss = Mean()
  for (x, y) in loader {
    optimizer.follow(schedule, at: optimizer.stepCount)
    loss.add(try step(x, y).item(), rows: x.shape[0])
    progress.step(["loss": loss.value])
  }
  progress.endEpoch(["loss": loss.value])
}
progress.finish()

// The windows that overlap with those that were learned from are left out.
let batch = test[(past + future)..<test.count]
let forecast = noGrad { model(batch.inputs) }
let yesterday = batch.inputs[0..., (past - future)..<past]
var (errors, errorsOfYesterday) = (RegressionMetrics(), RegressionMetrics())
try errors.add(predictions: forecast, targets: batch.labels)
try errorsOfYesterday.add(predictions: yesterday, targets: batch.labels)

let last = batch.count - 1
try showPicture(
  Plot.line([
    "what came": batch.labels[last], "forecast": forecast[last], "the day before": yesterday[last],
  ]).labeled("the last day", x: "hour"))
print(
  "root mean squared error: \(errors.rootMeanSquaredError); \(noise) is noise that nobody can tell")
report(
  "error relative to that of the day before",
  errors.rootMeanSquaredError / errorsOfYesterday.rootMeanSquaredError)
