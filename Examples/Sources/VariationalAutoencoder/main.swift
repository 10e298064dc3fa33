// A variational autoencoder squeezes digits into 8 numbers each, so that numbers drawn at random
// become digits that nobody wrote.
//
// Kingma and Welling, "Auto-Encoding Variational Bayes" (2013). Benchmarks/examples.py has the same
// in PyTorch.

import Blitz
import BlitzPlot
import ExampleSupport

struct VAE: Module {
  let encoder = Linear(64, 128)
  let mean = Linear(128, 8)
  let logVariance = Linear(128, 8)
  let decoder = Sequential(Linear(8, 128), ReLU(), Linear(128, 64))

  func encode(_ images: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    let h = encoder(images).relu()
    return (mean(h), logVariance(h))
  }

  /// The logits of the pixels.
  func decode(_ codes: Tensor) -> Tensor { decoder(codes) }

  /// What an image costs to describe, in nats: its pixels, given the code, and the code.
  func loss(_ images: Tensor, noise: Tensor) -> Tensor {
    let (mean, logVariance) = encode(images)
    let codes = mean + (0.5 * logVariance).exp() * noise
    let pixels = binaryCrossEntropy(logits: decode(codes), targets: images, reduction: .sum)
    let code = -0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum()
    return (pixels + code) / images.shape[0]
  }
}

manualSeed(0)
let (train, test) = try Digits().split(at: 1500)
let model = VAE()
let optimizer = Adam(model, rate: 2e-3)
let loader = DataLoader(train, batchSize: 100, shuffledBy: Generator(seed: 0))
// The noise is an argument: what a compiled function draws itself would be drawn only once.
let step = compile(model, optimizer) { images, noise in model.loss(images, noise: noise) }

let epochs = isFull ? 1000 : 100
var progress = ProgressLine(epochs: epochs, batches: loader.batchCount, curves: ["loss"])
for _ in 1...epochs {
  var loss = Mean()
  for (x, _) in loader {
    let images = x.flattened(from: 1)
    loss.add(try step(images, .randn([x.shape[0], 8])).item(), rows: x.shape[0])
    progress.step(["loss": loss.value])
  }
  progress.endEpoch(["loss": loss.value])
}
progress.finish()

let images = test[0..<test.count].inputs.flattened(from: 1)
let testLoss = noGrad { model.loss(images, noise: .randn([test.count, 8])) }
let drawn = noGrad { model.decode(.randn([16, 8])).sigmoid() }
print("sixteen digits that nobody wrote:")
try showPicture(Plot.images(drawn.reshaped(to: [16, 8, 8]), columns: 8))
report("test loss", try testLoss.item())
