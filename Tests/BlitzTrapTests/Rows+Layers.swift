import Blitz

extension Row {
  /// A layer that is made with whatever comes, and applied to it, in training and after it.
  static func layer(
    _ type: String, _ initializer: String, input: Input = .tensor,
    _ make: @escaping @Sendable (inout Values) -> any Layer
  ) -> Row {
    Row("\(type).\(initializer)", "\(type).forward(_:)") {
      let layer = make(&$0)
      if $0.isOneIn(4) { layer.eval() }
      if $0.isOneIn(8) { layer.cast(to: $0.dtype()) }
      return [layer(input.value(&$0)), layer(input.value(&$0))]
    }
  }

  /// What a layer is mostly given.
  enum Input {
    case tensor, pictures, sequence, labels

    func value(_ values: inout Values) -> Tensor {
      switch self {
      case .tensor: values.tensor()
      case .pictures: values.pictures()
      case .sequence: values.sequence()
      case .labels: values.labels()
      }
    }
  }

  private static let simple: [Row] = [
    layer("Identity", "init()") { _ in Identity() }, layer("ReLU", "init()") { _ in ReLU() },
    layer("SiLU", "init()") { _ in SiLU() }, layer("Sigmoid", "init()") { _ in Sigmoid() },
    layer("Tanh", "init()") { _ in Tanh() }, layer("Hardtanh", "init()") { _ in Hardtanh() },
    layer("ELU", "init(alpha:)") { ELU(alpha: $0.double()) },
    layer("GELU", "init(approximate:)") { GELU(approximate: $0.pick([.none, .tanh])) },
    layer("LeakyReLU", "init(slope:)") { LeakyReLU(slope: $0.double()) },
    layer("Softplus", "init(beta:threshold:)") {
      Softplus(beta: $0.double(), threshold: $0.double())
    },
    layer("Softmax", "init(axis:)") { Softmax(axis: $0.int()) },
    layer("LogSoftmax", "init(axis:)") { LogSoftmax(axis: $0.int()) },
    layer("Flatten", "init(startAxis:endAxis:)") {
      Flatten(startAxis: $0.int(), endAxis: $0.int())
    },
    layer("Dropout", "init(_:generator:)") { Dropout($0.double(), generator: $0.generator()) },
    layer("Linear", "init(_:_:bias:generator:)") { Linear($0.size(), $0.size(), bias: $0.bool()) },
    layer("Embedding", "init(_:_:paddingIndex:generator:)", input: .labels) {
      Embedding($0.size(), $0.size(), paddingIndex: $0.bool() ? nil : $0.int())
    },
  ]

