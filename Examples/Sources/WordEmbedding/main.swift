// Words become vectors: those that stand beside the same words come to lie near each other.
//
// Mikolov and others, "Distributed Representations of Words and Phrases" (2013): skip-gram with
// negative sampling. The sentences are made here, from words of six kinds.

import Blitz
import ExampleSupport

let kinds = [
  ["cat", "dog", "horse", "cow", "sheep", "goat"],
  ["king", "queen", "farmer", "child", "baker", "sailor"],
  ["bread", "apple", "cheese", "soup", "fish", "cake"],
  ["castle", "river", "forest", "village", "island", "garden"],
  ["red", "old", "small", "young", "brave", "quiet"],
  ["sees", "likes", "follows", "finds", "calls", "watches"],
]
let words = kinds.flatMap { $0 } + ["the", "a", "eats", "in", "near", "lives", "goes", "to"]
let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })

/// A sentence by one of four patterns, as the places of its words.
func sentence(_ random: inout some RandomNumberGenerator) -> [Int] {
  let patterns = [
    "a 1 5 the 0", "the 4 0 eats a 2", "the 1 eats the 2 in the 3", "the 4 1 goes to a 3",
    "a 0 lives near the 3",
  ]
  return patterns.randomElement(using: &random)!.split(separator: " ").map { word in
    let chosen = Int(word).map { kinds[$0].randomElement(using: &random)! } ?? String(word)
    return places[chosen]!
  }
}

struct SkipGram: Module {
  let vectors: Embedding
  let contexts: Embedding

  init(words: Int, size: Int) {
    vectors = Embedding(words, size)
    contexts = Embedding(words, size)
    contexts.weight = .zeros([words, size])
  }

  /// Words and their neighbours should have a large product, words and others a small one.
  func loss(_ word: Tensor, _ neighbour: Tensor, _ others: Tensor) -> Tensor {
    let vector = vectors(word)
    let near = (vector * contexts(neighbour)).sum(axis: 1)
    let far = (vector.unsqueezed(axis: 1) * contexts(others)).sum(axis: 2)
    return -(near.logSigmoid().mean() + (-far).logSigmoid().sum(axis: 1).mean())
  }
}

manualSeed(0)
var random = ExampleGenerator(seed: 0, index: 0)
var pairs: [(word: Int, neighbour: Int)] = []
for _ in 0..<(isFull ? 100_000 : 5000) {
  let line = sentence(&random)
  for place in line.indices {
    for near in max(place - 2, 0)...min(place + 2, line.count - 1) where near != place {
      pairs.append((line[place], line[near]))
    }
  }
}
let data = try TensorDataset(Tensor(pairs.map(\.word)), Tensor(pairs.map(\.neighbour)))
let model = SkipGram(words: words.count, size: 16)
let optimizer = Adam(model, rate: 1e-2)
let step = compile(model, optimizer) { inputs in model.loss(inputs[0], inputs[1], inputs[2]) }
for epoch in 1...3 {
  var loss = Mean()
  for (x, y) in DataLoader(data, batchSize: 256, shuffledBy: Generator(seed: UInt64(epoch))) {
    let others = Tensor.randint(words.count, [x.shape[0], 5])
    loss.add(try step(x, y, others).item(), rows: x.shape[0])
  }
  let rounded = (loss.value * 1000).rounded() / 1000
  print("epoch \(epoch)  loss \(rounded)  \(pairs.count) pairs of neighbours")
}

// The three words that are nearest to each, by the angle between their vectors.
let directions = model.vectors.weight.detached().normalized(axis: 1)
let nearest = try directions.matmul(directions.transposed()).topK(4, axis: 1).indices
  .array(as: [[Int]].self)
var (right, count) = (0, 0)
for kind in kinds {
  for word in kind {
    let neighbours = nearest[places[word]!].map { words[$0] }.filter { $0 != word }.prefix(3)
    if word == kind[0] { print("\(word): \(neighbours.joined(separator: ", "))") }
    count += neighbours.count
    right += neighbours.count { kind.contains($0) }
  }
}
report("neighbours of the same kind", Double(right) / Double(count))
