import BlitzSystem
import BlitzTensor

extension Tensor {
  /// A sample of rate 1 for each concentration, with the gradient that keeps its place among all.
  func gammaSample(_ generator: Generator) -> Tensor {
    if error != nil { return self }
    do {
      let isFloat = dtype != .float64
      let concentrations = try detached().cast(to: .float64).scalars(as: Double.self)
      let source = UnitSource(generator)
      let numbers = try concentrations.map { concentration in
        let drawn = try source.gamma(concentration, isFloat: isFloat)
        return Swift.max(drawn, least)
      }
      let sample = Tensor(numbers, shape: shape, dtype: dtype).to(device)
      guard requiresGrad else { return sample }
      let slopes = zip(concentrations, numbers).map { gammaSlope($0, $1) }
      let slope = Tensor(slopes, shape: shape, dtype: dtype).to(device)
      return sample + slope * (self - detached())
    } catch {
      return Tensor(error: error as? TensorError ?? TensorError("Gamma", "\(error)", help: ""))
    }
  }
}

/// Single numbers of a generator, in the order in which PyTorch's samplers draw them.
struct UnitSource {
  private let generator: Generator

  init(_ generator: Generator) { self.generator = generator }

  /// A uniform number of 53 bits from 0 to below 1.
  func unit() throws(TensorError) -> Double {
    Double(try Tensor.rand([1], generator: generator, dtype: .float64).item())
  }

  /// A standard normal number.
  func normal() throws(TensorError) -> Double {
    Double(try Tensor.randn([1], generator: generator, dtype: .float64).item())
  }

  /// A gamma sample: G. Marsaglia and W. Tsang, "A simple method for generating gamma variables",
  /// 2000; below a concentration of 1 that of one more, times a power of a uniform number.
  ///
  /// - Parameter isFloat: whether PyTorch's concentration is float32; its constants always are.
  func gamma(_ concentration: Double, isFloat: Bool) throws(TensorError) -> Double {
    guard concentration > 0, concentration.isFinite else {
      return concentration == 0 ? 0 : .nan
    }
    func rounded(_ number: Double) -> Double { isFloat ? Double(Float(number)) : number }
    var (alpha, scale) = (concentration, 1.0)
    if alpha < 1 {
      scale = pow(1 - (try unit()), rounded(1 / alpha))
      alpha = rounded(alpha + 1)
    }
    let d = rounded(alpha - Double(Float(1) / 3))
    let c = 1 / (9 * d).squareRoot()
    while true {
      var (x, y) = (0.0, 0.0)
      repeat {
        x = try normal()
        y = 1 + c * x
      } while y <= 0
      let v = y * y * y
      let u = 1 - (try unit())
      if u < 1 - Double(Float(0.0331)) * (x * x) * (x * x) { return scale * d * v }
      if log(u) < 0.5 * x * x + d * (1 - v + log(v)) { return scale * d * v }
    }
  }

  /// A Poisson sample: products of uniform numbers for small rates, else W. Hörmann, "The
  /// transformed rejection method for generating Poisson random variables", 1993.
  func poisson(_ rate: Double) throws(TensorError) -> Double {
    guard rate >= 0, rate < 1e15 else { return .nan }
    if rate == 0 { return 0 }
    if rate < 10 {
      let bound = exp(-rate)
      var (count, product) = (0.0, 1.0)
      while true {
        product *= try unit()
        if product <= bound { return count }
        count += 1
      }
    }
    let root = rate.squareRoot()
    let b = 0.931 + 2.53 * root
    let a = -0.059 + 0.02483 * b
    let inverse = 1.1239 + 1.1328 / (b - 3.4)
    let edge = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = try unit() - 0.5
      let v = try unit()
      let distance = 0.5 - abs(u)
      let k = ((2 * a / distance + b) * u + rate + 0.43).rounded(.down)
      if distance >= 0.07 && v <= edge { return k }
      if k < 0 || (distance < 0.013 && v > distance) { continue }
      let left = log(v) + log(inverse) - log(a / (distance * distance) + b)
      if left <= -rate + k * log(rate) - logGamma(k + 1) { return k }
    }
  }
}

/// How a gamma sample moves with its concentration when its place among all stays.
///
/// The distribution function is a power series in x whose terms are differentiated one by one; for
/// large concentrations, where it has many, it is nearly that of a cubed normal number (E. Wilson
/// and M. Hilferty, 1931).
private func gammaSlope(_ concentration: Double, _ x: Double) -> Double {
  guard concentration > 0, x > 0 else { return 0 }
  if concentration > 1000 {
    let root = pow(x / concentration, 1.0 / 3)
    let width = 1 / (9 * concentration)
    let z = (root - 1 + width) / width.squareRoot()
    let slope = width / concentration - z * width.squareRoot() / (2 * concentration)
    return x / concentration + 3 * concentration * root * root * slope
  }
  // F = sum of x^(c + n) exp(-x) / Gamma(c + n + 1); a term over the density is x^(n + 1) Gamma(c)
  // / Gamma(c + n + 1).
  var ratio = x / concentration
  var psi = digamma(concentration + 1)
  let logarithm = log(x)
  var sum = 0.0
  for n in 1...100_000 {
    let term = ratio * (logarithm - psi)
    sum += term
    if Double(n) > x, abs(term) < 1e-17 * abs(sum) || ratio < 1e-300 { break }
    ratio *= x / (concentration + Double(n))
    psi += 1 / (concentration + Double(n))
  }
  return -sum
}

/// The logarithmic derivative of the gamma function, by its recurrence and its asymptotic series.
private func digamma(_ x: Double) -> Double {
  var (x, result) = (x, 0.0)
  while x < 10 {
    result -= 1 / x
    x += 1
  }
  let y = 1 / (x * x)
  let series = y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y / 132))))
  return result + log(x) - 0.5 / x - series
}

/// The logarithm of the gamma function above 1, by its asymptotic series.
private func logGamma(_ x: Double) -> Double {
  var (x, shift) = (x, 0.0)
  while x < 10 {
    shift += log(x)
    x += 1
  }
  let y = 1 / (x * x)
  let series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x
  return (x - 0.5) * log(x) - x + 0.9189385332046727 + series - shift
}
