import Blitz

extension Call {
  /// The size of windows over volumes, one number for all axes.
  func volume(_ place: Int, _ name: String, or usual: Size3D? = nil) throws -> Size3D {
    guard let size = try optionalVolume(place, name) ?? usual else {
      throw Lacking(what: "no size \(name)")
    }
    return size
  }

  func optionalVolume(_ place: Int, _ name: String) throws -> Size3D? {
    guard let sizes = try optionalInts(place, name), !sizes.isEmpty else { return nil }
    return sizes.count == 3 ? Size3D(sizes[0], sizes[1], sizes[2]) : Size3D(sizes[0])
  }

  /// Numbers for so many axes, one for all of them.
  func each(_ place: Int, _ name: String, _ axes: Int) throws -> [Int]? {
    guard let numbers = try optionalInts(place, name), !numbers.isEmpty else { return nil }
    return numbers.count == axes ? numbers : [Int](repeating: numbers[0], count: axes)
  }
}

extension Table {
  mutating func addVolumes() {
    addConvolutionsOfVolumes()
    addPoolsOfVolumes()
    addUnpooling()
    addSampling()
  }

  private mutating func addConvolutionsOfVolumes() {
    word("nn.functional.conv3d") { call in
      let (x, weight) = (try call.x, try call.tensor(1, "weight"))
      let (bias, groups) = (try call.optionalTensor(2, "bias"), try call.int(6, "groups", or: 1))
      let (stride, dilation) = (
        try call.volume(3, "stride", or: 1), try call.volume(5, "dilation", or: 1)
      )
      guard weight.rank == 5, x.rank >= 4 else { return x.conv2d(weight) }
      let sizes = weight.shape.sizes
      let size = Size3D(sizes[2], sizes[3], sizes[4])
      let layer: Conv3d
      if case .text(let word)? = call.value(4, "padding"), word == "same" {
        layer = Conv3d(
          sizes[1] * groups, sizes[0], size: size, padding: .same, dilation: dilation,
          groups: groups, bias: false)
      } else {
        layer = Conv3d(
          sizes[1] * groups, sizes[0], size: size, stride: stride,
          padding: try Table.isValid(call, 4) ? 0 : call.volume(4, "padding", or: 0),
          dilation: dilation, groups: groups, bias: false)
      }
      layer.cast(to: x.dtype)
      layer.$weight.value = weight
      return Table.biased(layer(x), bias, 3)
    }
    word("nn.functional.conv_transpose3d") { call in
      let (x, weight) = (try call.x, try call.tensor(1, "weight"))
      let (bias, groups) = (try call.optionalTensor(2, "bias"), try call.int(6, "groups", or: 1))
      guard weight.rank == 5, x.rank >= 4 else { return x.conv2d(weight) }
      let sizes = weight.shape.sizes
      let layer = try ConvTranspose3d(
        sizes[0], sizes[1] * groups, size: Size3D(sizes[2], sizes[3], sizes[4]),
        stride: call.volume(3, "stride", or: 1), padding: call.volume(4, "padding", or: 0),
        outputPadding: call.volume(5, "output_padding", or: 0),
        dilation: call.volume(7, "dilation", or: 1), groups: groups, bias: false)
      layer.cast(to: x.dtype)
      layer.$weight.value = weight
      return Table.biased(layer(x), bias, 3)
    }
  }

  /// Whether the padding is the word for none.
  private static func isValid(_ call: Call, _ place: Int) -> Bool {
    if case .text(let word)? = call.value(place, "padding") { return word == "valid" }
    return false
  }

  /// Plus the bias of each channel, with or without a batch.
  private static func biased(_ y: Tensor, _ bias: Tensor?, _ axes: Int) -> Tensor {
    guard let bias, y.error == nil else { return y }
    return y + bias.reshaped(to: Shape([bias.elementCount] + [Int](repeating: 1, count: axes)))
  }

  private mutating func addPoolsOfVolumes() {
    word("nn.functional.avg_pool3d") { call in
      try AvgPool3d(
        call.volume(1, "kernel_size"), stride: call.optionalVolume(2, "stride"),
        padding: call.volume(3, "padding", or: 0), ceil: call.bool(4, "ceil_mode"),
        countsPadding: call.bool(5, "count_include_pad", or: true),
        divisor: call.optionalInt(6, "divisor_override"))(call.x)
    }
    word("nn.functional.max_pool3d") { call in
      if try call.bool(6, "return_indices") { return try Table.indexed(call, 3) }
      return [
        try MaxPool3d(
          call.volume(1, "kernel_size"), stride: call.optionalVolume(2, "stride"),
          padding: call.volume(3, "padding", or: 0), dilation: call.volume(4, "dilation", or: 1),
          ceil: call.bool(5, "ceil_mode"))(call.x)
      ]
    }
    word("nn.functional.adaptive_avg_pool3d") { call in
      try AdaptiveAvgPool3d(call.volume(1, "output_size"))(call.x)
    }
    word("nn.functional.adaptive_max_pool1d") { call in
      let found = try AdaptiveMaxPool1d(call.int(1, "output_size")).withIndices(call.x)
      return try Table.withPlaces(found, call, 2)
    }
    word("nn.functional.adaptive_max_pool2d") { call in
      let found = try AdaptiveMaxPool2d(call.size(1, "output_size")).withIndices(call.x)
      return try Table.withPlaces(found, call, 2)
    }
    word("nn.functional.adaptive_max_pool3d") { call in
      let found = try AdaptiveMaxPool3d(call.volume(1, "output_size")).withIndices(call.x)
      return try Table.withPlaces(found, call, 2)
    }
    word("nn.functional.fractional_max_pool2d") { call in
      let samples = try call.optionalTensor(5, "_random_samples")
      let size = try call.size(1, "kernel_size")
      let pool =
        try call.optionalReals(3, "output_ratio", count: 2).map {
          FractionalMaxPool2d(size, outputRatio: ($0[0], $0[1]), samples: samples)
        }
        ?? FractionalMaxPool2d(size, output: call.size(2, "output_size"), samples: samples)
      return try Table.withPlaces(pool.withIndices(call.x), call, 4)
    }
    word("nn.functional.fractional_max_pool3d") { call in
      let samples = try call.optionalTensor(5, "_random_samples")
      let size = try call.volume(1, "kernel_size")
      let pool =
        try call.optionalReals(3, "output_ratio", count: 3).map {
          FractionalMaxPool3d(size, outputRatio: ($0[0], $0[1], $0[2]), samples: samples)
        }
        ?? FractionalMaxPool3d(size, output: call.volume(2, "output_size"), samples: samples)
      return try Table.withPlaces(pool.withIndices(call.x), call, 4)
    }
  }

