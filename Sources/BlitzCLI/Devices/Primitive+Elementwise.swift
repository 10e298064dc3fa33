import Blitz

extension PrimitiveSample {
  /// The sample of an op that works element by element, over numbers that it is defined for. A new
  /// op does not compile before it has its sample here.
  static func elementwise(_ op: Elementwise) -> PrimitiveSample {
    func exact(
      _ numbers: Numbers, _ compute: @escaping @Sendable ([Tensor]) -> Tensor
    ) -> PrimitiveSample {
      PrimitiveSample("\(op)", .elementwise, numbers.make, compute: compute)
    }
    func near(
      _ numbers: Numbers, _ compute: @escaping @Sendable ([Tensor]) -> Tensor
    ) -> PrimitiveSample {
      PrimitiveSample(
        "\(op)", .elementwise, tolerance: functionTolerance, numbers.make, compute: compute)
    }
    switch op {
    case .negate: return exact(.real) { -$0[0] }
    case .abs: return exact(.real) { $0[0].abs() }
    case .sign: return exact(.real) { $0[0].sign() }
    case .floor: return exact(.real) { $0[0].floor() }
    case .ceil: return exact(.real) { $0[0].ceil() }
    case .round: return exact(.halves) { $0[0].round() }
    case .exp: return near(.real) { $0[0].exp() }
    case .log: return near(.positive) { $0[0].log() }
    case .log1p: return near(.positive) { $0[0].log1p() }
    case .expm1: return near(.real) { $0[0].expm1() }
    case .sqrt: return near(.positive) { $0[0].sqrt() }
    case .rsqrt: return near(.positive) { $0[0].rsqrt() }
    case .sin: return near(.real) { $0[0].sin() }
    case .cos: return near(.real) { $0[0].cos() }
    case .tan: return near(.small) { $0[0].tan() }
    case .tanh: return near(.real) { $0[0].tanh() }
    case .sigmoid: return near(.real) { $0[0].sigmoid() }
    case .erf: return near(.real) { $0[0].erf() }
    case .not: return exact(.truth) { .!$0[0] }
    case .isNaN: return exact(.special) { $0[0].isNaN() }
    case .cast: return exact(.real) { $0[0].cast(to: .int32) }
    case .add: return exact(.real) { $0[0] + $0[1] }
    case .subtract: return exact(.real) { $0[0] - $0[1] }
    case .multiply: return exact(.real) { $0[0] * $0[1] }
    case .divide: return near(.positive) { $0[0] / $0[1] }
    case .power: return near(.positive) { ($0[0] / 10).pow($0[1]) }
    case .minimum: return exact(.special) { $0[0].minimum($0[1]) }
    case .maximum: return exact(.special) { $0[0].maximum($0[1]) }
    case .remainder: return near(.positive) { $0[0] % $0[1] }
    case .less: return exact(.halves) { $0[0] .< $0[1] }
    case .lessEqual: return exact(.halves) { $0[0] .<= $0[1] }
    case .equal: return exact(.halves) { $0[0] .== $0[1] }
    case .notEqual: return exact(.halves) { $0[0] .!= $0[1] }
    case .greater: return exact(.halves) { $0[0] .> $0[1] }
    case .greaterEqual: return exact(.halves) { $0[0] .>= $0[1] }
    case .and: return exact(.truth) { $0[0] .& $0[1] }
    case .or: return exact(.truth) { $0[0] .| $0[1] }
    case .xor: return exact(.truth) { $0[0] .^ $0[1] }
    case .select: return exact(.real) { .where($0[0] .< 0, $0[1], $0[0]) }
    }
  }

  /// Two operands of 1000 numbers each, the same every time.
  private enum Numbers: Sendable {
    /// From -10 to 10.
    case real
    /// From -1 to 1.
    case small
    /// From 0.01 to 10.
    case positive
    /// Multiples of a half from -10 to 9.5, so that some are equal and some are ties.
    case halves
    /// As `real`, with NaN, both infinities and both zeros among them.
    case special
    /// False and true.
    case truth

    var make: @Sendable () -> [Tensor] {
      {
        let generator = Generator(seed: 0)
        func uniform(_ from: Double, _ to: Double) -> Tensor {
          .uniform([1000], from: from, to: to, generator: generator, device: .cpu)
        }
        return (0..<2).map { place in
          switch self {
          case .real: return uniform(-10, 10)
          case .small: return uniform(-1, 1)
          case .positive: return uniform(0.01, 10)
          case .halves:
            return Tensor.randint(-20, 20, [1000], generator: generator, device: .cpu)
              .cast(to: .float32) / 2
          case .special:
            let rare: [Float] = [.nan, .infinity, -.infinity, 0, -0.0]
            let rolled = Array(rare[place...] + rare[..<place])
            return concatenate([Tensor(rolled, device: .cpu), uniform(-10, 10)])
          case .truth: return uniform(-1, 1) .< 0
          }
        }
      }
    }
  }
}
