import BlitzTensor

extension OpTable {
  /// What makes images larger and smaller.
  static let resizing: [OpEntry] = [
    OpEntry("Resize", since: 10) { call in
      if call.opset == 10 {
        return try call.resized(scales: call.reals(1), sizes: nil, isOld: true)
      }
      let sizes = call.has(3) ? try call.numbers(3) : nil
      let scales = call.has(2) ? try call.reals(2) : []
      return try call.resized(scales: scales, sizes: sizes, isOld: false)
    },
    OpEntry("Upsample") { call in
      if call.opset < 7 {
        let (height, width) = (call.float("height_scale", 1), call.float("width_scale", 1))
        return try call.resized(scales: [1, 1, height, width], sizes: nil, isOld: true)
      }
      let scales = try call.floats("scales") ?? call.reals(1)
      return try call.resized(scales: scales, sizes: nil, isOld: true)
    },
  ]
}

/// How one axis is resized.
private struct AxisResizing {
  let size: Int
  let count: Int
  let scale: Double
  let region: (start: Double, end: Double)
  let transformation: String

  /// Where a place of the result is in the input.
  func coordinate(_ place: Int) -> Double {
    let x = Double(place)
    let (size, count) = (Double(self.size), Double(self.count))
    switch transformation {
    case "align_corners": return count <= 1 ? 0 : x * (size - 1) / (count - 1)
    case "asymmetric": return x / scale
    case "tf_half_pixel_for_nn": return (x + 0.5) / scale
    case "pytorch_half_pixel": return count > 1 ? (x + 0.5) / scale - 0.5 : 0
    case "half_pixel_symmetric":
      let adjustment = count / (scale * size)
      return size / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
    case "tf_crop_and_resize":
      let (start, end) = region
      return count > 1
        ? start * (size - 1) + x * (end - start) * (size - 1) / (count - 1)
        : 0.5 * (start + end) * (size - 1)
    default: return (x + 0.5) / scale - 0.5
    }
  }

  /// The nearest place in the input.
  func nearest(_ place: Int, _ rounding: String) -> Int {
    let x = coordinate(place)
    let rounded: Double
    switch rounding {
    case "floor": rounded = x.rounded(.down)
    case "ceil": rounded = x.rounded(.up)
    case "round_prefer_ceil": rounded = (x + 0.5).rounded(.down)
    default: rounded = (x - 0.5).rounded(.up)
    }
    return min(max(Int(bounded: rounded), 0), size - 1)
  }

  /// The places in the input that a place of the result is made of, and their parts of it.
  func parts(
    _ place: Int, isCubic: Bool, a: Double, antialiases: Bool, excludesOutside: Bool
  ) -> [(place: Int, weight: Double)] {
    let x = coordinate(place)
    let base = x.rounded(.down)
    let ratio = x - base
    let narrow = antialiases ? min(scale, 1) : 1
    let support = isCubic ? 2.0 : 1
    let first = Int(bounded: (-support / narrow).rounded(.down)) + 1
    var found: [(place: Int, weight: Double)] = []
    for step in first...(1 - first) {
      let distance = abs((Double(step) - ratio) * narrow)
      var weight: Double
      if !isCubic {
        weight = max(1 - distance, 0)
      } else if distance <= 1 {
        weight = ((a + 2) * distance - (a + 3)) * distance * distance + 1
      } else if distance < 2 {
        weight = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
      } else {
        weight = 0
      }
      let position = Int(bounded: base) + step
      if excludesOutside, position < 0 || position >= size { weight = 0 }
      if weight != 0 { found.append((min(max(position, 0), size - 1), weight)) }
    }
    let sum = found.reduce(0) { $0 + $1.weight }
    return antialiases || excludesOutside ? found.map { ($0.place, $0.weight / sum) } : found
  }
}

