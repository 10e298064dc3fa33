/// Families of polynomials that are orthogonal to each other.
public enum OrthogonalPolynomial: Sendable, Hashable, CaseIterable {
  /// Chebyshev's of the first kind: `T[n](cos t) = cos(n t)`.
  case chebyshevT
  /// Chebyshev's of the second kind: `U[n](cos t) sin(t) = sin((n + 1) t)`.
  case chebyshevU
  /// Chebyshev's of the third kind: `V[n](cos t) cos(t / 2) = cos((n + 1 / 2) t)`.
  case chebyshevV
  /// Chebyshev's of the fourth kind: `W[n](cos t) sin(t / 2) = sin((n + 1 / 2) t)`.
  case chebyshevW
  /// Chebyshev's of the first kind in `2x - 1`.
  case shiftedChebyshevT
  /// Chebyshev's of the second kind in `2x - 1`.
  case shiftedChebyshevU
  /// Chebyshev's of the third kind in `2x - 1`.
  case shiftedChebyshevV
  /// Chebyshev's of the fourth kind in `2x - 1`.
  case shiftedChebyshevW
  /// Hermite's of physicists: `H[2] = 4 x^2 - 2`.
  case hermiteH
  /// Hermite's of probabilists: `He[2] = x^2 - 1`.
  case hermiteHe
  /// Laguerre's: `L[1] = 1 - x`.
  case laguerreL
  /// Legendre's: `P[2] = (3 x^2 - 1) / 2`.
  case legendreP
}

extension Tensor {
  /// An orthogonal polynomial in the elements: `torch.special.legendre_polynomial_p` and its kin.
  ///
  ///     x.polynomial(.legendreP, degree: 3)     // (5 x^3 - 3 x) / 2
  ///
  /// - Parameters:
  ///   - family: which polynomials.
  ///   - degree: up to 10,000; below 0 the polynomial is 0.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the recurrence.
  /// - Error: a degree above 10,000.
  public func polynomial(_ family: OrthogonalPolynomial, degree: Int) -> Tensor {
    if let floats = wholeAsFloats { return floats.polynomial(family, degree: degree) }
    if let rejected = rejected("polynomial", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.polynomial(family, degree: degree) }) {
      return wide
    }
    if degree < 0 { return .zeros(like: self) }
    if let error = degreeError(degree) { return Tensor(error: error) }
    var last = self
    family.walk(self, to: degree) { _, value in last = value }
    return last
  }

  /// The same with a degree for each element, broadcast.
  ///
  /// - Parameters:
  ///   - family: which polynomials.
  ///   - degree: floating or whole; fractions are cut off. The greatest is computed
  ///     at the call.
  public func polynomial(_ family: OrthogonalPolynomial, degree: Tensor) -> Tensor {
    let name = "polynomial"
    if let failed = Tensor.failed(self, degree) { return failed }
    if let floats = wholeAsFloats { return floats.polynomial(family, degree: degree) }
    let given = degree.dtype.isFloating ? degree : degree.cast(to: dtype)
    switch Tensor.paired(name, self, given, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, given)):
      let degrees = given.detached().trunc()
      if x.elementCount == 0 { return x }
      guard x.elementCount < Tensor.mostAtOnce else {
        return Tensor(
          error: TensorError(
            name, "takes up to 2^32 elements", operands: [("input", signature)],
            help: "give one degree for all"))
      }
      do throws(TensorError) {
        let finite = Tensor.where(degrees.isFinite(), degrees, -1)
        let most = try finite.max().cast(to: .float64).item()
        guard most < 1e18 else { throw x.degreeError(Int.max) ?? TensorError(name, "degree") }
        if let error = x.degreeError(Int(most)) { throw error }
        var result = Tensor.zeros(like: x)
        if most < 0 { return result }
        family.walk(x, to: Int(most)) { n, value in
          result = .where(degrees .== Double(n), value, result)
        }
        return result
      } catch {
        return Tensor(error: error)
      }
    }
  }

  private func degreeError(_ degree: Int) -> TensorError? {
    if degree <= 10_000 { return nil }
    return TensorError(
      "polynomial", "the degree is \(degree)", operands: [("input", signature)],
      help: "give up to 10000")
  }
}

extension OrthogonalPolynomial {
  /// The polynomials of all degrees up to one, from `p[n + 1] = (a x + b) p[n] - c p[n - 1]`.
  fileprivate func walk(_ x: Tensor, to degree: Int, _ visit: (Int, Tensor) -> Void) {
    let t =
      switch self {
      case .shiftedChebyshevT, .shiftedChebyshevU, .shiftedChebyshevV, .shiftedChebyshevW: x * 2 - 1
      default: x
      }
    var (before, now) = (Tensor.ones(like: x), first(t))
    visit(0, before)
    if degree == 0 { return }
    visit(1, now)
    for n in 1..<Swift.max(degree, 1) {
      (before, now) = (now, next(t, Double(n), now, before))
      visit(n + 1, now)
    }
  }

  private func first(_ t: Tensor) -> Tensor {
    switch self {
    case .chebyshevT, .shiftedChebyshevT, .hermiteHe, .legendreP: t
    case .chebyshevU, .shiftedChebyshevU, .hermiteH: t * 2
    case .chebyshevV, .shiftedChebyshevV: t * 2 - 1
    case .chebyshevW, .shiftedChebyshevW: t * 2 + 1
    case .laguerreL: 1 - t
    }
  }

  private func next(_ t: Tensor, _ n: Double, _ now: Tensor, _ before: Tensor) -> Tensor {
    switch self {
    case .hermiteH: t * 2 * now - 2 * n * before
    case .hermiteHe: t * now - n * before
    case .laguerreL: ((2 * n + 1 - t) * now - n * before) / (n + 1)
    case .legendreP: ((2 * n + 1) * t * now - n * before) / (n + 1)
    default: t * 2 * now - before
    }
  }
}
