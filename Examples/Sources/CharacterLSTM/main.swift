// An LSTM reads fables letter by letter, learns to tell the next one, and then writes by itself.
//
// Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks" (2015).
// Benchmarks/examples.py has the same in PyTorch.

import Blitz
import BlitzPlot
import ExampleSupport

let letters = Array(Set(fables)).sorted()
let places = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, $0) })
let text = fables.map { places[$0]! }

struct Writer: Module {
  let embedding: Embedding
  let lstm: LSTM
  let head: Linear

  init(letters: Int, size: Int) {
    embedding = Embedding(letters, 32)
    lstm = LSTM(32, size, batchFirst: true)
    head = Linear(size, letters)
  }

  /// The logits of the letter after each, `[rows, length, letters]`, and what the LSTM remembers.
  func callAsFunction(
    _ letters: Tensor, after state: LSTM.State? = nil
  ) -> (logits: Tensor, state: LSTM.State) {
    let (output, state) = lstm(embedding(letters), initial: state)
    return (head(output), state)
  }
}

manualSeed(0)
let model = Writer(letters: letters.count, size: isFull ? 512 : 128)
let optimizer = Adam(model, rate: 5e-3)
let step = compile(model, optimizer, clipping: .norm(1)) { x, y in
  crossEntropy(logits: model(x).logits.flattened(to: 1), labels: y.flattened())
}

// Each step learns from 32 pieces of the text, 64 letters long.
let length = 64
let steps = isFull ? 3000 : 300
var progress = ProgressLine(epochs: steps / 50, batches: 50, curves: ["loss"])
var losses: [Double] = []
for number in 1...steps {
  let starts = try Tensor.randint(text.count - length, [32]).scalars(as: Int.self)
  let x = Tensor(starts.map { Array(text[$0..<$0 + length]) })
  let y = Tensor(starts.map { Array(text[$0 + 1...$0 + length]) })
  losses.append(try step(x, y).item())
  progress.step(["loss": losses[losses.count - 1]])
  if number % 50 == 0 { progress.endEpoch(["loss": losses.suffix(50).reduce(0, +) / 50]) }
}
progress.finish()

// It is fed what it has written, one letter at a time.
var written = "The "
try noGrad {
  var input = Tensor([written.map { places[$0]! }])
  var state: LSTM.State?
  for _ in 0..<400 {
    let (logits, next) = model(input, after: state)
    // Below 1 the likely letters become more likely.
    let chances = (logits[0, -1] / 0.5).softmax(axis: 0)
    let letter = try chances.multinomial(1).item(as: Int.self)
    written.append(letters[letter])
    (input, state) = (Tensor([[letter]]), next)
  }
}
print("\n\(written)\n")
report("loss of a letter in nats", losses.suffix(50).reduce(0, +) / 50)
