extension Tensor {
  /// The logarithm of the absolute value of the gamma function: `torch.lgamma`.
  ///
  ///     y = log|gamma(x)|,  gamma(n) = (n - 1)!
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0 and the negative whole numbers.
  /// - Gradient: `g * digamma(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func lgamma() -> Tensor { special("lgamma", { $0.logGamma }) { x, _ in x.digamma() } }

  /// The logarithm of the multivariate gamma function: `torch.mvlgamma`.
  ///
  ///     y = p * (p - 1) / 4 * log(pi) + the sum of lgamma(x - j / 2) for j in 0 ..< p
  ///
  /// - Parameter p: how many dimensions, 1 or more.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula.
  /// - Error: a `p` below 1 or above 1000.
  public func mvlgamma(_ p: Int) -> Tensor {
    if let floats = wholeAsFloats { return floats.mvlgamma(p) }
    if let rejected = rejected("mvlgamma", .floating) { return rejected }
    guard p >= 1, p <= 1000 else {
      return Tensor(
        error: TensorError(
          "mvlgamma", "p is \(p)", operands: [("input", signature)], help: "give 1 to 1000"))
    }
    let logPi = 1.1447298858494002
    var sum = lgamma() + Double(p * (p - 1)) / 4 * logPi
    for j in 1..<Swift.max(p, 1) { sum = sum + (self - Double(j) / 2).lgamma() }
    return sum
  }

  /// The derivative of `lgamma()`: `torch.digamma`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0, NaN at the negative whole numbers.
  /// - Gradient: `g * polygamma(1)`.
  /// - Note: whole numbers and bool count as float32.
  public func digamma() -> Tensor {
    special("digamma", { $0.digammaValue }) { x, _ in x.polygamma(1) }
  }

  /// The derivatives of `digamma()`: `torch.polygamma`.
  ///
  /// - Parameter n: which, from 0, `digamma()` itself, to 20.
  /// - Returns: the shape and dtype of `self`; infinite or NaN at 0, the negative whole numbers and
  ///   -infinity.
  /// - Gradient: `g * polygamma(n + 1)`.
  /// - Error: an `n` outside of 0 to 20.
  public func polygamma(_ n: Int) -> Tensor {
    if let floats = wholeAsFloats { return floats.polygamma(n) }
    if let rejected = rejected("polygamma", .floating) { return rejected }
    guard n >= 0, n <= 20 else {
      return Tensor(
        error: TensorError(
          "polygamma", "n is \(n)", operands: [("input", signature)], help: "give 0 to 20"))
    }
    if n == 0 { return digamma().named("polygamma") }
    return special("polygamma", { $0.polygammaValue(n) }) { x, _ in
      // What is above 20 is out of a second derivative's reach.
      n < 20 ? x.polygamma(n + 1) : x * .nan
    }
  }

  /// The Hurwitz zeta function: `torch.special.zeta`.
  ///
  ///     y = the sum of (k + other)^-self for k = 0, 1, 2 ...
  ///
  /// - Parameter other: broadcast, above 0.
  /// - Returns: the broadcast shape, in the operands' dtype; infinite where `self` is 1 or `other`
  ///   is 0, -1, -2 ..., NaN where `self` is less than 1 or `other` lies between those.
  /// - Gradient: `-g * self * zeta(self + 1, other)` for `other`; none for `self`, as in PyTorch.
  /// - Error: shapes that do not broadcast.
  public func zeta(_ other: Tensor) -> Tensor {
    switch Tensor.paired("zeta", self, other, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, q)):
      let dtype = x.dtype
      let value = { (operands: [Tensor]) in
        let (x, q) = (operands[0].cast(to: .float64), operands[1].cast(to: .float64))
        let sum = Tensor.zetaSum(x, q)
        let isPole = (x .== 1) .| ((q .<= 0) .& (q .== q.floor()))
        let value = Tensor.where(isPole, .infinity, .where(q .< 0, .nan, sum))
        return Tensor.where(x .< 1, .nan, value).cast(to: dtype)
      }
      return .written("zeta", of: [x, q], value: value) { operands, _, gradient in
        [nil, gradient * -(operands[0] * (operands[0] + 1).zeta(operands[1]))]
      }
    }
  }
}

