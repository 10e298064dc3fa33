import Blitz

/// A GPT: embeddings of words and places, encoder layers that look back only, a layer to words.
struct GPT: Module {
  let words = Embedding(5000, 256)
  let places = Embedding(128, 256)
  let encoder = TransformerEncoder(layers: 4) {
    TransformerEncoderLayer(256, heads: 4, feedForward: 1024, dropout: 0, batchFirst: true)
  }
  let toWords = Linear(256, 5000)

  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let places = places(Tensor.arange(0, tokens.shape[1]))
    return toWords(encoder(words(tokens) + places, isCausal: true))
  }
}

extension Worker {
  /// A training step with AdamW, compiled: 16 rows of 128 words.
  static func gpt() throws -> Row {
    let model = GPT()
    let optimizer = AdamW(model, rate: 1e-3)
    let tokens = try Tensor.randint(0, 5000, [16, 129]).eval()
    let step = compile(model, optimizer) { inputs, labels in
      let logits = model(inputs).reshaped(to: [-1, 5000])
      return crossEntropy(logits: logits, labels: labels.reshaped(to: [-1]))
    }
    let (inputs, labels) = (tokens[0..., 0..<128], tokens[0..., 1...])
    return { try median(of: 3) { _ = try step(inputs, labels).item() } }
  }
}
