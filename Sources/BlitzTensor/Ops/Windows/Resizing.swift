/// What stands between the pixels of a picture that is resized.
public enum ResizingMode: Sendable, Hashable, CaseIterable {
  /// The pixel whose corner is nearest: PyTorch's `nearest`.
  case nearest
  /// The pixel whose middle is nearest: `nearest-exact`.
  case nearestExact
  /// A straight line between two pixels along each axis: `linear`, `bilinear` and `trilinear`.
  case linear
  /// A cubic through four pixels along each axis: `bicubic`, with its a = -0.75.
  case cubic
  /// The mean of the pixels that a new one covers: `area`.
  case area
}

extension Tensor {
  /// Pictures, sequences or volumes in another size: `interpolate` of PyTorch.
  ///
  ///     pictures.resized(to: [224, 224], mode: .linear)     // [n, c, h, w] gives [n, c, 224, 224]
  ///
  /// - Parameters:
  ///   - sizes: of the axes behind the channels.
  ///   - mode: what stands between the pixels.
  ///   - alignedCorners: whether the middles of the corner pixels stay where they are (`.linear`
  ///     and `.cubic` only); if not, the corners of these pixels do.
  ///   - antialias: whether what gets smaller is smoothed first (`.linear` and `.cubic` only), as
  ///     Pillow does.
  /// - Returns: the batch and the channels of `self` with these sizes, in its dtype.
  /// - Gradient: `g` times the part of each pixel, added up.
  /// - Error: as many sizes as there are not axes behind the channels; sizes below 1; a dtype that
  ///   is not floating.
  public func resized(
    to sizes: [Int], mode: ResizingMode = .nearest, alignedCorners: Bool = false,
    antialias: Bool = false
  ) -> Tensor {
    resized(sizes, factors: nil, mode, alignedCorners, antialias)
  }

  /// The same by factors, which also say where pixels are: a size that a factor cuts off does not
  /// squeeze them.
  ///
  /// - Parameters:
  ///   - factors: above 0; sizes times these, cut off, are the new ones.
  ///   - mode: what stands between the pixels.
  ///   - alignedCorners: whether the middles of the corner pixels stay where they are.
  ///   - antialias: whether what gets smaller is smoothed first.
  public func resized(
    by factors: [Double], mode: ResizingMode = .nearest, alignedCorners: Bool = false,
    antialias: Bool = false
  ) -> Tensor {
    if node.failure != nil { return self }
    let old = shape.sizes.dropFirst(2)
    guard old.count == factors.count, factors.allSatisfy({ $0 > 0 && $0 < 1e6 }) else {
      return resizingError(factors.map { "\($0)" })
    }
    let sizes = zip(old, factors).map { Int((Double($0) * $1).rounded(.down)) }
    return resized(sizes, factors: factors, mode, alignedCorners, antialias)
  }

  private func resized(
    _ sizes: [Int], factors: [Double]?, _ mode: ResizingMode, _ alignedCorners: Bool,
    _ antialias: Bool
  ) -> Tensor {
    if let rejected = rejected("resized", .floating) { return rejected }
    if let wide = inFloat32(
      upcasts: false, { $0.resized(sizes, factors: factors, mode, alignedCorners, antialias) })
    {
      return wide
    }
    guard rank == sizes.count + 2, !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 && $0 < 1 << 26 }),
      shape.sizes.dropFirst(2).allSatisfy({ $0 > 0 })
    else { return resizingError(sizes.map { "\($0)" }) }
    var result = self
    let isSmooth = antialias && (mode == .linear || mode == .cubic)
    for (place, size) in sizes.enumerated() where isSmooth || mode == .area {
      let old = shape[place + 2]
      guard old * size < 1 << 27 else { return resizingError(sizes.map { "\($0)" }) }
      let weights =
        mode == .area
        ? Tensor.partsWeights(old, size, like: self)
        : mode.smoothing(
          from: old, to: size, factor: factors?[place], aligned: alignedCorners, like: self)
      // Along the axis a product of matrices.
      let last = result.transposed(place + 2, rank - 1)
      result = Autocast.off { last.matmul(weights.transposed()) }.transposed(place + 2, rank - 1)
    }
    if isSmooth || mode == .area { return result.named("resized") }
    for (place, size) in sizes.enumerated() {
      let taps = mode.taps(
        from: shape[place + 2], to: size, factor: factors?[place], aligned: alignedCorners,
        isDouble: dtype == .float64)
      var sum: Tensor?
      for tap in taps {
        let pixels = result.selected(
          Tensor(tap.places).to(device), axis: place + 2, for: .gather)
        guard let weights = tap.weights else {
          sum = pixels
          continue
        }
        var column = [Int](repeating: 1, count: rank)
        column[place + 2] = size
        let part = pixels * Tensor(weights, shape: Shape(column), dtype: dtype).to(device)
        sum = sum.map { $0 + part } ?? part
      }
      result = sum ?? result
    }
    return result.named("resized")
  }

  private func resizingError(_ wanted: [String]) -> Tensor {
    Tensor(
      error: TensorError(
        "resized", "no picture has the sizes or factors [\(wanted.joined(separator: ", "))]",
        operands: [("input", signature)],
        help: "give one above 0 for each axis behind [n, channels]"))
  }
}

