extension Tensor {
  /// The angle in radians whose sine each element is: `torch.asin`.
  ///
  ///     y = the t in -pi/2...pi/2 with  sin t = x
  ///
  /// - Returns: the shape and dtype of `self`; NaN beyond -1 and 1.
  /// - Gradient: `g / sqrt(1 - x^2)`, infinite at -1 and 1.
  /// - Note: whole numbers and bool count as float32.
  public func asin() -> Tensor {
    function("asin", { $0.atan2($0.circleHeight) }, complex: { $0.complexInverseSine }) { x, _ in
      x.circleHeight.reciprocal()
    }
  }

  /// The angle in radians whose cosine each element is: `torch.acos`.
  ///
  ///     y = the t in 0...pi with  cos t = x
  ///
  /// - Returns: the shape and dtype of `self`; NaN beyond -1 and 1.
  /// - Gradient: `-g / sqrt(1 - x^2)`, infinite at -1 and 1.
  /// - Note: whole numbers and bool count as float32.
  public func acos() -> Tensor {
    function("acos", { $0.circleHeight.atan2($0) }, complex: { $0.complexInverseCosine }) { x, _ in
      -x.circleHeight.reciprocal()
    }
  }

  /// The angle in radians whose tangent each element is: `torch.atan`.
  ///
  ///     y = the t in -pi/2...pi/2 with  tan t = x
  ///
  /// - Returns: the shape and dtype of `self`; pi/2 at infinity.
  /// - Gradient: `g / (1 + x^2)`.
  /// - Note: whole numbers and bool count as float32.
  public func atan() -> Tensor {
    if dtype.isComplex {
      return function("atan", { $0 }, complex: { $0.complexInverseTangent }) { x, _ in
        (x * x + 1).reciprocal()
      }
    }
    return wholeAsFloats?.atan() ?? rejected("atan", .floating)
      ?? .elementwise(.atan2, self, Scalar.integer(1), .floating)
  }

  /// `sqrt(1 - x^2)`, right to the last digits also next to -1 and 1.
  private var circleHeight: Tensor { ((1 - self) * (1 + self)).sqrt() }
}
