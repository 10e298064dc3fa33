import Blitz

extension ModuleTable {
  mutating func addActivations() {
    layer("ReLU") { try Self.here($0, 0, ReLU()) }
    layer("ReLU6") { try Self.here($0, 0, ReLU6()) }
    layer("LeakyReLU") { LeakyReLU(slope: try $0.real(0, "negative_slope", or: 0.01)) }
    layer("PReLU") {
      try PReLU($0.int(0, "num_parameters", or: 1), slope: $0.real(1, "init", or: 0.25))
    }
    layer("ELU") { ELU(alpha: try $0.real(0, "alpha", or: 1)) }
    layer("CELU") { CELU(alpha: try $0.real(0, "alpha", or: 1)) }
    layer("SELU") { _ in SELU() }
    layer("GELU") {
      GELU(approximate: try $0.text(0, "approximate", or: "none") == "tanh" ? .tanh : .none)
    }
    layer("GLU") { GLU(axis: try $0.int(0, "dim", or: -1)) }
    layer("Sigmoid") { _ in Sigmoid() }
    layer("LogSigmoid") { _ in LogSigmoid() }
    layer("SiLU") { _ in SiLU() }
    layer("Mish") { _ in Mish() }
    layer("Tanh") { _ in Tanh() }
    layer("Tanhshrink") { _ in Tanhshrink() }
    layer("Softsign") { _ in Softsign() }
    layer("Hardtanh") { _ in Hardtanh() }
    layer("Hardswish") { _ in Hardswish() }
    layer("Hardshrink") { Hardshrink(try $0.real(0, "lambd", or: 0.5)) }
    layer("Softshrink") { Softshrink(try $0.real(0, "lambd", or: 0.5)) }
    layer("Threshold") { try Threshold($0.real(0, "threshold"), $0.real(1, "value")) }
    layer("Softplus") {
      try Softplus(beta: $0.real(0, "beta", or: 1), threshold: $0.real(1, "threshold", or: 20))
    }
    layer("Softmax") { Softmax(axis: try $0.int(0, "dim")) }
    layer("LogSoftmax") { LogSoftmax(axis: try $0.int(0, "dim")) }
    layer("Softmin") { Softmin(axis: try $0.int(0, "dim")) }
    layer("Softmax2d") { _ in Softmax2d() }
  }

  private static func here(_ call: Call, _ place: Int, _ layer: any Layer) throws -> any Layer {
    // In place or not is nothing to a value.
    _ = call.value(place, "inplace")
    return layer
  }

