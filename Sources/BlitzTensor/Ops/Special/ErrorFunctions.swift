extension Tensor {
  /// What the error function leaves of 1: `torch.erfc`.
  ///
  ///     y = 1 - erf(x) = 2 / sqrt(pi) * (the integral of exp(-t^2) from x to infinity)
  ///
  /// - Returns: the shape and dtype of `self`, from 0 to 2; to the last digits also far out, where
  ///   `1 - x.erf()` is 0.
  /// - Gradient: `-g * 2 / sqrt(pi) * exp(-x^2)`.
  /// - Note: whole numbers and bool count as float32.
  public func erfc() -> Tensor {
    special("erfc", { $0.complementaryError }) { x, _ in (-(x * x)).exp() * -twoOverRootPi }
  }

  /// `exp(x^2) * erfc(x)`, which does not vanish: `torch.special.erfcx`.
  ///
  /// - Returns: the shape and dtype of `self`, near `1 / (x * sqrt(pi))` far out; infinite far
  ///   below 0.
  /// - Gradient: `g * (2 * x * y - 2 / sqrt(pi))`.
  /// - Note: whole numbers and bool count as float32.
  public func erfcx() -> Tensor {
    special("erfcx", { $0.scaledComplementaryError }) { x, y in x * y * 2 - twoOverRootPi }
  }

  /// The number whose error function each element is: `torch.erfinv`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at -1 and 1, NaN beyond.
  /// - Gradient: `g * sqrt(pi) / 2 * exp(y^2)`.
  /// - Note: whole numbers and bool count as float32.
  public func erfinv() -> Tensor {
    special("erfinv", { $0.inverseError }) { _, y in (y * y).exp() / twoOverRootPi }
  }

  /// The part of the standard normal distribution below each element: `torch.special.ndtr`.
  ///
  ///     y = erfc(-x / sqrt(2)) / 2
  ///
  /// - Returns: the shape and dtype of `self`, from 0 to 1.
  /// - Gradient: `g * exp(-x^2 / 2) / sqrt(2 * pi)`.
  /// - Note: whole numbers and bool count as float32.
  public func ndtr() -> Tensor {
    special("ndtr", { ($0 * -rootHalf).complementaryError * 0.5 }) { x, _ in
      (x * x * -0.5).exp() * (rootHalf * twoOverRootPi * 0.5)
    }
  }

  /// The logarithm of the part of the standard normal distribution below each element:
  /// `torch.special.log_ndtr`.
  ///
  /// - Returns: the shape and dtype of `self`; in range also where the part itself is 0.
  /// - Gradient: `g * exp(-x^2 / 2) / sqrt(2 * pi) / ndtr(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func logNdtr() -> Tensor {
    special(
      "logNdtr",
      { x in
        let t = x * rootHalf
        let far = ((-t).scaledComplementaryError * 0.5).log() - t * t
        return .where(x .< -1, far, (t.complementaryError * -0.5).log1p())
      }
    ) { x, _ in
      (x * -rootHalf).erfcx().reciprocal() * (rootHalf * twoOverRootPi)
    }
  }

  /// The number below which each element is the part of the standard normal distribution:
  /// `torch.special.ndtri`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0 and 1, NaN beyond.
  /// - Gradient: `g * sqrt(2 * pi) * exp(y^2 / 2)`.
  /// - Note: whole numbers and bool count as float32.
  public func ndtri() -> Tensor {
    special("ndtri", { $0.normalQuantile }) { _, y in
      (y * y * 0.5).exp() * (2 / (rootHalf * twoOverRootPi))
    }
  }
}

private let twoOverRootPi = 2 / Double.pi.squareRoot()
private let rootHalf = Double(0.5).squareRoot()

// All of float64.
extension Tensor {
  /// `exp(x^2) * erfc(x)`.
  fileprivate var scaledComplementaryError: Tensor {
    let a = abs()
    let far = Tensor.where(a .== .infinity, -1, (2 - a) / (a + 2))
    let above = (far * -2).chebyshevSum(ErrorFunctionCoefficients.scaled) * 2 / (a + 2)
    // Below -27 the exponential is beyond all numbers.
    let below = Tensor.where(self .< -27, .infinity, squareExponential(1) * 2 - above)
    return .where(self .< 0, below, above)
  }

  fileprivate var complementaryError: Tensor {
    let above = abs().scaledComplementaryError * squareExponential(-1)
    let bounded = Tensor.where(abs() .> 28, 0, above)
    return .where(self .< 0, 2 - bounded, bounded)
  }

  /// `exp(sign * x^2)`, the square to more digits than a number has: in two parts, of which the
  /// greater is exact.
  private func squareExponential(_ sign: Double) -> Tensor {
    let greater = (self * 1024).round() / 1024
    let rest = (self - greater) * (self + greater)
    return (greater * greater * sign).exp() * (rest * sign).exp()
  }

  /// By the quantiles of the normal distribution, and Newton's step from there.
  fileprivate var inverseError: Tensor {
    odd { a in
      // In the tail what is left of 1 has more digits than what is near it.
      let left = (1 - a) * 0.5
      let first = left.normalQuantile * -rootHalf
      let miss = Tensor.where(a .< 0.5, a - first.erf(), first.complementaryError - (1 - a))
      let next = first + miss * (first * first).exp() / twoOverRootPi
      return .where(a .< 1, next, first)
    }
  }

  fileprivate var normalQuantile: Tensor {
    typealias C = NormalQuantileCoefficients
    let tail = 0.13533528323661269  // exp(-2)
    let isUpper = self .> 1 - tail
    let y = Tensor.where(isUpper, 1 - self, self)
    let middle = y - 0.5
    let square = middle * middle
    let near = (middle + middle * (square * square.ratio(C.p0, C.q0))) * 2.5066282746310007
    let x = (y.log() * -2).sqrt()
    let z = x.reciprocal()
    let correction = z * Tensor.where(x .< 8, z.ratio(C.p1, C.q1), z.ratio(C.p2, C.q2))
    let far = x - x.log() / x - correction
    let answer = Tensor.where(y .> tail, near, .where(isUpper, far, -far))
    let inside = Tensor.where(self .== 0, -.infinity, .where(self .== 1, .infinity, answer))
    return .where((self .< 0) .| (self .> 1), .nan, inside)
  }
}
