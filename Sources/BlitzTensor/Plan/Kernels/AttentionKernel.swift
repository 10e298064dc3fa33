/// Scaled dot-product attention, or its gradients, block by block.
package struct AttentionKernel: Kernel {
  /// What is asked.
  package var attention: Attention
  /// The operands' shapes.
  package var shapes: [Shape]
  /// The operands, contiguous: see `Rule.attention`.
  package var operands: [Plan.Operand]
  /// What is written.
  package var result: Plan.Operand

  /// All operands.
  package var reads: [Plan.Operand] { operands }
  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives the arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for index in operands.indices { operands[index].slot = slot(operands[index].slot) }
    result.slot = slot(result.slot)
  }

  /// The sizes.
  package var summary: String {
    let (q, k) = (shapes[0], shapes[1])
    return "attention\(attention.isBackward ? "'s gradients" : ""): \(q[0]) x \(q[1]) heads of "
      + "\(q[3]), \(q[2]) queries, \(k[2]) keys\(attention.isCausal ? ", causal" : "")"
  }

  /// Each element of each operand once, and of the result.
  package var byteCount: Int {
    let read = shapes.reduce(0) { $0 + $1.elementCount }
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    let written =
      attention.isBackward
      ? q.elementCount + k.elementCount + v.elementCount : q[0] * q[1] * q[2] * (v[3] + 1)
    return 4 * (read + written)
  }

  /// Two products over all scores, and five for the gradients.
  package var flops: Int {
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    let scores = q[0] * q[1] * q[2] * k[2]
    let both = attention.isBackward ? 3 * q[3] + 2 * v[3] : q[3] + v[3]
    return 2 * scores * both / (attention.isCausal ? 2 : 1)
  }
}
