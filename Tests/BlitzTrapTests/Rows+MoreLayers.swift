import Blitz

extension Row {
  private static let activations: [Row] = [
    layer("ReLU6", "init()") { _ in ReLU6() },
    layer("Hardsigmoid", "init()") { _ in Hardsigmoid() },
    layer("Hardswish", "init()") { _ in Hardswish() }, layer("SELU", "init()") { _ in SELU() },
    layer("Mish", "init()") { _ in Mish() }, layer("Softsign", "init()") { _ in Softsign() },
    layer("Tanhshrink", "init()") { _ in Tanhshrink() },
    layer("LogSigmoid", "init()") { _ in LogSigmoid() },
    layer("Softmax2d", "init()", input: .pictures) { _ in Softmax2d() },
    layer("Hardshrink", "init(_:)") { Hardshrink($0.double()) },
    layer("Softshrink", "init(_:)") { Softshrink($0.double()) },
    layer("Threshold", "init(_:_:)") { Threshold($0.double(), $0.double()) },
    layer("CELU", "init(alpha:)") { CELU(alpha: $0.double()) },
    layer("GLU", "init(axis:)") { GLU(axis: $0.int()) },
    layer("Softmin", "init(axis:)") { Softmin(axis: $0.int()) },
    layer("PReLU", "init(_:slope:)") { PReLU($0.size(), slope: $0.double()) },
  ]

  private static let drops: [Row] = [
    layer("Dropout1d", "init(_:generator:)", input: .sequence) { Dropout1d($0.double()) },
    layer("Dropout2d", "init(_:generator:)", input: .pictures) { Dropout2d($0.double()) },
    layer("Dropout3d", "init(_:generator:)", input: .pictures) { Dropout3d($0.double()) },
    layer("AlphaDropout", "init(_:generator:)") { AlphaDropout($0.double()) },
    layer("FeatureAlphaDropout", "init(_:generator:)") { FeatureAlphaDropout($0.double()) },
  ]

  private static let arrangements: [Row] = [
    layer("Unflatten", "init(axis:to:)") { Unflatten(axis: $0.int(), to: $0.ints()) },
    layer("PixelShuffle", "init(_:)", input: .pictures) { PixelShuffle($0.size()) },
    layer("PixelUnshuffle", "init(_:)", input: .pictures) { PixelUnshuffle($0.size()) },
    layer("ChannelShuffle", "init(_:)", input: .pictures) { ChannelShuffle($0.size()) },
    layer("Pad", "init(_:value:)") { values in
      Pad(values.ints().map { ($0, values.isOneIn(3) ? values.int() : 1) }, value: values.double())
    },
    layer("Pad", "init(_:mode:)") { values in
      Pad(
        values.ints().map { ($0, values.isOneIn(3) ? values.int() : 1) },
        mode: values.pick(PaddingMode.allCases))
    },
    layer("Pad", "init(_:axes:mode:)", input: .pictures) {
      Pad($0.int(), axes: $0.int(), mode: $0.bool() ? nil : $0.pick(PaddingMode.allCases))
    },
    layer("Upsample", "init(to:mode:alignedCorners:)", input: .pictures) {
      Upsample(
        to: $0.bool() ? [$0.size(), $0.size()] : $0.ints(), mode: $0.pick(ResizingMode.allCases),
        alignedCorners: $0.bool())
    },
    layer("Upsample", "init(by:mode:alignedCorners:)", input: .pictures) {
      Upsample(by: $0.double(), mode: $0.pick(ResizingMode.allCases), alignedCorners: $0.bool())
    },
    layer("LocalResponseNorm", "init(_:alpha:beta:k:)", input: .pictures) {
      LocalResponseNorm($0.size(), alpha: $0.double(), beta: $0.double(), k: $0.double())
    },
  ]

