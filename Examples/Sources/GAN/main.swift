// Two networks against each other: the generator draws digits, and the discriminator tells them
// from real ones. Both get better, until the drawn ones look written.
//
// Goodfellow and others, "Generative Adversarial Nets" (2014).

import Blitz
import BlitzPlot
import ExampleSupport

struct Game: Module {
  let generator = Sequential(
    Linear(32, 128), ReLU(), Linear(128, 128), ReLU(), Linear(128, 64), Sigmoid())
  let discriminator = Sequential(
    Linear(64, 128), LeakyReLU(slope: 0.2), Dropout(0.3), Linear(128, 128), LeakyReLU(slope: 0.2),
    Dropout(0.3), Linear(128, 1))

  /// The discriminator wants 1 for real digits and 0 for drawn ones. Labels of 0.9 keep it from
  /// being too sure.
  func discriminatorLoss(_ real: Tensor, _ noise: Tensor) -> Tensor {
    let (onReal, onDrawn) = (discriminator(real), discriminator(generator(noise).detached()))
    return binaryCrossEntropy(logits: onReal, targets: .full(like: onReal, 0.9))
      + binaryCrossEntropy(logits: onDrawn, targets: .zeros(like: onDrawn))
  }

  /// The generator wants the discriminator to say 1.
  func generatorLoss(_ noise: Tensor) -> Tensor {
    let said = discriminator(generator(noise))
    return binaryCrossEntropy(logits: said, targets: .ones(like: said))
  }
}

manualSeed(0)
let (train, test) = try Digits().split(at: 1400)
let game = Game()
// Each optimizer changes one of the two.
let generatorOptimizer = Adam(game.generator, rate: 1e-3, beta1: 0.5)
let discriminatorOptimizer = Adam(game.discriminator, rate: 1e-3, beta1: 0.5)
let discriminatorStep = compile(game, discriminatorOptimizer) { real, noise in
  game.discriminatorLoss(real, noise)
}
let generatorStep = compile(game, generatorOptimizer) { inputs in game.generatorLoss(inputs[0]) }

let epochs = isFull ? 1500 : 150
let loader = DataLoader(train, batchSize: 100, shuffledBy: Generator(seed: 0))
var progress = ProgressLine(
  epochs: epochs, batches: loader.batchCount, curves: ["generator", "discriminator"])
for _ in 1...epochs {
  var (generatorLoss, discriminatorLoss) = (Mean(), Mean())
  for (images, _) in loader {
    let real = images.flattened(from: 1)
    let count = images.shape[0]
    discriminatorLoss.add(
      try discriminatorStep(real, .randn([count, 32])).item(), rows: count)
    generatorLoss.add(try generatorStep(.randn([count, 32])).item(), rows: count)
    progress.step(["generator": generatorLoss.value, "discriminator": discriminatorLoss.value])
  }
  progress.endEpoch(["generator": generatorLoss.value, "discriminator": discriminatorLoss.value])
}
progress.finish()

game.eval()
let real = train[0..<train.count]
let known = real.inputs.flattened(from: 1)
let written = test[0..<test.count].inputs.flattened(from: 1)
let drawn = noGrad { game.generator(.randn([test.count, 32])) }
print("sixteen digits that nobody wrote:")
try showPicture(Plot.images(drawn[0..<16].reshaped(to: [16, 8, 8]), columns: 8))

// A drawn digit should be about as near to one that was learned from as a written one is, and the
// drawn ones should be of all kinds.
let distances = drawn.cdist(known)
let kinds = real.labels.indexSelect(axis: 0, indices: distances.argmin(axis: 1))
let counts = try kinds.bincount(minLength: 10).scalars(as: Int.self)
print(Plot.bar((0...9).map(String.init), counts).labeled("what was drawn"))
let ratio = distances.min(axis: 1).mean() / written.cdist(known).min(axis: 1).mean()
report("kinds that are drawn", Double(counts.count { $0 > 3 }))
report("distance to the nearest digit, relative to written ones", try ratio.item())
