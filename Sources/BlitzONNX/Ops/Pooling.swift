import BlitzTensor

extension OpTable {
  /// One number for each window of an image.
  static let pooling: [OpEntry] = [
    OpEntry(many: "MaxPool", maxPool),
    OpEntry("AveragePool") { call in
      let (x, sizes) = try call.image(0)
      let geometry = try call.geometry(sizes, kernel: call.ints("kernel_shape") ?? [], isPool: true)
      let counted = call.flag("count_include_pad")
      if sizes.count == 2, let even = geometry.evenPads, geometry.dilations == [1, 1],
        zip(even, geometry.kernel).allSatisfy({ $0 * 2 <= $1 })
      {
        return x.avgPool2d(
          Size2D(geometry.kernel[0], geometry.kernel[1]),
          stride: Size2D(geometry.strides[0], geometry.strides[1]),
          padding: Size2D(even[0], even[1]), countsPadding: counted)
      }
      return x.windowSums(geometry) / geometry.divisors(countingPads: counted).cast(to: x.dtype)
    },
    OpEntry("LpPool") { call in
      let (x, sizes) = try call.image(0)
      let geometry = try call.geometry(sizes, kernel: call.ints("kernel_shape") ?? [], isPool: true)
      let p = call.power
      return x.abs().pow(p).windowSums(geometry).pow(1 / p)
    },
    OpEntry("GlobalAveragePool") { call in
      let (x, sizes) = try call.image(0)
      return sizes.isEmpty ? x : x.mean(axes: Array(2..<x.rank), keepDims: true)
    },
    OpEntry("GlobalMaxPool") { call in
      let (x, sizes) = try call.image(0)
      return sizes.isEmpty ? x : x.max(axes: Array(2..<x.rank), keepDims: true)
    },
    OpEntry("GlobalLpPool") { call in
      let (x, sizes) = try call.image(0)
      let p = call.power
      return sizes.isEmpty
        ? x.abs() : x.abs().pow(p).sum(axes: Array(2..<x.rank), keepDims: true).pow(1 / p)
    },
    OpEntry("MaxUnpool", since: 9) { call in
      let (x, sizes) = try call.image(0)
      let kernel = call.ints("kernel_shape") ?? []
      let strides = call.ints("strides") ?? sizes.map { _ in 1 }
      let pads = call.ints("pads") ?? sizes.flatMap { _ in [0, 0] }
      guard kernel.count == sizes.count, strides.count == sizes.count,
        pads.count == 2 * sizes.count,
        (kernel + strides + pads).allSatisfy({ $0.magnitude < 1 << 24 }),
        sizes.allSatisfy({ $0 < 1 << 31 })
      else { throw call.failure("attributes do not fit \(sizes.count) axes") }
      let natural = sizes.indices.map {
        (sizes[$0] - 1) * strides[$0] - pads[$0] - pads[$0 + sizes.count] + kernel[$0]
      }
      let shape = Shape(Array(x.shape.prefix(2)) + natural)
      let placed = Tensor.zeros([shape.elementCount], dtype: x.dtype).scatter(
        axis: 0, index: call[1].reshaped(to: [-1]), updates: x.reshaped(to: [-1])
      ).reshaped(to: shape)
      guard call.has(2) else { return placed }
      let asked = try call.numbers(2)
      guard asked.count == shape.rank, asked.allSatisfy({ $0 >= 0 }) else {
        throw call.failure("output_shape is \(asked)")
      }
      return placed.edged(
        zip(asked, shape).map { (0, $0 - $1) }, fill: Tensor.zeros([], dtype: x.dtype))
    },
    OpEntry("MaxRoiPool", maxRoiPool),
  ]

