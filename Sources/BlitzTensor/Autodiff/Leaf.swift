/// Tensors at which the reverse walk ends, and the gradients that it leaves there.
extension Tensor {
  /// Whether `backward()` computes a gradient for this tensor (a leaf) or through it.
  ///
  /// Setting it makes the variable a new leaf with the same elements, or detaches it.
  public var requiresGrad: Bool {
    get { node.isTracked }
    set {
      if newValue != requiresGrad { self = newValue ? requiringGrad() : detached() }
    }
  }

  /// Whether `backward()` leaves a gradient here: made with `requiresGrad`, not computed.
  public var isLeaf: Bool { node.isLeaf }

  /// The same elements as a new leaf, whose gradient `backward()` computes:
  /// `torch.Tensor.requires_grad_`.
  ///
  /// - Error: a dtype that is not floating.
  public func requiringGrad() -> Tensor {
    if node.failure != nil { return self }
    guard dtype.hasGradients else {
      return Tensor(
        error: TensorError(
          "requiringGrad", "only floats have gradients, not \(dtype)",
          operands: [("tensor", signature)], help: "write .cast(to: .float32) first"))
    }
    return alias(tracking: .leaf(Node.Leaf()))
  }

  /// The same elements, through which `backward()` does not go: `torch.Tensor.detach`.
  @inline(never)
  public func detached() -> Tensor {
    node.failure != nil || !node.isTracked ? self : alias(tracking: .none)
  }

  /// The same elements as a point of their own on the way back to this tensor: the gradient there
  /// is that of what is computed from the point, and goes on to this tensor.
  package func waypoint() -> Tensor {
    node.failure != nil ? self : .make(.reshape, self, shape: shape, dtype: dtype)
  }

  private func alias(tracking: Node.Tracking) -> Tensor {
    Tensor(
      node: Node(
        .reshape, Operands(node), shape: shape, dtype: dtype, device: device, tracking: tracking,
        strides: node.strides))
  }

  /// Whether there is a gradient here: `backward()` left one, or `grad` was set.
  public var hasGrad: Bool {
    guard case .leaf(let leaf) = node.tracking else { return false }
    return leaf.hasGradient
  }

  /// The gradient that `backward()` left here, in the shape and dtype of `self`:
  /// `torch.Tensor.grad`.
  ///
  ///     print(w.grad)
  ///     w.grad = w.grad.clamp(min: -1, max: 1)    // before the optimizer's step
  ///
  /// Where there is none, it carries an error that says why; ``hasGrad`` asks, and `zeroGrad()`
  /// forgets it, as `w.grad = None` does in PyTorch.
  /// - Error: no `backward()` so far, a tensor that is not a leaf, or one that does not
  ///   require its gradient. What is set has another shape or dtype: the gradient carries the error
  ///   from then on. A gradient is set on a tensor that keeps none: that tensor carries it.
  public var grad: Tensor {
    get {
      if node.failure != nil { return self }
      if case .leaf(let leaf) = node.tracking {
        if let gradient = leaf.content.withLock({ $0.gradient }) { return gradient }
        return gradError(
          "there is no gradient yet",
          help: "call backward() on a loss that is computed from this tensor first; "
            + "a tensor that noGrad { w -= ... } changed waits for the next backward()")
      }
      return noGradKept
    }
    set {
      if node.failure != nil { return }
      guard case .leaf(let leaf) = node.tracking else {
        self = noGradKept
        return
      }
      var gradient = newValue
      if gradient.error == nil, gradient.shape != shape || gradient.dtype != dtype {
        gradient = Tensor(
          error: TensorError(
            "grad", "the gradient does not look like the tensor",
            operands: [("tensor", signature), ("gradient", gradient.signature)],
            help: "set a gradient of the tensor's shape and dtype"))
      }
      leaf.content.withLock { $0.gradient = gradient }
    }
  }

  /// Why a tensor that is no leaf has no gradient.
  private var noGradKept: Tensor {
    if case .interior = node.tracking {
      return gradError(
        "only leaves keep their gradient, and this tensor was computed from others",
        help: "use gradients(of: loss, wrt: [tensor]), or start from tensor.detached()")
    }
    return gradError(
      "this tensor does not require its gradient",
      help: "make it with requiresGrad: true, or use requiringGrad()")
  }

  private func gradError(_ rule: String, help: String) -> Tensor {
    Tensor(error: TensorError("grad", rule, operands: [("tensor", signature)], help: help))
  }

  /// Forgets the gradient, so that the next `backward()` starts afresh.
  public func zeroGrad() {
    guard case .leaf(let leaf) = node.tracking else { return }
    leaf.content.withLock { $0 = Node.Leaf.Content() }
  }

  /// The tensors whose `backward()` left gradients at these leaves, as far as somebody holds them
  /// and their elements are not known: they belong in the plan that reads the gradients.
  package static func unreadResults(of leaves: [Tensor]) -> [Tensor] {
    var seen: Set<Int> = []
    return leaves.flatMap { leaf -> [Tensor] in
      guard case .leaf(let leaf) = leaf.node.tracking else { return [] }
      return leaf.content.withLock { $0.results }.compactMap { result in
        guard let node = result.node, seen.insert(node.id).inserted,
          node.holders.load(ordering: .relaxed) > 0
        else { return nil }
        return Tensor(node: node)
      }
    }
  }

  /// What a variable holds after `op` (such as `-=`) put `value` in place of this tensor, in its
  /// dtype.
  ///
  /// A leaf that changes in `noGrad { }` is a new leaf, without the old one's gradient. Floats
  /// cannot take the place of whole numbers, nor numbers that of bools: so PyTorch has it.
  func updated(_ op: String, _ value: Tensor) -> Tensor {
    if value.node.failure != nil || node.isLiteral { return value }
    if value.dtype != dtype {
      if value.dtype.category <= dtype.category { return updated(op, value.converted(to: dtype)) }
      return Tensor(
        error: TensorError(
          op, "the result is \(value.dtype), which \(dtype) cannot hold",
          operands: [("tensor", signature)],
          help: "write x = x \(op.dropLast()) ..., or cast x to .\(value.dtype) first"))
    }
    guard case .leaf = node.tracking else { return value }
    if GradientMode.isOn {
      return Tensor(
        error: TensorError(
          op, "changes a tensor that requires its gradient while ops are recorded",
          operands: [("tensor", signature)],
          help:
            "write noGrad { w\(op == "[]=" ? "[...] =" : " \(op)") ... }, or w = w.detached() first"
        ))
    }
    return value.alias(tracking: .leaf(Node.Leaf()))
  }
}
