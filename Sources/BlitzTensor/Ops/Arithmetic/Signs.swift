extension Tensor {
  /// Where elements have a minus sign, -0 included: `torch.signbit`.
  ///
  /// - Returns: bool in the shape of `self`; false for NaN and bool. There is no gradient.
  public func signBit() -> Tensor {
    if let rejected = rejected("signBit", .any) { return rejected }
    if dtype == .bool { return self .!= self }
    let isBelow = self .< 0
    return dtype.isInteger ? isBelow : isBelow .| ((self .== 0) .& (1 / self .< 0))
  }

  /// Each element with the sign of another, broadcast: `torch.copysign`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; the sign of -0 counts, that of NaN
  ///   does not.
  /// - Gradient: `g` where the sign stays, `-g` where it changes, 0 where `self` is 0; none for
  ///   the signs.
  /// - Error: shapes that do not broadcast.
  public func copySign(_ sign: Tensor) -> Tensor {
    switch Tensor.paired("copySign", self, sign, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, sign)):
      let size = x.abs()
      return .where(sign.detached().signBit(), -size, size)
    }
  }

  /// Heaviside's step: 0 below 0, 1 above, and at 0 a value of one's own: `torch.heaviside`.
  ///
  /// - Parameter value: what 0 becomes, broadcast.
  /// - Returns: the broadcast shape, in the operands' dtype; 0 for NaN.
  /// - Gradient: none.
  /// - Error: shapes that do not broadcast.
  public func heaviside(_ value: Tensor) -> Tensor {
    switch Tensor.paired("heaviside", self, value, .any) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, value)):
      return .where(x.detached() .== 0, value.detached(), (x .> 0).cast(to: x.dtype))
    }
  }

  /// The greater of two elements, broadcast, or the one that is a number: `torch.fmax`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; NaN only where both are; of bool
  ///   whether one is true.
  /// - Gradient: `g` for the one that is taken, half of it for each where they are equal.
  /// - Error: shapes that do not broadcast.
  public func fmax(_ other: Tensor) -> Tensor {
    extreme("fmax", other) { $0.maximum($1) }
  }

  /// The lesser of two elements, broadcast, or the one that is a number: `torch.fmin`.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; NaN only where both are; of bool
  ///   whether both are true.
  /// - Gradient: `g` for the one that is taken, half of it for each where they are equal.
  /// - Error: shapes that do not broadcast.
  public func fmin(_ other: Tensor) -> Tensor {
    extreme("fmin", other) { $0.minimum($1) }
  }

  private func extreme(
    _ name: String, _ other: Tensor, _ choose: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    switch Tensor.paired(name, self, other, .any) {
    case .failure(let error): Tensor(error: error)
    case .success(let (x, y)):
      if x.dtype == .bool {
        choose(x.cast(to: .uint8), y.cast(to: .uint8)) .!= 0
      } else if x.dtype.isFloating {
        .where(y.isNaN(), x, .where(x.isNaN(), y, choose(x, y)))
      } else {
        choose(x, y)
      }
    }
  }

  /// Each element, and numbers in place of NaN and the infinities: `torch.nan_to_num`.
  ///
  /// - Parameters:
  ///   - nan: in place of NaN.
  ///   - positiveInfinity: in place of infinity; the dtype's greatest number if it is left out.
  ///   - negativeInfinity: in place of -infinity; the dtype's least number if it is left out.
  /// - Returns: the shape and dtype of `self`; whole numbers and bool as they are.
  /// - Gradient: `g` where the element stays, 0 elsewhere.
  public func nanToNumber(
    nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
  ) -> Tensor {
    if dtype.isComplex {
      return asReal.nanToNumber(
        nan: nan, positiveInfinity: positiveInfinity, negativeInfinity: negativeInfinity
      ).asComplex
    }
    if node.failure != nil || !dtype.isFloating { return self }
    let most = dtype.greatest
    let numbers = Tensor.where(isNaN(), nan, self)
    let bounded = Tensor.where(numbers .== Double.infinity, positiveInfinity ?? most, numbers)
    return .where(bounded .== -Double.infinity, negativeInfinity ?? -most, bounded)
  }
}

extension DType {
  /// The greatest finite number of a floating dtype.
  fileprivate var greatest: Double {
    switch self {
    case .float64: .greatestFiniteMagnitude
    case .float16: 65504
    // 8 bits of precision at the greatest exponent.
    case .bfloat16: Double(Float(bitPattern: 0x7f7f_0000))
    default: Double(Float.greatestFiniteMagnitude)
    }
  }
}
