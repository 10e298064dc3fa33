/// The activation that follows a layer, which decides the scale of its initial weights.
public enum Nonlinearity: Sendable, Hashable {
  /// No activation.
  case linear
  /// `sigmoid`
  case sigmoid
  /// `tanh`
  case tanh
  /// `relu`
  case relu
  /// `leakyRelu(slope:)`
  case leakyReLU(slope: Double)
  /// The self-normalising unit of Klambauer et al., arXiv:1706.02515.
  case selu

  /// The factor of the weights' standard deviation, PyTorch's `calculate_gain`.
  public var gain: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 3.0 / 4
    }
  }
}

/// The direction, through a layer, in which the variance of values is kept.
public enum FanMode: Sendable, Hashable {
  /// Forward: the number of inputs of a unit counts.
  case fanIn
  /// Backward: the number of units that an input goes to counts.
  case fanOut
}

/// How many inputs a unit has, and how many units an input goes to, by the weights' shape.
struct Fan {
  let input: Int
  let output: Int

  /// Nil for fewer than two axes: `[outputs, inputs, kernel...]` is what weights look like. The
  /// elements are known to be countable.
  init?(_ shape: [Int]) {
    guard shape.count >= 2 else { return nil }
    let kernel = shape[2...].reduce(1, *)
    input = shape[1] * kernel
    output = shape[0] * kernel
  }

  func count(_ mode: FanMode) -> Int { mode == .fanIn ? input : output }
}
