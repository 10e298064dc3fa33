extension PlanGraph: CustomStringConvertible {
  /// The values in the order in which they can be computed, one on a line, with what they are
  /// computed from; equal ops on equal operands are one value.
  var description: String {
    var lines = ["graph: \(values.count) values, \(argumentCount) of them arguments"]
    for (id, value) in values.enumerated() {
      let word: String
      if id < argumentCount {
        word = "argument"
      } else if isScalar(id) {
        word = "scalar"
      } else {
        let operands = value.inputs.map { "%\($0)" }.joined(separator: ", ")
        word = "\(value.op.rule.name)(\(operands))"
      }
      let shape = isScalar(id) ? "" : value.shape.sizes.map(String.init).joined(separator: "x")
      let place = results.contains(id) ? ", a result" : ""
      lines.append("  %\(id) = \(word) \(value.dtype) [\(shape)]\(place)")
    }
    return lines.joined(separator: "\n")
  }
}
