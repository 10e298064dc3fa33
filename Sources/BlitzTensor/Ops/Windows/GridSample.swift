/// What a picture is beyond its border, where it is sampled.
public enum GridPadding: Sendable, Hashable, CaseIterable {
  /// 0.
  case zeros
  /// The nearest pixel: `border`.
  case border
  /// The picture mirrored, as often as it takes: `reflection`.
  case reflection
}

extension Tensor {
  /// Pictures or volumes read at places of one's choice: `grid_sample` of PyTorch.
  ///
  /// - Parameters:
  ///   - grid: `[n, h, w, 2]`, or `[n, d, h, w, 3]` for volumes: for each element of the result
  ///     where it is read, the place along the last axis first, from -1, the border before the
  ///     first pixel, to 1, that behind the last one.
  ///   - mode: what stands between the pixels: `.linear`, `.nearest`, or `.cubic` of pictures.
  ///   - padding: what is beyond the border.
  ///   - alignedCorners: whether -1 and 1 are the middles of the corner pixels, not their edges.
  /// - Returns: of `[n, c, ...]` `[n, c, h, w]` or `[n, c, d, h, w]`, in the dtype of `self`.
  /// - Gradient: of the pictures `g` times the part of each pixel, added up; of the grid how the
  ///   pixels change there, 0 for `.nearest` and where the border holds a place fast.
  /// - Error: other ranks, numbers of pictures or dtypes; pictures without a pixel.
  public func gridSampled(
    at grid: Tensor, mode: ResizingMode = .linear, padding: GridPadding = .zeros,
    alignedCorners: Bool = false
  ) -> Tensor {
    if let failed = Tensor.failed(self, grid) { return failed }
    let spatial = rank - 2
    guard dtype.isFloating, grid.dtype == dtype, rank == 4 || rank == 5, grid.rank == rank,
      grid.shape[0] == shape[0], grid.shape[rank - 1] == spatial,
      !shape.sizes.dropFirst(2).contains(0),
      mode == .linear || mode == .nearest || (mode == .cubic && rank == 4)
    else {
      return Tensor(
        error: TensorError(
          "gridSampled", "the grid does not fit, or \(mode) does not",
          operands: [("input", signature), ("grid", grid.signature)],
          help: "inputs [n, c, h, w] take grids [n, h, w, 2] of their dtype, volumes "
            + "[n, d, h, w, 3]; modes are .linear, .nearest, and .cubic of pictures"))
    }
    if dtype.isHalf {
      return cast(to: .float32).gridSampled(
        at: grid.cast(to: .float32), mode: mode, padding: padding, alignedCorners: alignedCorners
      ).cast(to: dtype)
    }
    let sampling = GridSampling(
      sizes: Array(shape.sizes.dropFirst(2)), mode: mode, padding: padding, aligned: alignedCorners)
    let points = Array(grid.shape.sizes.dropFirst().dropLast())
    let count = points.reduce(1, *)
    let places = (0..<spatial).map { axis in
      grid.sliced(axis: rank - 1, from: spatial - 1 - axis, count: 1)
        .viewed(as: [shape[0], 1, count])
    }
    return sampling.read(self, at: places).named("gridSampled")
      .reshaped(to: Shape([shape[0], shape[1]] + points))
  }

  /// The grid of an affine map, for ``gridSampled(at:mode:padding:alignedCorners:)``:
  /// `affine_grid` of PyTorch; `self` are the maps' matrices, `[n, 2, 3]`, or `[n, 3, 4]` for
  /// volumes.
  ///
  /// - Parameters:
  ///   - sizes: of the pictures that the grid is for: `[h, w]` or `[d, h, w]`.
  ///   - alignedCorners: whether -1 and 1 are the middles of the corner pixels, not their edges.
  /// - Returns: `[n, h, w, 2]` or `[n, d, h, w, 3]`, in the dtype of `self`.
  /// - Gradient: that of the product of matrices.
  /// - Error: other matrices, sizes below 1.
  public func affineGrid(_ sizes: [Int], alignedCorners: Bool = false) -> Tensor {
    if let rejected = rejected("affineGrid", .floating) { return rejected }
    let spatial = sizes.count
    guard (2...3).contains(spatial), rank == 3, shape[1] == spatial, shape[2] == spatial + 1,
      sizes.allSatisfy({ $0 > 0 && $0 < 1 << 20 }),
      sizes.reduce(1.0, { $0 * Double($1) }) < Double(1 << 32)
    else {
      return Tensor(
        error: TensorError(
          "affineGrid", "the matrices do not fit sizes of \(sizes)",
          operands: [("input", signature)],
          help: "give [n, 2, 3] for sizes [h, w], or [n, 3, 4] for [d, h, w]"))
    }
    var columns: [Tensor] = []
    for axis in (0..<spatial).reversed() {
      let size = sizes[axis]
      var line = Tensor.linspace(-1, 1, count: size, dtype: dtype, device: device)
      if !alignedCorners { line = line * (Double(size - 1) / Double(size)) }
      if size == 1 { line = line * 0 }
      var column = [Int](repeating: 1, count: spatial)
      column[axis] = size
      columns.append(line.viewed(as: Shape(column)).broadcastCopy(to: Shape(sizes)))
    }
    columns.append(Tensor.ones(Shape(sizes), dtype: dtype, device: device))
    let base = stack(columns, axis: -1).flattened(from: 0, to: spatial - 1)
    return base.matmul(transposed(1, 2)).named("affineGrid")
      .reshaped(to: Shape([shape[0]] + sizes + [spatial]))
  }
}

