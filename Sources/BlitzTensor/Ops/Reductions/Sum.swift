extension Rule {
  static let sum = Rule(
    name: "sum", .loops,
    samples: [
      Sample("reduce sum", tolerance: Sample.sumTolerance, .normal([8, 10, 4])) {
        $0[0].sum(axes: [0, 2])
      }
    ], lowering: .reduction("add")
  ) { step in
    guard case .reduce(_, let axes) = step.node.op else { return [] }
    let shape = step.inputs[0].shape
    return [
      step.gradient.viewed(as: shape.reduced(axes, keepDims: true)).broadcast(to: shape)
    ]
  }
}

extension Lowering {
  /// Sums and products; of half precision in float32.
  static func reduction(_ name: String) -> Lowering {
    .text { text, operation in
      guard case .reduce(_, let axes) = operation.op, !axes.isEmpty else {
        return operation.inputs[0]
      }
      let operand = text.convert(operation.inputs[0], to: operation.dtype.accumulator)
      let start = text.constant(.integer(name == "add" ? 0 : 1), operand.dtype)
      return text.convert(text.reduce(name, operand, from: start, axes: axes), to: operation.dtype)
    }
  }
}

extension Tensor {
  /// The sum of the elements along axes: `torch.sum`.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; int64 for integers and
  ///   bool, which wraps around. The sum of nothing is 0.
  /// - Gradient: `g` for every element.
  /// - Error: an axis that is not there or is named twice.
  public func sum(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("sum", .any) { return rejected }
    let counted = dtype.hasGradients ? upcast : converted(to: .int64)
    return counted.reduced("sum", .sum, axes: axes, keepDims: keepDims)
  }

  /// The sum of the elements along one axis; see `sum(axes:keepDims:)`.
  public func sum(axis: Int, keepDims: Bool = false) -> Tensor {
    sum(axes: [axis], keepDims: keepDims)
  }

  /// A reduction that keeps the dtype.
  func reduced(_ name: String, _ kind: Reduction, axes: [Int], keepDims: Bool) -> Tensor {
    switch resolved(name, axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if axes.isEmpty { return self }
      let result = Tensor.make(
        .reduce(kind, axes: axes), self, shape: shape.reduced(axes, keepDims: false),
        dtype: dtype)
      return keepDims ? result.viewed(as: shape.reduced(axes, keepDims: true)) : result
    }
  }
}
