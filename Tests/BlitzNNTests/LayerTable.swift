import Blitz

/// How the layers of the stored cases are made and called; a row's name is the Swift expression.
enum LayerTable {
  struct Row: Sendable {
    let name: String
    let make: @Sendable () -> any Module
    let call: @Sendable (any Module, [Tensor]) -> [Tensor]
  }

  static func row(_ name: String) -> Row? { rows.first { $0.name == name } }

  /// A layer of one tensor.
  private static func layer(
    _ name: String, _ make: @autoclosure @escaping @Sendable () -> any Layer
  )
    -> Row
  {
    Row(name: name, make: make) { [($0 as! any Layer)($1[0])] }
  }

  private static func rnn(_ name: String, _ make: @autoclosure @escaping @Sendable () -> RNN) -> Row
  {
    Row(name: name, make: make) {
      let (output, hidden) = ($0 as! RNN)($1[0], initial: $1.count > 1 ? $1[1] : nil)
      return [output, hidden]
    }
  }

  private static func gru(_ name: String, _ make: @autoclosure @escaping @Sendable () -> GRU) -> Row
  {
    Row(name: name, make: make) {
      let (output, hidden) = ($0 as! GRU)($1[0], initial: $1.count > 1 ? $1[1] : nil)
      return [output, hidden]
    }
  }

  private static func lstm(_ name: String, _ make: @autoclosure @escaping @Sendable () -> LSTM)
    -> Row
  {
    Row(name: name, make: make) {
      let initial = $1.count > 1 ? LSTM.State(hidden: $1[1], cell: $1[2]) : nil
      let (output, state) = ($0 as! LSTM)($1[0], initial: initial)
      return [output, state.hidden, state.cell]
    }
  }

  private static func attention(
    _ name: String, _ make: @autoclosure @escaping @Sendable () -> MultiHeadAttention,
    _ call: @escaping @Sendable (MultiHeadAttention, [Tensor]) -> [Tensor] = { [$0($1[0])] }
  ) -> Row {
    Row(name: name, make: make) { call($0 as! MultiHeadAttention, $1) }
  }

