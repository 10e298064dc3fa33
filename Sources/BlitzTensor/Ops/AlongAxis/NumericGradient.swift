extension Tensor {
  /// The slopes of numbers at equal distances along axes: `torch.gradient`.
  ///
  ///     y[i] = (x[i + 1] - x[i - 1]) / (2 * spacing),  one-sided at both ends
  ///
  /// - Parameters:
  ///   - axes: counted from the end if negative; none at all mean all of them.
  ///   - spacing: the distances, one for each axis; 1 if none are given.
  ///   - edgeOrder: of the error at the ends: 1 takes two numbers there, 2 takes three.
  /// - Returns: one tensor for each axis, of the shape and dtype of `self`; float32 for whole
  ///   numbers.
  /// - Gradient: that of the formula.
  /// - Error: axes that are not there or named twice, not one distance for each, axes of fewer than
  ///   `edgeOrder + 1` places, another order than 1 and 2.
  public func numericGradient(
    axes: [Int] = [], spacing: [Double] = [], edgeOrder: Int = 1
  ) -> [Tensor] {
    slopes(axes, spacing.isEmpty ? nil : spacing.count, edgeOrder) { place, axis in
      let distance = spacing.isEmpty ? 1 : spacing[place]
      let kind = dtype.hasGradients ? dtype : .float32
      return .filled(.real(distance), [Swift.max(0, shape[axis] - 1)], kind)
    }
  }

  /// The slopes of numbers at places of their own along axes: `torch.gradient`.
  ///
  ///     y[i] = (x[i + 1] * l² - x[i - 1] * r² + x[i] * (r² - l²)) / (l * r * (l + r))
  ///
  /// where l and r are the distances to the places before and behind.
  ///
  /// - Parameters:
  ///   - places: where the numbers are along each axis, one axis each.
  ///   - axes: counted from the end if negative; none at all mean all of them.
  ///   - edgeOrder: of the error at the ends: 1 takes two numbers there, 2 takes three.
  /// - Returns: one tensor for each axis, of the shape and dtype of `self`; float32 for whole
  ///   numbers.
  /// - Gradient: that of the formula.
  /// - Error: as with equal distances; not one place for each number.
  public func numericGradient(
    at places: [Tensor], axes: [Int] = [], edgeOrder: Int = 1
  ) -> [Tensor] {
    if let failed = places.first(where: { $0.node.failure != nil }) { return [failed] }
    return slopes(axes, places.count, edgeOrder) { place, axis in
      let own = places[place]
      guard own.shape == [shape[axis]] else {
        return Tensor(
          error: TensorError(
            "numericGradient", "axis \(axis) has \(shape[axis]) places, not \(own.shape)",
            operands: [("input", signature), ("places", own.signature)],
            help: "give one place for each number along the axis"))
      }
      return own.cast(to: dtype.hasGradients ? dtype : .float32).diff()
    }
  }

  private func slopes(
    _ axes: [Int], _ count: Int?, _ order: Int, _ steps: (Int, Int) -> Tensor
  ) -> [Tensor] {
    let word = "numericGradient"
    if let floats = wholeAsFloats { return floats.slopes(axes, count, order, steps) }
    if let rejected = rejected(word, .floating) { return [rejected] }
    let all = axes.isEmpty ? Array(0..<rank) : axes
    let resolved = all.compactMap { shape.resolve(axis: $0) }
    guard resolved.count == all.count, Set(resolved).count == all.count, order == 1 || order == 2,
      count ?? all.count == all.count, resolved.allSatisfy({ shape[$0] > order })
    else {
      let given = count.map { "\($0) distances for " } ?? ""
      let rule = "\(given)axes \(all) with the order \(order) do not fit"
      return [
        Tensor(
          error: TensorError(
            word, rule, operands: [("input", signature)],
            help:
              "name each axis once, with one distance each; the order is 1 or 2, and an axis has "
              + "more places than that"))
      ]
    }
    return resolved.enumerated().map { place, axis in
      let steps = steps(place, axis)
      if steps.node.failure != nil { return steps }
      let last = rank - 1
      let turned = movedAxes([axis], to: [last])
      return turned.slopesOfLast(steps, order).movedAxes([last], to: [axis]).named(word)
    }
  }

  /// The slopes along the last axis, whose places are these distances apart.
  private func slopesOfLast(_ steps: Tensor, _ order: Int) -> Tensor {
    let (axis, size) = (rank - 1, shape[rank - 1])
    func x(_ start: Int, _ count: Int) -> Tensor { sliced(axis: axis, from: start, count: count) }
    func h(_ start: Int, _ count: Int) -> Tensor {
      steps.sliced(axis: 0, from: start, count: count)
    }
    var parts: [Tensor] = []
    if order == 1 {
      parts.append((x(1, 1) - x(0, 1)) / h(0, 1))
    } else {
      let (a, b) = (h(0, 1), h(1, 1))
      parts.append(
        x(1, 1) * ((a + b) / (a * b)) - x(0, 1) * ((a * 2 + b) / (a * (a + b)))
          - x(2, 1) * (a / (b * (a + b))))
    }
    if size > 2 {
      let (l, r) = (h(0, size - 2), h(1, size - 2))
      parts.append(
        x(2, size - 2) * (l / (r * (l + r))) - x(0, size - 2) * (r / (l * (l + r)))
          + x(1, size - 2) * ((r - l) / (l * r)))
    }
    if order == 1 {
      parts.append((x(size - 1, 1) - x(size - 2, 1)) / h(size - 2, 1))
    } else {
      let (a, b) = (h(size - 3, 1), h(size - 2, 1))
      parts.append(
        x(size - 3, 1) * (b / (a * (a + b))) - x(size - 2, 1) * ((a + b) / (a * b))
          + x(size - 1, 1) * ((b * 2 + a) / (b * (a + b))))
    }
    return concatenate(parts, axis: axis)
  }
}
