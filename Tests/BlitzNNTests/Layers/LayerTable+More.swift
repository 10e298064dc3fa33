import Blitz

extension LayerTable {
  /// `(draw(3, *shape) + 2) / 4` of Tests/Reference/layers.py.
  private static func samples(_ shape: Shape) -> Tensor {
    let numbers = (0..<shape.elementCount).map { index -> Double in
      let place = Double(index) * 0.6180339887 + 0.137 * 4
      let drawn = ((place - place.rounded(.down)) * 4 - 2) * 1000
      return (drawn.rounded() / 1000 + 2) / 4
    }
    return Tensor(numbers, shape: shape, dtype: .float64)
  }

  /// The rest of PyTorch's layers.
  static let more: [Row] = [
    layer("ReLU6()", { _ in ReLU6() }),
    layer("Hardsigmoid()", { _ in Hardsigmoid() }),
    layer("Hardswish()", { _ in Hardswish() }),
    layer("Hardshrink(0.7)", { _ in Hardshrink(0.7) }),
    layer("Softshrink()", { _ in Softshrink() }),
    layer("Threshold(0.3, -1)", { _ in Threshold(0.3, -1) }),
    layer("CELU()", { _ in CELU() }),
    layer("CELU(alpha: 0.6)", { _ in CELU(alpha: 0.6) }),
    layer("SELU()", { _ in SELU() }),
    layer("Mish()", { _ in Mish() }),
    layer("Softsign()", { _ in Softsign() }),
    layer("Tanhshrink()", { _ in Tanhshrink() }),
    layer("LogSigmoid()", { _ in LogSigmoid() }),
    layer("GLU()", { _ in GLU() }),
    layer("Softmin(axis: 1)", { _ in Softmin(axis: 1) }),
    layer("PReLU()", { _ in PReLU() }),
    layer("PReLU(4, slope: 0.1)", { _ in PReLU(4, slope: 0.1) }),
    layer("Softmax2d()", { _ in Softmax2d() }),
    layer("Dropout1d(0.4)", { g in Dropout1d(0.4, generator: g) }),
    layer("Dropout2d(0.4)", { g in Dropout2d(0.4, generator: g) }),
    layer("Dropout3d(0.4)", { g in Dropout3d(0.4, generator: g) }),
    layer("AlphaDropout(0.4)", { g in AlphaDropout(0.4, generator: g) }),
    layer("FeatureAlphaDropout(0.4)", { g in FeatureAlphaDropout(0.4, generator: g) }),
    layer("Unflatten(axis: 1, to: [2, 3])", { _ in Unflatten(axis: 1, to: [2, 3]) }),
    layer("PixelShuffle(2)", { _ in PixelShuffle(2) }),
    layer("PixelUnshuffle(2)", { _ in PixelUnshuffle(2) }),
    layer("ChannelShuffle(2)", { _ in ChannelShuffle(2) }),
    layer("Pad(1, axes: 2)", { _ in Pad(1, axes: 2) }),
    layer("Pad([(1, 2)], value: 0.5)", { _ in Pad([(1, 2)], value: 0.5) }),
    layer("Pad([(1, 2), (2, 0)], mode: .reflect)", { _ in Pad([(1, 2), (2, 0)], mode: .reflect) }),
    layer("Pad(1, axes: 3, mode: .replicate)", { _ in Pad(1, axes: 3, mode: .replicate) }),
    layer("Pad([(2, 3)], mode: .circular)", { _ in Pad([(2, 3)], mode: .circular) }),
    layer("Upsample(by: 2)", { _ in Upsample(by: 2) }),
    layer("Upsample(to: [8, 10], mode: .linear)", { _ in Upsample(to: [8, 10], mode: .linear) }),
    layer(
      "Upsample(to: [9], mode: .linear, alignedCorners: true)",
      { _ in Upsample(to: [9], mode: .linear, alignedCorners: true) }),
    layer("LocalResponseNorm(3, alpha: 0.1)", { _ in LocalResponseNorm(3, alpha: 0.1) }),
    layer("MaxPool1d(3, stride: 2, padding: 1)", { _ in MaxPool1d(3, stride: 2, padding: 1) }),
    layer("AvgPool1d(3, stride: 2, padding: 1)", { _ in AvgPool1d(3, stride: 2, padding: 1) }),
    layer("AdaptiveAvgPool1d(3)", { _ in AdaptiveAvgPool1d(3) }),
    layer("LPPool1d(2, 3)", { _ in LPPool1d(2, 3) }),
    layer("LPPool2d(3, [2, 3], stride: 2)", { _ in LPPool2d(3, [2, 3], stride: 2) }),
    layer(
      "FractionalMaxPool2d([2, 3], output: [3, 2])",
      { _ in FractionalMaxPool2d([2, 3], output: [3, 2], samples: samples([2, 4, 2])) }),
    layer(
      "FractionalMaxPool3d(2, output: [2, 1, 3])",
      { _ in FractionalMaxPool3d(2, output: [2, 1, 3], samples: samples([2, 4, 3])[0..<1]) }),
    layer("LPPool3d(2, 2)", { _ in LPPool3d(2, 2) }),
    layer("MaxPool3d(2)", { _ in MaxPool3d(2) }),
    layer(
      "MaxPool3d([2, 3, 2], stride: [2, 1, 2], padding: 1, ceil: true)",
      { _ in MaxPool3d([2, 3, 2], stride: [2, 1, 2], padding: 1, ceil: true) }),
    layer("AvgPool3d(2)", { _ in AvgPool3d(2) }),
    layer(
      "AvgPool3d(2, stride: [2, 1, 2], padding: 1, ceil: true, "
        + "countsPadding: false)",
      { _ in AvgPool3d(2, stride: [2, 1, 2], padding: 1, ceil: true, countsPadding: false) }),
    layer("AdaptiveAvgPool3d([3, 2, 4])", { _ in AdaptiveAvgPool3d([3, 2, 4]) }),
    layer("AdaptiveMaxPool1d(3)", { _ in AdaptiveMaxPool1d(3) }),
    layer("AdaptiveMaxPool2d([2, 4])", { _ in AdaptiveMaxPool2d([2, 4]) }),
    layer("AdaptiveMaxPool3d([3, 2, 4])", { _ in AdaptiveMaxPool3d([3, 2, 4]) }),
    layer("Conv3d(4, 3, size: 2)", { g in Conv3d(4, 3, size: 2, generator: g) }),
    layer(
      "Conv3d(4, 4, size: [2, 1, 3], stride: [1, 2, 2], padding: [2, 0, "
        + "1], dilation: [2, 1, 1], groups: 2, bias: false)",
      { g in
        Conv3d(
          4, 4, size: [2, 1, 3], stride: [1, 2, 2], padding: [2, 0, 1], dilation: [2, 1, 1],
          groups: 2, bias: false, generator: g)
      }),
    layer(
      "ConvTranspose1d(4, 2, size: 3, stride: 2, padding: 1, "
        + "outputPadding: 1)",
      { g in ConvTranspose1d(4, 2, size: 3, stride: 2, padding: 1, outputPadding: 1, generator: g) }
    ),
    layer("ConvTranspose3d(4, 2, size: 2)", { g in ConvTranspose3d(4, 2, size: 2, generator: g) }),
    layer(
      "ConvTranspose3d(4, 2, size: [3, 2, 2], stride: [2, 1, 2], "
        + "padding: [1, 0, 1], outputPadding: [1, 0, 0], dilation: [1, 2, 1], groups: 2)",
      { g in
        ConvTranspose3d(
          4, 2, size: [3, 2, 2], stride: [2, 1, 2], padding: [1, 0, 1], outputPadding: [1, 0, 0],
          dilation: [1, 2, 1], groups: 2, generator: g)
      }),
    layer("BatchNorm3d(4)", { _ in BatchNorm3d(4) }),
    layer("InstanceNorm1d(4)", { _ in InstanceNorm1d(4) }),
    layer("InstanceNorm2d(4, affine: true)", { _ in InstanceNorm2d(4, affine: true) }),
    layer(
      "InstanceNorm3d(4, momentum: 0.3, trackRunningStats: true)",
      { _ in InstanceNorm3d(4, momentum: 0.3, trackRunningStats: true) }),
    Row(
      name: "RNNCell(5, 2)", make: { g in RNNCell(5, 2, generator: g) },
      call: { [($0 as! RNNCell)($1[0], hidden: $1.count > 1 ? $1[1] : nil)] }),
    Row(
      name: "RNNCell(5, 2, nonlinearity: .relu, bias: false)",
      make: { g in RNNCell(5, 2, nonlinearity: .relu, bias: false, generator: g) },
      call: { [($0 as! RNNCell)($1[0], hidden: $1.count > 1 ? $1[1] : nil)] }),
    Row(
      name: "GRUCell(5, 2)", make: { g in GRUCell(5, 2, generator: g) },
      call: { [($0 as! GRUCell)($1[0], hidden: $1.count > 1 ? $1[1] : nil)] }),
    Row(
      name: "LSTMCell(5, 2)", make: { g in LSTMCell(5, 2, generator: g) },
      call: {
        let state = $1.count > 1 ? LSTM.State(hidden: $1[1], cell: $1[2]) : nil
        let after = ($0 as! LSTMCell)($1[0], state: state)
        return [after.hidden, after.cell]
      }),
    Row(
      name: "Bilinear(5, 2, 3)", make: { g in Bilinear(5, 2, 3, generator: g) },
      call: { [($0 as! Bilinear)($1[0], $1[1])] }),
    layer("EmbeddingBag(5, 4, mode: .sum)", { g in EmbeddingBag(5, 4, mode: .sum, generator: g) }),
    layer(
      "EmbeddingBag(5, 4, mode: .mean)", { g in EmbeddingBag(5, 4, mode: .mean, generator: g) }),
    layer("EmbeddingBag(5, 4, mode: .max)", { g in EmbeddingBag(5, 4, mode: .max, generator: g) }),
    Row(
      name: "EmbeddingBag(5, 4, mode: .sum) weights",
      make: { g in EmbeddingBag(5, 4, mode: .sum, generator: g) },
      call: { [($0 as! EmbeddingBag)($1[0], weights: $1[1])] }),
    Row(
      name: "Transformer(4, heads: 2, encoderLayers: 2, decoderLayers: 1, "
        + "feedForward: 6)",
      make: { g in
        Transformer(4, heads: 2, encoderLayers: 2, decoderLayers: 1, feedForward: 6, generator: g)
      },
      call: { [($0 as! Transformer)($1[0], $1[1])] }),
    Row(
      name: "Transformer(4, heads: 2, encoderLayers: 1, decoderLayers: 2, "
        + "feedForward: 6, dropout: 0, batchFirst: true, normFirst: true) causal",
      make: { g in
        Transformer(
          4, heads: 2, encoderLayers: 1, decoderLayers: 2, feedForward: 6, dropout: 0,
          batchFirst: true, normFirst: true, generator: g)
      },
      call: { [($0 as! Transformer)($1[0], $1[1], isCausal: true)] }),
  ]
}
