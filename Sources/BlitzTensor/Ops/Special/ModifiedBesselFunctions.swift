extension Tensor {
  /// The modified Bessel function of the first kind of order 0: `torch.special.i0`.
  ///
  /// - Returns: the shape and dtype of `self`; 1 at 0, growing as `exp(|x|)`.
  /// - Gradient: `g * I1(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselI0() -> Tensor {
    special("besselI0", { $0.scaledI0 * $0.abs().exp() }) { x, _ in x.besselI1() }
  }

  /// `exp(-|x|) * I0(x)`, which stays in range: `torch.special.i0e`.
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * (scaledBesselI1(x) - sign(x) * y)`.
  /// - Note: whole numbers and bool count as float32.
  public func scaledBesselI0() -> Tensor {
    special("scaledBesselI0", { $0.scaledI0 }) { x, y in x.scaledBesselI1() - x.sign() * y }
  }

  /// The modified Bessel function of the first kind of order 1: `torch.special.i1`.
  ///
  /// - Returns: the shape and dtype of `self`; 0 at 0.
  /// - Gradient: `g * (I0(x) - y / x)`, half of `g` at 0.
  /// - Note: whole numbers and bool count as float32.
  public func besselI1() -> Tensor {
    special("besselI1", { $0.scaledI1 * $0.abs().exp() }) { x, y in
      let isZero = x .== 0
      return .where(isZero, 0.5, x.besselI0() - y / Tensor.where(isZero, 1, x))
    }
  }

  /// `exp(-|x|) * I1(x)`, which stays in range: `torch.special.i1e`.
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * (scaledBesselI0(x) - y * (sign(x) + 1 / x))`, half of `g` at 0.
  /// - Note: whole numbers and bool count as float32.
  public func scaledBesselI1() -> Tensor {
    special("scaledBesselI1", { $0.scaledI1 }) { x, y in
      let isZero = x .== 0
      let slope = x.sign() + Tensor.where(isZero, 1, x).reciprocal()
      return .where(isZero, 0.5, x.scaledBesselI0() - y * slope)
    }
  }

  /// The modified Bessel function of the second kind of order 0:
  /// `torch.special.modified_bessel_k0`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0, NaN below.
  /// - Gradient: `-g * K1(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselK0() -> Tensor {
    special("besselK0", { $0.scaledK0 * (-$0).exp() }) { x, _ in -x.besselK1() }
  }

  /// `exp(x) * K0(x)`, which does not vanish: `torch.special.scaled_modified_bessel_k0`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0, NaN below.
  /// - Gradient: `g * (y - scaledBesselK1(x))`.
  /// - Note: whole numbers and bool count as float32.
  public func scaledBesselK0() -> Tensor {
    special("scaledBesselK0", { $0.scaledK0 }) { x, y in y - x.scaledBesselK1() }
  }

  /// The modified Bessel function of the second kind of order 1:
  /// `torch.special.modified_bessel_k1`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0, NaN below.
  /// - Gradient: `-g * (K0(x) + y / x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselK1() -> Tensor {
    special("besselK1", { $0.scaledK1 * (-$0).exp() }) { x, y in -(x.besselK0() + y / x) }
  }

  /// `exp(x) * K1(x)`, which does not vanish: `torch.special.scaled_modified_bessel_k1`.
  ///
  /// - Returns: the shape and dtype of `self`; infinite at 0, NaN below.
  /// - Gradient: `g * (y - scaledBesselK0(x) - y / x)`.
  /// - Note: whole numbers and bool count as float32.
  public func scaledBesselK1() -> Tensor {
    special("scaledBesselK1", { $0.scaledK1 }) { x, y in y - x.scaledBesselK0() - y / x }
  }
}

// All of float64.
extension Tensor {
  private typealias C = ModifiedBesselCoefficients

  private var scaledI0: Tensor {
    let x = abs()
    let far = (32 / x - 2).chebyshevSum(C.i0Far) / x.sqrt()
    return .where(x .<= 8, (x * 0.5 - 2).chebyshevSum(C.i0Near), far)
  }

  private var scaledI1: Tensor {
    odd { x in
      let far = (32 / x - 2).chebyshevSum(C.i1Far) / x.sqrt()
      return .where(x .<= 8, (x * 0.5 - 2).chebyshevSum(C.i1Near) * x, far)
    }
  }

  private var scaledK0: Tensor {
    let near = (self * self - 2).chebyshevSum(C.k0Near) - (self * 0.5).log() * scaledI0 * exp()
    return secondKind(near * exp(), C.k0Far)
  }

  private var scaledK1: Tensor {
    let near =
      (self * 0.5).log() * scaledI1 * exp() + (self * self - 2).chebyshevSum(C.k1Near) / self
    return secondKind(near * exp(), C.k1Far)
  }

  private func secondKind(_ near: Tensor, _ far: [Double]) -> Tensor {
    let positive = Tensor.where(self .<= 2, near, (8 / self - 2).chebyshevSum(far) / sqrt())
    return .where(self .< 0, .nan, .where(self .== 0, .infinity, positive))
  }
}
