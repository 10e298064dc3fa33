import Blitz

/// An op with operands to time it on: a row of `Benchmarks/ops`.
struct Operation {
  /// What it is differentiated with respect to, where that is a float.
  var inputs: [Tensor]
  /// Parameters of a layer, which get gradients, too.
  var parameters: [Parameter] = []
  var apply: ([Tensor]) -> Tensor

  /// Makes the operands of so large an op.
  typealias Make = @Sendable (_ sizes: [Int]) -> Operation

  static let all = elementwise.merging(reductions) { $1 }.merging(moves) { $1 }
    .merging(layers) { $1 }

  static let generator = Generator(seed: 0)

  static func normal(_ sizes: [Int]) -> Tensor {
    Tensor.randn(Shape(sizes), generator: generator)
  }

  /// Normal numbers as all operands, as many as the function takes.
  static func unary(_ apply: @escaping @Sendable (Tensor) -> Tensor) -> Make {
    { Operation(inputs: [normal($0)]) { apply($0[0]) } }
  }
  static func positive(_ apply: @escaping @Sendable (Tensor) -> Tensor) -> Make {
    { Operation(inputs: [normal($0).abs() + 0.1]) { apply($0[0]) } }
  }
  static func binary(_ apply: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Make {
    { Operation(inputs: [normal($0), normal($0)]) { apply($0[0], $0[1]) } }
  }
  /// The second operand has but the last size.
  static func row(_ apply: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Make {
    { Operation(inputs: [normal($0), normal([$0.last!])]) { apply($0[0], $0[1]) } }
  }
  static func layer(_ make: @escaping @Sendable ([Int]) -> any Layer) -> Make {
    { sizes in
      let layer = make(sizes)
      return Operation(inputs: [normal(sizes)], parameters: layer.parameters.map(\.parameter)) {
        layer($0[0])
      }
    }
  }
}

extension Worker {
  /// The row "op NAME SIZES forward" or "... backward", sizes as in 64x64; nil for another.
  static func operation(named name: String) -> (@Sendable () throws -> Row)? {
    let words = name.split(separator: " ")
    guard words.count == 4, words[0] == "op", let make = Operation.all[String(words[1])] else {
      return nil
    }
    let sizes = words[2].split(separator: "x").compactMap { Int($0) }
    let isBackward = words[3] == "backward"
    return { try timed(make(sizes), isBackward: isBackward) }
  }

  private static func timed(_ operation: Operation, isBackward: Bool) throws -> Row {
    var inputs = operation.inputs
    try eval(inputs)
    guard isBackward else {
      let operands = inputs
      return { () throws -> [(String, Double)] in
        try spread { _ = try noGrad { operation.apply(operands) }.eval() }
      }
    }
    inputs = inputs.map { $0.dtype.isFloating ? $0.detached().requiringGrad() : $0 }
    let operands = inputs
    let sample = operation.apply(operands)
    let seed = Operation.normal(sample.shape.sizes).cast(to: sample.dtype)
    try seed.eval()
    let tracked = operands.filter { $0.requiresGrad }
    return { () throws -> [(String, Double)] in
      try spread {
        for input in tracked { input.zeroGrad() }
        for parameter in operation.parameters { parameter.zeroGrad() }
        let y = operation.apply(operands)
        try y.backward(gradient: seed)
        try eval([y] + tracked.map { $0.grad } + operation.parameters.map { $0.value.grad })
      }
    }
  }

  /// The median of as many calls as fit in a twentieth of a second, three at least.
  private static func spread(_ body: () throws -> Void) throws -> [(String, Double)] {
    let clock = ContinuousClock()
    try body()
    let first = try clock.measure(body) / .seconds(1)
    return try median(of: min(2000, max(3, Int(0.05 / max(first, 1e-9)))), body)
  }
}
