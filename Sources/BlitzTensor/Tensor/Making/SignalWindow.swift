/// How a window of a signal rises and falls: `torch.signal.windows`.
///
/// In the formulas t goes from 0 at the first place to 1 at the last.
public enum SignalWindow: Sendable, Hashable {
  /// `1 - |2t - 1|`.
  case bartlett
  /// `0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t)`.
  case blackman
  /// `sin(pi (k + 1/2) / n)` at place k of n.
  case cosine
  /// `exp(-|k - center| / decay)` at place k; the center is in the middle if it is left out.
  case exponential(decay: Double = 1, center: Double? = nil)
  /// `exp(-((k - middle) / std)^2 / 2)` at place k.
  case gaussian(std: Double = 1)
  /// `0.54 - 0.46 cos(2 pi t)`.
  case hamming
  /// `0.5 - 0.5 cos(2 pi t)`.
  case hann
  /// `I0(beta sqrt(1 - (2t - 1)^2)) / I0(beta)`, where I0 is ``Tensor/besselI0()``.
  case kaiser(beta: Double = 12)
  /// `0.3635819 - 0.4891775 cos(2 pi t) + 0.1365995 cos(4 pi t) - 0.0106411 cos(6 pi t)`.
  case nuttall
  /// `alpha - (1 - alpha) cos(2 pi t)`.
  case generalHamming(alpha: Double = 0.54)
  /// The alternating sum of `weights[k] cos(2 pi k t)`.
  case cosines([Double])
}

extension SignalWindow {
  /// What is wrong with a formula's numbers, and what to give instead.
  fileprivate func problem(isPeriodic: Bool) -> (rule: String, help: String)? {
    switch self {
    case .exponential(let decay, _) where !(decay > 0):
      ("the decay is \(decay)", "give a number above 0")
    case .exponential(_, .some(let center)) where !isPeriodic:
      (
        "a symmetric window has its center in the middle, not at \(center)",
        "leave out the center, or write periodic: true"
      )
    case .gaussian(let std) where !(std > 0):
      ("the standard deviation is \(std)", "give a number above 0")
    case .kaiser(let beta) where !(beta >= 0): ("beta is \(beta)", "give 0 or more")
    case .cosines(let weights) where weights.isEmpty: ("there are no weights", "give one or more")
    default: nil
    }
  }
}

extension Tensor {
  /// A window of a signal.
  ///
  /// - Parameters:
  ///   - window: its formula.
  ///   - count: how many numbers.
  ///   - periodic: whether the number behind the last would be the first again, as for spectra; if
  ///     not, the window is symmetric.
  ///   - dtype: floating.
  ///   - device: where the numbers live.
  /// - Returns: one axis; 1 if it is a single number.
  /// - Error: a negative count, a dtype other than float32 and float64, more numbers than memory
  ///   holds; a decay, deviation or beta out of range, a center of a symmetric window, no weights.
  public static func window(
    _ window: SignalWindow, count: Int, periodic: Bool = false, dtype: DType = .float32,
    device: Device = .default
  ) -> Tensor {
    if let error = TensorError.badShape("window", [count]) { return Tensor(error: error) }
    guard dtype == .float32 || dtype == .float64 else {
      return Tensor(
        error: TensorError(
          "window", "a window is float32 or float64, not \(dtype)",
          help: "write .cast(to: .\(dtype)) behind it"))
    }
    if let (rule, help) = window.problem(isPeriodic: periodic) {
      return Tensor(error: TensorError("window", rule, help: help))
    }
    if count <= 1 { return .ones([count], dtype: dtype, device: device) }
    let places = Tensor.arange(count, device: device).cast(to: .float64)
    return window.numbers(places, last: Double(periodic ? count : count - 1)).cast(to: dtype)
      .named("window")
  }

  /// Powers of a base at equal distances of their exponents: `torch.logspace`.
  ///
  /// - Parameters:
  ///   - start: the first exponent.
  ///   - end: the last exponent; not used if `count` is 1.
  ///   - count: how many.
  ///   - base: what is raised.
  ///   - dtype: of the elements; whole numbers are cut off.
  ///   - device: where the numbers live.
  /// - Returns: one axis.
  /// - Error: a negative count; more numbers than memory holds.
  public static func logspace(
    _ start: Double, _ end: Double, count: Int, base: Double = 10, dtype: DType = .float32,
    device: Device = .default
  ) -> Tensor {
    let exponents = linspace(start, end, count: count, dtype: .float64, device: device)
    if exponents.node.failure != nil { return exponents.named("logspace") }
    return Tensor.filled(.real(base), exponents.shape, .float64).pow(exponents).cast(to: dtype)
  }

  /// The powers of each element, from 0 on: `torch.linalg.vander`.
  ///
  ///     y[..., i, k] = x[..., i]^k
  ///
  /// - Parameter columns: how many powers.
  /// - Returns: the shape of `self` ([1] of a single number) and an axis of `columns`, in the dtype
  ///   of `self`.
  /// - Gradient: that of the powers.
  /// - Error: bool, a negative number of columns.
  public func vandermonde(columns: Int) -> Tensor {
    if let rejected = rejected("vandermonde", .numeric) { return rejected }
    let sizes = shape.sizes + [columns]
    if let error = TensorError.badShape("vandermonde", sizes, operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    if rank == 0 { return viewed(as: [1]).vandermonde(columns: columns) }
    if columns == 0 { return Tensor.filled(.integer(0), Shape(sizes), dtype) }
    let ones = Tensor.filled(.integer(1), Shape(shape.sizes + [1]), dtype)
    if columns == 1 { return ones }
    let factors = unsqueezed(axis: -1).broadcastCopy(to: Shape(shape.sizes + [columns - 1]))
    return concatenate([ones, factors], axis: -1).cumprod(axis: -1).cast(to: dtype)
  }
}

extension SignalWindow {
  /// The numbers at places, the last of which is at 1.
  fileprivate func numbers(_ places: Tensor, last: Double) -> Tensor {
    let t = places / last
    switch self {
    case .bartlett: return 1 - (t * 2 - 1).abs()
    case .blackman: return Self.sum([0.42, 0.5, 0.08], t)
    case .cosine: return ((places + 0.5) * (Double.pi / (last + 1))).sin()
    case .exponential(let decay, let center):
      return (-(places - (center ?? last / 2)).abs() / decay).exp()
    case .gaussian(let std): return (((places - last / 2) / std).square() * -0.5).exp()
    case .hamming: return Self.sum([0.54, 0.46], t)
    case .hann: return Self.sum([0.5, 0.5], t)
    case .kaiser(let beta):
      let arc = (1 - (t * 2 - 1).square()).maximum(0).sqrt()
      return (arc * beta).besselI0() / Tensor.filled(.real(beta), [], .float64).besselI0()
    case .nuttall: return Self.sum([0.3635819, 0.4891775, 0.1365995, 0.0106411], t)
    case .generalHamming(let alpha): return Self.sum([alpha, 1 - alpha], t)
    case .cosines(let weights): return Self.sum(weights, t)
    }
  }

  private static func sum(_ weights: [Double], _ t: Tensor) -> Tensor {
    var sum = t * 0
    for (k, weight) in weights.enumerated() {
      let signed = k % 2 == 0 ? weight : -weight
      sum = sum + (t * (2 * Double.pi * Double(k))).cos() * signed
    }
    return sum
  }
}
