// One network looks at two digits and says how alike they are. It is tested on the hands of people
// whose digits it has never seen.
//
// Hadsell, Chopra and LeCun, "Dimensionality Reduction by Learning an Invariant Mapping" (2006).

import Blitz
import BlitzPlot
import ExampleSupport

struct Twin: Layer {
  let conv1 = Conv2d(1, 32, size: 3, padding: 1)
  let conv2 = Conv2d(32, 64, size: 3, padding: 1)
  let fc = Linear(256, 16)

  func forward(_ images: Tensor) -> Tensor {
    var h = conv1(images).relu().maxPool2d(2)
    h = conv2(h).relu().maxPool2d(2)
    return fc(h.flattened(from: 1)).normalized(axis: 1)
  }

  /// How far apart two images are: 0 to 2.
  func distance(_ left: Tensor, _ right: Tensor) -> Tensor {
    pairwiseDistance(self(left), self(right))
  }
}

/// Pairs of images, and whether they show the same digit: half of them do.
func pairs(
  of data: some Dataset, count: Int, _ random: inout some RandomNumberGenerator
) throws -> (left: Tensor, right: Tensor, isSame: Tensor) {
  let labels = try data[0..<data.count].labels.scalars(as: Int.self)
  let groups = Dictionary(grouping: labels.indices) { labels[$0] }
  var (left, right, same): ([Int], [Int], [Int]) = ([], [], [])
  for number in 0..<count {
    let first = labels.indices.randomElement(using: &random)!
    let isSame = number % 2 == 0
    let second =
      isSame
      ? groups[labels[first]]!.randomElement(using: &random)!
      : groups.filter { $0.key != labels[first] }.values.flatMap { $0 }
        .randomElement(using: &random)!
    left.append(first)
    right.append(second)
    same.append(isSame ? 1 : -1)
  }
  return (data.batch(at: left).inputs, data.batch(at: right).inputs, Tensor(same))
}

manualSeed(0)
var random = ExampleGenerator(seed: 0, index: 0)
// Whose digits come last do not come before.
let (known, new) = try Digits().split(at: 1300)
let model = Twin()
let optimizer = Adam(model, rate: 1e-3)
let step = compile(model, optimizer) { inputs in
  hingeEmbedding(
    distances: model.distance(inputs[0], inputs[1]).square(), targets: inputs[2], margin: 1)
}
let epochs = isFull ? 200 : 20
var progress = ProgressLine(epochs: epochs, batches: 20, curves: ["loss"])
for _ in 1...epochs {
  var loss = Mean()
  for _ in 0..<20 {
    let (left, right, isSame) = try pairs(of: known, count: 128, &random)
    loss.add(try step(left, right, isSame).item(), rows: 128)
    progress.step(["loss": loss.value])
  }
  progress.endEpoch(["loss": loss.value])
}
progress.finish()

let (left, right, isSame) = try pairs(of: new, count: 2000, &random)
let distances = noGrad { model.distance(left, right) }
var metrics = BinaryMetrics()
try metrics.add(scores: -distances, labels: isSame .> 0)
try showPicture(Plot.images(concatenate([left[0..<8], right[0..<8]]), columns: 8))
print("how far the upper is from the lower: \(distances[0..<8])")
let curve = metrics.rocCurve
print(
  Plot.line(curve.falsePositives, curve.truePositives)
    .labeled("digits of other people", x: "different, taken for the same", y: "found"))
report("ROC AUC on other people's digits", metrics.rocAUC)