/// How pictures are read between their pixels.
private struct GridSampling {
  /// Height and width, or depth, height and width.
  let sizes: [Int]
  let mode: ResizingMode
  let padding: GridPadding
  let aligned: Bool

  /// A pixel along one axis: where, how much it counts (nil for all), and whether it is there.
  private typealias Tap = (place: Tensor, weight: Tensor?, isInside: Tensor)

  /// The elements of `[n, c, ...]` at places `[n, 1, points]` along each axis.
  func read(_ pictures: Tensor, at places: [Tensor]) -> Tensor {
    let (n, c, count) = (pictures.shape[0], pictures.shape[1], places[0].shape[2])
    let flat = pictures.flattened(from: 2)
    let all = places.enumerated().map { taps($1, axis: $0) }
    var sum: Tensor?
    // Every choice of one tap for each axis.
    for choice in 0..<all.reduce(1, { $0 * $1.count }) {
      var (rest, index, weight) = (choice, Tensor?.none, Tensor?.none)
      var isInside: Tensor?
      for (axis, choices) in all.enumerated() {
        let tap = choices[rest % choices.count]
        rest /= choices.count
        index = index.map { $0 * Double(sizes[axis]) + tap.place } ?? tap.place
        if let more = tap.weight { weight = weight.map { $0 * more } ?? more }
        isInside = isInside.map { $0 .& tap.isInside } ?? tap.isInside
      }
      guard let index, let isInside else { continue }
      let positions = index.cast(to: .int64).broadcastCopy(to: [n, c, count])
      var part = flat.gather(axis: 2, index: positions)
      if padding == .zeros { part = .where(isInside, part, 0) }
      if let weight { part = part * weight }
      sum = sum.map { $0 + part } ?? part
    }
    return sum ?? flat
  }

  private func taps(_ grid: Tensor, axis: Int) -> [Tap] {
    let size = Double(sizes[axis])
    let point = aligned ? (grid + 1) * ((size - 1) / 2) : ((grid + 1) * size - 1) / 2
    switch mode {
    case .nearest:
      return [tap(bounded(point.detached(), size).round(), nil, size)]
    case .linear:
      let place = bounded(point, size)
      let first = place.detached().floor()
      let share = place - first
      return [tap(first, 1 - share, size), tap(first + 1, share, size)]
    default:
      let first = point.detached().floor()
      let share = point - first
      return (-1...2).map { offset in
        tap(bounded(first + Double(offset), size), cubic(share - Double(offset)), size)
      }
    }
  }

  /// A tap at a whole place, which is read where the picture is.
  private func tap(_ place: Tensor, _ weight: Tensor?, _ size: Double) -> Tap {
    let isInside = (place .>= 0) .& (place .<= size - 1)
    return (.where(isInside, place, place.clamp(min: 0, max: size - 1)), weight, isInside)
  }

  /// Places brought into the picture, by what is beyond its border.
  private func bounded(_ point: Tensor, _ size: Double) -> Tensor {
    switch padding {
    case .zeros: return point
    case .border: return held(point, size)
    case .reflection:
      let (low, span) = aligned ? (0, size - 1) : (-0.5, size)
      if span == 0 { return point * 0 }
      let far = point - low
      let distance = Tensor.where(far .< 0, -far, far)
      let flips = (distance.detached() / span).floor()
      let extra = distance - flips * span
      let isEven = flips % 2 .== 0
      return held(.where(isEven, extra + low, span - extra + low), size)
    }
  }

  /// At most the border, where the gradient ends.
  private func held(_ point: Tensor, _ size: Double) -> Tensor {
    .where(point .<= 0, 0, .where(point .>= size - 1, size - 1, point))
  }

  /// PyTorch's cubic, a = -0.75, of the distance to a pixel.
  private func cubic(_ distance: Tensor) -> Tensor {
    let a = -0.75
    let x = distance.abs()
    let near = ((a + 2) * x - (a + 3)) * x * x + 1
    let far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return .where(x .<= 1, near, far)
  }
}