  private static let pools: [Row] = [
    layer("MaxPool1d", "init(_:stride:padding:dilation:ceil:)", input: .sequence) {
      MaxPool1d(
        $0.size(), stride: $0.size(), padding: $0.size(), dilation: $0.size(), ceil: $0.bool())
    },
    layer("AvgPool1d", "init(_:stride:padding:ceil:countsPadding:)", input: .sequence) {
      AvgPool1d(
        $0.size(), stride: $0.size(), padding: $0.size(), ceil: $0.bool(),
        countsPadding: $0.bool())
    },
    layer("AdaptiveAvgPool1d", "init(_:)", input: .sequence) { AdaptiveAvgPool1d($0.size()) },
    layer("LPPool1d", "init(_:_:stride:ceil:)", input: .sequence) {
      LPPool1d($0.double(), $0.size(), stride: $0.size(), ceil: $0.bool())
    },
    layer("LPPool2d", "init(_:_:stride:ceil:)", input: .pictures) {
      LPPool2d($0.double(), $0.size2D(), stride: $0.size2D(), ceil: $0.bool())
    },
    layer("FractionalMaxPool2d", "init(_:output:samples:generator:)", input: .pictures) {
      FractionalMaxPool2d($0.size2D(), output: $0.size2D(), samples: $0.maybeTensor())
    },
    layer("FractionalMaxPool3d", "init(_:output:samples:generator:)", input: .pictures) {
      FractionalMaxPool3d(size3D(&$0), output: size3D(&$0), samples: $0.maybeTensor())
    },
    layer("LPPool3d", "init(_:_:stride:ceil:)", input: .pictures) {
      LPPool3d($0.double(), size3D(&$0), stride: size3D(&$0), ceil: $0.bool())
    },
    layer("MaxPool3d", "init(_:stride:padding:dilation:ceil:)", input: .pictures) {
      MaxPool3d(
        size3D(&$0), stride: size3D(&$0), padding: size3D(&$0), dilation: size3D(&$0),
        ceil: $0.bool())
    },
    layer("AvgPool3d", "init(_:stride:padding:ceil:countsPadding:divisor:)", input: .pictures) {
      AvgPool3d(
        size3D(&$0), stride: size3D(&$0), padding: size3D(&$0), ceil: $0.bool(),
        countsPadding: $0.bool())
    },
    layer("AdaptiveAvgPool3d", "init(_:)", input: .pictures) { AdaptiveAvgPool3d(size3D(&$0)) },
    layer("AdaptiveMaxPool1d", "init(_:)", input: .sequence) { AdaptiveMaxPool1d($0.size()) },
    layer("AdaptiveMaxPool2d", "init(_:)", input: .pictures) { AdaptiveMaxPool2d($0.size2D()) },
    layer("AdaptiveMaxPool3d", "init(_:)", input: .pictures) { AdaptiveMaxPool3d(size3D(&$0)) },
    Row(
      "AdaptiveMaxPool1d.withIndices(_:)", "AdaptiveMaxPool2d.withIndices(_:)",
      "AdaptiveMaxPool3d.withIndices(_:)"
    ) {
      let found = [
        AdaptiveMaxPool1d($0.size()).withIndices($0.sequence()),
        AdaptiveMaxPool2d($0.size2D()).withIndices($0.pictures()),
        AdaptiveMaxPool3d(size3D(&$0)).withIndices(volumes(&$0)),
      ]
      return found.flatMap { [$0.values, $0.indices] }
    },
    Row(
      "FractionalMaxPool2d.init(_:outputRatio:samples:generator:)",
      "FractionalMaxPool3d.init(_:outputRatio:samples:generator:)",
      "FractionalMaxPool2d.withIndices(_:)", "FractionalMaxPool3d.withIndices(_:)"
    ) {
      let ratio = $0.double()
      let found = [
        FractionalMaxPool2d($0.size2D(), outputRatio: (ratio, 0.5)).withIndices($0.pictures()),
        FractionalMaxPool3d(
          size3D(&$0), outputRatio: (ratio, 0.5, 0.7), samples: $0.maybeTensor()
        ).withIndices(volumes(&$0)),
      ]
      return found.flatMap { [$0.values, $0.indices] }
    },
  ]

  private static func size3D(_ values: inout Values) -> Size3D {
    values.bool() ? Size3D(values.size()) : Size3D(values.size(), values.size(), values.size())
  }

  /// Volumes, more often than not.
  private static func volumes(_ values: inout Values) -> Tensor {
    let pictures = values.pictures()
    return values.isOneIn(4) || pictures.error != nil || pictures.rank < 2
      ? pictures : pictures.unsqueezed(axis: 2)
  }

