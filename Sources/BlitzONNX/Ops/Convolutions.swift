import BlitzTensor

extension OpTable {
  /// Convolutions, and what undoes them.
  static let convolutions: [OpEntry] = [
    OpEntry("Conv") { call in
      let (x, sizes) = try call.image(0)
      let result = try call.sourceConvolution() ?? call.convolved(x, call[1], sizes)
      return call.optional(2).map { result + $0.perChannel(of: result.rank) } ?? result
    },
    OpEntry("ConvTranspose", transposed),
    OpEntry("Col2Im", since: 18) { call in
      let x = call[0]
      let (sizes, kernel) = (try call.numbers(1), try call.numbers(2))
      let block = kernel.product
      guard x.rank == 3, block > 0, x.shape[1] % block == 0 else {
        throw call.failure("the channels are not blocks of \(kernel)")
      }
      let geometry = try call.geometry(sizes, kernel: kernel)
      let (n, c, windows) = (x.shape[0], x.shape[1] / block, geometry.counts.product)
      guard windows == x.shape[2] else {
        throw call.failure("there are \(x.shape[2]) blocks, the image has room for \(windows)")
      }
      let pixels = sizes.product
      let places = geometry.flatPositions.map { $0 ?? pixels }
      let parts = x.reshaped(to: Shape([n, c, block, windows])).permuted([0, 1, 3, 2])
        .reshaped(to: [n, c, windows * block])
      let index = Tensor(places, shape: [1, 1, places.count]).expanded(to: parts.shape)
      return Tensor.zeros([n, c, pixels + 1], dtype: x.dtype)
        .scatterAdd(axis: 2, index: index, updates: parts)
        .part(axis: 2, from: 0, to: pixels).reshaped(to: Shape([n, c] + sizes))
    },
    OpEntry("DeformConv", since: 19, deformed),
  ]

  @Sendable private static func transposed(_ call: OpCall) throws -> Tensor {
    let (x, sizes) = try call.image(0)
    let weight = call[1]
    let rank = sizes.count
    guard weight.rank == x.rank, (1...3).contains(rank) else {
      throw call.failure("takes images of 1 to 3 axes and weights like them")
    }
    let kernel = Array(weight.shape.dropFirst(2))
    let strides = call.ints("strides") ?? Array(repeating: 1, count: rank)
    let dilations = call.ints("dilations") ?? Array(repeating: 1, count: rank)
    let more = call.ints("output_padding") ?? Array(repeating: 0, count: rank)
    let flat = call.ints("pads") ?? Array(repeating: 0, count: 2 * rank)
    let asked = call.ints("output_shape").map { Array($0.suffix(rank)) }
    guard strides.count == rank, dilations.count == rank, more.count == rank,
      flat.count == 2 * rank, asked.map({ $0.count == rank }) ?? true,
      (strides + dilations).allSatisfy({ $0 > 0 && $0 < 1 << 24 }),
      (more + flat + (asked ?? [])).allSatisfy({ $0.magnitude < 1 << 31 }),
      sizes.allSatisfy({ $0 < 1 << 31 })
    else { throw call.failure("attributes do not fit \(rank) axes") }
    let mode = call.text("auto_pad", "NOTSET")
    var widths: [(low: Int, high: Int)] = []
    for axis in 0..<rank {
      let full = strides[axis] * (sizes[axis] - 1) + (kernel[axis] - 1) * dilations[axis] + 1
      var (low, high) = (flat[axis], flat[axis + rank])
      if let size = asked?[axis] ?? (mode.hasPrefix("SAME") ? sizes[axis] * strides[axis] : nil) {
        let total = full + more[axis] - size
        // Rounded down, also below zero.
        low = mode == "SAME_UPPER" ? total >> 1 : total - (total >> 1)
        high = total - low
      } else if mode == "VALID" {
        (low, high) = (0, 0)
      }
      widths.append((-low, more[axis] - high))
    }
    let result = x.spread(
      weight, strides: strides, dilations: dilations, groups: call.int("group", 1)
    ).framed(widths)
    return call.optional(2).map { result + $0.perChannel(of: result.rank) } ?? result
  }

  /// A convolution whose elements are read where offsets say, between pixels.
  @Sendable private static func deformed(_ call: OpCall) throws -> Tensor {
    let (x, sizes) = try call.image(0)
    let (weight, offset) = (call[1], call[2])
    guard sizes.count == 2 else { throw call.failure("takes images of two axes") }
    let geometry = try call.geometry(sizes, kernel: Array(weight.shape.dropFirst(2)))
    let (n, c) = (x.shape[0], x.shape[1])
    let parts = call.int("offset_group", 1)
    let groups = call.int("group", 1)
    guard parts > 0, groups > 0, c % parts == 0, c % groups == 0, weight.shape[0] % groups == 0
    else { throw call.failure("\(c) channels are not \(parts) parts or \(groups) groups") }
    let kernel = geometry.kernel.product
    let (rows, columns) = (geometry.counts[0], geometry.counts[1])
    let moves = offset.reshaped(to: Shape([n, parts, kernel, 2, rows * columns]))
    /// Where an axis is read without an offset, as [kernel, places].
    func base(_ axis: Int) -> Tensor {
      var numbers: [Double] = []
      for i in 0..<geometry.kernel[0] {
        for j in 0..<geometry.kernel[1] {
          for row in 0..<rows {
            for column in 0..<columns {
              let (place, step) = axis == 0 ? (row, i) : (column, j)
              numbers.append(
                Double(
                  place * geometry.strides[axis] + step * geometry.dilations[axis]
                    - geometry.pads[axis].low))
            }
          }
        }
      }
      return Tensor(numbers, shape: Shape([kernel, rows * columns]), dtype: x.dtype)
    }
    let y = moves[..., 0, 0...] + base(0)
    let x1 = moves[..., 1, 0...] + base(1)
    let split = x.reshaped(to: Shape([n * parts, c / parts] + sizes))
    var read = split.sampled(
      [y.reshaped(to: Shape([n * parts, -1])), x1.reshaped(to: Shape([n * parts, -1]))],
      mode: .linear, beside: .zeros
    ).reshaped(to: Shape([n, parts, c / parts, kernel, rows * columns]))
    if let mask = call.optional(4) {
      read = read * mask.reshaped(to: Shape([n, parts, 1, kernel, rows * columns]))
    }
    let outputs = weight.shape[0]
    let patches = read.reshaped(to: Shape([n, groups, c / groups * kernel, rows * columns]))
    let matrix = weight.reshaped(to: Shape([groups, outputs / groups, c / groups * kernel]))
    let result = matrix.matmul(patches).reshaped(to: Shape([n, outputs, rows, columns]))
    return call.optional(3).map { result + $0.perChannel(of: 4) } ?? result
  }
}