// All of float64.
extension Tensor {
  /// Lanczos' approximation with g = 7 and nine terms, mirrored below 1/2.
  private var logGamma: Tensor {
    let isMirrored = self .< 0.5
    let z = Tensor.where(isMirrored, -self, self - 1)
    var sum = z * 0 + 0.99999999999980993
    for (k, coefficient) in lanczos.enumerated() { sum = sum + coefficient / (z + Double(k + 1)) }
    let t = z + 7.5
    let direct = (z + 0.5) * t.log() - t + sum.log() + 0.9189385332046727
    // sin(pi x) by the distance from a whole number, which it does not lose far out.
    let a = abs()
    let part = a - a.floor()
    let wave = (Tensor.where(part .> 0.5, 1 - part, part) * Double.pi).sin().log()
    let mirrored = 1.1447298858494002 - wave - direct
    let whole = Tensor.where((self .== 1) .| (self .== 2), 0, .where(isMirrored, mirrored, direct))
    return .where(a .== .infinity, .infinity, whole)
  }

  /// Asymptotically from 10 on, where the recurrence leads; mirrored below 0.
  private var digammaValue: Tensor {
    let isMirrored = self .< 0
    var x = Tensor.where(isMirrored, 1 - self, self)
    var shift = Tensor.filled(.integer(0), shape, .float64)
    for _ in 0..<10 {
      let isSmall = x .< 10
      shift = .where(isSmall, shift + x.reciprocal(), shift)
      x = .where(isSmall, x + 1, x)
    }
    let z = (x * x).reciprocal()
    let series =
      z
      * z.polynomial(
        1.0 / 12, -691.0 / 32760, 1.0 / 132, -1.0 / 240, 1.0 / 252, -1.0 / 120, 1.0 / 12)
    let direct = x.log() - 0.5 / x - series - shift
    let part = self - self.trunc()
    let mirrored = direct - Double.pi / (part * Double.pi).tan()
    return .where(isMirrored, .where(part .== 0, .nan, mirrored), direct)
  }

  private func polygammaValue(_ n: Int) -> Tensor {
    let isMirrored = self .<= 0
    let x = Tensor.where(isMirrored, 1 - self, self)
    let order = Tensor.filled(.integer(n + 1), shape, .float64)
    let sign: Double = n % 2 == 0 ? -1 : 1
    let direct = Tensor.zetaSum(order, x) * (sign * (1...n).reduce(1) { $0 * Double($1) })
    // What is mirrored has the sign of its parity, and a derivative of the cotangent less.
    let mirrored = direct * -sign - (self - self.trunc()).cotangentSlope(n)
    let inside = Tensor.where(isMirrored, mirrored, direct)
    // PyTorch takes -infinity for a pole.
    return .where(
      self .== .infinity, 0, .where(self .== -.infinity, Tensor.real(sign * .infinity), inside))
  }

  /// The `n`th derivative of `pi * cot(pi x)`: a polynomial in the cotangent c, since
  /// c' = -pi (1 + c^2).
  private func cotangentSlope(_ n: Int) -> Tensor {
    var terms = [0.0, Double.pi]
    for _ in 0..<n {
      var next = [Double](repeating: 0, count: terms.count + 1)
      for (power, term) in terms.enumerated() where power > 0 {
        next[power - 1] -= Double.pi * Double(power) * term
        next[power + 1] -= Double.pi * Double(power) * term
      }
      terms = next
    }
    return (self * Double.pi).tan().reciprocal().polynomial(terms.reversed())
  }

  /// The first ten terms, and Euler's and Maclaurin's formula for the others.
  private static func zetaSum(_ x: Tensor, _ q: Tensor) -> Tensor {
    var sum = q * 0
    for k in 0..<10 { sum = sum + (q + Double(k)).pow(-x) }
    let a = q + 10
    let power = a.pow(-x)
    sum = sum + a * power / (x - 1) + power * 0.5
    var (factor, scale) = (x * 1, power / a)
    for (k, divisor) in eulerMaclaurin.enumerated() {
      sum = sum + factor * scale / divisor
      factor = factor * (x + Double(2 * k + 1)) * (x + Double(2 * k + 2))
      scale = scale / (a * a)
    }
    return sum
  }
}

/// Lanczos' coefficients for g = 7, as Godfrey computed them.
private let lanczos: [Double] = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/// (2k)! over the Bernoulli numbers B(2k), from k = 1 on.
private let eulerMaclaurin: [Double] = [
  12, -720, 30240, -1_209_600, 47_900_160, -1.8924375803183791606e9, 7.47242496e10,
  -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
]
