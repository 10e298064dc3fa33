extension Tensor {
  /// Each element without its fraction: `torch.trunc`.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are; -0.5 becomes -0.
  /// - Gradient: 0.
  /// - Error: bool.
  public func trunc() -> Tensor {
    if let rejected = rejected("trunc", .numeric) { return rejected }
    return dtype.isInteger ? self : .where(self .< 0, ceil(), floor())
  }

  /// The fraction of each element, with its sign: `torch.frac`.
  ///
  ///     y = x - trunc(x)
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g`.
  /// - Error: a dtype that is not floating.
  public func frac() -> Tensor { rejected("frac", .floating) ?? self - trunc() }

  /// The nearest number with so many decimals; of two, the one whose last digit is even:
  /// `torch.round(decimals=)`.
  ///
  /// - Parameter decimals: how many; negative ones round to tens, hundreds and so on.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: 0.
  /// - Error: bool; whole numbers, unless `decimals` is 0.
  public func round(decimals: Int) -> Tensor {
    if decimals == 0 { return round() }
    if let rejected = rejected("round", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.round(decimals: decimals) }) { return wide }
    // More digits than a number has change nothing.
    let digits = Swift.min(Swift.max(decimals, -400), 400)
    let power = Tensor.power(of: 10, Swift.abs(digits))
    if !power.isFinite { return digits > 0 ? self : self * 0 }
    return digits > 0 ? (self * power).round() / power : (self / power).round() * power
  }

  /// What is left after dividing the elements, broadcast, with the sign of the dividend, as C's
  /// `fmod` and Swift's own `%`; the operator `%` of tensors takes that of the divisor.
  ///
  ///     y = self - trunc(self / divisor) * divisor
  ///
  /// - Returns: the broadcast shape, in the operands' dtype: `torch.fmod`. By zero NaN.
  /// - Gradient: `g` and `-g * trunc(self / divisor)`, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, bool; a whole number by 0.
  public func fmod(_ divisor: Tensor) -> Tensor {
    switch Tensor.paired("fmod", self, divisor, .numeric) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (a, b)):
      let value = { (a: Tensor, b: Tensor) in
        let rest = a.abs() % b.abs()
        return Tensor.where(a .< 0, -rest, rest)
      }
      if a.dtype.isInteger { return value(a, b).named("fmod") }
      return Tensor.function("fmod", a, b, value) { a, b, rest in
        (Tensor.filled(.integer(1), a.shape, a.dtype), -((a - rest) / b).round())
      }
    }
  }

  /// The greatest whole number that is not above the quotient, broadcast: `torch.floor_divide`,
  /// Python's `//`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype. The quotient is not rounded before:
  ///   `1 / 0.1` contains 0.1 nine times. A float by 0 is infinite or NaN.
  /// - Gradient: none.
  /// - Error: shapes that do not broadcast, bool; a whole number by 0, when
  ///   numbers are asked for.
  public func floorDivided(by divisor: Tensor) -> Tensor {
    switch Tensor.paired("floorDivided", self, divisor, .numeric) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (left, right)):
      let (a, b) = (left.detached(), right.detached())
      if a.dtype.isInteger {
        let whole = Tensor.elementwise(.divide, a, b).named("floorDivided")
        if !a.dtype.isSigned { return whole }
        let isBelow = (a % b .!= 0) .& ((a .< 0) .^ (b .< 0))
        return whole - isBelow.cast(to: a.dtype)
      }
      let rest = a.fmod(b)
      let whole = ((a - rest) / b).round()
      let isBelow = (rest .!= 0) .& ((rest .< 0) .^ (b .< 0))
      return .where(b .== 0, a / b, .where(isBelow, whole - 1, whole))
    }
  }

  /// A power, by squaring.
  private static func power(of base: Double, _ exponent: Int) -> Double {
    var (power, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { power *= square }
      square *= square
      left >>= 1
    }
    return power
  }
}