  static let rows: [Row] = [
    layer("Linear(4, 5)", Linear(4, 5)),
    layer("Linear(4, 5, bias: false)", Linear(4, 5, bias: false)),
    layer("Linear(7, 3)", Linear(7, 3)),
    layer("Flatten()", Flatten()),
    layer("Identity()", Identity()),
    layer("Dropout(0.25)", Dropout(0.25)),
    layer("Embedding(5, 4)", Embedding(5, 4)),
    layer("Embedding(6, 3, paddingIndex: 4)", Embedding(6, 3, paddingIndex: 4)),
    layer("ReLU()", ReLU()),
    layer("LeakyReLU()", LeakyReLU()),
    layer("LeakyReLU(slope: 0.2)", LeakyReLU(slope: 0.2)),
    layer("ELU()", ELU()),
    layer("ELU(alpha: 0.5)", ELU(alpha: 0.5)),
    layer("GELU()", GELU()),
    layer("GELU(approximate: .tanh)", GELU(approximate: .tanh)),
    layer("SiLU()", SiLU()),
    layer("Tanh()", Tanh()),
    layer("Sigmoid()", Sigmoid()),
    layer("Softplus()", Softplus()),
    layer("Softplus(beta: 2, threshold: 3)", Softplus(beta: 2, threshold: 3)),
    layer("Softmax(axis: 1)", Softmax(axis: 1)),
    layer("LogSoftmax(axis: -1)", LogSoftmax(axis: -1)),
    layer("Hardtanh()", Hardtanh()),
    layer(
      "Sequential(Linear(4, 6), Tanh(), Linear(6, 2))",
      Sequential(Linear(4, 6), Tanh(), Linear(6, 2))),
    layer("BatchNorm1d(4)", BatchNorm1d(4)),
    layer("BatchNorm2d(3)", BatchNorm2d(3)),
    layer("BatchNorm1d(4, momentum: nil)", BatchNorm1d(4, momentum: nil)),
    layer(
      "BatchNorm2d(2, epsilon: 0.1, momentum: 0.3, isAffine: false)",
      BatchNorm2d(2, epsilon: 0.1, momentum: 0.3, isAffine: false)),
    layer(
      "BatchNorm1d(4, trackRunningStats: false)", BatchNorm1d(4, trackRunningStats: false)),
    layer("LayerNorm(6)", LayerNorm(6)),
    layer("LayerNorm([3, 6], epsilon: 0.01)", LayerNorm([3, 6], epsilon: 0.01)),
    layer("LayerNorm(6, isAffine: false)", LayerNorm(6, isAffine: false)),
    layer("LayerNorm(6, bias: false)", LayerNorm(6, bias: false)),
    layer("GroupNorm(groups: 2, channels: 4)", GroupNorm(groups: 2, channels: 4)),
    layer(
      "GroupNorm(groups: 4, channels: 4, isAffine: false)",
      GroupNorm(groups: 4, channels: 4, isAffine: false)),
    layer("RMSNorm(6)", RMSNorm(6)),
    layer("RMSNorm([3, 6], epsilon: 0.1)", RMSNorm([3, 6], epsilon: 0.1)),
    rnn("RNN(5, 2)", RNN(5, 2)),
    rnn(
      "RNN(5, 2, layers: 2, nonlinearity: .relu, isBidirectional: true)",
      RNN(5, 2, layers: 2, nonlinearity: .relu, isBidirectional: true)),
    rnn(
      "RNN(5, 2, bias: false, batchFirst: true)", RNN(5, 2, bias: false, batchFirst: true)),
    gru("GRU(5, 2)", GRU(5, 2)),
    gru(
      "GRU(5, 2, layers: 2, isBidirectional: true)", GRU(5, 2, layers: 2, isBidirectional: true)),
    gru(
      "GRU(5, 2, bias: false, batchFirst: true)", GRU(5, 2, bias: false, batchFirst: true)),
    lstm("LSTM(5, 2)", LSTM(5, 2)),
    lstm(
      "LSTM(5, 2, layers: 2, isBidirectional: true)",
      LSTM(5, 2, layers: 2, isBidirectional: true)),
    lstm(
      "LSTM(5, 2, bias: false, batchFirst: true)", LSTM(5, 2, bias: false, batchFirst: true)),
    lstm("LSTM(5, 2, layers: 2, dropout: 0.5)", LSTM(5, 2, layers: 2, dropout: 0.5)),
    attention("MultiHeadAttention(4, heads: 2) weights", MultiHeadAttention(4, heads: 2)) {
      let (output, weights) = $0.withWeights(query: $1[0], key: $1[1], value: $1[2])
      return [output, weights]
    },
    attention("MultiHeadAttention(4, heads: 2) self", MultiHeadAttention(4, heads: 2)),
    attention(
      "MultiHeadAttention(4, heads: 2, bias: false, batchFirst: true) self",
      MultiHeadAttention(4, heads: 2, bias: false, batchFirst: true)),
    attention("MultiHeadAttention(4, heads: 2) bool mask", MultiHeadAttention(4, heads: 2)) {
      let mask = Tensor([[0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [1, 0, 1, 0, 0]]) .== 1
      return [$0(query: $1[0], key: $1[1], value: $1[2], mask: mask)]
    },
    attention("MultiHeadAttention(4, heads: 2) mask", MultiHeadAttention(4, heads: 2)) {
      [$0(query: $1[0], key: $1[1], value: $1[2], mask: $1[3])]
    },
    attention("MultiHeadAttention(4, heads: 2) padding", MultiHeadAttention(4, heads: 2)) {
      let padding = Tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]) .== 1
      return [$0(query: $1[0], key: $1[1], value: $1[2], keyPadding: padding)]
    },
    attention("MultiHeadAttention(4, heads: 2) causal", MultiHeadAttention(4, heads: 2)) {
      [$0($1[0], isCausal: true)]
    },
    attention(
      "MultiHeadAttention(4, heads: 2, dropout: 0.4) self",
      MultiHeadAttention(4, heads: 2, dropout: 0.4)),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0)",
      TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0)),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, "
        + "batchFirst: true, normFirst: true)",
      TransformerEncoderLayer(
        4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, batchFirst: true,
        normFirst: true)),
    Row(
      name: "TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0) causal",
      make: { TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0) },
      call: { [($0 as! TransformerEncoderLayer)($1[0], isCausal: true)] }),
    layer(
      "TransformerEncoderLayer(4, heads: 2, feedForward: 6)",
      TransformerEncoderLayer(4, heads: 2, feedForward: 6)),
    layer(
      "TransformerEncoder",
      TransformerEncoder(
        (0..<2).map { _ in TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0) },
        norm: LayerNorm(4))),
  ]
}
