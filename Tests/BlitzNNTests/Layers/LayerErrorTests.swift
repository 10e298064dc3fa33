import Blitz
import Testing

/// What layers say about inputs and sizes that they cannot take.
@Suite struct LayerErrorTests {
  static let rows: [(call: @Sendable () -> Tensor, message: String)] = [
    (
      { Linear(3, 5)(Tensor.zeros([2, 4])) },
      """
      Linear: the input's last axis is 4, the layer takes 3
        input: float32[2, 4]
        layer: Linear(3, 5)
        help:  the input is [..., 3]
      """
    ),
    (
      { Linear(784, 10)(Tensor.zeros([2, 1, 28, 28])) },
      """
      Linear: the input's last axis is 28, the layer takes 784
        input: float32[2, 1, 28, 28]
        layer: Linear(784, 10)
        help:  write input.flattened(from: 1)
      """
    ),
    (
      { Linear(3, 5)(Tensor.zeros([2, 3], dtype: .float64)) },
      """
      Linear: the input is float64, the layer's weights are float32
        input: float64[2, 3]
        layer: Linear(3, 5)
        help:  write input.cast(to: .float32), or model.cast(to: .float64)
      """
    ),
    (
      { Linear(0, 5)(Tensor.zeros([2, 0])) },
      """
      Linear: inputSize is 0
        layer: Linear(0, 5)
        help:  give 1 or more
      """
    ),
    (
      { Dropout(1.5)(Tensor.zeros([2])) },
      """
      Dropout: the probability is 1.5
        input: float32[2]
        help:  give a number from 0 to 1
      """
    ),
    (
      { Embedding(10, 3)(Tensor.zeros([2])) },
      """
      Embedding: the input is float32, a position is int64 or int32
        input: float32[2]
        layer: Embedding(10, 3)
        help:  write input.cast(to: .int64)
      """
    ),
    (
      { Embedding(10, 3, paddingIndex: 10)(Tensor([1])) },
      """
      Embedding: paddingIndex is 10
        layer: Embedding(10, 3)
        help:  give 0 to 9, or -10 to -1 from the end
      """
    ),
    (
      { BatchNorm2d(3)(Tensor.zeros([2, 4, 5, 5])) },
      """
      BatchNorm2d: the input has 4 channels, the layer takes 3
        input: float32[2, 4, 5, 5]
        layer: BatchNorm2d(3)
        help:  the input is [N, 3, height, width]
      """
    ),
    (
      { BatchNorm1d(3)(Tensor.zeros([1, 3])) },
      """
      BatchNorm1d: the batch has 1 value for each channel, and training takes 2 or more
        input: float32[1, 3]
        layer: BatchNorm1d(3)
        help:  a last batch of one is left out by DataLoader(..., dropLast: true); to use the running \
      statistics, call model.eval()
      """
    ),
    (
      { LayerNorm([2, 3])(Tensor.zeros([3])) },
      """
      LayerNorm: the input's last axes are not [2, 3]
        input: float32[3]
        layer: LayerNorm([2, 3])
        help:  the input is [..., 2, 3]
      """
    ),
    (
      { GroupNorm(groups: 2, channels: 3)(Tensor.zeros([2, 3])) },
      """
      GroupNorm: 2 groups do not divide 3 channels
        input: float32[2, 3]
        layer: GroupNorm(groups: 2, channels: 3)
        help:  give a number of groups that divides the channels
      """
    ),
    (
      { LSTM(4, 8, batchFirst: true)(Tensor.zeros([2, 5, 3])).output },
      """
      LSTM: the input's last axis is 3, the layer takes 4
        input: float32[2, 5, 3]
        layer: LSTM(4, 8, batchFirst: true)
        help:  the input is [N, T, 4], or [T, 4] without a batch
      """
    ),
    (
      { GRU(4, 8)(Tensor.zeros([5, 2, 4]), initial: Tensor.zeros([2, 8])).hidden },
      """
      GRU: the initial hidden state is not float32[1, 2, 8]
        input:  float32[5, 2, 4]
        hidden: float32[2, 8]
        layer:  GRU(4, 8)
        help:   its axes are layers times directions, batch, hidden size
      """
    ),
    (
      { RNN(4, 8)(Tensor.zeros([0, 2, 4])).output },
      """
      RNN: the sequence has no steps
        input: float32[0, 2, 4]
        layer: RNN(4, 8)
        help:  give one step or more
      """
    ),
    (
      { MultiHeadAttention(6, heads: 4)(Tensor.zeros([5, 2, 6])) },
      """
      MultiHeadAttention: 4 heads do not divide the size, 6
        input: float32[5, 2, 6]
        layer: MultiHeadAttention(6, heads: 4)
        help:  give a number of heads that divides the size
      """
    ),
    (
      {
        MultiHeadAttention(4, heads: 2)(
          Tensor.zeros([5, 2, 4]), mask: Tensor.zeros([4, 5]))
      },
      """
      MultiHeadAttention: the mask is not bool or float32 of [5, 5] or [4, 5, 5]
        mask:  float32[4, 5]
        layer: MultiHeadAttention(4, heads: 2)
        help:  of bool, true is for keys that a query must not heed
      """
    ),
    (
      { Conv2d(3, 8, size: 3)(Tensor.zeros([2, 1, 5, 5])) },
      """
      Conv2d: the input has 1 channels, the layer takes 3
        input: float32[2, 1, 5, 5]
        layer: Conv2d(3, 8, size: 3x3)
        help:  the input is [N, 3, height, width]
      """
    ),
    (
      { Conv2d(1, 8, size: 3)(Tensor.zeros([2, 28, 28])) },
      """
      Conv2d: the input has 3 axes
        input: float32[2, 28, 28]
        layer: Conv2d(1, 8, size: 3x3)
        help:  the input is [N, 1, height, width]; input.unsqueezed(axis: 1) adds an axis
      """
    ),
    (
      { Conv1d(3, 8, size: 3, groups: 2)(Tensor.zeros([2, 3, 5])) },
      """
      Conv1d: 2 groups do not divide 3 channels
        layer: Conv1d(3, 8, size: 3, groups: 2)
        help:  give a number of groups that divides both
      """
    ),
  ]