  mutating func addPools() {
    network("MaxPool1d") { c in
      if try c.bool(4, "return_indices") { return try Self.indexed(c, 1) }
      let layer = try MaxPool1d(
        c.int(0, "kernel_size"), stride: c.optionalInt(1, "stride"),
        padding: c.int(2, "padding", or: 0), dilation: c.int(3, "dilation", or: 1),
        ceil: c.bool(5, "ceil_mode"))
      return Network(module: layer) { [layer(try $0.x)] }
    }
    network("MaxPool2d") { c in
      if try c.bool(4, "return_indices") { return try Self.indexed(c, 2) }
      let layer = try MaxPool2d(
        c.size(0, "kernel_size"), stride: c.optionalSize(1, "stride"),
        padding: c.size(2, "padding", or: 0), dilation: c.size(3, "dilation", or: 1),
        ceil: c.bool(5, "ceil_mode"))
      return Network(module: layer) { [layer(try $0.x)] }
    }
    network("MaxPool3d") { c in
      if try c.bool(4, "return_indices") { return try Self.indexed(c, 3) }
      let layer = try MaxPool3d(
        c.volume(0, "kernel_size"), stride: c.optionalVolume(1, "stride"),
        padding: c.volume(2, "padding", or: 0), dilation: c.volume(3, "dilation", or: 1),
        ceil: c.bool(5, "ceil_mode"))
      return Network(module: layer) { [layer(try $0.x)] }
    }
    layer("AvgPool1d") {
      try AvgPool1d(
        $0.int(0, "kernel_size"), stride: $0.optionalInt(1, "stride"),
        padding: $0.int(2, "padding", or: 0), ceil: $0.bool(3, "ceil_mode"),
        countsPadding: $0.bool(4, "count_include_pad", or: true))
    }
    layer("AvgPool2d") {
      try AvgPool2d(
        $0.size(0, "kernel_size"), stride: $0.optionalSize(1, "stride"),
        padding: $0.size(2, "padding", or: 0), ceil: $0.bool(3, "ceil_mode"),
        countsPadding: $0.bool(4, "count_include_pad", or: true),
        divisor: $0.optionalInt(5, "divisor_override"))
    }
    layer("AvgPool3d") {
      try AvgPool3d(
        $0.volume(0, "kernel_size"), stride: $0.optionalVolume(1, "stride"),
        padding: $0.volume(2, "padding", or: 0), ceil: $0.bool(3, "ceil_mode"),
        countsPadding: $0.bool(4, "count_include_pad", or: true),
        divisor: $0.optionalInt(5, "divisor_override"))
    }
    layer("AdaptiveAvgPool1d") { AdaptiveAvgPool1d(try $0.int(0, "output_size")) }
    layer("AdaptiveAvgPool2d") { AdaptiveAvgPool2d(try $0.size(0, "output_size")) }
    layer("AdaptiveAvgPool3d") { AdaptiveAvgPool3d(try $0.volume(0, "output_size")) }
    layer("AdaptiveMaxPool1d") { AdaptiveMaxPool1d(try $0.int(0, "output_size")) }
    layer("AdaptiveMaxPool2d") { AdaptiveMaxPool2d(try $0.size(0, "output_size")) }
    layer("AdaptiveMaxPool3d") { AdaptiveMaxPool3d(try $0.volume(0, "output_size")) }
    layer("FractionalMaxPool2d") {
      let samples = try $0.optionalTensor(4, "_random_samples")
      if let ratios = try $0.optionalReals(2, "output_ratio", count: 2) {
        return try FractionalMaxPool2d(
          $0.size(0, "kernel_size"), outputRatio: (ratios[0], ratios[1]), samples: samples)
      }
      return try FractionalMaxPool2d(
        $0.size(0, "kernel_size"), output: $0.size(1, "output_size"), samples: samples)
    }
    layer("FractionalMaxPool3d") {
      let samples = try $0.optionalTensor(4, "_random_samples")
      if let ratios = try $0.optionalReals(2, "output_ratio", count: 3) {
        return try FractionalMaxPool3d(
          $0.volume(0, "kernel_size"), outputRatio: (ratios[0], ratios[1], ratios[2]),
          samples: samples)
      }
      return try FractionalMaxPool3d(
        $0.volume(0, "kernel_size"), output: $0.volume(1, "output_size"), samples: samples)
    }
    layer("LPPool1d") {
      try LPPool1d(
        $0.real(0, "norm_type"), $0.int(1, "kernel_size"), stride: $0.optionalInt(2, "stride"),
        ceil: $0.bool(3, "ceil_mode"))
    }
    layer("LPPool2d") {
      try LPPool2d(
        $0.real(0, "norm_type"), $0.size(1, "kernel_size"), stride: $0.optionalSize(2, "stride"),
        ceil: $0.bool(3, "ceil_mode"))
    }
    layer("LPPool3d") {
      try LPPool3d(
        $0.real(0, "norm_type"), $0.volume(1, "kernel_size"),
        stride: $0.optionalVolume(2, "stride"), ceil: $0.bool(3, "ceil_mode"))
    }
  }

