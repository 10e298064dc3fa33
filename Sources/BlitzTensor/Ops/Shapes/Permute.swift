extension Rule {
  static let permute = Rule(
    name: "permute",
    .view { view in
      guard case .permute(let axes) = view.op, let walked = view.axes else { return nil }
      var maps = walked
      for (axis, source) in axes.enumerated() { maps[source] = walked[axis] }
      return .axes(maps)
    },
    strides: .view { op, inputs, shape in
      guard case .permute(let axes) = op else { return nil }
      let strides = inputs[0].fullStrides
      return Strides.normal(axes.map { strides[$0] }, shape)
    },
    samples: [Sample("permute", .normal([3, 4, 5])) { $0[0].permuted([2, 0, 1]) }],
    lowering: .permute
  ) { step in
    guard case .permute(let axes) = step.node.op else { return [] }
    var inverse = axes
    for (to, from) in axes.enumerated() { inverse[from] = to }
    return [step.gradient.reordered(inverse)]
  }
}

extension Lowering {
  fileprivate static let permute = Lowering.text { text, operation in
    guard case .permute(let axes) = operation.op else { return operation.inputs[0] }
    return text.permute(operation.inputs[0], axes)
  }
}

extension Tensor {
  /// The tensor with its axes in another order: axis `i` of the result is axis `axes[i]` of `self`:
  /// `torch.permute`.
  ///
  ///     x.permuted([2, 0, 1])     // [5, 6, 7] becomes [7, 5, 6]
  ///
  /// - Parameter axes: each axis once, counted from the end if negative.
  /// - Gradient: `g` with the axes put back.
  /// - Error: an axis that is missing, named twice, or that there is not.
  public func permuted(_ axes: [Int]) -> Tensor {
    if node.failure != nil { return self }
    var resolved: [Int] = []
    for axis in axes {
      guard let place = shape.resolve(axis: axis) else {
        return Tensor(error: .axis("permuted", axis, of: self))
      }
      resolved.append(place)
    }
    guard resolved.count == rank, Set(resolved).count == rank else {
      let example = rank > 1 ? ", for example \((0..<rank).reversed() as [Int])" : ""
      return Tensor(
        error: TensorError(
          "permuted", "\(axes) does not name each of the \(rank) axes once",
          operands: [("input", signature)], help: "name every axis once\(example)"))
    }
    return reordered(resolved)
  }

  /// The transpose of a matrix, its rows as columns: `torch.t`.
  ///
  /// - Returns: `[n, m]` for `[m, n]`. A product takes a transpose as it is: nothing is copied.
  /// - Gradient: the transpose of `g`.
  /// - Error: a tensor that is not a matrix.
  public func transposed() -> Tensor {
    if node.failure != nil { return self }
    guard rank == 2 else {
      return Tensor(
        error: TensorError(
          "transposed", "takes a matrix, not a tensor of rank \(rank)",
          operands: [("input", signature)],
          help: rank > 2
            ? "name the axes: transposed(-1, -2), or permuted(\((0..<rank).reversed() as [Int]))"
            : "add an axis with unsqueezed(axis:) first"))
    }
    return reordered([1, 0])
  }

  /// The tensor with two axes swapped: `torch.transpose`.
  ///
  ///     batch.transposed(-1, -2)     // each matrix of [8, 3, 4] transposed: [8, 4, 3]
  ///
  /// - Gradient: `g` with the same axes swapped.
  /// - Error: an axis that there is not.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    if node.failure != nil { return self }
    var axes = Array(0..<rank)
    if isSole(first) && isSole(second) { return self }
    guard let one = shape.resolve(axis: first) else {
      return Tensor(error: .axis("transposed", first, of: self))
    }
    guard let other = shape.resolve(axis: second) else {
      return Tensor(error: .axis("transposed", second, of: self))
    }
    axes.swapAt(one, other)
    return reordered(axes)
  }
}