  private static let convolutions: [Row] = [
    Row(
      "Conv3d.init(_:_:size:stride:padding:dilation:groups:bias:generator:)", "Conv3d.forward(_:)",
      "Size3D.init(_:)", "Size3D.init(_:_:_:)", "Size3D.init(integerLiteral:)",
      "Size3D.init(arrayLiteral:)"
    ) {
      let layer = Conv3d(
        $0.size(), $0.size(), size: size3D(&$0), stride: size3D(&$0), padding: size3D(&$0),
        dilation: size3D(&$0), groups: $0.size(), bias: $0.bool())
      return [layer(volumes(&$0)), layer(volumes(&$0))]
    },
    Row(
      "ConvTranspose3d.init(_:_:size:stride:padding:outputPadding:dilation:groups:bias:generator:)",
      "ConvTranspose3d.forward(_:)"
    ) {
      let layer = ConvTranspose3d(
        $0.size(), $0.size(), size: size3D(&$0), stride: size3D(&$0), padding: size3D(&$0),
        outputPadding: size3D(&$0), dilation: size3D(&$0), groups: $0.size(), bias: $0.bool())
      return [layer(volumes(&$0)), layer(volumes(&$0))]
    },
    layer(
      "ConvTranspose1d",
      "init(_:_:size:stride:padding:outputPadding:dilation:groups:bias:generator:)",
      input: .sequence
    ) {
      ConvTranspose1d(
        $0.size(), $0.size(), size: $0.size(), stride: $0.size(), padding: $0.int(),
        outputPadding: $0.int(), dilation: $0.size(), groups: $0.size(), bias: $0.bool())
    },
    layer(
      "BatchNorm3d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)", input: .pictures
    ) {
      BatchNorm3d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
    layer(
      "InstanceNorm1d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)", input: .sequence
    ) {
      InstanceNorm1d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
    layer(
      "InstanceNorm2d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)", input: .pictures
    ) {
      InstanceNorm2d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
    layer(
      "InstanceNorm3d", "init(_:epsilon:momentum:affine:trackRunningStats:bias:)", input: .pictures
    ) {
      InstanceNorm3d(
        $0.size(), epsilon: $0.double(), momentum: $0.double(), affine: $0.bool(),
        trackRunningStats: $0.bool())
    },
  ]

  private static let cells: [Row] = [
    Row(
      "RNNCell.init(_:_:nonlinearity:bias:generator:)", "RNNCell.callAsFunction(_:hidden:)"
    ) {
      let cell = RNNCell(
        $0.size(), $0.size(), nonlinearity: $0.pick([.tanh, .relu]), bias: $0.bool())
      return [cell($0.tensor()), cell($0.tensor(), hidden: $0.tensor())]
    },
    Row("GRUCell.init(_:_:bias:generator:)", "GRUCell.callAsFunction(_:hidden:)") {
      let cell = GRUCell($0.size(), $0.size(), bias: $0.bool())
      return [cell($0.tensor()), cell($0.tensor(), hidden: $0.tensor())]
    },
    Row("LSTMCell.init(_:_:bias:generator:)", "LSTMCell.callAsFunction(_:state:)") {
      let cell = LSTMCell($0.size(), $0.size(), bias: $0.bool())
      let state = LSTM.State(hidden: $0.tensor(), cell: $0.tensor())
      let (one, other) = (cell($0.tensor()), cell($0.tensor(), state: state))
      return [one.hidden, one.cell, other.hidden]
    },
    Row("Bilinear.init(_:_:_:bias:generator:)", "Bilinear.callAsFunction(_:_:)") {
      let layer = Bilinear($0.size(), $0.size(), $0.size(), bias: $0.bool())
      return [layer($0.tensor(), $0.tensor()), layer($0.tensor(), $0.tensor())]
    },
    // The table says which number it does not have.
    Row(
      "EmbeddingBag.init(_:_:mode:paddingIndex:generator:)", "EmbeddingBag.forward(_:)",
      "EmbeddingBag.callAsFunction(_:offsets:weights:)", "Embedding.forward(_:)",
      "embeddingBag(_:table:offsets:mode:weights:paddingIndex:)"
    ) {
      let sizes = $0.bool() ? ($0.size(), $0.size()) : (3, 2)
      let layer = EmbeddingBag(
        sizes.0, sizes.1, mode: $0.pick(EmbeddingBag.Mode.allCases),
        paddingIndex: $0.bool() ? $0.int() : nil)
      let labels = $0.labels()
      let bags = labels.error == nil ? labels.unsqueezed(axis: 0) : labels
      let flat = embeddingBag(
        labels, table: $0.tensor(), offsets: $0.bool() ? $0.labels() : nil,
        mode: $0.pick(EmbeddingBag.Mode.allCases), weights: $0.maybeTensor(),
        paddingIndex: $0.bool() ? $0.int() : nil)
      return [layer(bags, weights: $0.maybeTensor()), layer(bags), layer(labels), flat]
    },
    Row(
      "Transformer.init(_:heads:encoderLayers:decoderLayers:feedForward:dropout:activation:"
        + "epsilon:batchFirst:normFirst:bias:generator:)",
      "Transformer.callAsFunction(_:_:sourceMask:mask:memoryMask:sourceKeyPadding:keyPadding:"
        + "memoryKeyPadding:isCausal:)"
    ) { values in
      let model = Transformer(
        values.size(), heads: values.isOneIn(2) ? 1 : values.size(),
        encoderLayers: values.pick([1, 2, 0, -1, .max]),
        decoderLayers: values.pick([1, 2, 0, -1, .min]), feedForward: values.size(),
        dropout: values.double(), activation: values.pick([.relu, .gelu]),
        epsilon: values.double(), batchFirst: values.bool(), normFirst: values.bool(),
        bias: values.bool())
      return [
        model(values.sequence(), values.sequence()),
        model(
          values.sequence(), values.sequence(), sourceMask: values.maybeTensor(),
          mask: values.maybeTensor(), memoryMask: values.maybeTensor(),
          sourceKeyPadding: values.maybeTensor(), keyPadding: values.maybeTensor(),
          memoryKeyPadding: values.maybeTensor(), isCausal: values.bool()),
      ]
    },
  ]

  static let moreLayers =
    activations + drops + arrangements + pools + convolutions + cells
}
