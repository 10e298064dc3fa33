extension Tensor {
  /// Whether the elements are in memory.
  package var isComputed: Bool {
    node.failure == nil
      && (try? Evaluation.quiet { () throws(TensorError) in node.hasContents }) ?? false
  }

  /// The word that made numbers of 0 to 1 of this tensor's operand, if the graph still shows it:
  /// `sigmoid`, or `softmax` for a quotient of a tensor and the sum of the same tensor. Views are
  /// looked through. Looks at ops, not at numbers.
  package var squashedBy: String? {
    // Most tensors are neither, and their inputs are not asked for.
    guard Tensor.isSquash(node.op) || Tensor.passesOn(node.op) else { return nil }
    return try? Evaluation.quiet { () throws(TensorError) in
      let node = Tensor.base(of: node)
      if node.op == .elementwise(.sigmoid) { return "sigmoid" }
      guard node.op == .elementwise(.divide), node.inputs.count == 2 else { return nil }
      let sum = Tensor.base(of: node.inputs[1])
      guard case .reduce(.sum, _) = sum.op, let summed = sum.inputs.all.first,
        Tensor.base(of: summed) === Tensor.base(of: node.inputs[0])
      else { return nil }
      return "softmax"
    }
  }

  private static func isSquash(_ op: Op) -> Bool {
    op == .elementwise(.sigmoid) || op == .elementwise(.divide)
  }

  /// Whether a node's elements are those of its first operand: of a view, and of a function with a
  /// gradient of its own.
  private static func passesOn(_ op: Op) -> Bool {
    switch op {
    case .reshape, .permute, .expand, .custom: true
    default: false
    }
  }

  /// The node whose elements these are.
  private static func base(of node: Node) -> Node {
    var node = node
    while passesOn(node.op), let next = node.inputs.all.first { node = next }
    return node
  }
}
