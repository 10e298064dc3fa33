// PyTorch's labels of recurrent layers and attention; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension LSTM {
  @available(*, unavailable, renamed: "init(_:_:layers:)")
  public init(_ inputSize: Int, _ hiddenSize: Int, numLayers: Int) {
    self.init(inputSize, hiddenSize)
  }
  @available(*, unavailable, message: "write LSTM(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int, batchFirst: Bool, dropout: Double = 0,
    bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
  @available(*, unavailable, message: "write LSTM(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize, layers: 1) }
  @available(*, unavailable, message: "write LSTM(28, 64, layers: 2, batchFirst: true)")
  public init(
    input_size: Int, hidden_size: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(input_size, hidden_size) }
  @available(*, unavailable, message: "write LSTM(28, 64, layers: 2, batchFirst: true)")
  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
}

extension LSTM {
  @available(
    *, unavailable, message: "write lstm(x, initial: state), with an LSTM.State(hidden: h, cell: c)"
  )
  public func callAsFunction(_ input: Tensor, _ state: Any?) -> (output: Tensor, state: State) {
    self(input, initial: nil)
  }
  @_disfavoredOverload
  @available(
    *, unavailable, message: "write let (output, state) = lstm(x); it has state.hidden and .cell"
  )
  public func callAsFunction(_ input: Tensor, _ state: Any? = nil) -> (Tensor, (Tensor, Tensor)) {
    (input, (input, input))
  }
}

extension GRU {
  @available(*, unavailable, message: "write gru(x, initial: hidden)")
  public func callAsFunction(_ input: Tensor, _ hidden: Any?) -> (output: Tensor, hidden: Tensor) {
    self(input, initial: nil)
  }
  @available(*, unavailable, renamed: "init(_:_:layers:)")
  public init(_ inputSize: Int, _ hiddenSize: Int, numLayers: Int) {
    self.init(inputSize, hiddenSize)
  }
  @available(*, unavailable, message: "write GRU(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int, batchFirst: Bool, dropout: Double = 0,
    bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
  @available(*, unavailable, message: "write GRU(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize, layers: 1) }
  @available(*, unavailable, message: "write GRU(28, 64, layers: 2, batchFirst: true)")
  public init(
    input_size: Int, hidden_size: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(input_size, hidden_size) }
  @available(*, unavailable, message: "write GRU(28, 64, layers: 2, batchFirst: true)")
  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
}

extension RNN {
  @available(*, unavailable, message: "write rnn(x, initial: hidden)")
  public func callAsFunction(_ input: Tensor, _ hidden: Any?) -> (output: Tensor, hidden: Tensor) {
    self(input, initial: nil)
  }
  @available(*, unavailable, renamed: "init(_:_:layers:)")
  public init(_ inputSize: Int, _ hiddenSize: Int, numLayers: Int) {
    self.init(inputSize, hiddenSize)
  }
  @available(*, unavailable, message: "write RNN(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int, batchFirst: Bool, dropout: Double = 0,
    bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
  @available(*, unavailable, message: "write RNN(28, 64, layers: 2, batchFirst: true)")
  public init(
    _ inputSize: Int, _ hiddenSize: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize, layers: 1) }
  @available(*, unavailable, message: "write RNN(28, 64, layers: 2, batchFirst: true)")
  public init(
    input_size: Int, hidden_size: Int, num_layers: Int = 1, batch_first: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(input_size, hidden_size) }
  @available(*, unavailable, message: "write RNN(28, 64, layers: 2, batchFirst: true)")
  public init(
    inputSize: Int, hiddenSize: Int, numLayers: Int = 1, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) { self.init(inputSize, hiddenSize) }
}

extension MultiHeadAttention {
  @available(*, unavailable, renamed: "init(_:heads:)")
  public init(_ size: Int, numHeads: Int) { self.init(size, heads: numHeads) }
  @available(*, unavailable, renamed: "init(_:heads:)")
  public init(_ size: Int, _ heads: Int) { self.init(size, heads: heads) }
  @available(*, unavailable, message: "write MultiHeadAttention(64, heads: 8)")
  public init(embedDim: Int, numHeads: Int, dropout: Double = 0, batchFirst: Bool = false) {
    self.init(embedDim, heads: numHeads)
  }
}

extension TransformerEncoder {
  @available(
    *, unavailable,
    message: "write TransformerEncoder(layers: 6) { TransformerEncoderLayer(512, heads: 8) }"
  )
  public init(_ layer: TransformerEncoderLayer, numLayers: Int) { self.init([layer]) }
}

extension TransformerDecoder {
  @available(
    *, unavailable,
    message: "write TransformerDecoder(layers: 6) { TransformerDecoderLayer(512, heads: 8) }"
  )
  public init(_ layer: TransformerDecoderLayer, numLayers: Int) { self.init([layer]) }
}