  /// The greatest elements, with their places if they are asked for.
  private static func withPlaces(
    _ found: (values: Tensor, indices: Tensor), _ call: Call, _ place: Int
  ) throws -> [Tensor] {
    try call.bool(place, "return_indices") ? [found.values, found.indices] : [found.values]
  }

  /// The greatest elements of windows and their places.
  static func indexed(_ call: Call, _ axes: Int) throws -> [Tensor] {
    guard let size = try call.each(1, "kernel_size", axes) else { throw Lacking(what: "no size") }
    let (values, indices) = try call.x.maxPoolWithIndices(
      size, stride: call.each(2, "stride", axes), padding: call.each(3, "padding", axes),
      dilation: call.each(4, "dilation", axes), ceil: call.bool(5, "ceil_mode"))
    return [values, indices]
  }

  private mutating func addUnpooling() {
    for axes in 1...3 {
      word("nn.functional.max_unpool\(axes)d") { call in
        let (x, indices) = (try call.x, try call.tensor(1))
        guard let size = try call.each(2, "kernel_size", axes) else {
          throw Lacking(what: "no size")
        }
        let stride = try call.each(3, "stride", axes) ?? size
        let padding = try call.each(4, "padding", axes) ?? size.map { _ in 0 }
        // Blitz's word is told the sizes that PyTorch finds by these steps.
        guard stride.allSatisfy({ $0 > 0 }) else {
          return x.maxUnpooled(indices, to: stride.map { min($0, 0) })
        }
        let given = try call.optionalInts(5, "output_size")?.suffix(axes)
        let old = x.shape.sizes.suffix(axes)
        let sizes = zip(old, zip(size, zip(stride, padding))).map {
          ($0 - 1) * $1.1.0 - 2 * $1.1.1 + $1.0
        }
        return x.maxUnpooled(indices, to: given.map(Array.init) ?? sizes)
      }
    }
    word("nn.functional.fold") { call in
      try call.x.folded(
        to: call.size(1, "output_size"), call.size(2, "kernel_size"),
        stride: call.size(5, "stride", or: 1), padding: call.size(4, "padding", or: 0),
        dilation: call.size(3, "dilation", or: 1))
    }
  }

  private mutating func addSampling() {
    word("nn.functional.grid_sample") { call in
      let modes: [String: ResizingMode] = [
        "bilinear": .linear, "nearest": .nearest, "bicubic": .cubic,
      ]
      let paddings: [String: GridPadding] = [
        "zeros": .zeros, "border": .border, "reflection": .reflection,
      ]
      guard let mode = modes[try call.text(2, "mode", or: "bilinear")],
        let padding = paddings[try call.text(3, "padding_mode", or: "zeros")]
      else { throw Lacking(what: "another mode") }
      return try call.x.gridSampled(
        at: call.tensor(1), mode: mode, padding: padding,
        alignedCorners: call.bool(4, "align_corners"))
    }
    word("grid_sampler_2d", "grid_sampler_3d") { call in
      let (modes, paddings) = (
        [ResizingMode.linear, .nearest, .cubic], [GridPadding.zeros, .border, .reflection]
      )
      return try call.x.gridSampled(
        at: call.tensor(1), mode: modes[call.int(2)], padding: paddings[call.int(3)],
        alignedCorners: call.bool(4))
    }
    word("nn.functional.alpha_dropout", drawn: true) { call in
      let layer = AlphaDropout(try call.real(1, "p", or: 0.5))
      if try !call.bool(2, "training") { layer.eval() }
      return try layer(call.x)
    }
    word("nn.functional.feature_alpha_dropout", drawn: true) { call in
      _ = call.value(2, "training")
      return try FeatureAlphaDropout(call.real(1, "p", or: 0.5))(call.x)
    }
    word("gcd") { try $0.x.gcd($0.tensor(1)) }
    word("lcm") { try $0.x.lcm($0.tensor(1)) }
    word("nextafter") { try $0.x.nextAfter($0.tensor(1)) }
    word("igamma") { try $0.x.igamma($0.tensor(1)) }
    word("igammac") { try $0.x.igammac($0.tensor(1)) }
  }
}
