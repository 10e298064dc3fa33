extension Tensor {
  /// Computes the gradient of this tensor at every leaf that it was computed from, and leaves it
  /// there as `grad`: `torch.Tensor.backward`.
  ///
  /// Only the gradients' graph is built; numbers are computed when somebody asks. The record
  /// of how this tensor was computed is freed.
  ///
  /// - Parameters:
  ///   - gradient: what to start with, of this tensor's shape and dtype; 1 if this is a
  ///     scalar.
  ///   - retainGraph: keeps the record for another `backward()`.
  ///   - accumulate: adds to gradients that are already there; otherwise these are an error,
  ///     since forgetting them is the usual mistake.
  /// - Throws: `TensorError` if this tensor carries one, does not require its gradient, is not a
  ///   scalar (and no `gradient` is given), or was walked before; or if a leaf still
  ///   has a gradient.
  public func backward(
    gradient: Tensor? = nil, retainGraph: Bool = false, accumulate: Bool = false
  ) throws(TensorError) {
    let seed = try seed(gradient, op: "backward")
    let walk = try ReverseWalk(from: [node], op: "backward")
    let leaves = walk.leaves
    if !accumulate, let (stale, _) = leaves.first(where: { $0.leaf.hasGradient }) {
      throw TensorError(
        "backward", "a leaf still has the gradient of an earlier backward()",
        operands: [("leaf", "\(stale.dtype)\(stale.shape)")],
        help: "call zeroGrad() on it first, or backward(accumulate: true) to add to it")
    }
    let result: Result<[Tensor?], TensorError> = GradientMode.off {
      do throws(TensorError) {
        return .success(try walk.gradients([(node, seed)], at: leaves.map(\.node)))
      } catch {
        return .failure(error)
      }
    }
    for ((_, leaf), found) in zip(leaves, try result.get()) {
      guard let found else { continue }
      leaf.content.withLock { content in
        content.gradient =
          content.gradient.map { old in GradientMode.off { old + found } } ?? found
        content.results.append(Node.Leaf.Result(node: node))
      }
    }
    if !retainGraph { try walk.free() }
  }

  /// The gradient that a reverse walk from here starts with.
  fileprivate func seed(_ gradient: Tensor?, op: String) throws(TensorError) -> Tensor {
    if let error { throw error }
    guard node.isTracked else {
      throw TensorError(
        op, "nothing that this tensor was computed from requires its gradient",
        operands: [("tensor", signature)],
        help: "make the weights with requiresGrad: true, and compute the loss outside noGrad")
    }
    if let gradient {
      if let error = gradient.error { throw error }
      if gradient.shape == shape && gradient.dtype == dtype { return gradient }
      throw TensorError(
        op, "the gradient to start with does not look like the tensor",
        operands: [("tensor", signature), ("gradient", gradient.signature)],
        help: "pass a gradient of the tensor's shape and dtype")
    }
    guard elementCount == 1 else {
      throw TensorError(
        op, "the tensor has \(elementCount) elements, not one",
        operands: [("tensor", signature)],
        help: "reduce it to one number, with sum() or mean(), or pass gradient:")
    }
    return Tensor.ones(shape, dtype: dtype, device: device)
  }
}

/// The gradients of a tensor with respect to others, leaves or anything it was computed from:
/// `torch.autograd.grad`.
///
/// - Parameters:
///   - output: a scalar that requires its gradient.
///   - inputs: tensors that require their gradients.
///   - createGraph: records the gradients' own ops, for gradients of gradients.
/// - Returns: for each input, a gradient of its shape and dtype; zeros where `output` does not
///   depend on it. Each carries the error if there is one.
public func gradients(
  of output: Tensor, wrt inputs: [Tensor], createGraph: Bool = false
) -> [Tensor] {
  do throws(TensorError) {
    for input in inputs {
      if let error = input.error { throw error }
      if !input.requiresGrad {
        throw TensorError(
          "gradients", "an input does not require its gradient",
          operands: [("input", input.signature)],
          help: "use input.requiringGrad() before computing the output from it")
      }
    }
    let seed = try output.seed(nil, op: "gradients")
    let first = inputs.map(\.node.id).min() ?? 0
    let walk = try ReverseWalk(from: [output.node], back: first, op: "gradients")
    func build() -> Result<[Tensor], TensorError> {
      do throws(TensorError) {
        let found = try walk.gradients([(output.node, seed)], at: inputs.map(\.node))
        return .success(
          zip(inputs, found).map { input, gradient in
            gradient ?? Tensor.zeros(input.shape, dtype: input.dtype, device: input.device)
          })
      } catch {
        return .failure(error)
      }
    }
    return try (createGraph ? build() : GradientMode.off(build)).get()
  } catch {
    return inputs.map { _ in Tensor(error: error) }
  }
}

/// The gradient of a tensor with respect to another: `torch.autograd.grad`.
///
/// - Returns: a gradient of the shape and dtype of `input`; see `gradients(of:wrt:createGraph:)`.
public func gradient(of output: Tensor, wrt input: Tensor, createGraph: Bool = false) -> Tensor {
  gradients(of: output, wrt: [input], createGraph: createGraph)[0]
}

/// The value of a function and its gradients at some tensors: `torch.func.grad_and_value`.
///
///     let (loss, grads) = valueAndGradients(at: [w1, w2]) { w in
///       (x.matmul(w[0]).relu().matmul(w[1]) - y).square().sum()
///     }
///
/// - Parameters:
///   - inputs: float tensors; they need not require gradients themselves.
///   - function: computes a scalar from them.
/// - Returns: the number, and for each input a gradient of its shape and dtype.
public func valueAndGradients(
  at inputs: [Tensor], _ function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor]) {
  let leaves = inputs.map { $0.requiringGrad() }
  let value = try GradientMode.on { try function(leaves) }
  return (value.detached(), gradients(of: value, wrt: leaves))
}
