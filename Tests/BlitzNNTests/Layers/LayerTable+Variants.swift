import Blitz

extension LayerTable {
  private static let lengths = [3, 4, 1, 3]

  /// Weights that are computed from what is trained, and sequences of different lengths.
  static let variants: [Row] = [
    layer("Linear(4, 3).weightNormed()", { g in Linear(4, 3, generator: g).weightNormed() }),
    layer(
      "Conv2d(4, 3, size: 2).weightNormed(axis: nil)",
      { g in Conv2d(4, 3, size: 2, generator: g).weightNormed(axis: nil) }),
    rnn(
      "RNN(4, 2).weightNormed(weight_hh_l0, axis: 1)",
      { g in RNN(4, 2, generator: g).weightNormed("weight_hh_l0", axis: 1) }),
    layer(
      "Linear(4, 3).spectralNormed()",
      { g in Linear(4, 3, generator: g).spectralNormed(generator: g) }),
    layer(
      "ConvTranspose2d(4, 3, size: 2).spectralNormed(iterations: 2)",
      { g in
        ConvTranspose2d(4, 3, size: 2, generator: g).spectralNormed(iterations: 2, generator: g)
      }),
    layer(
      "Linear(4, 3).spectralNormed(bias)",
      { g in Linear(4, 3, generator: g).spectralNormed("bias", generator: g) }),
    layer(
      "Linear(4, 3).spectralNormed().weightNormed()",
      { g in Linear(4, 3, generator: g).weightNormed().spectralNormed(generator: g) }),
    packed(
      "LSTM(5, 3, bidirectional: true) packed",
      { g in LSTM(5, 3, bidirectional: true, generator: g) }),
    packed(
      "LSTM(5, 3, layers: 2, batchFirst: true, dropout: 0.4) packed",
      { g in LSTM(5, 3, layers: 2, batchFirst: true, dropout: 0.4, generator: g) },
      batchFirst: true),
    packed(
      "LSTM(5, 3, projectionSize: 2) packed",
      { g in LSTM(5, 3, projectionSize: 2, generator: g) }),
    Row(
      name: "GRU(5, 3, bidirectional: true) packed",
      make: { g in GRU(5, 3, bidirectional: true, generator: g) },
      call: {
        let (output, hidden) = ($0 as! GRU)(
          PackedSequence($1[0], lengths: lengths), initial: $1[1])
        return [output.padded(), hidden]
      }),
    Row(
      name: "RNN(5, 3, layers: 2, nonlinearity: .relu) packed",
      make: { g in RNN(5, 3, layers: 2, nonlinearity: .relu, generator: g) },
      call: {
        let (output, hidden) = ($0 as! RNN)(PackedSequence($1[0], lengths: lengths))
        return [output.padded(), hidden]
      }),
  ]

  private static func packed(
    _ name: String, _ make: @escaping @Sendable (Generator) -> LSTM, batchFirst: Bool = false
  ) -> Row {
    Row(name: name, make: make) {
      let initial = $1.count > 1 ? LSTM.State(hidden: $1[1], cell: $1[2]) : nil
      let (output, state) = ($0 as! LSTM)(
        PackedSequence($1[0], lengths: lengths, batchFirst: batchFirst), initial: initial)
      return [output.padded(batchFirst: batchFirst), state.hidden, state.cell]
    }
  }
}