  @Sendable private static func maxPool(_ call: OpCall) throws -> [Value] {
    let (x, sizes) = try call.image(0)
    let geometry = try call.geometry(sizes, kernel: call.ints("kernel_shape") ?? [], isPool: true)
    let wide = x.dtype.isFloating ? x : x.cast(to: .float32)
    if call.wants(1) { return try maxPoolWithPlaces(call, wide, geometry) }
    guard (1...3).contains(sizes.count) else { throw call.failure("takes images of 1 to 3 axes") }
    let pooled: Tensor
    if let even = geometry.evenPads, zip(even, geometry.kernel).allSatisfy({ $0 * 2 <= $1 }) {
      pooled = wide.windowMaxima(geometry, padding: even)
    } else {
      pooled = wide.framed(geometry.exactPads, fill: -.infinity)
        .windowMaxima(geometry, padding: sizes.map { _ in 0 })
    }
    return [call.like(0, pooled.cast(to: x.dtype))]
  }

  private static func maxPoolWithPlaces(
    _ call: OpCall, _ x: Tensor, _ geometry: WindowGeometry
  ) throws -> [Value] {
    let (n, c) = (x.shape[0], x.shape[1])
    let pixels = geometry.sizes.product
    let (windows, kernel) = (geometry.counts.product, geometry.kernel.product)
    let places = geometry.flatPositions
    let flat = x.reshaped(to: [n, c, pixels]).edged(
      [(0, 0), (0, 0), (0, 1)], fill: Tensor.full([], -.infinity, dtype: x.dtype))
    let table = Tensor(places.map { $0 ?? pixels }, shape: [places.count])
    let seen = flat.indexSelect(axis: 2, indices: table)
      .reshaped(to: Shape([n, c, windows, kernel]))
    let best = seen.argmax(axis: 3, keepDims: true)
    var numbers = places.map { $0 ?? 0 }
    if call.flag("storage_order") {
      // The first axis of the image is the one whose neighbours touch.
      let sizes = geometry.sizes
      let strides = Shape(sizes).strides
      numbers = numbers.map { place in
        var (step, answer) = (1, 0)
        for axis in sizes.indices {
          answer += place / strides[axis] % sizes[axis] * step
          step *= sizes[axis]
        }
        return answer
      }
    }
    let positions = Tensor(numbers, shape: Shape([1, 1, windows, kernel]))
      .expanded(to: seen.shape).gather(axis: 3, index: best)
    let planes = (Tensor.arange(n * c) * pixels).reshaped(to: Shape([n, c, 1, 1]))
    let shape = Shape([n, c] + geometry.counts)
    return [
      call.like(0, seen.gather(axis: 3, index: best).reshaped(to: shape).cast(to: call[0].dtype)),
      Value((positions + planes).reshaped(to: shape)),
    ]
  }

  /// The greatest element of each part of regions, computed now.
  @Sendable private static func maxRoiPool(_ call: OpCall) throws -> Tensor {
    let (x, sizes) = try call.image(0)
    let pooled = call.ints("pooled_shape") ?? []
    let scale = call.float("spatial_scale", 1)
    guard sizes.count == 2, pooled.count == 2, pooled.allSatisfy({ (1...1 << 20).contains($0) })
    else {
      throw call.failure("takes images of two axes")
    }
    let regions = try call.reals(1)
    var rows: [Tensor] = []
    for place in 0..<regions.count / 5 {
      let region = Array(regions[place * 5..<place * 5 + 5])
      guard let image = Int(exactly: region[0]), image >= 0, image < x.shape[0] else {
        throw call.failure("region \(place) is in image \(region[0])")
      }
      let corners = region.dropFirst().map { Int(bounded: ($0 * scale).rounded()) }
      func parts(_ axis: Int, _ start: Int, _ end: Int) -> [Range<Int>] {
        let length = Double(max(end - start + 1, 1)) / Double(pooled[axis])
        return (0..<pooled[axis]).map { part in
          let low = Int(bounded: (Double(part) * length).rounded(.down)) + start
          let high = Int(bounded: (Double(part + 1) * length).rounded(.up)) + start
          let first = min(max(low, 0), sizes[axis])
          return first..<max(min(max(high, 0), sizes[axis]), first)
        }
      }
      for row in parts(0, corners[1], corners[3]) {
        for column in parts(1, corners[0], corners[2]) {
          rows.append(
            row.isEmpty || column.isEmpty
              ? Tensor.zeros([x.shape[1]], dtype: x.dtype)
              : x[image][0..., row, column].max(axes: [1, 2]))
        }
      }
    }
    if rows.isEmpty { return Tensor.zeros(Shape([0, x.shape[1]] + pooled), dtype: x.dtype) }
    return stack(rows).reshaped(to: Shape([-1, pooled[0] * pooled[1], x.shape[1]]))
      .permuted([0, 2, 1]).reshaped(to: Shape([-1, x.shape[1]] + pooled))
  }
}