  @Test("says what was wrong and what to write instead", arguments: rows.indices)
  func message(index: Int) {
    let row = Self.rows[index]
    #expect(row.call().error?.message == row.message)
  }

  @Test("passes an input's error on")
  func passesErrorsOn() {
    let failed = Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3]))
    let model = Sequential(Linear(3, 3), BatchNorm1d(3), LayerNorm(3), Dropout(), ReLU())
    #expect(model(failed).error?.op == "matmul")
    #expect(LSTM(3, 3)(failed).output.error?.op == "matmul")
    #expect(MultiHeadAttention(4, heads: 2)(failed).error?.op == "matmul")
  }

  @Test("names the line of the user's call, not what the compiler wrote between")
  func places() throws {
    let (x, number) = (Tensor.zeros([4, 2], dtype: .float64), Tensor.zeros([]))
    let (linear, norm, pool) = (Linear(2, 1), BatchNorm1d(2), MaxPool2d(2))
    let layers: [any Layer] = [linear, norm, pool]
    let answers = [linear(x), norm(number), pool(x)] + layers.map { $0(number) }
    let line = #line - 1
    for answer in answers {
      let place = try #require(answer.error?.location)
      #expect(place.file == "LayerErrorTests.swift" && place.line == line)
    }
  }

  @Test("a number outside an embedding's table is an error when the vectors are read")
  func embeddingRange() {
    #expect(throws: TensorError.self) { try Embedding(3, 2)(Tensor([0, 3])).eval() }
  }
}

/// Gradients by hand against finite differences, to second order.
@Suite struct GradientByHandTests {
  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .randn(shape, generator: Generator(seed: seed), dtype: .float64)
  }

  private func check(
    _ inputs: [Tensor], order: Int = 2, _ function: ([Tensor]) throws -> Tensor
  ) throws {
    let report = try gradCheck(inputs, order: order, function)
    #expect(report.passes(1e-4), "\(report)")
  }

  @Test("layer normalisation")
  func layerNorm() throws {
    let layer = LayerNorm(3)
    layer.cast(to: .float64)
    try check([draw([2, 3], 1)]) { layer($0[0]) }
  }

  @Test("an LSTM, by way of its input, its weights and its states", arguments: [false, true])
  func lstm(isReversed: Bool) throws {
    let lstm = LSTM(2, 2, isBidirectional: isReversed, generator: Generator(seed: 2))
    lstm.cast(to: .float64)
    let count = isReversed ? 2 : 1
    let parameters = lstm.parameters.map(\.parameter)
    let weights = try parameters[1].value.detached().eval()
    let states = [draw([count, 1, 2], 3), draw([count, 1, 2], 4)]
    try check([draw([3, 1, 2], 1)] + states + [weights], order: isReversed ? 1 : 2) { inputs in
      parameters[1].value = inputs[3]
      let (output, state) = lstm(
        inputs[0], initial: LSTM.State(hidden: inputs[1], cell: inputs[2]))
      return output.sum() + (state.cell * 0.5).sum() + state.hidden.sum() * output[0].sum()
    }
  }

  @Test("attention, of itself and of others, with a mask")
  func attention() throws {
    let layer = MultiHeadAttention(2, heads: 1, generator: Generator(seed: 3))
    layer.cast(to: .float64)
    try check([draw([3, 1, 2], 5)]) { layer($0[0], isCausal: true) }
    try check([draw([2, 1, 2], 6), draw([3, 1, 2], 7), draw([3, 1, 2], 8), draw([2, 3], 9)]) {
      layer(query: $0[0], key: $0[1], value: $0[2], mask: $0[3])
    }
  }

  @Test("walks back twice, and after the loss was read")
  func repeats() throws {
    let lstm = LSTM(3, 4, generator: Generator(seed: 4))
    let x = Tensor.randn([5, 2, 3], generator: Generator(seed: 5))
    func gradients(readFirst: Bool, twice: Bool) throws -> [[Float]] {
      lstm.zeroGrad()
      let loss = lstm(x).output.square().sum()
      if readFirst { _ = try loss.item() }
      if twice {
        try loss.backward(retainGraph: true)
        lstm.zeroGrad()
      }
      try loss.backward()
      return try lstm.parameters.map { try $0.parameter.value.grad.scalars(as: Float.self) }
    }
    let expected = try gradients(readFirst: false, twice: false)
    for (readFirst, twice) in [(true, false), (false, true), (true, true)] {
      let found = try gradients(readFirst: readFirst, twice: twice)
      for (a, b) in zip(found.joined(), expected.joined()) { #expect(abs(a - b) < 1e-4) }
    }
  }
}