extension OpCall {
  /// The convolution of an image, as the node's attributes say.
  func convolved(_ x: Tensor, _ weight: Tensor, _ sizes: [Int]) throws -> Tensor {
    guard weight.rank == x.rank, (1...3).contains(sizes.count) else {
      throw failure("takes images of 1 to 3 axes and weights like them")
    }
    let geometry = try geometry(sizes, kernel: Array(weight.shape.dropFirst(2)))
    let groups = int("group", 1)
    if let even = geometry.evenPads {
      return x.convolved(weight, geometry, padding: even, groups: groups)
    }
    let padded = x.framed(geometry.exactPads)
    return padded.convolved(
      weight, geometry, padding: Array(repeating: 0, count: sizes.count), groups: groups)
  }
}

extension Tensor {
  /// A vector to stand beside channels.
  func perChannel(of rank: Int) -> Tensor {
    reshaped(to: Shape([elementCount] + Array(repeating: 1, count: Swift.max(rank - 2, 0))))
  }

  /// The convolution with the same width around each axis; of three axes the sum over the first.
  func convolved(
    _ weight: Tensor, _ geometry: WindowGeometry, padding: [Int], groups: Int
  ) -> Tensor {
    let (strides, dilations) = (geometry.strides, geometry.dilations)
    switch rank {
    case 3:
      return conv1d(
        weight, stride: strides[0], padding: padding[0], dilation: dilations[0], groups: groups)
    case 4:
      return conv2d(
        weight, stride: Size2D(strides[0], strides[1]), padding: Size2D(padding[0], padding[1]),
        dilation: Size2D(dilations[0], dilations[1]), groups: groups)
    default:
      let x = framed([(padding[0], padding[0]), (0, 0), (0, 0)])
      let (n, c, count) = (shape[0], shape[1], geometry.counts[0])
      var sum: Tensor?
      for step in 0..<geometry.kernel[0] {
        let start = step * dilations[0]
        let layers = x.part(
          axis: 2, from: start, to: start + (count - 1) * strides[0] + 1, step: strides[0])
        let pictures = layers.permuted([0, 2, 1, 3, 4])
          .reshaped(to: Shape([n * count, c] + shape.suffix(2)))
        let product = pictures.conv2d(
          weight[0..., 0..., step], stride: Size2D(strides[1], strides[2]),
          padding: Size2D(padding[1], padding[2]), dilation: Size2D(dilations[1], dilations[2]),
          groups: groups)
        sum = sum.map { $0 + product } ?? product
      }
      guard let sum else { return self }
      return sum.reshaped(to: Shape([n, count] + sum.shape.dropFirst())).permuted([0, 2, 1, 3, 4])
    }
  }

  /// The transposed convolution, with nothing cut off.
  func spread(_ weight: Tensor, strides: [Int], dilations: [Int], groups: Int) -> Tensor {
    switch rank {
    case 3:
      return unsqueezed(axis: 2).spread(
        weight.unsqueezed(axis: 2), strides: [1] + strides, dilations: [1] + dilations,
        groups: groups
      ).squeezed(axis: 2)
    case 4:
      return convTranspose2d(
        weight, stride: Size2D(strides[0], strides[1]),
        dilation: Size2D(dilations[0], dilations[1]), groups: groups)
    default:
      let (n, c, depth, kernel) = (shape[0], shape[1], shape[2], weight.shape[2])
      let pictures = permuted([0, 2, 1, 3, 4]).reshaped(
        to: Shape([n * depth, c] + shape.suffix(2)))
      let length = (depth - 1) * strides[0] + (kernel - 1) * dilations[0] + 1
      var sum: Tensor?
      for step in 0..<kernel {
        let spread = pictures.spread(
          weight[0..., 0..., step], strides: Array(strides.dropFirst()),
          dilations: Array(dilations.dropFirst()), groups: groups)
        let rest = Array(spread.shape.dropFirst())
        // Zeros between the layers.
        let layers = spread.reshaped(to: Shape([n, depth, 1] + rest))
          .padded([(0, 0), (0, 0), (0, strides[0] - 1), (0, 0), (0, 0), (0, 0)])
          .reshaped(to: Shape([n, depth * strides[0]] + rest)).permuted([0, 2, 1, 3, 4])
        let start = step * dilations[0]
        let placed = layers.part(axis: 2, from: 0, to: (depth - 1) * strides[0] + 1)
          .framed([(start, length - start - (depth - 1) * strides[0] - 1), (0, 0), (0, 0)])
        sum = sum.map { $0 + placed } ?? placed
      }
      return sum ?? self
    }
  }
}