  /// A pool that also gives places.
  private static func indexed(_ c: Call, _ axes: Int) throws -> Network {
    guard let size = try c.each(0, "kernel_size", axes) else { throw Lacking(what: "no size") }
    let (stride, padding) = try (c.each(1, "stride", axes), c.each(2, "padding", axes))
    let (dilation, ceil) = try (c.each(3, "dilation", axes), c.bool(5, "ceil_mode"))
    return Network { call in
      let (values, indices) = try call.x.maxPoolWithIndices(
        size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
      return [values, indices]
    }
  }

  mutating func addConvolutions() {
    layer("Conv1d") { c in
      if case .text("same")? = c.value(4, "padding") {
        return try Conv1d(
          c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.int(2, "kernel_size"),
          padding: .same, dilation: c.int(5, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
          bias: c.bool(7, "bias", or: true))
      }
      return try Conv1d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.int(2, "kernel_size"),
        stride: c.int(3, "stride", or: 1), padding: c.int(4, "padding", or: 0),
        dilation: c.int(5, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
        bias: c.bool(7, "bias", or: true))
    }
    layer("Conv2d") { c in
      if case .text("same")? = c.value(4, "padding") {
        return try Conv2d(
          c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.size(2, "kernel_size"),
          padding: .same, dilation: c.size(5, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
          bias: c.bool(7, "bias", or: true))
      }
      return try Conv2d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.size(2, "kernel_size"),
        stride: c.size(3, "stride", or: 1), padding: c.size(4, "padding", or: 0),
        dilation: c.size(5, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
        bias: c.bool(7, "bias", or: true))
    }
    layer("Conv3d") { c in
      if case .text("same")? = c.value(4, "padding") {
        return try Conv3d(
          c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.volume(2, "kernel_size"),
          padding: .same, dilation: c.volume(5, "dilation", or: 1),
          groups: c.int(6, "groups", or: 1),
          bias: c.bool(7, "bias", or: true))
      }
      return try Conv3d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.volume(2, "kernel_size"),
        stride: c.volume(3, "stride", or: 1), padding: c.volume(4, "padding", or: 0),
        dilation: c.volume(5, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
        bias: c.bool(7, "bias", or: true))
    }
    layer("ConvTranspose1d") { c in
      try ConvTranspose1d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.int(2, "kernel_size"),
        stride: c.int(3, "stride", or: 1), padding: c.int(4, "padding", or: 0),
        outputPadding: c.int(5, "output_padding", or: 0), dilation: c.int(8, "dilation", or: 1),
        groups: c.int(6, "groups", or: 1), bias: c.bool(7, "bias", or: true))
    }
    layer("ConvTranspose2d") { c in
      try ConvTranspose2d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.size(2, "kernel_size"),
        stride: c.size(3, "stride", or: 1), padding: c.size(4, "padding", or: 0),
        outputPadding: c.size(5, "output_padding", or: 0), dilation: c.size(8, "dilation", or: 1),
        groups: c.int(6, "groups", or: 1), bias: c.bool(7, "bias", or: true))
    }
    layer("ConvTranspose3d") { c in
      try ConvTranspose3d(
        c.int(0, "in_channels"), c.int(1, "out_channels"), size: c.volume(2, "kernel_size"),
        stride: c.volume(3, "stride", or: 1), padding: c.volume(4, "padding", or: 0),
        outputPadding: c.volume(5, "output_padding", or: 0),
        dilation: c.volume(8, "dilation", or: 1), groups: c.int(6, "groups", or: 1),
        bias: c.bool(7, "bias", or: true))
    }
  }

  /// PyTorch's widths, the last axis first.
  private static func widths(_ call: Call, _ axes: Int) throws -> [(low: Int, high: Int)] {
    var numbers = try call.ints(0, "padding")
    if numbers.count == 1 { numbers = [Int](repeating: numbers[0], count: 2 * axes) }
    guard numbers.count == 2 * axes else { throw Lacking(what: "\(numbers) for \(axes) axes") }
    return (0..<axes).reversed().map { (numbers[2 * $0], numbers[2 * $0 + 1]) }
  }

  mutating func addPaddings() {
    for axes in 1...3 {
      layer("ReflectionPad\(axes)d") { Pad(try Self.widths($0, axes), mode: .reflect) }
      layer("ReplicationPad\(axes)d") { Pad(try Self.widths($0, axes), mode: .replicate) }
      layer("CircularPad\(axes)d") { Pad(try Self.widths($0, axes), mode: .circular) }
      layer("ZeroPad\(axes)d") { Pad(try Self.widths($0, axes)) }
      layer("ConstantPad\(axes)d") {
        Pad(try Self.widths($0, axes), value: try $0.real(1, "value"))
      }
    }
  }

  mutating func addNorms() {
    layer("BatchNorm1d") { c in
      try BatchNorm1d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: Self.momentum(c), affine: c.bool(3, "affine", or: true),
        trackRunningStats: c.bool(4, "track_running_stats", or: true),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("BatchNorm2d") { c in
      try BatchNorm2d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: Self.momentum(c), affine: c.bool(3, "affine", or: true),
        trackRunningStats: c.bool(4, "track_running_stats", or: true),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("BatchNorm3d") { c in
      try BatchNorm3d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: Self.momentum(c), affine: c.bool(3, "affine", or: true),
        trackRunningStats: c.bool(4, "track_running_stats", or: true),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("InstanceNorm1d") { c in
      try InstanceNorm1d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: c.real(2, "momentum", or: 0.1), affine: c.bool(3, "affine"),
        trackRunningStats: c.bool(4, "track_running_stats"),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("InstanceNorm2d") { c in
      try InstanceNorm2d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: c.real(2, "momentum", or: 0.1), affine: c.bool(3, "affine"),
        trackRunningStats: c.bool(4, "track_running_stats"),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("InstanceNorm3d") { c in
      try InstanceNorm3d(
        c.int(0, "num_features"), epsilon: c.real(1, "eps", or: 1e-5),
        momentum: c.real(2, "momentum", or: 0.1), affine: c.bool(3, "affine"),
        trackRunningStats: c.bool(4, "track_running_stats"),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("GroupNorm") { c in
      try GroupNorm(
        groups: c.int(0, "num_groups"), channels: c.int(1, "num_channels"),
        epsilon: c.real(2, "eps", or: 1e-5), affine: c.bool(3, "affine", or: true),
        bias: c.bool(.max, "bias", or: true))
    }
    layer("LayerNorm") { c in
      try LayerNorm(
        Shape(c.ints(0, "normalized_shape")), epsilon: c.real(1, "eps", or: 1e-5),
        affine: c.bool(2, "elementwise_affine", or: true), bias: c.bool(3, "bias", or: true))
    }
    layer("RMSNorm") { c in
      try RMSNorm(
        Shape(c.ints(0, "normalized_shape")), epsilon: c.optionalReal(1, "eps"),
        affine: c.bool(2, "elementwise_affine", or: true))
    }
    layer("LocalResponseNorm") { c in
      try LocalResponseNorm(
        c.int(0, "size"), alpha: c.real(1, "alpha", or: 1e-4), beta: c.real(2, "beta", or: 0.75),
        k: c.real(3, "k", or: 1))
    }
  }

  /// A momentum of none is a mean over all batches.
  private static func momentum(_ call: Call) throws -> Double? {
    if call.count > 2 { return try call.optionalReal(2) }
    return try call.optionalReal(.max, "momentum") ?? 0.1
  }
}
