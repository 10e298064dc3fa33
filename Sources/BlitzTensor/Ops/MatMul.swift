extension Rule {
  static let matmul = Rule(name: "matmul", saves: .inputs) { step in
    let (a, b, g) = (step.inputs[0], step.inputs[1], step.gradient)
    return [
      step.wants(0) ? g.matmul(b.transposed(-1, -2)) : nil,
      step.wants(1) ? a.transposed(-1, -2).matmul(g) : nil,
    ]
  }
}
