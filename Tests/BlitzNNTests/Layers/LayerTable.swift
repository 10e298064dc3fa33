import Blitz

/// How the layers of the stored cases are made and called; a row's name is the Swift expression.
enum LayerTable {
  struct Row: Sendable {
    let name: String
    let make: @Sendable (Generator) -> any Module
    let call: @Sendable (any Module, [Tensor]) -> [Tensor]
  }

  static func row(_ name: String) -> Row? { rows.first { $0.name == name } }

  /// A layer of one tensor.
  static func layer(
    _ name: String, _ make: @escaping @Sendable (Generator) -> any Layer
  )
    -> Row
  {
    Row(name: name, make: make) { [($0 as! any Layer)($1[0])] }
  }

  static func rnn(_ name: String, _ make: @escaping @Sendable (Generator) -> RNN) -> Row {
    Row(name: name, make: make) {
      let (output, hidden) = ($0 as! RNN)($1[0], initial: $1.count > 1 ? $1[1] : nil)
      return [output, hidden]
    }
  }

  static func gru(_ name: String, _ make: @escaping @Sendable (Generator) -> GRU) -> Row {
    Row(name: name, make: make) {
      let (output, hidden) = ($0 as! GRU)($1[0], initial: $1.count > 1 ? $1[1] : nil)
      return [output, hidden]
    }
  }

  private static func lstm(_ name: String, _ make: @escaping @Sendable (Generator) -> LSTM)
    -> Row
  {
    Row(name: name, make: make) {
      let initial = $1.count > 1 ? LSTM.State(hidden: $1[1], cell: $1[2]) : nil
      let (output, state) = ($0 as! LSTM)($1[0], initial: initial)
      return [output, state.hidden, state.cell]
    }
  }

  private static func attention(
    _ name: String, _ make: @escaping @Sendable (Generator) -> MultiHeadAttention,
    _ call: @escaping @Sendable (MultiHeadAttention, [Tensor]) -> [Tensor] = { [$0($1[0])] }
  ) -> Row {
    Row(name: name, make: make) { call($0 as! MultiHeadAttention, $1) }
  }

  static let rows = everyday + more + variants

