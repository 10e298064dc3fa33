// People rate films; what somebody would say of a film not yet seen is the product of two vectors,
// one for the person and one for the film, that are learned from the ratings that there are.
//
// Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009). The
// ratings are made here, with three tastes behind them.

import Blitz
import BlitzPlot
import ExampleSupport

struct Ratings: Module {
  let people: Embedding
  let films: Embedding
  let personBias: Embedding
  let filmBias: Embedding
  @Parameter var mean: Tensor

  init(people count: Int, films filmCount: Int, size: Int) {
    people = Embedding(count, size)
    films = Embedding(filmCount, size)
    personBias = Embedding(count, 1)
    filmBias = Embedding(filmCount, 1)
    mean = Tensor([3.0])
    for part in [people, films, personBias, filmBias] { part.weight = part.weight * 0.1 }
  }

  /// What each person says of the film beside it: `[rows]`.
  func callAsFunction(_ person: Tensor, _ film: Tensor) -> Tensor {
    let bias = personBias(person) + filmBias(film)
    return mean + bias.squeezed(axis: 1) + (people(person) * films(film)).sum(axis: 1)
  }
}

manualSeed(0)
let (peopleCount, filmCount) = isFull ? (5000, 2000) : (300, 200)
let noise = 0.3
let tastes = Tensor.randn([peopleCount, 3]).matmul(0.5 * Tensor.randn([3, filmCount]))
let opinions = 3 + tastes + 0.4 * Tensor.randn([filmCount])
// Each person has seen about a third of the films.
let seen = (Tensor.rand([peopleCount, filmCount]) .< 0.33).nonzero()
let (person, film) = (seen[0..., 0], seen[0..., 1])
let ratings =
  opinions.flattened().take(person * filmCount + film) + noise * Tensor.randn([seen.shape[0]])
let (train, test) = try TensorDataset(person, film, ratings).randomSplit(0.9, 0.1)

let model = Ratings(people: peopleCount, films: filmCount, size: 4)
let optimizer = AdamW(model, rate: 1e-2, weightDecay: 0.1)
let step = compile(model, optimizer) { inputs in
  meanSquaredError(predictions: model(inputs[0], inputs[1]), targets: inputs[2])
}
let loader = DataLoader(train, batchSize: 512, shuffledBy: Generator(seed: 0))
let epochs = 20
var progress = ProgressLine(epochs: epochs, batches: loader.batchCount, curves: ["loss"])
for _ in 1...epochs {
  var loss = Mean()
  for batch in loader.batches {
    loss.add(try step(batch[0], batch[1], batch[2]).item(), rows: batch.count)
    progress.step(["loss": loss.value])
  }
  progress.endEpoch(["loss": loss.value])
}
progress.finish()

var metrics = RegressionMetrics()
let held = test[0..<test.count]
let told = model(held[0], held[1]).detached()
try metrics.add(predictions: told, targets: held[2])
try showPicture(Plot.scatter(held[2], told).labeled("ratings", x: "said", y: "told"))
// The films that the first person should like best.
let everything = model(.full([filmCount], 0, dtype: .int64), .arange(filmCount)).detached()
print("films for person 0: \(try everything.topK(5).indices.scalars(as: Int.self))")
print("R2 \(metrics.r2); the noise is \(noise)")
report("root mean squared error, relative to the noise", metrics.rootMeanSquaredError / noise)
