import BlitzTensor

extension OpTable {
  /// What stands between the layers of a network.
  static let activations: [OpEntry] = [
    OpEntry("Relu") { $0[0].relu() },
    OpEntry("LeakyRelu") { $0[0].leakyRelu(slope: $0.float("alpha", 0.01)) },
    OpEntry("Elu") { $0[0].elu(alpha: $0.float("alpha", 1)) },
    OpEntry("Celu", since: 12) { $0[0].celu(alpha: $0.float("alpha", 1)) },
    OpEntry("Selu") { call in
      let (alpha, gamma) = (
        call.float("alpha", 1.673_263_191_223_144_5), call.float("gamma", 1.050_700_068_473_816)
      )
      let x = call[0]
      return .where(x .> 0, gamma * x, gamma * alpha * (x.minimum(0).exp() - 1))
    },
    OpEntry("Sigmoid") { $0[0].sigmoid() },
    OpEntry("Tanh") { $0[0].tanh() },
    OpEntry("HardSigmoid") { call in
      (call[0] * call.float("alpha", 0.2) + call.float("beta", 0.5)).clamp(min: 0, max: 1)
    },
    OpEntry("HardSwish", since: 14) { $0[0].hardSwish() },
    OpEntry("Softplus") { $0[0].softplus() },
    OpEntry("Softsign") { $0[0].softsign() },
    OpEntry("Gelu", since: 20) {
      $0[0].gelu(approximate: $0.text("approximate", "none") == "tanh" ? .tanh : .none)
    },
    OpEntry("Mish", since: 18) { $0[0].mish() },
    OpEntry("Swish", since: 24) { call in
      let x = call[0]
      return x * (call.float("alpha", 1) * x).sigmoid()
    },
    OpEntry("ThresholdedRelu") { call in
      let x = call[0]
      return .where(x .> call.float("alpha", 1), x, 0)
    },
    OpEntry("Shrink", since: 9) { call in
      let (x, bias, bound) = (call[0], call.float("bias"), call.float("lambd", 0.5))
      let shrunk = Tensor.where(x .< -bound, x + bias, .where(x .> bound, x - bias, x * 0))
      return shrunk
    },
    OpEntry("PRelu") { call in
      let x = call[0]
      var slope = call[1]
      // Before opset 7 one slope for each channel.
      if call.opset < 7, slope.rank == 1, slope.elementCount > 1, x.rank > 2 {
        slope = slope.reshaped(
          to: Shape([slope.elementCount] + Array(repeating: 1, count: x.rank - 2)))
      }
      return .where(x .< 0, x * slope, x)
    },
    OpEntry("Softmax") { call in try call.alongAxis { $0.softmax(axis: $1) } },
    OpEntry("LogSoftmax") { call in try call.alongAxis { $0.logSoftmax(axis: $1) } },
    OpEntry("Hardmax") { call in
      try call.alongAxis { x, axis in
        let chosen = x.argmax(axis: axis, keepDims: true)
        let places = Tensor.arange(x.shape[axis]).reshaped(
          to: Shape((0..<x.rank).map { $0 == axis ? x.shape[axis] : 1 }))
        return (places .== chosen).cast(to: x.dtype)
      }
    },
    OpEntry("SwiGLU", since: 28) { call in
      let (gate, value) = (call[0], call[1])
      guard gate.shape == value.shape else { throw call.failure("the inputs have two shapes") }
      return gate * (call.float("alpha", 1) * gate).sigmoid() * value
    },
  ]
}

extension OpCall {
  /// A function along an axis; before opset 13 along all axes from it on, as if they were one.
  func alongAxis(_ function: (Tensor, Int) -> Tensor) throws -> Tensor {
    let x = self[0]
    if let error = x.error { throw error }
    if opset >= 13 {
      if x.rank == 0 { return function(x.reshaped(to: [1]), 0).reshaped(to: []) }
      return function(x, try axis(int("axis", -1), rank: x.rank))
    }
    let axis = int("axis", 1)
    let first = axis < 0 ? axis + x.rank : axis
    guard (0...x.rank).contains(first) else { throw failure("there is no axis \(axis)") }
    let rows = x.shape.prefix(first).product
    let columns = x.shape.dropFirst(first).product
    return function(x.reshaped(to: [rows, columns]), 1).reshaped(to: x.shape)
  }
}