extension OpCall {
  fileprivate func resized(scales: [Double], sizes: [Int]?, isOld: Bool) throws -> Tensor {
    var x = self[0]
    if let error = x.error { throw error }
    let dtype = x.dtype
    let axes = try axesResized(of: x, scales: scales, sizes: sizes, isOld: isOld)
    let mode = text("mode", "nearest")
    let rounding = isOld ? "floor" : text("nearest_mode", "round_prefer_floor")
    var isInside: Tensor?
    for (axis, resizing) in axes {
      let count = resizing.count
      guard resizing.size > 0 || count == 0 else { throw failure("axis \(axis) has no elements") }
      if resizing.transformation == "tf_crop_and_resize" {
        let inside = (0..<count).map {
          (0...Double(resizing.size - 1)).contains(resizing.coordinate($0))
        }
        let along = Tensor(inside, shape: Shape((0..<x.rank).map { $0 == axis ? count : 1 }))
        isInside = isInside.map { $0 .& along } ?? along
      }
      if mode == "nearest" {
        let places = (0..<count).map { resizing.nearest($0, rounding) }
        x = x.indexSelect(axis: axis, indices: Tensor(places, shape: [count]))
        continue
      }
      var matrix = [Double](repeating: 0, count: resizing.size * count)
      for place in 0..<count {
        let parts = resizing.parts(
          place, isCubic: mode == "cubic", a: float("cubic_coeff_a", -0.75),
          antialiases: flag("antialias"), excludesOutside: flag("exclude_outside"))
        for part in parts { matrix[part.place * count + place] += part.weight }
      }
      if !x.dtype.isFloating { x = x.cast(to: .float32) }
      x = x.contracted(axis: axis, Tensor(matrix, shape: [resizing.size, count], dtype: x.dtype))
    }
    if let isInside { x = .where(isInside, x, float("extrapolation_value")) }
    if x.dtype == dtype { return x }
    return x.round().cast(to: dtype)
  }

  /// The axes that change, and how.
  private func axesResized(
    of x: Tensor, scales: [Double], sizes: [Int]?, isOld: Bool
  ) throws -> [(Int, AxisResizing)] {
    let axes = try (ints("axes") ?? Array(0..<x.rank)).map { try axis($0, rank: x.rank) }
    let region = has(1) && !isOld ? try reals(1) : []
    let transformation =
      isOld ? "asymmetric" : text("coordinate_transformation_mode", "half_pixel")
    let given = sizes?.count ?? scales.count
    guard given == axes.count else {
      throw failure("\(given) sizes or scales for \(axes.count) axes")
    }
    var factors = scales
    var counts = sizes ?? []
    if let sizes {
      factors = zip(axes, sizes).map { Double($1) / Double(max(x.shape[$0], 1)) }
      let policy = text("keep_aspect_ratio_policy", "stretch")
      if policy != "stretch" {
        let common = policy == "not_larger" ? factors.min() ?? 1 : factors.max() ?? 1
        factors = axes.map { _ in common }
        counts = axes.map { Int(bounded: (common * Double(x.shape[$0]) + 0.5).rounded(.down)) }
      }
    } else {
      counts = zip(axes, scales).map { Int(bounded: (Double(x.shape[$0]) * $1).rounded(.down)) }
    }
    guard factors.allSatisfy({ $0.isFinite && $0 > 1e-6 }),
      zip(axes, counts).allSatisfy({ $1 >= 0 && $1 < 1 << 24 && x.shape[$0] < 1 << 31 })
    else {
      throw failure("sizes \(counts), scales \(factors)")
    }
    return axes.enumerated().compactMap { place, axis in
      let isCropped = transformation == "tf_crop_and_resize" && region.count == 2 * axes.count
      let part = isCropped ? (region[place], region[place + axes.count]) : (0, 1)
      if factors[place] == 1, counts[place] == x.shape[axis], part == (0, 1) { return nil }
      return (
        axis,
        AxisResizing(
          size: x.shape[axis], count: counts[place], scale: factors[place], region: part,
          transformation: transformation)
      )
    }
  }
}
