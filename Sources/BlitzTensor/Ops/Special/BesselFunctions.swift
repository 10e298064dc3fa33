extension Tensor {
  /// The Bessel function of the first kind of order 0: `torch.special.bessel_j0`.
  ///
  /// - Returns: the shape and dtype of `self`; 1 at 0.
  /// - Gradient: `-g * J1(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselJ0() -> Tensor { special("besselJ0", { $0.j0 }) { x, _ in -x.besselJ1() } }

  /// The Bessel function of the first kind of order 1: `torch.special.bessel_j1`.
  ///
  /// - Returns: the shape and dtype of `self`; 0 at 0.
  /// - Gradient: `g * (J0(x) - y / x)`, half of `g` at 0.
  /// - Note: whole numbers and bool count as float32.
  public func besselJ1() -> Tensor {
    special("besselJ1", { $0.j1 }) { x, y in
      let isZero = x .== 0
      return .where(isZero, 0.5, x.besselJ0() - y / Tensor.where(isZero, 1, x))
    }
  }

  /// The Bessel function of the second kind of order 0: `torch.special.bessel_y0`.
  ///
  /// - Returns: the shape and dtype of `self`; -infinity at 0, NaN below.
  /// - Gradient: `-g * Y1(x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselY0() -> Tensor { special("besselY0", { $0.y0 }) { x, _ in -x.besselY1() } }

  /// The Bessel function of the second kind of order 1: `torch.special.bessel_y1`.
  ///
  /// - Returns: the shape and dtype of `self`; -infinity at 0, NaN below.
  /// - Gradient: `g * (Y0(x) - y / x)`.
  /// - Note: whole numbers and bool count as float32.
  public func besselY1() -> Tensor {
    special("besselY1", { $0.y1 }) { x, y in x.besselY0() - y / x }
  }

  /// The spherical Bessel function of the first kind of order 0:
  /// `torch.special.spherical_bessel_j0`.
  ///
  ///     y = sin(x) / x,  1 at 0
  ///
  /// - Returns: the shape and dtype of `self`; 0 at the infinities.
  /// - Gradient: `g * (cos(x) - y) / x`, 0 at 0.
  /// - Note: whole numbers and bool count as float32.
  public func sphericalBesselJ0() -> Tensor {
    if let floats = wholeAsFloats { return floats.sphericalBesselJ0() }
    if let rejected = rejected("sphericalBesselJ0", .floating) { return rejected }
    return .where(isInfinite(), 0, (Tensor.where(isInfinite(), 0, self) / Double.pi).sinc())
  }

  /// The Airy function Ai: `torch.special.airy_ai`.
  ///
  /// - Returns: the shape and dtype of `self`; a solution of `y'' = x y` that vanishes far above 0;
  ///   NaN at the infinities.
  /// - Gradient: none, as in PyTorch.
  /// - Note: whole numbers and bool count as float32.
  public func airyAi() -> Tensor { special("airyAi") { $0.airy } }
}

// All of float64.
extension Tensor {
  private typealias C = BesselCoefficients

  private var j0: Tensor {
    let (x, z) = (abs(), self * self)
    let near =
      (z - 5.783185962946784) * (z - 30.471262343662087) * z.ratio(C.j0RP, C.j0RQ)
    return .where(
      x .<= 5, near,
      x.wave(.pi / 4, z.inverse25.ratio(C.j0PP, C.j0PQ), z.inverse25.ratio(C.j0QP, C.j0QQ), 0))
  }

  private var j1: Tensor {
    odd { x in
      let z = x * x
      let near =
        z.ratio(C.j1RP, C.j1RQ) * x * (z - 14.681970642123893) * (z - 49.2184563216946)
      return .where(
        x .<= 5, near,
        x.wave(
          .pi * 0.75, z.inverse25.ratio(C.j1PP, C.j1PQ), z.inverse25.ratio(C.j1QP, C.j1QQ), 0))
    }
  }

  private var y0: Tensor {
    let z = self * self
    let near = z.ratio(C.y0YP, C.y0YQ) + log() * j0 * (2 / Double.pi)
    let far = wave(
      .pi / 4, z.inverse25.ratio(C.j0PP, C.j0PQ), z.inverse25.ratio(C.j0QP, C.j0QQ), 1)
    return secondKind(near, far)
  }

  private var y1: Tensor {
    let z = self * self
    let near =
      self * z.ratio(C.y1YP, C.y1YQ) + (log() * j1 - reciprocal()) * (2 / Double.pi)
    let far = wave(
      .pi * 0.75, z.inverse25.ratio(C.j1PP, C.j1PQ), z.inverse25.ratio(C.j1QP, C.j1QQ), 1)
    return secondKind(near, far)
  }

  private func secondKind(_ near: Tensor, _ far: Tensor) -> Tensor {
    let positive = Tensor.where(self .<= 5, near, far)
    return .where(self .< 0, .nan, .where(self .== 0, -.infinity, positive))
  }

  /// `25 / z` of the square of the elements.
  private var inverse25: Tensor { 25 / self }

  /// Far from 0: a wave that fades, of the second kind a quarter later.
  private func wave(_ phase: Double, _ p: Tensor, _ q: Tensor, _ kind: Int) -> Tensor {
    let angle = self - phase
    let (c, s) = (angle.cos(), angle.sin())
    let sum = kind == 0 ? p * c - 5 / self * q * s : p * s + 5 / self * q * c
    return sum * (2 / Double.pi).squareRoot() / sqrt()
  }

  private var airy: Tensor {
    typealias A = AiryCoefficients
    let rootPi = 0.5641895835477563  // 1 / sqrt(pi)
    // Far below 0 a wave.
    let t = self * (-self).sqrt() * (-2.0 / 3)
    let z = t.reciprocal()
    let zz = z * z
    let angle = t + Double.pi / 4
    let below =
      (angle.sin() * (1 + zz * zz.ratio(A.afn, A.afd)) - angle.cos() * (z * zz.ratio(A.agn, A.agd)))
      * rootPi / (-self).sqrt().sqrt()
    // Far above it vanishes.
    let zeta = self * sqrt() * (2.0 / 3)
    let above =
      zeta.reciprocal().ratio(A.an, A.ad) * rootPi / (2 * sqrt().sqrt() * zeta.exp())
    // Between, two power series in x^3.
    let cube = self * self * self
    var (f, g, m, n) = (self * 0 + 1, self, self * 0 + 1, self)
    for k in 1...14 {
      let j = Double(3 * k)
      m = m * cube / (j * (j - 1))
      n = n * cube / (j * (j + 1))
      (f, g) = (f + m, g + n)
    }
    let near = f * 0.3550280538878172 - g * 0.2588194037928068
    let inside = Tensor.where(
      self .< -2.09, below, .where(self .< 2.09, near, .where(self .> 103.892, 0, above)))
    return .where(isInfinite(), .nan, inside)
  }
}
