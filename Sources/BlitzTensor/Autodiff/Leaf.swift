/// Tensors at which the reverse walk ends, and the gradients that it leaves there.
extension Tensor {
  /// Whether `backward()` computes a gradient for this tensor (a leaf) or through it.
  ///
  /// Setting it makes the variable a new leaf with the same numbers, or detaches it.
  public var requiresGrad: Bool {
    get { node.isTracked }
    set {
      if newValue != requiresGrad { self = newValue ? requiringGrad() : detached() }
    }
  }

  /// Whether `backward()` leaves a gradient here: made with `requiresGrad`, not computed.
  public var isLeaf: Bool { node.isLeaf }

  /// The same numbers as a new leaf, whose gradient `backward()` computes.
  ///
  /// - Error: a dtype that is not floating.
  public func requiringGrad() -> Tensor {
    if node.failure != nil { return self }
    guard dtype.isFloating else {
      return Tensor(
        error: TensorError(
          "requiringGrad", "only floats have gradients, not \(dtype)",
          operands: [("tensor", signature)], help: "write .cast(to: .float32) first"))
    }
    return alias(tracking: .leaf(Node.Leaf()))
  }

  /// The same numbers, which the reverse walk does not see.
  public func detached() -> Tensor {
    node.failure != nil || !node.isTracked ? self : alias(tracking: .none)
  }

  /// The same numbers as a point of their own on the way back to this tensor: the gradient there is
  /// that of what is computed from the point, and goes on to this tensor.
  package func waypoint() -> Tensor {
    node.failure != nil ? self : .make(.reshape, self, shape: shape, dtype: dtype)
  }

  private func alias(tracking: Node.Tracking) -> Tensor {
    Tensor(
      node: Node(
        .reshape, Operands(node), shape: shape, dtype: dtype, device: device, tracking: tracking,
        strides: node.strides))
  }

  /// Whether `backward()` has left a gradient here.
  public var hasGrad: Bool {
    guard case .leaf(let leaf) = node.tracking else { return false }
    return leaf.hasGradient
  }

  /// The gradient that `backward()` left here: shape and dtype of `self`.
  ///
  /// Never nil: where there is none, the answer carries an error that says why. (It is
  /// declared with `!` so that both `w.grad` and PyTorch users' `w.grad!` read well.)
  /// - Error: no `backward()` so far, a tensor that is not a leaf, or one that does not
  ///   require its gradient.
  public var grad: Tensor! {
    if node.failure != nil { return self }
    switch node.tracking {
    case .leaf(let leaf):
      if let gradient = leaf.content.withLock({ $0.gradient }) { return gradient }
      return gradError(
        "there is no gradient yet",
        help: "call backward() on a loss that is computed from this tensor first; "
          + "a tensor that noGrad { w -= ... } changed waits for the next backward()")
    case .interior:
      return gradError(
        "only leaves keep their gradient, and this tensor was computed from others",
        help: "use gradients(of: loss, wrt: [tensor]), or start from tensor.detached()")
    case .none:
      return gradError(
        "this tensor does not require its gradient",
        help: "make it with requiresGrad: true, or use requiringGrad()")
    }
  }

  private func gradError(_ rule: String, help: String) -> Tensor {
    Tensor(error: TensorError("grad", rule, operands: [("tensor", signature)], help: help))
  }

  /// Forgets the gradient, so that the next `backward()` starts afresh.
  public func zeroGrad() {
    guard case .leaf(let leaf) = node.tracking else { return }
    leaf.content.withLock { $0 = Node.Leaf.Content() }
  }

  /// Puts another gradient in the place of the one that `backward()` left here, if there is one.
  package func replaceGradient(with gradient: Tensor) {
    guard case .leaf(let leaf) = node.tracking else { return }
    leaf.content.withLock { if $0.gradient != nil { $0.gradient = gradient } }
  }

  /// The tensors whose `backward()` left gradients at these leaves, as far as somebody holds them
  /// and their numbers are not known: they belong in the plan that reads the gradients.
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
