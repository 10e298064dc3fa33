/// What follows a layer, by which the size of its initial weights is chosen.
public enum Nonlinearity: Sendable, Hashable {
  /// Nothing, or something that keeps the size of numbers.
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

  /// What the standard deviation of the weights is multiplied by, as in PyTorch's
  /// `calculate_gain`.
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

/// Which way through a layer the size of numbers is kept.
public enum FanMode: Sendable, Hashable {
  /// Forward: by the number of inputs of a unit.
  case fanIn
  /// Backward: by the number of units that an input goes to.
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
