import BlitzTensor

/// The steps of a plain recurrent network over a whole sequence as one function; see ``LSTMScan``.
///
/// Inputs are the input's products for all steps with the bias, `[L, N, hidden]`, the hidden
/// weights, and where it is there the initial state. The output is `[L, N, hidden]`.
struct RNNScan: GradientByHand {
  let nonlinearity: RNN.Nonlinearity
  let isReversed: Bool
  let plans: PlannedGraphs?

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    let weight = inputs[1].transposed()
    let projected = ScanOrder.parts(inputs[0])
    var state = inputs.count > 2 ? inputs[2] : nil
    var outputs = [Tensor?](repeating: nil, count: projected.count)
    for t in ScanOrder(count: projected.count, isReversed: isReversed).steps {
      let sum = state.map { projected[t] + $0.matmul(weight) } ?? projected[t]
      state = nonlinearity == .tanh ? sum.tanh() : sum.relu()
      outputs[t] = state
    }
    return (stack(outputs.compactMap { $0 }), [])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let (given, hidden) = (ScanOrder.parts(gradient), ScanOrder.parts(output))
    let order = ScanOrder(count: given.count, isReversed: isReversed)
    var slopes = [Tensor?](repeating: nil, count: given.count)
    var slope: Tensor?
    for t in order.steps.reversed() {
      let g = slope.map { given[t] + $0.matmul(inputs[1]) } ?? given[t]
      slope =
        nonlinearity == .tanh
        ? g * (1 - hidden[t] * hidden[t]) : Tensor.where(hidden[t] .> 0, g, 0)
      slopes[t] = slope
    }
    let all = stack(slopes.compactMap { $0 })
    let initial = inputs.count > 2 ? inputs[2] : nil
    let answer = [all, order.weightGradient(all, output, initial: initial)]
    return initial == nil ? answer : answer + [slope!.matmul(inputs[1])]
  }
}

/// The steps of gated recurrent units over a whole sequence as one function; see ``LSTMScan``.
///
/// Inputs are the input's products for all steps with the input's bias, `[L, N, 3 * hidden]`, the
/// hidden weights, the initial state, and where it is there the hidden bias. The output is
/// `[L, N, hidden]`.
struct GRUScan: GradientByHand {
  let isReversed: Bool
  let plans: PlannedGraphs?

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    let weight = inputs[1].transposed()
    let bias = inputs.count > 3 ? inputs[3] : nil
    let projected = ScanOrder.parts(inputs[0])
    var state = inputs[2]
    var outputs = [Tensor?](repeating: nil, count: projected.count)
    var kept = [[Tensor]](repeating: [], count: projected.count)
    for t in ScanOrder(count: projected.count, isReversed: isReversed).steps {
      let x = projected[t].split(count: 3, axis: 1)
      let h = state.matmul(weight).scaled(by: nil, movedBy: bias).split(count: 3, axis: 1)
      let reset = (x[0] + h[0]).sigmoid()
      let keep = (x[1] + h[1]).sigmoid()
      let fresh = (x[2] + reset * h[2]).tanh()
      state = fresh + keep * (state - fresh)
      outputs[t] = state
      kept[t] = [reset, keep, fresh, h[2]]
    }
    return (stack(outputs.compactMap { $0 }), kept.flatMap { $0 })
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let (given, hidden) = (ScanOrder.parts(gradient), ScanOrder.parts(output))
    let order = ScanOrder(count: given.count, isReversed: isReversed)
    let steps = order.steps
    // The slopes of the input's products and of the state's, which the reset gate tells apart.
    var inputSlopes = [Tensor?](repeating: nil, count: given.count)
    var stateSlopes = inputSlopes
    var carried: Tensor?
    for place in steps.indices.reversed() {
      let t = steps[place]
      let (r, z, n, h) = (kept[4 * t], kept[4 * t + 1], kept[4 * t + 2], kept[4 * t + 3])
      let before = place > 0 ? hidden[steps[place - 1]] : inputs[2]
      let g = carried.map { given[t] + $0 } ?? given[t]
      let fresh = g * (1 - z) * (1 - n * n)
      let reset = fresh * h * r * (1 - r)
      let keep = g * (before - n) * z * (1 - z)
      inputSlopes[t] = concatenate([reset, keep, fresh], axis: 1)
      let slope = concatenate([reset, keep, fresh * r], axis: 1)
      stateSlopes[t] = slope
      carried = g * z + slope.matmul(inputs[1])
    }
    let all = stack(stateSlopes.compactMap { $0 })
    let answer = [
      stack(inputSlopes.compactMap { $0 }),
      order.weightGradient(all, output, initial: inputs[2]), carried,
    ]
    return inputs.count > 3 ? answer + [all.sum(axes: [0, 1])] : answer
  }
}