  private static let norms: [Row] = [
    layer("BatchNorm1d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)") {
      BatchNorm1d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
    layer(
      "BatchNorm2d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)", input: .pictures
    ) {
      BatchNorm2d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
    layer("GroupNorm", "init(groups:channels:epsilon:affine:bias:)", input: .pictures) {
      GroupNorm(
        groups: $0.size(), channels: $0.size(), epsilon: $0.double(), affine: $0.bool(),
        bias: $0.bool())
    },
    layer("LayerNorm", "init(_:epsilon:affine:bias:)") {
      LayerNorm($0.size(), epsilon: $0.double(), affine: $0.bool(), bias: $0.bool())
    },
    layer("LayerNorm", "init(_:epsilon:affine:bias:)") {
      LayerNorm($0.shape(), epsilon: $0.double(), affine: $0.bool(), bias: $0.bool())
    },
    layer("RMSNorm", "init(_:epsilon:affine:)") {
      RMSNorm($0.size(), epsilon: $0.double(), affine: $0.bool())
    },
    layer("RMSNorm", "init(_:epsilon:affine:)") {
      RMSNorm($0.shape(), epsilon: $0.double(), affine: $0.bool())
    },
  ]

  private static let windowed: [Row] = [
    layer(
      "Conv1d", "init(_:_:size:stride:padding:dilation:groups:bias:generator:)", input: .sequence
    ) {
      Conv1d(
        $0.size(), $0.size(), size: $0.size(), stride: $0.size(), padding: $0.int(),
        dilation: $0.size(), groups: $0.size(), bias: $0.bool())
    },
    layer(
      "Conv2d", "init(_:_:size:stride:padding:dilation:groups:bias:generator:)", input: .pictures
    ) {
      Conv2d(
        $0.size(), $0.size(), size: $0.size2D(), stride: $0.size2D(), padding: $0.size2D(),
        dilation: $0.size2D(), groups: $0.size(), bias: $0.bool())
    },
    layer(
      "ConvTranspose2d",
      "init(_:_:size:stride:padding:outputPadding:dilation:groups:bias:generator:)",
      input: .pictures
    ) {
      ConvTranspose2d(
        $0.size(), $0.size(), size: $0.size2D(), stride: $0.size2D(), padding: $0.size2D(),
        outputPadding: $0.size2D(), dilation: $0.size2D(), groups: $0.size(), bias: $0.bool())
    },
    layer("MaxPool2d", "init(_:stride:padding:dilation:ceil:)", input: .pictures) {
      MaxPool2d(
        $0.size2D(), stride: $0.size2D(), padding: $0.size2D(), dilation: $0.size2D(),
        ceil: $0.bool())
    },
    layer("AvgPool2d", "init(_:stride:padding:ceil:countsPadding:divisor:)", input: .pictures) {
      AvgPool2d(
        $0.size2D(), stride: $0.size2D(), padding: $0.size2D(), ceil: $0.bool(),
        countsPadding: $0.bool())
    },
    layer("AdaptiveAvgPool2d", "init(_:)", input: .pictures) { AdaptiveAvgPool2d($0.size2D()) },
  ]

  private static let recurrent: [Row] = [
    Row(
      "RNN.init(_:_:layers:nonlinearity:bias:batchFirst:dropout:bidirectional:generator:)",
      "RNN.callAsFunction(_:initial:)"
    ) {
      let network = RNN(
        $0.size(), $0.size(), layers: $0.size(), nonlinearity: $0.pick([.tanh, .relu]),
        bias: $0.bool(), batchFirst: $0.bool(), dropout: $0.double(), bidirectional: $0.bool())
      let answer = network($0.sequence(), initial: $0.isOneIn(3) ? $0.tensor() : nil)
      return [answer.output, answer.hidden]
    },
    Row(
      "GRU.init(_:_:layers:bias:batchFirst:dropout:bidirectional:generator:)",
      "GRU.callAsFunction(_:initial:)"
    ) {
      let network = GRU(
        $0.size(), $0.size(), layers: $0.size(), bias: $0.bool(), batchFirst: $0.bool(),
        dropout: $0.double(), bidirectional: $0.bool())
      let answer = network($0.sequence(), initial: $0.isOneIn(3) ? $0.tensor() : nil)
      return [answer.output, answer.hidden]
    },
    Row(
      "LSTM.init(_:_:layers:bias:batchFirst:dropout:bidirectional:projectionSize:generator:)",
      "LSTM.callAsFunction(_:initial:)", "LSTM.State.init(hidden:cell:)"
    ) {
      let network = LSTM(
        $0.size(), $0.size(), layers: $0.size(), bias: $0.bool(), batchFirst: $0.bool(),
        dropout: $0.double(), bidirectional: $0.bool(),
        projectionSize: $0.isOneIn(3) ? $0.size() : 0)
      let state = LSTM.State(hidden: $0.tensor(), cell: $0.tensor())
      let answer = network($0.sequence(), initial: $0.isOneIn(3) ? state : nil)
      return [answer.output, answer.state.hidden, answer.state.cell]
    },
    Row(
      "PackedSequence.init(_:lengths:batchFirst:)", "PackedSequence.init(_:)",
      "PackedSequence.padded(batchFirst:fill:to:)", "padSequence(_:batchFirst:fill:)",
      "LSTM.callAsFunction(_:initial:)", "GRU.callAsFunction(_:initial:)",
      "RNN.callAsFunction(_:initial:)", "Tensor.squeezed(axis:)", "stack(_:axis:)"
    ) {
      let first = $0.bool()
      let x = $0.sequence()
      let count = x.rank > 1 ? x.shape[first ? 0 : 1] : 2
      let packed = PackedSequence(
        x, lengths: $0.bool() ? $0.ints() : Array(repeating: 1, count: min(count, 9)),
        batchFirst: first)
      let other = PackedSequence($0.tensors())
      return [
        packed.data, packed.padded(batchFirst: $0.bool(), fill: $0.double(), to: $0.int()),
        other.data, LSTM($0.size(), 3)(packed).output.data, GRU(2, 3)(other).hidden,
        RNN(2, 3)(packed).output.padded(), padSequence($0.tensors(), fill: $0.double()),
      ] + packed.sequences
    },
    Row(
      "Module.weightNormed(_:axis:)",
      "Module.spectralNormed(_:iterations:epsilon:axis:generator:)",
      "Module.parametrized(_:by:)", "Module.withoutParametrizations(_:)",
      "Parametrization.originals(of:)", "Parametrization.value(of:)", "Linear.forward(_:)",
      "Tensor.+(_:_:)", "Tensor.transposed()"
    ) {
      let layer = Linear($0.size(), $0.size())
      let name = $0.isOneIn(4) ? $0.string() : $0.pick(["weight", "bias"])
      switch $0.pick([0, 1, 2]) {
      case 0: layer.weightNormed(name, axis: $0.bool() ? nil : $0.int())
      case 1:
        layer.spectralNormed(
          name, iterations: $0.int(), epsilon: $0.double(), axis: $0.bool() ? nil : $0.int())
      default:
        let other = $0.tensor()
        layer.parametrized(name) { $0 + other }
      }
      let given = $0.tensor()
      if $0.isOneIn(3) { layer.weight = given }
      let outputs = [layer(given), layer.weight]
      layer.withoutParametrizations(name)
      return outputs + [layer(given)]
    },
  ]

  private static let attention: [Row] = [
    Row(
      "MultiHeadAttention.init(_:heads:dropout:bias:batchFirst:addBiasKV:addZeroAttention:"
        + "generator:)",
      "MultiHeadAttention.callAsFunction(_:mask:keyPadding:isCausal:)",
      "MultiHeadAttention.callAsFunction(query:key:value:mask:keyPadding:isCausal:)",
      "MultiHeadAttention.withWeights(query:key:value:mask:keyPadding:isCausal:)"
    ) {
      let attention = MultiHeadAttention(
        $0.size(), heads: $0.isOneIn(2) ? 1 : $0.size(), dropout: $0.double(), bias: $0.bool(),
        batchFirst: $0.bool(), addBiasKV: $0.bool(), addZeroAttention: $0.bool())
      let x = $0.sequence()
      let weighted = attention.withWeights(query: x, key: x, value: $0.sequence())
      return [
        attention(x, mask: $0.maybeTensor(), isCausal: $0.bool()),
        attention(x, keyPadding: $0.maybeTensor()),
        attention(
          query: x, key: $0.sequence(), value: $0.sequence(), mask: $0.maybeTensor(),
          keyPadding: $0.maybeTensor(), isCausal: $0.bool()),
        weighted.output, weighted.weights,
      ]
    },
    Row(
      "TransformerEncoderLayer.init(_:heads:feedForward:dropout:activation:epsilon:batchFirst:"
        + "normFirst:bias:generator:)",
      "TransformerEncoderLayer.forward(_:)",
      "TransformerEncoderLayer.callAsFunction(_:mask:keyPadding:)",
      "TransformerEncoderLayer.callAsFunction(_:mask:keyPadding:isCausal:)"
    ) {
      let layer = encoderLayer(&$0)
      return [
        layer($0.sequence()), layer($0.sequence(), mask: $0.tensor()),
        layer($0.sequence(), keyPadding: $0.maybeTensor(), isCausal: $0.bool()),
      ]
    },
    Row(
      "TransformerDecoderLayer.init(_:heads:feedForward:dropout:activation:epsilon:batchFirst:"
        + "normFirst:bias:generator:)",
      "TransformerDecoderLayer.callAsFunction(_:memory:mask:memoryMask:keyPadding:"
        + "memoryKeyPadding:isCausal:)",
      "TransformerDecoder.init(_:norm:)", "TransformerDecoder.init(layers:norm:_:)",
      "TransformerDecoder.callAsFunction(_:memory:mask:memoryMask:keyPadding:"
        + "memoryKeyPadding:isCausal:)"
    ) { values in
      let layer = decoderLayer(&values)
      let one = TransformerDecoder([layer], norm: values.bool() ? nil : LayerNorm(values.size()))
      let copies = TransformerDecoder(layers: values.pick([0, 1, 2, -1, .min, .max])) {
        decoderLayer(&values)
      }
      return [layer.callAsFunction, one.callAsFunction, copies.callAsFunction].map {
        $0(
          values.sequence(), values.sequence(), values.maybeTensor(), values.maybeTensor(),
          values.maybeTensor(), values.maybeTensor(), values.bool())
      }
    },
    Row("TransformerEncoder.init(layers:norm:_:)") { values in
      let encoder = TransformerEncoder(layers: values.pick([0, 1, 2, -1, .min, .max])) {
        encoderLayer(&values)
      }
      return encoder(values.sequence())
    },
    Row(
      "TransformerEncoder.init(_:norm:)", "TransformerEncoder.forward(_:)",
      "TransformerEncoder.callAsFunction(_:mask:keyPadding:isCausal:)"
    ) { values in
      let encoder = TransformerEncoder(
        (0..<values.pick([0, 1, 2])).map { _ in encoderLayer(&values) },
        norm: values.bool() ? nil : LayerNorm(values.size()))
      return [
        encoder(values.sequence()),
        encoder(values.sequence(), mask: values.maybeTensor(), isCausal: values.bool()),
      ]
    },
  ]

  private static func decoderLayer(_ values: inout Values) -> TransformerDecoderLayer {
    TransformerDecoderLayer(
      values.size(), heads: values.isOneIn(2) ? 1 : values.size(), feedForward: values.size(),
      dropout: values.double(), batchFirst: values.bool(), normFirst: values.bool(),
      bias: values.bool())
  }

  private static func encoderLayer(_ values: inout Values) -> TransformerEncoderLayer {
    TransformerEncoderLayer(
      values.size(), heads: values.isOneIn(2) ? 1 : values.size(), feedForward: values.size(),
      dropout: values.double(), activation: values.pick([.relu, .gelu]),
      epsilon: values.double(), batchFirst: values.bool(), normFirst: values.bool(),
      bias: values.bool())
  }

  static let modules: [Row] = [
    Row(
      "Sequential.init(_:)", "Sequential.forward(_:)", "Layer.callAsFunction(_:)",
      "Layer.forward(_:)"
    ) {
      let layers = Sequential(Linear($0.size(), $0.size()), ReLU(), Linear($0.size(), $0.size()))
      return [layers($0.tensor()), Sequential([])($0.tensor())]
    },
    Row(
      "Module.summary(_:)", "Layer.summary(input:)", "Layer.summary(inputShape:)"
    ) {
      let layers = Sequential(Linear($0.size(), $0.size()), Conv2d($0.size(), 1, size: $0.size2D()))
      _ = layers.parameterCount
      return (
        "\(layers.summary(input: $0.tensor()))", "\(layers.summary(inputShape: $0.shape()))",
        "\(layers.summary {})"
      )
    },
    Row(
      "Module.cast(to:)", "Module.to(_:)", "Module.train()", "Module.eval()", "Module.zeroGrad()",
      "Module.clipGradients(norm:p:)", "Module.clipGradients(value:)", "Module.load(_:strict:)",
      "Module.save(_:)", "Mode.init()"
    ) {
      let layer = Linear(2, $0.size())
      layer.cast(to: $0.dtype())
      layer.to($0.device())
      layer.train()
      Mode().isTraining = false
      let loss = layer($0.tensor()).sum()
      try? loss.backward()
      layer.clipGradients(value: $0.double())
      let norm = layer.clipGradients(norm: $0.double(), p: $0.double())
      layer.zeroGrad()
      layer.eval()
      try? layer.save("/nowhere/\($0.string())")
      _ = try? layer.load($0.string())
      _ = try? layer.load(["weight": $0.tensor(), $0.string(): $0.tensor()], strict: $0.bool())
      return [norm, layer($0.tensor())]
    },
    Row(
      "Module.quantized(_:)", "Quantization.static(calibration:)", "Quantization.static(calls:)"
    ) {
      let (x, y) = ($0.tensor(), $0.tensor())
      let layers: [any Layer] = [
        Linear(2, $0.size()), Conv2d($0.size(), 1, size: $0.size2D(), padding: $0.size2D()),
        Conv1d($0.size(), 1, size: $0.size(), padding: $0.size()), Embedding($0.size(), 2), ReLU(),
      ]
      let how: [Quantization] = [
        .dynamic, .static(calibration: [x]), .static(calibration: [(inputs: y, labels: x)]),
      ]
      for layer in layers { _ = try? layer.quantized(how[abs($0.int() % 3)]) }
      let lstm = LSTM(2, $0.size())
      _ = try? lstm.quantized(.static { _ = lstm(x) })
      return layers.map { $0(y) } + [lstm(y).output]
    },
    Row(
      "Parameter.init(_:name:)", "Parameter.init(wrappedValue:name:)", "Parameter.zeroGrad()",
      "Buffer.init(wrappedValue:name:)"
    ) {
      let parameters = [
        Parameter($0.tensor(), name: $0.string()), .init(wrappedValue: $0.tensor()),
      ]
      for parameter in parameters { parameter.value = $0.tensor() }
      parameters[0].isFrozen = $0.bool()
      parameters[1].zeroGrad()
      return [Buffer(wrappedValue: $0.tensor()).wrappedValue] + parameters.map(\.value)
    },
  ]

  static let layers = simple + norms + windowed + recurrent + attention + moreLayers
}
