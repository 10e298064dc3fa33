import Blitz

extension Table {
  /// The bias of a convolution, one number for each channel.
  private static func biased(_ y: Tensor, _ bias: Tensor?, axes: Int = 2) -> Tensor {
    guard let bias, y.error == nil else { return y }
    let sizes = [bias.elementCount] + [Int](repeating: 1, count: axes)
    return y + bias.reshaped(to: Shape(sizes))
  }

  private static func oneNumber(_ call: Call, _ place: Int, _ name: String, _ usual: Int) throws
    -> Int
  {
    if case .text? = call.value(place, name) { return 0 }
    return try call.int(place, name, or: usual)
  }

  private static func padding(_ call: Call, _ place: Int) throws -> Size2D {
    if case .text? = call.value(place, "padding") { return 0 }
    return try call.size(place, "padding", or: 0)
  }

  /// The input with the zeros that the word `same` asks for.
  private static func samePadded(_ call: Call, _ axes: Int) throws -> Tensor {
    let (x, weight) = (try call.x, try call.tensor(1, "weight"))
    guard case .text("same")? = call.value(4, "padding"), weight.rank == axes + 2,
      let dilation = Optional(
        try call.each(5, "dilation", axes) ?? [Int](repeating: 1, count: axes))
    else { return x }
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: x.rank)
    for axis in 0..<axes {
      let total = dilation[axis] * (weight.shape[2 + axis] - 1)
      widths[x.rank - axes + axis] = (total / 2, total - total / 2)
    }
    return x.padded(widths)
  }

  private static func resized(
    _ call: Call, _ mode: String, alignedCorners: Bool = false
  ) throws -> Tensor {
    let modes: [String: ResizingMode] = [
      "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear,
      "bilinear": .linear, "trilinear": .linear, "bicubic": .cubic, "area": .area,
    ]
    guard let mode = modes[mode] else { throw Lacking(what: "the mode \(mode)") }
    let aligned = try call.bool(4, "align_corners", or: alignedCorners)
    let x = try call.x
    let smooth = try call.bool(6, "antialias")
    let count = x.rank - 2
    if let sizes = try call.optionalInts(1, "size") {
      let all = sizes.count == count ? sizes : [Int](repeating: sizes[0], count: count)
      return x.resized(to: all, mode: mode, alignedCorners: aligned, antialias: smooth)
    }
    guard let value = call.value(2, "scale_factor") else { throw Lacking(what: "no size") }
    var factors: [Double]
    if case .list(let values) = value {
      factors = try values.map { try call.real($0) }
    } else {
      factors = [try call.real(value)]
    }
    if factors.count == 1 { factors = [Double](repeating: factors[0], count: count) }
    if try call.bool(5, "recompute_scale_factor") {
      let sizes = zip(x.shape.sizes.dropFirst(2), factors).map { Int(Double($0) * $1) }
      return x.resized(to: sizes, mode: mode, alignedCorners: aligned, antialias: smooth)
    }
    return x.resized(by: factors, mode: mode, alignedCorners: aligned, antialias: smooth)
  }

  mutating func addLayers() {
    word("nn.functional.linear") { call in
      let weight = try call.tensor(1)
      let y = try call.x.matmul(weight.rank == 1 ? weight : weight.transposed())
      return try call.optionalTensor(2, "bias").map { y + $0 } ?? y
    }
    word("nn.functional.bilinear") { call in
      let (a, b, w) = (try call.x, try call.tensor(1), try call.tensor(2))
      let layer = Bilinear(w.shape[1], w.shape[2], w.shape[0], bias: false)
      layer.cast(to: w.dtype)
      layer.$weight.value = w
      return try call.optionalTensor(3, "bias").map { layer(a, b) + $0 } ?? layer(a, b)
    }
    word("nn.functional.conv1d") { call in
      try Table.samePadded(call, 1).conv1d(
        call.tensor(1, "weight"), bias: call.optionalTensor(2, "bias"),
        stride: call.int(3, "stride", or: 1), padding: Table.oneNumber(call, 4, "padding", 0),
        dilation: call.int(5, "dilation", or: 1), groups: call.int(6, "groups", or: 1))
    }
    word("nn.functional.conv2d") { call in
      try Table.samePadded(call, 2).conv2d(
        call.tensor(1, "weight"), bias: call.optionalTensor(2, "bias"),
        stride: call.size(3, "stride", or: 1), padding: Table.padding(call, 4),
        dilation: call.size(5, "dilation", or: 1), groups: call.int(6, "groups", or: 1))
    }
    word("nn.functional.conv_transpose2d") { call in
      try call.x.convTranspose2d(
        call.tensor(1, "weight"), bias: call.optionalTensor(2, "bias"),
        stride: call.size(3, "stride", or: 1), padding: Table.padding(call, 4),
        outputPadding: call.size(5, "output_padding", or: 0),
        dilation: call.size(7, "dilation", or: 1), groups: call.int(6, "groups", or: 1))
    }
    word("nn.functional.conv_transpose1d") { call in
      func pair(_ number: Int, _ other: Int) -> Size2D { Size2D(other, number) }
      let y = try call.x.unsqueezed(axis: -2).convTranspose2d(
        call.tensor(1, "weight").unsqueezed(axis: 2),
        stride: pair(call.int(3, "stride", or: 1), 1),
        padding: pair(Table.oneNumber(call, 4, "padding", 0), 0),
        outputPadding: pair(call.int(5, "output_padding", or: 0), 0),
        dilation: pair(call.int(7, "dilation", or: 1), 1), groups: call.int(6, "groups", or: 1)
      ).squeezed(axis: -2)
      return try Table.biased(y, call.optionalTensor(2, "bias"), axes: 1)
    }
    word("nn.functional.max_pool2d") { call in
      if try call.bool(6, "return_indices") { return try Table.indexed(call, 2) }
      return [
        try call.x.maxPool2d(
          call.size(1, "kernel_size"), stride: call.optionalSize(2, "stride"),
          padding: call.size(3, "padding", or: 0), dilation: call.size(4, "dilation", or: 1),
          ceil: call.bool(5, "ceil_mode"))
      ]
    }
    word("nn.functional.max_pool1d") { call in
      if try call.bool(6, "return_indices") { return try Table.indexed(call, 1) }
      let size = try call.int(1, "kernel_size")
      return [
        try call.x.maxPool1d(
          size, stride: call.optionalInt(2, "stride"), padding: call.int(3, "padding", or: 0),
          dilation: call.int(4, "dilation", or: 1), ceil: call.bool(5, "ceil_mode"))
      ]
    }
    word("nn.functional.avg_pool2d") { call in
      try call.x.avgPool2d(
        call.size(1, "kernel_size"), stride: call.optionalSize(2, "stride"),
        padding: call.size(3, "padding", or: 0), ceil: call.bool(4, "ceil_mode"),
        countsPadding: call.bool(5, "count_include_pad", or: true),
        divisor: call.optionalInt(6, "divisor_override"))
    }
    word("nn.functional.avg_pool1d") { call in
      try call.x.avgPool1d(
        call.int(1, "kernel_size"), stride: call.optionalInt(2, "stride"),
        padding: call.int(3, "padding", or: 0), ceil: call.bool(4, "ceil_mode"),
        countsPadding: call.bool(5, "count_include_pad", or: true))
    }
    word("nn.functional.adaptive_avg_pool2d") { call in
      try call.x.adaptiveAvgPool2d(call.size(1, "output_size"))
    }
    word("nn.functional.adaptive_avg_pool1d") { call in
      try call.x.adaptiveAvgPool1d(call.int(1, "output_size"))
    }
    word("nn.functional.unfold") { call in
      try call.x.patches(
        call.size(1, "kernel_size"), stride: call.size(4, "stride", or: 1),
        padding: call.size(3, "padding", or: 0), dilation: call.size(2, "dilation", or: 1))
    }
    word("nn.functional.interpolate") { try Table.resized($0, $0.text(3, "mode", or: "nearest")) }
    word("nn.functional.upsample_nearest") { try Table.resized($0, "nearest") }
    word("nn.functional.upsample_bilinear") {
      try Table.resized($0, "bilinear", alignedCorners: true)
    }
    word("nn.functional.local_response_norm") { call in
      try call.x.localResponseNorm(
        size: call.int(1, "size"), alpha: call.real(2, "alpha", or: 1e-4),
        beta: call.real(3, "beta", or: 0.75), k: call.real(4, "k", or: 1))
    }
    word("nn.functional.pixel_shuffle") { try $0.x.pixelShuffle($0.int(1, "upscale_factor")) }
    word("nn.functional.pixel_unshuffle") { try $0.x.pixelUnshuffle($0.int(1, "downscale_factor")) }
    word("nn.functional.channel_shuffle") { try $0.x.channelShuffle($0.int(1, "groups")) }
  }
}
