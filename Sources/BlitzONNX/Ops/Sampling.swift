import BlitzTensor

extension OpTable {
  /// What reads images between their pixels.
  static let sampling: [OpEntry] = [
    OpEntry("GridSample", since: 16) { call in
      let (x, sizes) = try call.image(0)
      let grid = call[1]
      guard !sizes.isEmpty, grid.rank == x.rank, grid.shape.last == sizes.count else {
        throw call.failure("the grid does not fit an image of \(sizes.count) axes")
      }
      let isAligned = call.flag("align_corners")
      let places = Array(grid.shape.sizes[1..<grid.rank - 1])
      // The last axis of the grid has x before y.
      let coordinates = sizes.indices.map { axis -> Tensor in
        let given = grid[.ellipsis, sizes.count - 1 - axis].reshaped(
          to: Shape([grid.shape[0], -1]))
        let size = Double(sizes[axis])
        return isAligned ? (given + 1) * ((size - 1) / 2) : ((given + 1) * size - 1) * 0.5
      }
      let mode: SamplingMode
      switch call.text("mode", "linear") {
      case "nearest": mode = .nearest
      case "cubic", "bicubic": mode = .cubic
      default: mode = .linear
      }
      let beside: SamplingEdge
      switch call.text("padding_mode", "zeros") {
      case "border": beside = .border
      case "reflection": beside = .reflection(isAligned: isAligned)
      default: beside = .zeros
      }
      return x.sampled(coordinates, mode: mode, beside: beside)
        .reshaped(to: Shape(Array(x.shape.prefix(2)) + places))
    },
    OpEntry("AffineGrid", since: 20) { call in
      let theta = call[0]
      let sizes = Array(try call.numbers(1).dropFirst(2))
      guard sizes.count == 2 || sizes.count == 3, theta.rank == 3,
        sizes.allSatisfy({ (0...1 << 24).contains($0) }), sizes.product <= 1 << 28
      else { throw call.failure("sizes are \(sizes)") }
      let isAligned = call.flag("align_corners")
      let rank = sizes.count
      let axes = sizes.enumerated().map { axis, size -> Tensor in
        let numbers = (0..<size).map { place -> Double in
          if isAligned { return size == 1 ? -1 : -1 + 2 * Double(place) / Double(size - 1) }
          return -1 + (2 * Double(place) + 1) / Double(size)
        }
        let own = Shape((0..<rank).map { $0 == axis ? size : 1 })
        return Tensor(numbers, shape: own, dtype: theta.dtype).expanded(to: Shape(sizes))
      }
      let points = stack(
        axes.reversed() + [Tensor.ones(Shape(sizes), dtype: theta.dtype)], axis: rank
      )
      .reshaped(to: Shape([-1, rank + 1]))
      return points.matmul(theta.transposed(1, 2))
        .reshaped(to: Shape([theta.shape[0]] + sizes + [rank]))
    },
    OpEntry("RoiAlign", since: 10, roiAlign),
  ]

  /// The mean or maximum of points in each part of regions; where these are is computed now.
  @Sendable private static func roiAlign(_ call: OpCall) throws -> Tensor {
    let (x, sizes) = try call.image(0)
    guard sizes.count == 2 else { throw call.failure("takes images of two axes") }
    let (regions, images) = (try call.reals(1), try call.numbers(2))
    let counts = (call.int("output_height", 1), call.int("output_width", 1))
    let ratio = call.int("sampling_ratio")
    let isHalf = call.text("coordinate_transformation_mode", "half_pixel") == "half_pixel"
    let shift = call.opset >= 16 && isHalf ? 0.5 : 0
    let takesMaximum = call.text("mode", "avg") == "max"
    guard regions.count == images.count * 4, counts.0 > 0, counts.1 > 0, ratio >= 0,
      images.allSatisfy({ $0 >= 0 && $0 < x.shape[0] })
    else { throw call.failure("\(regions.count) corners of regions in images \(images)") }
    let channels = x.shape[1]
    let parts = try images.enumerated().map { place, image -> Tensor in
      let region = regions[place * 4..<place * 4 + 4].map {
        $0 * call.float("spatial_scale", 1) - shift
      }
      var extent = (region[3] - region[1], region[2] - region[0])
      if shift == 0 { extent = (max(extent.0, 1), max(extent.1, 1)) }
      let bin = (extent.0 / Double(counts.0), extent.1 / Double(counts.1))
      let samples = (
        ratio > 0 ? ratio : max(Int(bounded: bin.0.rounded(.up)), 1),
        ratio > 0 ? ratio : max(Int(bounded: bin.1.rounded(.up)), 1)
      )
      guard [counts.0, counts.1, samples.0, samples.1].product < 1 << 24 else {
        throw call.failure("region \(place) is \(extent) large")
      }
      var (index, weights): ([Int], [Double]) = ([], [])
      for row in 0..<counts.0 {
        for column in 0..<counts.1 {
          for i in 0..<samples.0 {
            for j in 0..<samples.1 {
              let y = region[1] + (Double(row) + (Double(i) + 0.5) / Double(samples.0)) * bin.0
              let x = region[0] + (Double(column) + (Double(j) + 0.5) / Double(samples.1)) * bin.1
              corners(y, x, sizes, &index, &weights)
            }
          }
        }
      }
      let points = samples.0 * samples.1
      let read =
        x[image].reshaped(to: Shape([channels, -1]))
        .indexSelect(axis: 1, indices: Tensor(index, shape: [index.count]))
        * Tensor(weights, shape: [weights.count], dtype: x.dtype)
      let terms = read.reshaped(to: Shape([channels, counts.0 * counts.1, points * 4]))
      let joined =
        takesMaximum ? terms.max(axis: 2) : terms.sum(axis: 2) / Double(points)
      return joined.reshaped(to: Shape([channels, counts.0, counts.1]))
    }
    return parts.isEmpty
      ? Tensor.zeros(Shape([0, channels, counts.0, counts.1]), dtype: x.dtype) : stack(parts)
  }

