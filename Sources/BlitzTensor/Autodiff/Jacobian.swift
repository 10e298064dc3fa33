/// All derivatives of a function's result with respect to its input:
/// `torch.autograd.functional.jacobian`.
///
///     let slopes = jacobian(at: x) { $0.square() }     // [3] gives [3, 3], diagonal 2 * x
///
/// - Parameters:
///   - input: where, of a floating dtype; it need not require its gradient.
///   - createGraph: records the derivatives' own ops, for derivatives of them with respect to what
///     the function reads beside its input.
///   - function: made of differentiable ops.
/// - Returns: the shape of the result followed by that of the input, in the input's dtype; one
///   reverse walk for each element of the result.
/// - Error: a dtype that is not floating; more than 2^16 elements of the result; what the function
///   carries.
public func jacobian(
  at input: Tensor, createGraph: Bool = false, _ function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  if let rejected = input.rejected("jacobian", .floating) { return rejected }
  let leaf = input.requiringGrad()
  let value = try GradientMode.on { try function(leaf) }
  return value.derivatives(at: leaf, createGraph: createGraph, op: "jacobian")
}

/// All second derivatives of a number with respect to the input of the function that computes it:
/// `torch.autograd.functional.hessian`.
///
///     let curvature = hessian(at: x) { $0.pow(3).sum() }     // [3] gives [3, 3], diagonal 6 * x
///
/// - Parameters:
///   - input: where, of a floating dtype; it need not require its gradient.
///   - createGraph: records the derivatives' own ops.
///   - function: gives a single number.
/// - Returns: the shape of the input twice, in its dtype.
/// - Error: a dtype that is not floating; a result of several elements; more than 2^16 elements of
///   the input.
public func hessian(
  at input: Tensor, createGraph: Bool = false, _ function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  if let rejected = input.rejected("hessian", .floating) { return rejected }
  let leaf = input.requiringGrad()
  let value = try GradientMode.on { try function(leaf) }
  if value.node.failure != nil { return value }
  guard value.elementCount == 1 else {
    return Tensor(
      error: TensorError(
        "hessian", "the function gives \(value.elementCount) numbers, not one",
        operands: [("input", input.signature), ("result", value.signature)],
        help: "reduce it with sum(), or write jacobian(at:) of its gradient"))
  }
  if !value.requiresGrad {
    return .zeros(Shape(input.shape.sizes + input.shape.sizes), dtype: input.dtype)
      .to(input.device)
  }
  let slope = gradient(of: value.viewed(as: []), wrt: leaf, createGraph: true)
  return slope.derivatives(at: leaf, createGraph: createGraph, op: "hessian")
}

/// A function of examples, applied to each of a batch: `torch.vmap`.
///
///     let norms = vmap(rows) { $0.norm() }     // [64, 10] gives [64]
///
/// The function runs once for each example; what it builds is planned together.
///
/// - Parameters:
///   - input: the examples, side by side along an axis.
///   - axis: negative ones count from the end.
///   - function: of one example, without that axis.
/// - Returns: its results, stacked along a new first axis.
/// - Error: an axis that is not there, or along which there is nothing; results of several shapes.
public func vmap(
  _ input: Tensor, axis: Int = 0, _ function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  try vmap([input], axis: axis) { try function($0[0]) }
}

/// A function of several tensors' examples, applied to each of a batch: `torch.vmap`.
///
/// - Parameters:
///   - inputs: the examples, side by side along an axis of the same size in all of them.
///   - axis: negative ones count from the end.
///   - function: of one example of each, without that axis.
/// - Returns: its results, stacked along a new first axis.
/// - Error: an axis that is not there or of several sizes, or along which there is nothing.
public func vmap(
  _ inputs: [Tensor], axis: Int = 0, _ function: ([Tensor]) throws -> Tensor
) rethrows -> Tensor {
  if let failed = inputs.first(where: { $0.node.failure != nil }) { return failed }
  let axes = inputs.map { $0.shape.resolve(axis: axis) }
  let counts = zip(inputs, axes).map { input, axis in axis.map { input.shape[$0] } }
  guard let first = counts.first, let count = first, count > 0, count <= 1 << 16,
    counts.allSatisfy({ $0 == count })
  else {
    return Tensor(
      error: TensorError(
        "vmap", "the inputs have not one number of examples along axis \(axis)",
        operands: inputs.map { ("input", $0.signature) },
        help: "give 1 to 65536 examples, as many of each input"))
  }
  let results = try (0..<count).map { place in
    try function(
      zip(inputs, axes).map { input, axis in
        let axis = axis!
        var sizes = input.shape.sizes
        sizes.remove(at: axis)
        return input.sliced(axis: axis, from: place, count: 1).viewed(as: Shape(sizes))
      })
  }
  return stack(results).named("vmap")
}

extension Tensor {
  /// The gradients of each element at a leaf, one behind the other.
  fileprivate func derivatives(at leaf: Tensor, createGraph: Bool, op: String) -> Tensor {
    if node.failure != nil { return self }
    guard elementCount <= 1 << 16 else {
      return Tensor(
        error: TensorError(
          op, "there are \(elementCount) elements to differentiate",
          operands: [("elements", signature), ("input", leaf.signature)],
          help: "differentiate up to 65536 of them at a time"))
    }
    let whole = Shape(shape.sizes + leaf.shape.sizes)
    if !requiresGrad || whole.elementCount == 0 {
      return .zeros(whole, dtype: leaf.dtype).to(leaf.device)
    }
    let flat = viewed(as: [elementCount])
    let rows = (0..<elementCount).map { place in
      gradient(
        of: flat.sliced(axis: 0, from: place, count: 1).viewed(as: []), wrt: leaf,
        createGraph: createGraph)
    }
    return stack(rows).named(op).reshaped(to: whole)
  }
}
