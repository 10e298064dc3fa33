import BlitzTensor

extension OpTable {
  /// Steps of optimizers, which are ops in a domain of their own.
  static let training: [OpEntry] = [
    OpEntry(many: "Momentum", domain: "ai.onnx.preview.training") { call in
      let (alpha, beta) = (call.float("alpha"), call.float("beta"))
      let isNesterov = call.text("mode", "standard") == "nesterov"
      let steps = try call.number(1)
      return try call.updates(stateCount: 1) { weight, gradient, state in
        let slope = call.float("norm_coefficient") * weight + gradient
        let kept = steps > 0 ? beta : 1
        let velocity = alpha * state[0] + kept * slope
        let move = isNesterov ? slope + alpha * velocity : velocity
        return (weight - call[0] * move, [velocity])
      }
    },
    OpEntry(many: "Adagrad", domain: "ai.onnx.preview.training") { call in
      let rate = call[0] / (1 + Double(try call.number(1)) * call.float("decay_factor"))
      return try call.updates(stateCount: 1) { weight, gradient, state in
        let slope = call.float("norm_coefficient") * weight + gradient
        let sum = state[0] + slope.square()
        return (weight - rate * slope / (sum.sqrt() + call.float("epsilon", 1e-6)), [sum])
      }
    },
    OpEntry(many: "Adam", domain: "ai.onnx.preview.training") { call in
      let (alpha, beta) = (call.float("alpha", 0.9), call.float("beta", 0.999))
      let steps = try call.number(1)
      var rate = call[0]
      if steps > 0 {
        let (first, second) = (
          Tensor([alpha], shape: [], dtype: .float64).pow(Double(steps)),
          Tensor([beta], shape: [], dtype: .float64).pow(Double(steps))
        )
        rate = (rate.cast(to: .float64) * (1 - second).sqrt() / (1 - first)).cast(to: rate.dtype)
      }
      return try call.updates(stateCount: 2) { weight, gradient, state in
        let slope = call.float("norm_coefficient") * weight + gradient
        let first = alpha * state[0] + (1 - alpha) * slope
        let second = beta * state[1] + (1 - beta) * slope.square()
        let moved = weight - rate * first / (second.sqrt() + call.float("epsilon", 1e-6))
        return ((1 - call.float("norm_coefficient_post")) * moved, [first, second])
      }
    },
  ]
}

extension OpCall {
  /// New weights and states of all weights, in the order of the outputs.
  fileprivate func updates(
    stateCount: Int,
    _ update: (_ weight: Tensor, _ gradient: Tensor, _ state: [Tensor]) -> (Tensor, [Tensor])
  ) throws -> [Value] {
    let count = (inputs.count - 2) / (stateCount + 2)
    guard count > 0, inputs.count == 2 + count * (stateCount + 2) else {
      throw failure("takes a weight, a gradient and \(stateCount) states for each weight")
    }
    let results = (0..<count).map { place in
      update(
        self[2 + place], self[2 + count + place],
        (0..<stateCount).map { self[2 + (2 + $0) * count + place] })
    }
    return results.map { Value($0.0) }
      + (0..<stateCount).flatMap { state in results.map { Value($0.1[state]) } }
  }
}