  private static let everyday: [Row] = [
    layer("Linear(4, 5)", { g in Linear(4, 5, generator: g) }),
    layer("Linear(4, 5, bias: false)", { g in Linear(4, 5, bias: false, generator: g) }),
    layer("Linear(7, 3)", { g in Linear(7, 3, generator: g) }),
    layer("Flatten()", { _ in Flatten() }),
    layer("Identity()", { _ in Identity() }),
    layer("Dropout(0.25)", { g in Dropout(0.25, generator: g) }),
    layer("Embedding(5, 4)", { g in Embedding(5, 4, generator: g) }),
    layer(
      "Embedding(6, 3, paddingIndex: 4)", { g in Embedding(6, 3, paddingIndex: 4, generator: g) }),
    layer("ReLU()", { _ in ReLU() }),
    layer("LeakyReLU()", { _ in LeakyReLU() }),
    layer("LeakyReLU(slope: 0.2)", { _ in LeakyReLU(slope: 0.2) }),
    layer("ELU()", { _ in ELU() }),
    layer("ELU(alpha: 0.5)", { _ in ELU(alpha: 0.5) }),
    layer("GELU()", { _ in GELU() }),
    layer("GELU(approximate: .tanh)", { _ in GELU(approximate: .tanh) }),
    layer("SiLU()", { _ in SiLU() }),
    layer("Tanh()", { _ in Tanh() }),
    layer("Sigmoid()", { _ in Sigmoid() }),
    layer("Softplus()", { _ in Softplus() }),
    layer("Softplus(beta: 2, threshold: 3)", { _ in Softplus(beta: 2, threshold: 3) }),
    layer("Softmax(axis: 1)", { _ in Softmax(axis: 1) }),
    layer("LogSoftmax(axis: -1)", { _ in LogSoftmax(axis: -1) }),
    layer("Hardtanh()", { _ in Hardtanh() }),
    layer(
      "Sequential(Linear(4, 6), Tanh(), Linear(6, 2))",
      { g in Sequential(Linear(4, 6, generator: g), Tanh(), Linear(6, 2, generator: g)) }),
    layer("BatchNorm1d(4)", { _ in BatchNorm1d(4) }),
    layer("BatchNorm2d(3)", { _ in BatchNorm2d(3) }),
    layer("BatchNorm1d(4, momentum: nil)", { _ in BatchNorm1d(4, momentum: nil) }),
    layer(
      "BatchNorm2d(2, epsilon: 0.1, momentum: 0.3, affine: false)",
      { _ in BatchNorm2d(2, epsilon: 0.1, momentum: 0.3, affine: false) }),
    layer(
      "BatchNorm1d(4, trackRunningStats: false)",
      { _ in BatchNorm1d(4, trackRunningStats: false) }),
    layer("LayerNorm(6)", { _ in LayerNorm(6) }),
    layer("LayerNorm([3, 6], epsilon: 0.01)", { _ in LayerNorm([3, 6], epsilon: 0.01) }),
    layer("LayerNorm(6, affine: false)", { _ in LayerNorm(6, affine: false) }),
    layer("LayerNorm(6, bias: false)", { _ in LayerNorm(6, bias: false) }),
    layer("GroupNorm(groups: 2, channels: 4)", { _ in GroupNorm(groups: 2, channels: 4) }),
    layer(
      "GroupNorm(groups: 4, channels: 4, affine: false)",
      { _ in GroupNorm(groups: 4, channels: 4, affine: false) }),
    layer("RMSNorm(6)", { _ in RMSNorm(6) }),
    layer("RMSNorm([3, 6], epsilon: 0.1)", { _ in RMSNorm([3, 6], epsilon: 0.1) }),
    rnn("RNN(5, 2)", { g in RNN(5, 2, generator: g) }),
    rnn(
      "RNN(5, 2, layers: 2, nonlinearity: .relu, bidirectional: true)",
      { g in RNN(5, 2, layers: 2, nonlinearity: .relu, bidirectional: true, generator: g) }),
    rnn(
      "RNN(5, 2, bias: false, batchFirst: true)",
      { g in RNN(5, 2, bias: false, batchFirst: true, generator: g) }),
    gru("GRU(5, 2)", { g in GRU(5, 2, generator: g) }),
    gru(
      "GRU(5, 2, layers: 2, bidirectional: true)",
      { g in GRU(5, 2, layers: 2, bidirectional: true, generator: g) }),
    gru(
      "GRU(5, 2, bias: false, batchFirst: true)",
      { g in GRU(5, 2, bias: false, batchFirst: true, generator: g) }),
    lstm("LSTM(5, 2)", { g in LSTM(5, 2, generator: g) }),
    lstm(
      "LSTM(5, 2, layers: 2, bidirectional: true)",
      { g in LSTM(5, 2, layers: 2, bidirectional: true, generator: g) }),
    lstm(
      "LSTM(5, 2, bias: false, batchFirst: true)",
      { g in LSTM(5, 2, bias: false, batchFirst: true, generator: g) }),
    lstm(
      "LSTM(5, 2, layers: 2, dropout: 0.5)",
      { g in LSTM(5, 2, layers: 2, dropout: 0.5, generator: g) }),
    attention(
      "MultiHeadAttention(4, heads: 2) weights",
      { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ) {
      let (output, weights) = $0.withWeights(query: $1[0], key: $1[1], value: $1[2])
      return [output, weights]
    },
    attention(
      "MultiHeadAttention(4, heads: 2) self", { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ),
    attention(
      "MultiHeadAttention(4, heads: 2, bias: false, batchFirst: true) self",
      { g in MultiHeadAttention(4, heads: 2, bias: false, batchFirst: true, generator: g) }),
    attention(
      "MultiHeadAttention(4, heads: 2) bool mask",
      { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ) {
      let mask = Tensor([[0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [1, 0, 1, 0, 0]]) .== 1
      return [$0(query: $1[0], key: $1[1], value: $1[2], mask: mask)]
    },
    attention(
      "MultiHeadAttention(4, heads: 2) mask", { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ) {
      [$0(query: $1[0], key: $1[1], value: $1[2], mask: $1[3])]
    },
    attention(
      "MultiHeadAttention(4, heads: 2) padding",
      { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ) {
      let padding = Tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]) .== 1
      return [$0(query: $1[0], key: $1[1], value: $1[2], keyPadding: padding)]
    },
    attention(
      "MultiHeadAttention(4, heads: 2) causal",
      { g in MultiHeadAttention(4, heads: 2, generator: g) }
    ) {
      [$0($1[0], isCausal: true)]
    },
    attention(
      "MultiHeadAttention(4, heads: 2, dropout: 0.4) self",
      { g in MultiHeadAttention(4, heads: 2, dropout: 0.4, generator: g) }),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0)",
      { g in TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, generator: g) }),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, "
        + "batchFirst: true, normFirst: true)",
      { g in
        TransformerEncoderLayer(
          4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, batchFirst: true,
          normFirst: true, generator: g)
      }),
    Row(
      name: "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0) causal",
      make: { TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, generator: $0) },
      call: { [($0 as! TransformerEncoderLayer)($1[0], isCausal: true)] }),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6)",
      { g in TransformerEncoderLayer(4, heads: 2, feedForward: 6, generator: g) }),
    layer(
      "TransformerEncoder",
      { g in
        TransformerEncoder(
          (0..<2).map { _ in
            TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, generator: g)
          },
          norm: LayerNorm(4))
      }),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6, batchFirst: true)",
      { g in
        TransformerEncoderLayer(4, heads: 2, feedForward: 6, batchFirst: true, generator: g)
      }),
    layer(
      "TransformerEncoder(layers: 2)",
      { g in
        TransformerEncoder(layers: 2, norm: LayerNorm(4)) {
          TransformerEncoderLayer(4, heads: 2, feedForward: 6, generator: g)
        }
      }),
    Row(
      name: "TransformerDecoderLayer(4, heads: 2, feedForward: 6)",
      make: { TransformerDecoderLayer(4, heads: 2, feedForward: 6, generator: $0) },
      call: { [($0 as! TransformerDecoderLayer)($1[0], memory: $1[1])] }),
    Row(
      name:
        "TransformerDecoderLayer(4, heads: 2, feedForward: 6, batchFirst: true, normFirst: true)",
      make: {
        TransformerDecoderLayer(
          4, heads: 2, feedForward: 6, batchFirst: true, normFirst: true, generator: $0)
      },
      call: { [($0 as! TransformerDecoderLayer)($1[0], memory: $1[1])] }),
    Row(
      name: "TransformerDecoder(layers: 2)",
      make: { g in
        TransformerDecoder(layers: 2, norm: LayerNorm(4)) {
          TransformerDecoderLayer(4, heads: 2, feedForward: 6, generator: g)
        }
      },
      call: { [($0 as! TransformerDecoder)($1[0], memory: $1[1])] }),
    layer("Conv2d(2, 3, size: 3)", { g in Conv2d(2, 3, size: 3, generator: g) }),
    layer(
      "Conv2d(2, 3, size: 3, padding: 1, bias: false)",
      { g in Conv2d(2, 3, size: 3, padding: 1, bias: false, generator: g) }),
    layer(
      "Conv2d(2, 4, size: [2, 3], stride: [2, 1], padding: [0, 2], dilation: [1, 2], groups: 2)",
      { g in
        Conv2d(
          2, 4, size: [2, 3], stride: [2, 1], padding: [0, 2], dilation: [1, 2], groups: 2,
          generator: g)
      }),
    layer(
      "Conv1d(2, 3, size: 3, padding: 1)",
      { g in Conv1d(2, 3, size: 3, padding: 1, generator: g) }),
    layer(
      "Conv1d(2, 4, size: 2, stride: 2, dilation: 2, groups: 2)",
      { g in Conv1d(2, 4, size: 2, stride: 2, dilation: 2, groups: 2, generator: g) }),
    layer("ConvTranspose2d(2, 3, size: 2)", { g in ConvTranspose2d(2, 3, size: 2, generator: g) }),
    layer(
      "ConvTranspose2d(2, 4, size: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)",
      { g in
        ConvTranspose2d(
          2, 4, size: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2, generator: g)
      }),
    layer("MaxPool2d(2)", { _ in MaxPool2d(2) }),
    layer(
      "MaxPool2d(3, stride: 2, padding: 1, ceil: true)",
      { _ in MaxPool2d(3, stride: 2, padding: 1, ceil: true) }),
    layer("AvgPool2d(2)", { _ in AvgPool2d(2) }),
    layer(
      "AvgPool2d([3, 2], stride: 2, padding: 1, countsPadding: false)",
      { _ in AvgPool2d([3, 2], stride: 2, padding: 1, countsPadding: false) }),
    layer("AdaptiveAvgPool2d(1)", { _ in AdaptiveAvgPool2d(1) }),
    layer("AdaptiveAvgPool2d([3, 2])", { _ in AdaptiveAvgPool2d([3, 2]) }),
  ]
}
