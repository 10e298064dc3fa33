extension Tensor {
  /// Numbers between two tensors' elements, broadcast: `torch.lerp`.
  ///
  ///     y = self + weight * (end - self)
  ///
  /// - Parameters:
  ///   - end: what the weight 1 gives, exactly.
  ///   - weight: how far to go; beyond 0 and 1, too.
  /// - Returns: the broadcast shape, in the operands' dtype.
  /// - Gradient: `g * (1 - weight)`, `g * weight` and `g * (end - self)`, summed over the axes that
  ///   were broadcast.
  /// - Error: shapes that do not broadcast.
  public func lerp(_ end: Tensor, _ weight: Tensor) -> Tensor {
    if let rejected = rejected("lerp", .floating) { return rejected }
    let way = end - self
    // From the nearer end, so that both ends are met.
    let isNear = (weight.dtype.isComplex ? weight.abs() : weight) .< 0.5
    return Tensor.where(isNear, self + weight * way, end - way * (1 - weight)).named("lerp")
  }

  /// The length of the diagonal of a rectangle, broadcast: `torch.hypot`.
  ///
  ///     y = sqrt(self^2 + other^2)
  ///
  /// - Returns: the broadcast shape, in the operands' dtype, finite wherever y is; infinite if
  ///   either is, also beside NaN.
  /// - Gradient: `g * self / y` and `g * other / y`; NaN at the origin, as in PyTorch.
  /// - Error: shapes that do not broadcast.
  public func hypot(_ other: Tensor) -> Tensor {
    Tensor.function(
      "hypot", self, other,
      { a, b in
        let (x, y) = (a.abs(), b.abs())
        let most = x.maximum(y)
        let ratio = x.minimum(y) / Tensor.where(most .== 0, 1, most)
        let isInfinite = (x .== Double.infinity) .| (y .== Double.infinity)
        return Tensor.where(isInfinite, .infinity, most * (ratio * ratio + 1).sqrt())
      }
    ) { a, b, length in (a / length, b / length) }
  }

  /// Each element times a power of 2: `torch.ldexp`.
  ///
  ///     y = self * 2^exponent
  ///
  /// - Parameter exponent: broadcast; whole numbers or the dtype of `self`.
  /// - Returns: the broadcast shape, in the dtype of `self`; in range wherever y is.
  /// - Gradient: `g * 2^exponent`, and `g * y * log(2)` for a floating exponent.
  /// - Error: shapes that do not broadcast; a dtype of `self` that is not floating.
  public func ldexp(_ exponent: Tensor) -> Tensor {
    if let floats = wholeAsFloats { return floats.ldexp(exponent) }
    if let rejected = rejected("ldexp", .floating) { return rejected }
    let power = exponent.cast(to: dtype)
    if power.node.failure != nil { return power }
    // In two steps: 2^exponent alone may be out of range, if the result is not for any number.
    let first = (power.detached() * 0.5).floor().clamp(min: -4000, max: 4000)
    return (self * first.exp2() * (power - first).exp2()).named("ldexp")
  }

  /// Each element as a number from 0.5 up to 1 times a power of 2: `torch.frexp`.
  ///
  ///     self = mantissa * 2^exponent
  ///
  /// - Returns: two tensors of the shape of `self`: mantissas in its dtype, exponents in int32.
  ///   Zeros, infinities and NaN are their own mantissas, with the exponent 0.
  /// - Gradient: `g / 2^exponent` for the mantissa.
  /// - Error: a dtype that is not floating.
  public func frexp() -> (mantissa: Tensor, exponent: Tensor) {
    if let rejected = rejected("frexp", .floating) { return (rejected, rejected) }
    let x = detached()
    let isPlain = x.isFinite() .& (x .!= 0)
    // Numbers without a leading digit of their own have one after this.
    let lift = dtype == .float64 ? 64 : 32
    let isTiny = x.abs() .< (dtype == .float64 ? 0x1p-1000 : dtype == .float16 ? 0x1p-12 : 0x1p-100)
    let wide = x.widened
    let factor = Double(sign: .plus, exponent: lift, significand: 1)
    let size = Tensor.where(isPlain, Tensor.where(isTiny, wide * factor, wide).abs(), 1)
    let near = size.log2().floor() + 1
    // The logarithm may be rounded over a whole number.
    let share = size.ldexp(-near)
    let power = Tensor.where(share .>= 1, near + 1, .where(share .< 0.5, near - 1, near))
    let exponent = Tensor.where(isPlain, .where(isTiny, power - Double(lift), power), 0)
    return (ldexp(-exponent.cast(to: dtype)), exponent.cast(to: .int32))
  }

  /// The sine of pi x over pi x: `torch.sinc`.
  ///
  ///     y = sin(pi x) / (pi x),  1 at 0
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * (cos(pi x) - y) / x`, 0 at 0; right to the last digits near 0, too.
  /// - Error: a dtype that is not floating.
  public func sinc() -> Tensor {
    function(
      "sinc",
      { x in
        let angle = x * Double.pi
        return Tensor.where(x .== 0, 1, angle.sin() / angle)
      }
    ) { x, y in
      let angle = x * Double.pi
      let square = angle * angle
      // The series of the derivative, where its two terms nearly cancel.
      let series = angle / 3 * square.polynomial(sincSlope)
      return Tensor.where(
        angle.abs() .< 0.5, series, (angle.cos() - y) / Tensor.where(x .== 0, 1, angle)) * Double.pi
    }
  }
}

/// The coefficients, highest power first, of `3 / t` times the derivative of `sin(t) / t` in `t^2`.
private let sincSlope: [Double] = [
  3 * 16 / 355_687_428_096_000, -3 * 14 / 1_307_674_368_000, 3 * 12 / 6_227_020_800,
  -3 * 10 / 39_916_800, 3 * 8 / 362_880, -3 * 6 / 5_040, 3 * 4 / 120, -1,
]
