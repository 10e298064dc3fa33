// The first two classifiers of Stanford's cs231n, on digits: the nearest neighbours in the data,
// with their number chosen by cross-validation, and a linear support vector machine.

import Blitz
import BlitzPlot
import ExampleSupport

/// What most of the `k` nearest images are, for distances `[rows, images]` and the images' labels.
func vote(_ distances: Tensor, _ labels: Tensor, k: Int) -> Tensor {
  let nearest = distances.topK(k, axis: 1, largest: false).indices
  let votes = labels.take(nearest).oneHot(classCount: 10).sum(axis: 1)
  // Where two have as many votes, the lower number counts.
  return votes.argmax(axis: 1)
}

func share(_ answers: Tensor, _ labels: Tensor) throws -> Double {
  try (answers .== labels).cast(to: .float32).mean().item()
}

manualSeed(0)
let (train, test) = try Digits().randomSplit(0.8, 0.2)
let (learned, asked) = (train[0..<train.count], test[0..<test.count])
let (x, y) = (learned.inputs.flattened(from: 1), learned.labels)
let (newX, newY) = (asked.inputs.flattened(from: 1), asked.labels)

// Each fifth is asked in turn, and the others are the neighbours.
let folds = Tensor.arange(train.count).tensorSplit(count: 5)
let choices = [1, 3, 5, 9, 15]
var means: [Double] = []
for k in choices {
  var sum = 0.0
  for (number, fold) in folds.enumerated() {
    let rest = concatenate(folds.enumerated().filter { $0.offset != number }.map(\.element))
    let distances = x.indexSelect(axis: 0, indices: fold).cdist(
      x.indexSelect(axis: 0, indices: rest))
    let answers = vote(distances, y.indexSelect(axis: 0, indices: rest), k: k)
    sum += try share(answers, y.indexSelect(axis: 0, indices: fold))
  }
  means.append(sum / 5)
  print("k = \(k): \(sum / 5)")
}
let best = choices[means.indices.max { means[$0] < means[$1] }!]
print("the best k is \(best)")
print(
  Plot.line(choices, means).labeled("accuracy by the number of neighbours", x: "k", y: "accuracy"))

// The support vector machine: a score for each digit, the right one at least 1 above the others.
let svm = Linear(64, 10)
let optimizer = SGD(svm, rate: 0.5, momentum: 0.9, weightDecay: 1e-4)
let step = compile(svm, optimizer) { x, y in multiClassHinge(scores: svm(x), labels: y) }
let data = try TensorDataset(x, y)
for _ in 1...(isFull ? 500 : 50) {
  for (x, y) in DataLoader(data, batchSize: 100, shuffledBy: .shared) {
    _ = try step(x, y)
  }
}
var metrics = ClassificationMetrics()
try metrics.add(scores: svm(newX).detached(), labels: newY)
print("what the machine looks for: ink where it is light, none where it is dark")
try showPicture(Plot.images(svm.weight.detached().reshaped(to: [10, 8, 8]), columns: 5))
report("accuracy of the neighbours", try share(vote(newX.cdist(x), y, k: best), newY))
report("accuracy of the machine", metrics.accuracy)
