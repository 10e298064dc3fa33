extension Tensor {
  /// 2 to the power of each element: `torch.exp2`.
  ///
  /// - Returns: the shape and dtype of `self`; exact for whole numbers.
  /// - Gradient: `g * y * log(2)`.
  /// - Note: whole numbers and bool count as float32.
  public func exp2() -> Tensor {
    function(
      "exp2", { Tensor.filled(.integer(2), $0.shape, $0.dtype).pow($0) },
      complex: { ($0 * Tensor.ln2).exp() }
    ) { _, y in
      y * Tensor.ln2
    }
  }

  /// The logarithm of each element to the base 2: `torch.log2`.
  ///
  /// - Returns: the shape and dtype of `self`; exact for powers of 2, -infinity at 0, NaN below.
  /// - Gradient: `g / (x * log(2))`.
  /// - Note: whole numbers and bool count as float32.
  public func log2() -> Tensor {
    function(
      "log2", { $0.logarithm(base: 2, of: Tensor.ln2) }, complex: { $0.log() / Tensor.ln2 }
    ) { x, _ in
      (x * Tensor.ln2).reciprocal()
    }
  }

  /// The logarithm of each element to the base 10: `torch.log10`.
  ///
  /// - Returns: the shape and dtype of `self`; exact for powers of 10, -infinity at 0, NaN below.
  /// - Gradient: `g / (x * log(10))`.
  /// - Note: whole numbers and bool count as float32.
  public func log10() -> Tensor {
    function(
      "log10", { $0.logarithm(base: 10, of: Tensor.ln10) }, complex: { $0.log() / Tensor.ln10 }
    ) { x, _ in
      (x * Tensor.ln10).reciprocal()
    }
  }

  /// The logarithm of a sum of exponentials: `torch.logaddexp`.
  ///
  ///     y = log(exp(a) + exp(b))
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; without overflow on the way.
  /// - Gradient: `g * sigmoid(a - b)` and `g * sigmoid(b - a)`, summed over the axes that were
  ///   broadcast; half of it for each where they are equal, infinite ones too.
  /// - Error: shapes that do not broadcast.
  public func logAddExp(_ other: Tensor) -> Tensor {
    Tensor.function("logAddExp", self, other, { Tensor.logOfSum($0, $1, unit: 1) }) { a, b, _ in
      (Tensor.share(a, b, unit: 1), Tensor.share(b, a, unit: 1))
    }
  }

  /// The logarithm to the base 2 of a sum of powers of 2: `torch.logaddexp2`.
  ///
  ///     y = log2(2^a + 2^b)
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; without overflow on the way.
  /// - Gradient: `g` times each power's part of the sum, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast.
  public func logAddExp2(_ other: Tensor) -> Tensor {
    Tensor.function(
      "logAddExp2", self, other, { Tensor.logOfSum($0, $1, unit: Tensor.ln2) }
    ) { a, b, _ in
      (Tensor.share(a, b, unit: Tensor.ln2), Tensor.share(b, a, unit: Tensor.ln2))
    }
  }

  /// Each element times the logarithm of another: `torch.xlogy`.
  ///
  ///     y = x * log(other),  0 where x is 0
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; NaN where `other` is.
  /// - Gradient: `g * log(other)`, 0 where x is 0 and `other` not above 0; and `g * x / other`.
  /// - Error: shapes that do not broadcast.
  public func xlogy(_ other: Tensor) -> Tensor {
    Tensor.function(
      "xlogy", self, other,
      { x, y in Tensor.where((x .== 0) .& .!(y.isNaN()), 0, x * y.log()) }
    ) { x, y, _ in
      (Tensor.where((x .== 0) .& (y .<= 0), 0, y.log()), x / y)
    }
  }

  /// Each element times the logarithm of one more than another: `torch.special.xlog1py`.
  ///
  ///     y = x * log(1 + other),  0 where x is 0
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; exact for small `other`, NaN where it
  ///   is.
  /// - Gradient: `g * log(1 + other)`, 0 where x is 0 and `other` not above -1; and
  ///   `g * x / (1 + other)`.
  /// - Error: shapes that do not broadcast.
  public func xlog1py(_ other: Tensor) -> Tensor {
    Tensor.function(
      "xlog1py", self, other,
      { x, y in Tensor.where((x .== 0) .& .!(y.isNaN()), 0, x * y.log1p()) }
    ) { x, y, _ in
      (Tensor.where((x .== 0) .& (y .<= -1), 0, y.log1p()), x / (y + 1))
    }
  }

  /// What each element, a probability, adds to an entropy: `torch.special.entr`.
  ///
  ///     y = -x * log(x) if x > 0,  0 if x is 0,  -infinity below
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `-g * (1 + log(x))`.
  /// - Note: whole numbers and bool count as float32.
  public func entr() -> Tensor {
    function(
      "entr",
      { x in
        Tensor.where(x .== 0, 0, .where(x .< 0, -.infinity, -(x * x.log())))
      }
    ) { x, _ in -(x.log() + 1) }
  }

  /// The logarithm of each element's odds, what `sigmoid()` undoes: `torch.logit`.
  ///
  ///     y = log(x / (1 - x))
  ///
  /// - Parameter epsilon: elements below it, and above `1 - epsilon`, count as that bound; nil for
  ///   none, so that y is infinite at 0 and 1.
  /// - Returns: the shape and dtype of `self`; NaN beyond 0 and 1 without a bound.
  /// - Gradient: `g / (x * (1 - x))`; 0 beyond the bounds, NaN beyond 0 and 1 without.
  /// - Note: whole numbers and bool count as float32.
  public func logit(epsilon: Double? = nil) -> Tensor {
    let value = { (x: Tensor) in
      // A bound above 1/2 is the lower one first, as in PyTorch.
      let z = epsilon.map { .where(x .< $0, $0, x.minimum(1 - $0)) } ?? x
      return (z / (1 - z)).log()
    }
    return function("logit", value) { x, _ in
      let (low, high) = epsilon.map { ($0, 1 - $0) } ?? (0, 1)
      let isOutside = (x .< low) .| (x .> high)
      let slope = (x * (1 - x)).reciprocal()
      return epsilon == nil ? .where(isOutside, .nan, slope) : .where(isOutside, 0, slope)
    }
  }

  /// The logarithm to a whole base, whose own logarithm is given; exact where it is whole.
  private func logarithm(base: Int, of unit: Double) -> Tensor {
    let near = log() / unit
    let whole = near.round()
    let power = Tensor.filled(.integer(base), shape, dtype).pow(whole)
    return .where(power .== self, whole, near)
  }

  private static func logOfSum(_ a: Tensor, _ b: Tensor, unit: Double) -> Tensor {
    let more = (-((a - b).abs() * unit)).exp().log1p() / unit
    // Of two equal infinities the difference is not a number.
    return .where(a .== b, a + ln2 / unit, a.maximum(b) + more)
  }

  private static func share(_ a: Tensor, _ b: Tensor, unit: Double) -> Tensor {
    // Of infinities that are equal each has a half.
    (Tensor.where((a .== b) .& a.isInfinite(), 0, a - b) * unit).sigmoid()
  }

  private static let ln10 = 2.302585092994046
}
