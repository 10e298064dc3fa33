import Blitz

/// The loss around the weights as they are, along two random directions.
///
/// Each neuron's direction is as long as its weights are, so that networks of all scales can be
/// compared; biases stay (Li, Xu, Taylor, Studer, Goldstein: Visualizing the Loss Landscape of
/// Neural Nets, 2018).
public struct Surface: Sendable, Encodable {
  /// The points along a side of the grid.
  public var side = Surface.side
  /// How far it reaches from the middle, in lengths of the weights.
  public var reach = 1.0
  /// The loss at each point, row by row from the top left; nil if not finite.
  public var losses: [Double?]

  /// Odd, so that the middle is the weights as they are.
  public static let side = 25
}

extension Network {
  /// Measures the loss of rows over a grid of weights.
  func surface(_ rows: (inputs: Tensor, labels: Tensor)) throws -> Surface {
    let generator = Generator(seed: 1)
    let linear = layers.compactMap { $0 as? Linear }
    let weights = linear.map { $0.weight.detached() }
    func direction() -> [Tensor] {
      weights.map { weight in
        let random = Tensor.randn(weight.shape, generator: generator)
        let length = { (tensor: Tensor) in tensor.square().sum(axis: 1, keepDims: true).sqrt() }
        return random * length(weight) / length(random)
      }
    }
    let (across, down) = (direction(), direction())
    try eval(across + down)
    let steps = (0..<Surface.side).map { 2 * Double($0) / Double(Surface.side - 1) - 1 }
    var losses: [Double?] = []
    for y in steps.reversed() {
      let row = try noGrad {
        let row = steps.map { x in
          let moved = weights.indices.map { weights[$0] + x * across[$0] + y * down[$0] }
          return loss(of: answers(rows.inputs, weights: moved), rows.labels)
        }
        try eval(row)
        return try row.map { try $0.item() }
      }
      losses += row.map { $0.isFinite ? $0 : nil }
    }
    return Surface(losses: losses)
  }

  /// What the network returns with other weights.
  private func answers(_ inputs: Tensor, weights: [Tensor]) -> Tensor {
    var x = inputs
    var next = 0
    for layer in layers {
      guard let linear = layer as? Linear else {
        x = layer(x)
        continue
      }
      x = x.matmul(weights[next].transposed())
      if let bias = linear.bias { x = x + bias }
      next += 1
    }
    return x
  }
}
