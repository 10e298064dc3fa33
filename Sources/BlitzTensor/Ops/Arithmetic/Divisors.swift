extension Tensor {
  /// The greatest common divisors of whole numbers, broadcast: `torch.gcd`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype, 0 or more; of 0 and 0 it is 0.
  /// - Error: shapes that do not broadcast, floats, bool.
  public func gcd(_ other: Tensor) -> Tensor {
    switch Tensor.paired("gcd", self, other, .integerOrBool) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, y)):
      if x.dtype == .bool { return Tensor(error: x.domainError("gcd", .numeric)!) }
      // Euclid's: the numbers of Fibonacci take longest, of so many bits so many steps.
      let steps = 12 * x.dtype.byteCount
      var (a, b) = (x.abs(), y.abs())
      for _ in 0..<steps {
        let isDone = b .== 0
        let rest = a % Tensor.where(isDone, 1, b)
        (a, b) = (.where(isDone, a, b), .where(isDone, b, rest))
      }
      return a
    }
  }

  /// The least common multiples of whole numbers, broadcast: `torch.lcm`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype, 0 or more; 0 where one is 0.
  /// - Error: shapes that do not broadcast, floats, bool.
  public func lcm(_ other: Tensor) -> Tensor {
    let divisor = gcd(other)
    if let error = divisor.error {
      return Tensor(
        error: TensorError("lcm", error.rule, operands: error.operands, help: error.help))
    }
    let isZero = divisor .== 0
    return .where(isZero, 0, (floorDivided(by: .where(isZero, 1, divisor)) * other).abs())
  }

  /// The next number that the dtype has, towards another, broadcast: `torch.nextafter`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; `other` where they are equal, NaN
  ///   where one is.
  /// - Gradient: `g` for `self`, 0 where the two are equal; none for `other`.
  /// - Error: shapes that do not broadcast; dtypes that are not float32 or float64.
  public func nextAfter(_ other: Tensor) -> Tensor {
    switch Tensor.paired("nextAfter", self, other, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (given, target)):
      guard given.dtype == .float32 || given.dtype == .float64 else {
        return Tensor(error: .dtypes("nextAfter", self, other))
      }
      return .written("nextAfter", of: [given, target], value: { $0[0].following($0[1]) }) {
        [.where($0[0] .== $0[1], 0, $2), nil]
      }
    }
  }

  /// The next numbers towards a target of the same shape; float32 in the room of float64.
  private func following(_ target: Tensor) -> Tensor {
    let isDouble = dtype == .float64
    let (digits, least) = isDouble ? (53, -1074) : (24, -149)
    let greatest =
      isDouble ? Double.greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
    let (x, y) = (self.cast(to: .float64), target.cast(to: .float64))
    let size = x.abs()
    let isAway = Tensor.where(x .>= 0, y .> x, y .< x)
    let (mantissa, exponent) = size.frexp()
    // Towards 0 the numbers below a power of 2 are twice as close.
    let isPower = (mantissa .== 0.5) .& .!isAway
    let power = exponent.cast(to: .float64) - Double(digits)
    let step = Tensor.where(isPower, power - 1, power).clamp(min: Double(least))
    let distance = Tensor.filled(.integer(1), x.shape, .float64).ldexp(step)
    let moved = Tensor.where(isAway, size + distance, size - distance)
    let bounded = Tensor.where(
      size .== .infinity, greatest,
      .where(moved .> greatest, .infinity, moved))
    let signed = Tensor.where(x .< 0, -bounded, bounded)
    let tiny = Double(sign: .plus, exponent: least, significand: 1)
    let fromZero = Tensor.where(y .> 0, tiny, Tensor.where(y .< 0, -tiny, y))
    let next = Tensor.where(x .== 0, fromZero, signed)
    let isNaN = x.isNaN() .| y.isNaN()
    return Tensor.where(isNaN, .nan, .where(x .== y, y, next)).cast(to: dtype)
  }
}
