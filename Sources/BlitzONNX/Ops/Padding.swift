import BlitzTensor

extension OpTable {
  /// What puts more around a tensor, or takes from its edges.
  static let padding: [OpEntry] = [
    OpEntry("Pad") { call in
      let x = call[0]
      guard let pads = try call.numbers(1, orAttribute: call.opset < 2 ? "paddings" : "pads") else {
        throw call.failure("the pads are missing")
      }
      let axes = call.has(3) ? try call.numbers(3) : Array(0..<x.rank)
      guard pads.count == 2 * axes.count, pads.allSatisfy({ $0.magnitude < 1 << 28 }) else {
        throw call.failure("pads \(pads) for \(axes.count) axes")
      }
      var widths = Array(repeating: (low: 0, high: 0), count: x.rank)
      for (place, axis) in axes.enumerated() {
        widths[try call.axis(axis, rank: x.rank)] = (pads[place], pads[place + axes.count])
      }
      let mode = call.text("mode", "constant")
      if mode != "constant" { return try call.mirrored(x, widths, mode) }
      let fill = call.optional(2) ?? Tensor(call.float("value")).cast(to: x.dtype)
      return x.edged(widths, fill: fill)
    },
    OpEntry("CenterCropPad", since: 18) { call in
      let x = call[0]
      let sizes = try call.numbers(1)
      let axes = try (call.ints("axes") ?? Array(0..<x.rank)).map {
        try call.axis($0, rank: x.rank)
      }
      guard sizes.count == axes.count, sizes.allSatisfy({ (0...1 << 28).contains($0) }) else {
        throw call.failure("sizes \(sizes) for \(axes.count) axes")
      }
      var widths = Array(repeating: (low: 0, high: 0), count: x.rank)
      for (axis, size) in zip(axes, sizes) {
        let more = size - x.shape[axis]
        let low = more < 0 ? -(-more / 2) : more / 2
        widths[axis] = (low, more - low)
      }
      return x.edged(widths, fill: Tensor.zeros([], dtype: x.dtype))
    },
  ]
}

extension OpCall {
  /// A tensor with its own elements around it; negative widths cut off.
  func mirrored(
    _ tensor: Tensor, _ widths: [(low: Int, high: Int)], _ mode: String
  ) throws -> Tensor {
    // What is cut off is not repeated.
    var x = tensor.edged(
      widths.map { (min($0.low, 0), min($0.high, 0)) },
      fill: Tensor.zeros([], dtype: tensor.dtype))
    if let error = x.error { throw error }
    for (axis, given) in widths.enumerated() where given.low > 0 || given.high > 0 {
      let width = (low: max(given.low, 0), high: max(given.high, 0))
      let size = x.shape[axis]
      guard size > 0 else { throw failure("axis \(axis) has no elements to repeat") }
      let places = (-width.low..<size + width.high).map { place -> Int in
        switch mode {
        case "edge": return min(max(place, 0), size - 1)
        case "wrap": return (place % size + size) % size
        default:
          if size == 1 { return 0 }
          let period = 2 * (size - 1)
          let inside = (place % period + period) % period
          return min(inside, period - inside)
        }
      }
      guard ["edge", "wrap", "reflect"].contains(mode) else { throw failure("no mode \(mode)") }
      x = x.indexSelect(axis: axis, indices: Tensor(places, shape: [places.count]))
    }
    return x
  }
}

extension Tensor {
  /// The tensor with a value around it; negative widths cut off.
  func edged(_ widths: [(low: Int, high: Int)], fill: Tensor) -> Tensor {
    if error != nil { return self }
    var x = self
    for (axis, width) in widths.enumerated() where width.low < 0 || width.high < 0 {
      let (start, end) = (Swift.max(-width.low, 0), x.shape[axis] + Swift.min(width.high, 0))
      x = x.part(axis: axis, from: start, to: Swift.max(end, start))
    }
    let outer = widths.map { (low: Swift.max($0.low, 0), high: Swift.max($0.high, 0)) }
    if outer.allSatisfy({ $0 == (0, 0) }) { return x }
    let padded = x.padded(outer)
    // The value may be a tensor that nobody has computed yet.
    if case 0? = fill.constant { return padded }
    let isInside = Tensor.ones(x.shape, dtype: .bool).padded(outer)
    return .where(isInside, padded, fill.cast(to: dtype).reshaped(to: []))
  }

  /// The number, if it can be had at once.
  var constant: Double? { elementCount == 1 ? try? cast(to: .float64).item() : nil }
}
