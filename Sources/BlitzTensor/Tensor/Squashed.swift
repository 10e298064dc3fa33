extension Tensor {
  /// Whether the numbers are in memory.
  package var isComputed: Bool {
    node.failure == nil
      && (try? Evaluation.quiet { () throws(TensorError) in node.hasNumbers }) ?? false
  }

  /// The word that made numbers of 0 to 1 of this tensor's operand, if the graph still shows it:
  /// `sigmoid`, or `softmax` for a quotient of a tensor and the sum of the same tensor. Views are
  /// looked through. Looks at ops, not at numbers.
  package var squashedBy: String? {
    switch node.op {
    case .elementwise(.sigmoid): return "sigmoid"
    case .elementwise(.divide), .reshape, .permute, .custom:
      return try? Evaluation.quiet { () throws(TensorError) in Tensor.squash(of: node) }
    default: return nil
    }
  }

  private static func squash(of node: Node) -> String? {
    let node = base(of: node)
    if node.op == .elementwise(.sigmoid) { return "sigmoid" }
    guard node.op == .elementwise(.divide), node.inputs.count == 2 else { return nil }
    let sum = base(of: node.inputs[1])
    guard case .reduce(.sum, _) = sum.op, let summed = sum.inputs.all.first,
      base(of: summed) === base(of: node.inputs[0])
    else { return nil }
    return "softmax"
  }

  /// The node that views lead to.
  private static func base(of node: Node) -> Node {
    var node = node
    while true {
      switch node.op {
      case .reshape, .permute, .expand, .custom:
        guard let next = node.inputs.all.first else { return node }
        node = next
      default: return node
      }
    }
  }
}
