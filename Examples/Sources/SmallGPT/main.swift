// A transformer of two layers, built as GPT is, learns to tell the next letter of fables, and then
// writes by itself.
//
// Radford and others, "Improving Language Understanding by Generative Pre-Training" (2018);
// Karpathy, nanoGPT. Benchmarks/examples.py has the same in PyTorch.

import Blitz
import BlitzPlot
import ExampleSupport

let letters = Array(Set(fables)).sorted()
let places = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, $0) })
let text = fables.map { places[$0]! }

struct GPT: Layer {
  let length: Int
  let letterEmbedding: Embedding
  let placeEmbedding: Embedding
  let blocks: TransformerEncoder
  let head: Linear

  init(letters: Int, length: Int, size: Int, layers: Int) {
    self.length = length
    letterEmbedding = Embedding(letters, size)
    placeEmbedding = Embedding(length, size)
    // An encoder that sees only what came before is what GPT calls a decoder.
    blocks = TransformerEncoder(layers: layers, norm: LayerNorm(size)) {
      TransformerEncoderLayer(
        size, heads: 4, feedForward: 4 * size, dropout: 0.1, activation: .gelu, batchFirst: true,
        normFirst: true)
    }
    head = Linear(size, letters)
    // Small weights begin with all letters about as likely.
    for embedding in [letterEmbedding, placeEmbedding] { embedding.weight = embedding.weight * 0.1 }
  }

  /// The logits of the letter after each: `[rows, length]` becomes `[rows, length, letters]`.
  func forward(_ letters: Tensor) -> Tensor {
    let h = letterEmbedding(letters) + placeEmbedding(.arange(letters.shape[1]))
    return head(blocks(h, isCausal: true))
  }
}

manualSeed(0)
let length = isFull ? 128 : 48
let model = GPT(
  letters: letters.count, length: length, size: isFull ? 128 : 64, layers: isFull ? 4 : 2)
let optimizer = AdamW(model, rate: 3e-3)
let steps = isFull ? 3000 : 800
let schedule = Schedule.warmUp(over: 20, from: 0.1).then(.cosine(over: steps - 20))
let step = compile(model, optimizer, clipping: .norm(1)) { x, y in
  crossEntropy(logits: model(x).flattened(to: 1), labels: y.flattened())
}

var progress = ProgressLine(epochs: steps / 50, batches: 50, curves: ["loss"])
var losses: [Double] = []
for number in 1...steps {
  let starts = try Tensor.randint(text.count - length, [32]).scalars(as: Int.self)
  let x = Tensor(starts.map { Array(text[$0..<$0 + length]) })
  let y = Tensor(starts.map { Array(text[$0 + 1...$0 + length]) })
  optimizer.follow(schedule, at: optimizer.stepCount)
  losses.append(try step(x, y).item())
  progress.step(["loss": losses[losses.count - 1], "rate": optimizer.rate])
  if number % 50 == 0 { progress.endEpoch(["loss": losses.suffix(50).reduce(0, +) / 50]) }
}
progress.finish()

// It is fed the end of what it has written.
model.eval()
var written = "The ".map { places[$0]! }
try noGrad {
  for _ in 0..<300 {
    let logits = model(Tensor([Array(written.suffix(length))]))[0, -1]
    written.append(try (logits / 0.5).softmax(axis: 0).multinomial(1).item(as: Int.self))
  }
}
print("\n\(String(written.map { letters[$0] }))\n")
report("loss of a letter in nats", losses.suffix(50).reduce(0, +) / 50)
