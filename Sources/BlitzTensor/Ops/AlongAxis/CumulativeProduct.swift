extension Rule {
  static let cumulativeProduct = Rule(
    name: "cumprod",
    .kernel { site in
      guard case .cumulativeProduct(let axis) = site.op else { site.refuse() }
      return ScanKernel(
        dtype: site.result.dtype, kind: .product, extent: site.extent(axis),
        source: site.operands[0], result: site.result)
    }, saves: .inputs,
    samples: [
      Sample("cumulativeProduct", tolerance: Sample.functionTolerance, .normal([4, 40])) {
        $0[0].cumprod(axis: 1)
      }
    ], lowering: .cumulativeProduct
  ) { step in
    guard case .cumulativeProduct(let axis) = step.node.op else { return [] }
    return [step.inputs[0].gradientOfRunningProducts(step.gradient, axis)]
  }
}

extension Lowering {
  fileprivate static let cumulativeProduct = Lowering.text { text, operation in
    guard case .cumulativeProduct(let axis) = operation.op else { return operation.inputs[0] }
    let numbers = text.convert(operation.inputs[0], to: operation.dtype.accumulator)
    return text.convert(
      text.running("multiply", from: 1, numbers, axis: axis), to: operation.dtype)
  }
}

extension Tensor {
  /// The running products along an axis, each element times all those before it:
  /// `torch.cumprod`.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape of `self`, in its dtype; int64 for integers and bool, which wraps
  ///   around.
  /// - Gradient: at `k` the sum over `i >= k` of `g[i]` times all factors of `y[i]` but `x[k]`;
  ///   right where elements are 0, too.
  /// - Error: an axis that is not there.
  public func cumprod(axis: Int) -> Tensor {
    if let rejected = rejected("cumprod", .any) { return rejected }
    if let single = alongSole(axis, { $0.cumprod(axis: 0) }) { return single }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("cumprod", axis, of: self))
    }
    let counted = dtype.hasGradients ? upcast : converted(to: .int64)
    return .make(
      .cumulativeProduct(axis: axis), [counted], shape: shape, dtype: counted.dtype)
  }

  /// The product of what stands before an element, times `s[k] = g[k] + x[k + 1] * s[k + 1]`.
  ///
  /// The recurrence is solved without dividing by elements, which may be 0: with spans of 1, 2, 4
  /// ... elements, each step joins a span with the one behind it.
  fileprivate func gradientOfRunningProducts(_ gradient: Tensor, _ axis: Int) -> Tensor {
    let count = shape[axis]
    if count == 0 { return gradient }
    func later(_ tensor: Tensor, by places: Int) -> Tensor {
      var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
      widths[axis].high = places
      return tensor.sliced(axis: axis, from: places, count: count - places).padded(widths)
    }
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[axis].low = 1
    let before = cumprod(axis: axis).sliced(axis: axis, from: 0, count: count - 1)
      .padded(widths, value: 1)
    var (factor, sum, span) = (later(self, by: 1), gradient, 1)
    while span < count {
      sum = sum + factor * later(sum, by: span)
      factor = factor * later(factor, by: span)
      span *= 2
    }
    return before * sum
  }
}