  /// The four pixels around a point, and their weights; 0 for one beside the image.
  private static func corners(
    _ y: Double, _ x: Double, _ sizes: [Int], _ index: inout [Int], _ weights: inout [Double]
  ) {
    let isBeside =
      y < -1 || y > Double(sizes[0]) || x < -1 || x > Double(sizes[1]) || y.isNaN || x.isNaN
    let (row, column) = (
      isBeside ? 0 : min(max(y, 0), Double(sizes[0] - 1)),
      isBeside ? 0 : min(max(x, 0), Double(sizes[1] - 1))
    )
    let (low, left) = (Int(row), Int(column))
    let (high, right) = (min(low + 1, sizes[0] - 1), min(left + 1, sizes[1] - 1))
    let (down, along) = (row - Double(low), column - Double(left))
    for (place, i) in [(low, 1 - down), (high, down)] {
      for (other, j) in [(left, 1 - along), (right, along)] {
        index.append(place * sizes[1] + other)
        weights.append(isBeside ? 0 : i * j)
      }
    }
  }
}

/// How a number between pixels comes about.
enum SamplingMode { case nearest, linear, cubic }

/// What is beside an image.
enum SamplingEdge {
  case zeros, border
  case reflection(isAligned: Bool)
}

extension Tensor {
  /// The numbers of images at points between their pixels.
  ///
  /// - Parameter coordinates: for each axis of the image `[n, points]`, in pixels.
  /// - Returns: `[n, channels, points]`.
  func sampled(
    _ coordinates: [Tensor], mode: SamplingMode, beside: SamplingEdge
  ) -> Tensor {
    if let failed = ([self] + coordinates).first(where: { $0.error != nil }) { return failed }
    let sizes = Array(shape.dropFirst(2))
    let flat = reshaped(to: Shape([shape[0], shape[1], -1]))
    let strides = Shape(sizes).strides
    let count = coordinates[0].shape[1]
    /// The pixels at whole positions.
    func pixels(_ positions: [Tensor]) -> Tensor {
      var index = Tensor.zeros([shape[0], count], dtype: .int64)
      var isInside: Tensor?
      for (axis, position) in positions.enumerated() {
        let last = Double(sizes[axis] - 1)
        if case .zeros = beside {
          let inside = (position .>= 0) .& (position .<= last)
          isInside = isInside.map { $0 .& inside } ?? inside
        }
        let moved = position.reflected(sizes[axis], beside).clamp(min: 0, max: last)
        index = index + moved.round().cast(to: .int64) * strides[axis]
      }
      let read = flat.gather(
        axis: 2,
        index: index.unsqueezed(axis: 1).expanded(to: [shape[0], shape[1], count]))
      return isInside.map { .where($0.unsqueezed(axis: 1), read, 0) } ?? read
    }
    if case .nearest = mode { return pixels(coordinates.map { $0.round() }) }
    let points: [Tensor]
    if case .linear = mode {
      points = coordinates.enumerated().map { axis, point in
        guard case .zeros = beside else {
          return point.reflected(sizes[axis], beside).clamp(min: 0, max: Double(sizes[axis] - 1))
        }
        return point
      }
    } else {
      points = coordinates
    }
    let steps = mode == .linear ? 0...1 : -1...2
    var sum: Tensor?
    func add(_ axis: Int, _ positions: [Tensor], _ weight: Tensor?) {
      if axis == sizes.count {
        let part = pixels(positions) * weight!.unsqueezed(axis: 1).cast(to: dtype)
        sum = sum.map { $0 + part } ?? part
        return
      }
      let base = points[axis].floor()
      for step in steps {
        let position = base + step
        let distance = (points[axis] - position).abs()
        let own = mode == .linear ? 1 - distance : distance.cubicWeight
        add(axis + 1, positions + [position], weight.map { $0 * own } ?? own)
      }
    }
    add(0, [], nil)
    return sum ?? self
  }

  /// Positions beside an axis mirrored into it, if that is what is there.
  fileprivate func reflected(_ size: Int, _ edge: SamplingEdge) -> Tensor {
    guard case .reflection(let isAligned) = edge else { return self }
    let low = isAligned ? 0.0 : -0.5
    let span = isAligned ? Double(size - 1) : Double(size)
    if span == 0 { return self * 0 }
    let inside = (self - low).abs() % (2 * span)
    return .where(inside .> span, 2 * span - inside, inside) + low
  }

  /// The weight of a pixel at a distance from 0 to 2 (Keys, with a = -0.75).
  fileprivate var cubicWeight: Tensor {
    let a = -0.75
    let near = ((a + 2) * self - (a + 3)) * square() + 1
    let far = ((a * self - 5 * a) * self + 8 * a) * self - 4 * a
    return .where(self .<= 1, near, far)
  }
}
