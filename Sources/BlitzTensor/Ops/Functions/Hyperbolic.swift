extension Tensor {
  /// The hyperbolic sine of each element: `torch.sinh`.
  ///
  ///     y = (exp(x) - exp(-x)) / 2
  ///
  /// - Returns: the shape and dtype of `self`, exact near 0 and finite wherever y is.
  /// - Gradient: `g * cosh(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func sinh() -> Tensor {
    function("sinh", { $0.hyperbolicSine }, complex: { $0.complexHyperbolicSine }) { x, _ in
      x.cosh()
    }
  }

  /// The hyperbolic cosine of each element: `torch.cosh`.
  ///
  ///     y = (exp(x) + exp(-x)) / 2
  ///
  /// - Returns: the shape and dtype of `self`, finite wherever y is.
  /// - Gradient: `g * sinh(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func cosh() -> Tensor {
    function("cosh", { $0.hyperbolicCosine }, complex: { $0.complexHyperbolicCosine }) { x, _ in
      x.sinh()
    }
  }

  /// The number whose hyperbolic sine each element is: `torch.asinh`.
  ///
  ///     y = log(x + sqrt(x^2 + 1))
  ///
  /// - Returns: the shape and dtype of `self`, exact near 0 and for numbers whose squares overflow.
  /// - Gradient: `g / sqrt(x^2 + 1)`.
  /// - Note: whole numbers and bool count as float32.
  public func asinh() -> Tensor {
    function(
      "asinh", { $0.inverseHyperbolicSine }, complex: { $0.complexInverseHyperbolicSine }
    ) { x, _ in
      x.dtype.isComplex ? (x * x + 1).rsqrt() : x.hypot(1).reciprocal()
    }
  }

  /// The number, 0 or more, whose hyperbolic cosine each element is: `torch.acosh`.
  ///
  ///     y = log(x + sqrt(x^2 - 1))
  ///
  /// - Returns: the shape and dtype of `self`, exact near 1 and for numbers whose squares overflow;
  ///   NaN below 1.
  /// - Gradient: `g / sqrt(x^2 - 1)`, infinite at 1, and as in PyTorch also below -1.
  /// - Note: whole numbers and bool count as float32.
  public func acosh() -> Tensor {
    function(
      "acosh", { $0.inverseHyperbolicCosine }, complex: { $0.complexInverseHyperbolicCosine }
    ) { x, _ in
      let size = x.isComplex ? x : x.abs()
      return ((size - 1).sqrt() * (size + 1).sqrt()).reciprocal()
    }
  }

  /// The number whose hyperbolic tangent each element is: `torch.atanh`.
  ///
  ///     y = log((1 + x) / (1 - x)) / 2
  ///
  /// - Returns: the shape and dtype of `self`, exact near 0; infinite at -1 and 1, NaN beyond.
  /// - Gradient: `g / (1 - x^2)`.
  /// - Note: whole numbers and bool count as float32.
  public func atanh() -> Tensor {
    function(
      "atanh", { x in x.odd { a in (2 * a / (1 - a)).log1p() * 0.5 } },
      complex: { $0.complexInverseHyperbolicTangent }
    ) { x, _ in
      ((1 - x) * (1 + x)).reciprocal()
    }
  }

  /// An odd function by its values at the elements without their signs; zeros stay as they are.
  func odd(_ value: (Tensor) -> Tensor) -> Tensor {
    let positive = value(abs())
    return .where(self .== 0, self, .where(self .< 0, -positive, positive))
  }

  private var hyperbolicSine: Tensor {
    odd { a in
      let e = a.expm1()
      // The half power squared overflows only where the sine does.
      let half = (a * 0.5).exp()
      return .where(a .< 20, (e + e / (e + 1)) * 0.5, half * 0.5 * half)
    }
  }

  private var hyperbolicCosine: Tensor {
    let half = (abs() * 0.5).exp()
    return half * 0.5 * half + 0.5 / half / half
  }

  private var inverseHyperbolicSine: Tensor {
    odd { a in
      let square = a * a
      // From 2^28 on the 1 is beyond the last digit of the square.
      return .where(
        a .> Double(1 << 28), a.log() + Tensor.ln2,
        (a + square / (1 + (square + 1).sqrt())).log1p())
    }
  }

  private var inverseHyperbolicCosine: Tensor {
    let t = self - 1
    let near = (t + (t * (t + 2)).sqrt()).log1p()
    return .where(
      self .< 1, .nan, .where(self .> Double(1 << 28), log() + Tensor.ln2, near))
  }

  /// The natural logarithm of 2.
  static let ln2 = 0.6931471805599453
}
