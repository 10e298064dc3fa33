/// What is put around a tensor.
public enum PaddingMode: Sendable, Hashable, CaseIterable {
  /// The elements inside in reverse, without the outermost: `abc` becomes `cb abc ba`.
  case reflect
  /// The outermost element: `abc` becomes `aa abc cc`.
  case replicate
  /// The elements from the other end: `abc` becomes `bc abc ab`.
  case circular
}

extension Tensor {
  /// This tensor with a border made of its own elements: `pad` of PyTorch.
  ///
  ///     pictures.padded([(0, 0), (0, 0), (1, 1), (1, 1)], mode: .reflect)
  ///
  /// - Parameters:
  ///   - widths: how many places to put before and behind, for each axis; negative ones take away
  ///     places first.
  ///   - mode: what is put there.
  /// - Returns: sizes grown by both widths, in the dtype of `self`.
  /// - Gradient: `g` added up over the copies of each element.
  /// - Error: as many widths as there are not axes; a border wider than there are elements for it.
  public func padded(_ widths: [(low: Int, high: Int)], mode: PaddingMode) -> Tensor {
    if node.failure != nil { return self }
    guard widths.count == rank else {
      return Tensor(
        error: TensorError(
          "padded", "\(widths.count) pairs of widths for \(rank) axes",
          operands: [("input", signature)], help: "give one pair for each axis"))
    }
    var result = self
    for (axis, width) in widths.enumerated() where width != (0, 0) {
      let cut = (low: Swift.max(0 &- width.low, 0), high: Swift.max(0 &- width.high, 0))
      let left = shape[axis].subtractingReportingOverflow(cut.low).partialValue
        .subtractingReportingOverflow(cut.high).partialValue
      if width.low > .min, width.high > .min, left >= 0, left < shape[axis] {
        result = result.sliced(axis: axis, from: cut.low, count: left)
      }
      let grown = (low: Swift.max(width.low, 0), high: Swift.max(width.high, 0))
      switch left < 0 ? nil : mode.places(left, grown) {
      case .some(let places):
        result = result.selected(Tensor(places).to(device), axis: axis, for: .gather)
      case nil:
        return Tensor(
          error: TensorError(
            "padded",
            "axis \(axis) of size \(shape[axis]) has no elements for a border of \(width)",
            operands: [("input", signature)], help: mode.limit))
      }
    }
    return result
  }
}

extension PaddingMode {
  fileprivate var limit: String {
    switch self {
    case .reflect: "a reflected border is less wide than the axis"
    case .replicate: "there is an element to replicate, and not more is taken away than there is"
    case .circular: "a circular border is at most as wide as the axis"
    }
  }

  /// Where the elements of the padded axis come from; nil if there is no place for one.
  fileprivate func places(_ size: Int, _ width: (low: Int, high: Int)) -> [Int]? {
    let most = 1 << 40
    guard width.low > -most, width.low < most, width.high > -most, width.high < most,
      size + width.low + width.high >= 0, size + width.low + width.high < 1 << 26
    else { return nil }
    let bound = self == .reflect ? size - 1 : self == .circular ? size : size > 0 ? most : 0
    if max(width.low, width.high) > max(bound, 0) { return nil }
    return (-width.low..<max(size + width.high, -width.low)).map { place in
      switch self {
      case .reflect: place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place
      case .replicate: min(max(place, 0), size - 1)
      case .circular: (place % size + size) % size
      }
    }
  }
}
