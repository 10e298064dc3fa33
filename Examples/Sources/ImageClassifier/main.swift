// A convolutional network learns to read digits. Training stops when the network gets no better on
// images that it does not learn from, and the weights of the best epoch are kept.
//
// At size (--full) it learns Fashion-MNIST, Debian's package dataset-fashion-mnist.

import Blitz
import BlitzPlot
import ExampleSupport

struct Net: Layer {
  let conv1 = Conv2d(1, 16, size: 3, padding: 1)
  let conv2 = Conv2d(16, 32, size: 3, padding: 1)
  let dropout = Dropout(0.3)
  let fc: Linear

  init(side: Int) { fc = Linear(32 * (side / 4) * (side / 4), 10) }

  func forward(_ images: Tensor) -> Tensor {
    var h = conv1(images).relu().maxPool2d(2)
    h = conv2(h).relu().maxPool2d(2)
    return fc(dropout(h.flattened(from: 1)))
  }
}

func evaluate(_ model: Net, on data: some Dataset) throws -> (ClassificationMetrics, loss: Double) {
  model.eval()
  defer { model.train() }
  var metrics = ClassificationMetrics()
  var loss = Mean()
  for (x, y) in DataLoader(data, batchSize: 512) {
    let scores = noGrad { model(x) }
    try metrics.add(scores: scores, labels: y)
    loss.add(try crossEntropy(logits: scores, labels: y).item(), rows: x.shape[0])
  }
  return (metrics, loss.value)
}

manualSeed(0)
let all: any Dataset = isFull ? try FashionMNIST().train : Digits()
let parts = try all.randomSplit([0.7, 0.15, 0.15])
let (train, validation, test) = (parts[0], parts[1], parts[2])
let model = Net(side: isFull ? 28 : 8)
let optimizer = AdamW(model, rate: 2e-3)
let loader = DataLoader(train, batchSize: 64, shuffledBy: Generator(seed: 0))
let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }

let epochs = 30
var stopping = EarlyStopping(patience: 4)
var best = BestCheckpoint()
var progress = ProgressLine(
  epochs: epochs, batches: loader.batchCount, curves: ["training", "validation"])
for _ in 1...epochs {
  var loss = Mean()
  for (x, y) in loader {
    loss.add(try step(x, y).item(), rows: x.shape[0])
    progress.step(["loss": loss.value])
  }
  let (metrics, validationLoss) = try evaluate(model, on: validation)
  progress.endEpoch([
    "training": loss.value, "validation": validationLoss, "accuracy": metrics.accuracy,
  ])
  try best.keep(model, figure: validationLoss)
  if stopping.shouldStop(after: validationLoss) { break }
}
progress.finish()
try best.restore(model)

let (metrics, _) = try evaluate(model, on: test)
try showPicture(progress.plot)
print(
  Plot.heatMap(metrics.confusion, rows: all.classNames, columns: all.classNames)
    .labeled("which is taken for which", x: "taken for", y: "is"))
print("F1 \(metrics.f1()), among the first two \(metrics.topK(2))")
report("test accuracy", metrics.accuracy)
