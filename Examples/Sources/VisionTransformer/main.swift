// A vision transformer cuts digits into 16 patches and reads them as words of a sentence.
//
// Dosovitskiy and others, "An Image is Worth 16x16 Words" (2020). Benchmarks/examples.py has the
// same in PyTorch. At size (--full) it learns Fashion-MNIST with patches of 7 x 7.

import Blitz
import BlitzPlot
import ExampleSupport

struct VisionTransformer: Layer {
  let patches: Conv2d
  @Parameter var places: Tensor
  let encoder: TransformerEncoder
  let head: Linear

  init(patch: Int, size: Int) {
    // A convolution that steps from patch to patch makes a vector of each.
    patches = Conv2d(1, size, size: Size2D(patch), stride: Size2D(patch))
    places = 0.02 * Tensor.randn([1, 16, size])
    encoder = TransformerEncoder(layers: 2, norm: LayerNorm(size)) {
      TransformerEncoderLayer(
        size, heads: 4, feedForward: 2 * size, dropout: 0.1, activation: .gelu, batchFirst: true,
        normFirst: true)
    }
    head = Linear(size, 10)
  }

  func forward(_ images: Tensor) -> Tensor {
    // [rows, size, 4, 4] becomes [rows, 16, size].
    let words = patches(images).flattened(from: 2).transposed(1, 2) + places
    return head(encoder(words).mean(axis: 1))
  }
}

manualSeed(0)
let all: any Dataset = isFull ? try FashionMNIST().train : Digits()
let (train, test) = try all.split(at: all.count * 4 / 5)
let model = VisionTransformer(patch: isFull ? 7 : 2, size: 48)
let optimizer = AdamW(model, rate: 2e-3)
let loader = DataLoader(train, batchSize: 64, shuffledBy: Generator(seed: 0))
let epochs = isFull ? 10 : 25
let schedule = Schedule.warmUp(over: 20, from: 0.1)
  .then(.cosine(over: epochs * loader.batchCount - 20))
let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
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

model.eval()
var metrics = ClassificationMetrics()
for (x, y) in DataLoader(test, batchSize: 500) {
  try metrics.add(scores: noGrad { model(x) }, labels: y)
}
print(progress.plot)
// Which places the network takes for near: the products of their vectors.
let directions = model.places[0].normalized(axis: 1).detached()
try showPicture(
  Plot.heatMap(directions.matmul(directions.transposed())).labeled("places that are alike"))
report("test accuracy", metrics.accuracy)
