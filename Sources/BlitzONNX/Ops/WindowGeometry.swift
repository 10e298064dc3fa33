import BlitzTensor

/// How a window slides along the axes of an image: those of convolutions and pools.
struct WindowGeometry {
  var sizes: [Int]
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  /// What is added to both ends of each axis.
  var pads: [(low: Int, high: Int)]
  /// How many places the window has along each axis.
  var counts: [Int]

  /// The places from the first to the last of a window along each axis.
  var reach: [Int] { zip(kernel, dilations).map { ($0 - 1) * $1 + 1 } }

  /// What must be added to the ends, or cut off, for all places to be inside and no more.
  var exactPads: [(low: Int, high: Int)] {
    counts.indices.map { axis in
      let end = (counts[axis] - 1) * strides[axis] + reach[axis]
      return (pads[axis].low, end - sizes[axis] - pads[axis].low)
    }
  }

  /// The same width at both ends of each axis, if nothing else is needed.
  var evenPads: [Int]? {
    for axis in counts.indices {
      let (low, high) = pads[axis]
      let all = (sizes[axis] + low + high - reach[axis]) / strides[axis] + 1
      if low != high || low < 0 || all != counts[axis] { return nil }
    }
    return pads.map(\.low)
  }

  /// For each place of the window, the positions in the image, or nil beside it.
  func positions(in axis: Int) -> [[Int?]] {
    (0..<counts[axis]).map { place in
      (0..<kernel[axis]).map { step in
        let position = place * strides[axis] + step * dilations[axis] - pads[axis].low
        return position >= 0 && position < sizes[axis] ? position : nil
      }
    }
  }

  /// The flat positions of all windows' elements, window by window; nil beside the image.
  var flatPositions: [Int?] {
    let axes = counts.indices.map { positions(in: $0) }
    let imageStrides = Shape(sizes).strides
    func all(_ counts: [Int]) -> [[Int]] {
      counts.reduce([[]]) { found, count in found.flatMap { f in (0..<count).map { f + [$0] } } }
    }
    let steps = all(kernel)
    return all(counts).flatMap { place in
      steps.map { step -> Int? in
        var flat = 0
        for axis in counts.indices {
          guard let position = axes[axis][place[axis]][step[axis]] else { return nil }
          flat += position * imageStrides[axis]
        }
        return flat
      }
    }
  }
}

extension OpCall {
  /// How the node's window slides over an image of sizes behind batch and channels.
  func geometry(
    _ sizes: [Int], kernel: [Int], isPool: Bool = false
  ) throws -> WindowGeometry {
    let rank = sizes.count
    let strides = ints("strides") ?? Array(repeating: 1, count: rank)
    let dilations = ints("dilations") ?? Array(repeating: 1, count: rank)
    let flat = ints("pads") ?? Array(repeating: 0, count: 2 * rank)
    guard kernel.count == rank, strides.count == rank, dilations.count == rank,
      flat.count == 2 * rank, (kernel + strides + dilations).allSatisfy({ $0 > 0 && $0 < 1 << 24 }),
      flat.allSatisfy({ $0.magnitude < 1 << 24 }), sizes.allSatisfy({ $0 < 1 << 31 })
    else {
      throw failure(
        "kernel \(kernel), strides \(strides), dilations \(dilations) and pads \(flat) do not fit "
          + "\(rank) axes")
    }
    var geometry = WindowGeometry(
      sizes: sizes, kernel: kernel, strides: strides, dilations: dilations,
      pads: (0..<rank).map { (flat[$0], flat[$0 + rank]) }, counts: [])
    let mode = text("auto_pad", "NOTSET")
    for axis in 0..<rank {
      let (size, stride, reach) = (sizes[axis], strides[axis], geometry.reach[axis])
      if mode.hasPrefix("SAME") {
        let count = (size + stride - 1) / stride
        let total = max((count - 1) * stride + reach - size, 0)
        let less = total / 2
        geometry.pads[axis] = mode == "SAME_UPPER" ? (less, total - less) : (total - less, less)
        geometry.counts.append(count)
        continue
      }
      if mode == "VALID" { geometry.pads[axis] = (0, 0) }
      let free = size + geometry.pads[axis].low + geometry.pads[axis].high - reach
      guard free >= 0 else {
        throw failure("a window of \(reach) places is larger than the padded axis \(axis + 2)")
      }
      var count = free / stride + 1
      if isPool, flag("ceil_mode"), mode != "VALID", free % stride != 0,
        count * stride < size + geometry.pads[axis].low
      {
        count += 1
      }
      geometry.counts.append(count)
    }
    return geometry
  }

  /// An input as an image: its sizes behind batch and channels.
  func image(_ index: Int) throws -> (Tensor, [Int]) { try image(self[index]) }

  /// The same for a tensor.
  func image(_ x: Tensor) throws -> (Tensor, [Int]) {
    if let error = x.error { throw error }
    guard x.rank >= 2 else { throw failure("takes a batch and channels in front of an image") }
    return (x, Array(x.shape.dropFirst(2)))
  }
}

extension Tensor {
  /// Products with a matrix along one axis, whose size becomes that of the matrix's columns.
  func contracted(axis: Int, _ matrix: Tensor) -> Tensor {
    if axis == rank - 1 { return matmul(matrix) }
    return movedAxes([axis], to: [rank - 1]).matmul(matrix).movedAxes([rank - 1], to: [axis])
  }

  /// An image with widths around it, behind batch and channels.
  func framed(_ pads: [(low: Int, high: Int)], fill: Double = 0) -> Tensor {
    edged([(0, 0), (0, 0)] + pads, fill: Tensor.full([], fill, dtype: dtype))
  }
}
