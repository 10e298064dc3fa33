import BlitzTensor

/// The steps of an LSTM over a whole sequence as one function: the walk back adds up the weights'
/// gradient of all steps in one product, where the reverse walk would make one for each step.
///
/// Inputs are the input's products for all steps, `[L, N, 4 * hidden]`, the hidden weights, and
/// where they are there the bias and the initial hidden and cell state. The output holds the hidden
/// states of all steps, and the last cell state behind them: `[L + 1, N, hidden]`.
struct LSTMScan: GradientByHand {
  let isReversed: Bool
  let hasBias: Bool
  let hasState: Bool
  let plans: PlannedGraphs?

  /// What one step leaves for the walk back.
  private struct Step {
    var i, f, g, o, cell, tanhCell: Tensor

    init(i: Tensor, f: Tensor, g: Tensor, o: Tensor, cell: Tensor) {
      (self.i, self.f, self.g, self.o, self.cell) = (i, f, g, o, cell)
      tanhCell = cell.tanh()
    }

    init(_ kept: ArraySlice<Tensor>) {
      let kept = Array(kept)
      (i, f, g, o) = (kept[0], kept[1], kept[2], kept[3])
      (cell, tanhCell) = (kept[4], kept[5])
    }

    var kept: [Tensor] { [i, f, g, o, cell, tanhCell] }
    static let keptCount = 6
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    let weight = inputs[1].transposed()
    // The bias is added once, for all steps.
    let movedInput = hasBias ? inputs[0] + inputs[2] : inputs[0]
    var (hidden, cell): (Tensor?, Tensor?) =
      hasState ? (inputs[inputs.count - 2], inputs[inputs.count - 1]) : (nil, nil)
    let projected = ScanOrder.parts(movedInput)
    let count = projected.count
    var outputs = [Tensor?](repeating: nil, count: count)
    var kept = [[Tensor]](repeating: [], count: count)
    for t in ScanOrder(count: count, isReversed: isReversed).steps {
      let product = hidden.map { projected[t] + $0.matmul(weight) } ?? projected[t]
      let parts = product.split(count: 4, axis: 1)
      let (i, f, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[3].sigmoid())
      let g = parts[2].tanh()
      let step = Step(i: i, f: f, g: g, o: o, cell: cell.map { f * $0 + i * g } ?? i * g)
      hidden = o * step.tanhCell
      cell = step.cell
      outputs[t] = hidden
      kept[t] = step.kept
    }
    return (stack(outputs.compactMap { $0 } + [cell!]), kept.flatMap { $0 })
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let count = inputs[0].shape[0]
    let weight = inputs[1]
    let steps = (0..<count).map {
      Step(kept[$0 * Step.keptCount..<($0 + 1) * Step.keptCount])
    }
    let given = ScanOrder.parts(gradient)
    let scan = ScanOrder(count: count, isReversed: isReversed)
    let order = scan.steps
    // What comes from the step after: by way of the hidden weights, and of the cell state.
    var slope: Tensor?
    var cellSlope = given[count]
    var slopes = [Tensor?](repeating: nil, count: count)
    for place in order.indices.reversed() {
      let t = order[place]
      let s = steps[t]
      let h = slope.map { given[t] + $0.matmul(weight) } ?? given[t]
      let c = h * s.o * (1 - s.tanhCell * s.tanhCell) + cellSlope
      let before: Tensor? =
        place > 0 ? steps[order[place - 1]].cell : hasState ? inputs[inputs.count - 1] : nil
      let f = before.map { c * $0 * s.f * (1 - s.f) } ?? Tensor.zeros(like: c)
      slope = concatenate(
        [
          c * s.g * s.i * (1 - s.i), f, c * s.i * (1 - s.g * s.g),
          h * s.tanhCell * s.o * (1 - s.o),
        ], axis: 1)
      slopes[t] = slope
      cellSlope = c * s.f
    }
    let all = stack(slopes.compactMap { $0 })
    var answer: [Tensor?] = [
      all,
      scan.weightGradient(all, output, initial: hasState ? inputs[inputs.count - 2] : nil),
    ]
    if hasBias { answer.append(all.sum(axes: [0, 1])) }
    if hasState { answer += [slope!.matmul(weight), cellSlope] }
    return answer
  }
}
