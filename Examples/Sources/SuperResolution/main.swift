// A network makes images of 4 x 4 pixels sharp again, 8 x 8: it learns what bicubic resizing cannot
// know.
//
// Shi and others, "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
// Convolutional Neural Network" (2016). At size (--full) it learns Fashion-MNIST, 14 x 14 to 28 x
// 28.

import Blitz
import BlitzPlot
import ExampleSupport

struct Sharpener: Layer {
  let conv1 = Conv2d(1, 32, size: 3, padding: 1)
  let conv2 = Conv2d(32, 32, size: 3, padding: 1)
  let conv3 = Conv2d(32, 4, size: 3, padding: 1)

  /// `[rows, 1, height, width]` becomes twice as high and wide: bicubic resizing and a correction,
  /// whose four channels are the four pixels that come of each.
  func forward(_ small: Tensor) -> Tensor {
    let correction = conv3(conv2(conv1(small).relu()).relu()).pixelShuffle(2)
    return enlarged(small) + correction
  }
}

func enlarged(_ small: Tensor) -> Tensor { small.resized(by: [2, 2], mode: .cubic) }

/// The peak signal-to-noise ratio in decibels, for values from 0 to 1.
func decibels(_ images: Tensor, _ truth: Tensor) throws -> Double {
  let error = meanSquaredError(predictions: images.clamp(min: 0, max: 1), targets: truth)
  return try (-10 * error.log10()).item()
}

manualSeed(0)
let all: any Dataset = isFull ? try FashionMNIST().train : Digits()
let (train, test) = try all.split(at: all.count * 5 / 6)
let model = Sharpener()
let optimizer = Adam(model, rate: 2e-3)
let step = compile(model, optimizer) { large, _ in
  meanSquaredError(predictions: model(large.avgPool2d(2)), targets: large)
}
let loader = DataLoader(train, batchSize: 50, shuffledBy: Generator(seed: 0))
let epochs = isFull ? 10 : 30
var progress = ProgressLine(epochs: epochs, batches: loader.batchCount, curves: ["loss"])
for _ in 1...epochs {
  var loss = Mean()
  for (x, y) in loader {
    loss.add(try step(x, y).item(), rows: x.shape[0])
    progress.step(["loss": loss.value])
  }
  progress.endEpoch(["loss": loss.value])
}
progress.finish()

let large = test[0..<min(test.count, 1000)].inputs
let small = large.avgPool2d(2)
let (bicubic, sharp) = (enlarged(small), noGrad { model(small) })
print("small and enlarged, made sharp, as it was:")
try showPicture(
  Plot.images(
    concatenate([bicubic[0..<6], sharp[0..<6], large[0..<6]]).clamp(min: 0, max: 1), columns: 6))
let gain = try decibels(sharp, large) - decibels(bicubic, large)
print("bicubic \(try decibels(bicubic, large)) dB, the network \(try decibels(sharp, large)) dB")
report("decibels gained over bicubic", gain)