extension OpCall {
  /// The power of an Lp norm, which the first opset has as a float.
  fileprivate var power: Double {
    has("p") && int("p", -1) == -1 ? float("p", 2) : Double(int("p", 2))
  }
}

extension WindowGeometry {
  /// How many elements each window has.
  func divisors(countingPads: Bool) -> Tensor {
    var product = Tensor.ones([])
    for axis in counts.indices {
      let numbers = (0..<counts[axis]).map { place in
        Double(
          (0..<kernel[axis]).filter { step in
            let position = place * strides[axis] + step * dilations[axis] - pads[axis].low
            return countingPads
              ? position < sizes[axis] + pads[axis].high : position >= 0 && position < sizes[axis]
          }.count)
      }
      let along = Tensor(numbers.map { Float($0) }, shape: [numbers.count])
      product = product.unsqueezed(axis: product.rank) * along
    }
    return product
  }
}

extension Tensor {
  /// The sum of each window, by a matrix of zeros and ones for each axis.
  func windowSums(_ geometry: WindowGeometry) -> Tensor {
    var x = self
    for axis in geometry.counts.indices {
      let (size, count) = (geometry.sizes[axis], geometry.counts[axis])
      var matrix = [Float](repeating: 0, count: size * count)
      for (place, positions) in geometry.positions(in: axis).enumerated() {
        for case let position? in positions { matrix[position * count + place] += 1 }
      }
      x = x.contracted(axis: axis + 2, Tensor(matrix, shape: [size, count]).cast(to: dtype))
    }
    return x
  }

  /// The greatest element of each window; of three axes the last two first.
  fileprivate func windowMaxima(_ geometry: WindowGeometry, padding: [Int]) -> Tensor {
    let (kernel, strides, dilations) = (geometry.kernel, geometry.strides, geometry.dilations)
    switch geometry.kernel.count {
    case 1:
      return maxPool1d(
        kernel[0], stride: strides[0], padding: padding[0], dilation: dilations[0])
    case 2:
      return maxPool2d(
        Size2D(kernel[0], kernel[1]), stride: Size2D(strides[0], strides[1]),
        padding: Size2D(padding[0], padding[1]), dilation: Size2D(dilations[0], dilations[1]))
    default:
      let (n, c, d) = (shape[0], shape[1], shape[2])
      let layers = reshaped(to: Shape([n, c * d] + shape.suffix(2))).maxPool2d(
        Size2D(kernel[1], kernel[2]), stride: Size2D(strides[1], strides[2]),
        padding: Size2D(padding[1], padding[2]), dilation: Size2D(dilations[1], dilations[2]))
      let sizes = Array(layers.shape.suffix(2))
      if layers.error != nil { return layers }
      let pooled = layers.reshaped(to: Shape([n, c, d, sizes.product])).maxPool2d(
        Size2D(kernel[0], 1), stride: Size2D(strides[0], 1), padding: Size2D(padding[0], 0),
        dilation: Size2D(dilations[0], 1))
      if pooled.error != nil { return pooled }
      return pooled.reshaped(to: Shape([n, c, pooled.shape[2]] + sizes))
    }
  }
}