extension ResizingMode {
  /// Pixels along an axis, one for each of the new ones, and how much they count; nil for all.
  fileprivate func taps(
    from old: Int, to new: Int, factor: Double?, aligned: Bool, isDouble: Bool
  ) -> [(places: [Int], weights: [Double]?)] {
    // In the precision in which PyTorch finds the pixels: for the nearest always as floats.
    let exact = factor.map { 1 / $0 } ?? Double(old) / Double(new)
    let scale = factor.map { Float(1 / $0) } ?? Float(old) / Float(new)
    let last = old - 1
    switch self {
    case .nearest:
      return [((0..<new).map { Swift.min(Int(Float($0) * scale), last) }, nil)]
    case .nearestExact:
      return [((0..<new).map { Swift.min(Int((Float($0) + 0.5) * scale), last) }, nil)]
    case .area: return []
    case .linear, .cubic:
      let step = isDouble ? exact : Double(scale)
      let points = (0..<new).map { place -> Double in
        if aligned { return new > 1 ? Double(place) * Double(last) / Double(new - 1) : 0 }
        let point = (Double(place) + 0.5) * step - 0.5
        return self == .linear ? Swift.max(point, 0) : point
      }
      let offsets = self == .linear ? 0...1 : -1...2
      return offsets.map { offset in
        let places = points.map {
          Swift.min(Swift.max(Int($0.rounded(.down)) + offset, 0), last)
        }
        let weights = points.map { point in
          weight(Swift.abs(point - point.rounded(.down) - Double(offset)))
        }
        return (places, weights)
      }
    }
  }

  /// `[new, old]`: how much each old pixel counts in each new one, whose reach grows with the
  /// pixels that it covers. Of a cubic a is -0.5 here, as in Pillow.
  fileprivate func smoothing(
    from old: Int, to new: Int, factor: Double?, aligned: Bool, like tensor: Tensor
  ) -> Tensor {
    let scale =
      aligned
      ? (new > 1 ? Double(old - 1) / Double(new - 1) : 0)
      : factor.map { 1 / $0 } ?? Double(old) / Double(new)
    let (stretch, radius) = (Swift.max(scale, 1), self == .linear ? 1.0 : 2.0)
    var numbers = [Double](repeating: 0, count: old * new)
    for place in 0..<new {
      let center = scale * (Double(place) + 0.5)
      let reach = radius * stretch
      let first = Swift.max(Int(center - reach + 0.5), 0)
      let end = Swift.min(Int(center + reach + 0.5), old)
      var total = 0.0
      for pixel in first..<Swift.max(end, first) {
        let part = smooth(Swift.abs(Double(pixel) - center + 0.5) / stretch)
        numbers[place * old + pixel] = part
        total += part
      }
      if total != 0 { for pixel in first..<end { numbers[place * old + pixel] /= total } }
    }
    return Tensor(numbers, shape: [new, old], dtype: tensor.dtype, device: tensor.device)
  }

  private func smooth(_ x: Double) -> Double {
    if self == .linear { return Swift.max(0, 1 - x) }
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }

  /// How much a pixel at a distance counts.
  private func weight(_ x: Double) -> Double {
    if self == .linear { return 1 - x }
    let a = -0.75
    return x <= 1
      ? ((a + 2) * x - (a + 3)) * x * x + 1
      : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  }
}
