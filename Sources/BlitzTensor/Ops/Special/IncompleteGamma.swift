extension Tensor {
  /// The regularised lower incomplete gamma function, broadcast: `torch.special.gammainc`; `self`
  /// is its parameter a.
  ///
  ///     y = integral from 0 to x of t^(a - 1) exp(-t) / gamma(a)
  ///
  /// - Parameter x: where the integral ends, 0 or more.
  /// - Returns: the broadcast shape, in the operands' dtype; NaN where a or x is below 0.
  /// - Gradient: `g * x^(a - 1) exp(-x) / gamma(a)` for x; none for a, as in PyTorch.
  /// - Error: shapes that do not broadcast, dtypes that are not floating.
  public func igamma(_ x: Tensor) -> Tensor { incompleteGamma("igamma", x, sign: 1) { $0.lower } }

  /// The regularised upper incomplete gamma function, broadcast, `1 - igamma` without the loss of
  /// digits: `torch.special.gammaincc`; `self` is its parameter a.
  ///
  /// - Parameter x: where the integral begins, 0 or more.
  /// - Returns: the broadcast shape, in the operands' dtype; NaN where a or x is below 0.
  /// - Gradient: `-g * x^(a - 1) exp(-x) / gamma(a)` for x; none for a, as in PyTorch.
  /// - Error: shapes that do not broadcast, dtypes that are not floating.
  public func igammac(_ x: Tensor) -> Tensor {
    incompleteGamma("igammac", x, sign: -1) { $0.upper }
  }

  private func incompleteGamma(
    _ name: String, _ x: Tensor, sign: Double,
    _ part: @escaping (IncompleteGamma) -> Tensor
  ) -> Tensor {
    switch Tensor.paired(name, self, x, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (a, x)):
      let dtype = a.dtype
      let value = { (both: [Tensor]) in
        part(IncompleteGamma(a: both[0].cast(to: .float64), x: both[1].cast(to: .float64)))
          .cast(to: dtype)
      }
      return .written(name, of: [a, x], value: value) { both, _, gradient in
        let (a, x) = (both[0], both[1])
        let density = ((a - 1).xlogy(x) - x - a.lgamma()).exp()
        return [nil, gradient * density * sign]
      }
    }
  }
}

/// Both parts of the integral, in float64.
private struct IncompleteGamma {
  let a: Tensor
  let x: Tensor

  var lower: Tensor { chosen(isUpper: false) }
  var upper: Tensor { chosen(isUpper: true) }

  /// Abramowitz and Stegun 6.5.29 up to a, their 6.5.31 beyond it, and where a is large quadrature
  /// over the part of the integrand that is not 0.
  private func chosen(isUpper: Bool) -> Tensor {
    let isSeries = (x .< a + 1) .| (x .< 2)
    let (bySeries, byFraction, byQuadrature) = (series, fraction, quadrature)
    let small = Tensor.where(
      isSeries, isUpper ? 1 - bySeries : bySeries, isUpper ? byFraction : 1 - byFraction)
    let rest = isUpper ? byQuadrature : 1 - byQuadrature
    let inside = Tensor.where(a .> 100, rest, small)
    let (none, all) = isUpper ? (1.0, 0.0) : (0.0, 1.0)
    let atEnds = Tensor.where(
      (x .== .infinity) .| (a .== 0), all,
      .where((x .== 0) .| (a .== .infinity), none, inside))
    let isUndefined =
      (a .< 0) .| (x .< 0) .| a.isNaN() .| x.isNaN() .| ((a .== 0) .& (x .== 0))
      .| ((a .== .infinity) .& (x .== .infinity))
    return .where(isUndefined, .nan, atEnds)
  }

  /// x^a exp(-x) / gamma(a).
  private var factor: Tensor { (a.xlogy(x) - x - a.lgamma()).exp() }

  private var series: Tensor {
    var (term, sum) = (1 / a, 1 / a)
    for n in 1...160 {
      term = term * x / (a + Double(n))
      sum = sum + term
    }
    return sum * factor
  }

  /// The continued fraction from its end.
  private var fraction: Tensor {
    let deep = 120
    var tail = x + Double(2 * deep + 1) - a
    for n in (1...deep).reversed() {
      let k = Double(n)
      tail = x + (2 * k - 1) - a + k * (a - k) / tail
    }
    return factor / tail
  }

  /// From x to where nothing is left, beside the peak at a - 1 or beyond it; of the upper part.
  private var quadrature: Tensor {
    let peak = a - 1
    let width = peak.clamp(min: 1).sqrt()
    let isAbove = x .> peak
    let end = Tensor.where(
      isAbove, (peak + 12 * width).maximum(x + 7 * width),
      (peak - 8.5 * width).minimum(x - 6 * width).clamp(min: 0))
    var sum = x * 0
    for (place, weight) in quadraturePoints {
      let t = x + (end - x) * place
      let distance = t - peak
      sum = sum + weight * (-distance + peak * (distance / peak).log1p()).exp()
    }
    // Over gamma(a), by Stirling's series.
    let rest = (1 - 1 / (30 * peak * peak)) / (12 * peak)
    let part = sum * (end - x) * (-rest).exp() / (peak * (2 * Double.pi)).sqrt()
    return .where(isAbove, part, 1 + part)
  }
}

/// Gauss and Legendre's points and weights on 0 to 1 (numpy.polynomial.legendre.leggauss(32)).
private let quadraturePoints: [(Double, Double)] = [
  (0.001368069075259215, 0.003509305004735253),
  (0.007194244227365809, 0.008137197365452872),
  (0.017618872206246805, 0.012696032654631012),
  (0.03254696203113017, 0.017136931456510882),
  (0.051839422116973954, 0.021417949011113418),
  (0.07531619313371501, 0.025499029631188046),
  (0.10275810201602881, 0.029342046739267783),
  (0.13390894062985514, 0.03291111138818084),
  (0.16847786653489238, 0.03617289705442417),
  (0.20614212137961885, 0.039096947893535114),
  (0.24655004553388532, 0.041655962113473353),
  (0.28932436193468236, 0.04382604650220189),
  (0.33406569885893617, 0.04558693934788189),
  (0.38035631887393145, 0.046922199540402255),
  (0.42776401920860174, 0.047819360039637354),
  (0.4758461671561308, 0.04827004425736383),
  (0.5241538328438692, 0.04827004425736383),
  (0.5722359807913983, 0.047819360039637354),
  (0.6196436811260685, 0.046922199540402255),
  (0.6659343011410639, 0.04558693934788189),
  (0.7106756380653176, 0.04382604650220189),
  (0.7534499544661146, 0.041655962113473353),
  (0.7938578786203812, 0.039096947893535114),
  (0.8315221334651076, 0.03617289705442417),
  (0.8660910593701449, 0.03291111138818084),
  (0.8972418979839711, 0.029342046739267783),
  (0.924683806866285, 0.025499029631188046),
  (0.948160577883026, 0.021417949011113418),
  (0.9674530379688698, 0.017136931456510882),
  (0.9823811277937532, 0.012696032654631012),
  (0.9928057557726342, 0.008137197365452872),
  (0.9986319309247408, 0.003509305004735253),
]
