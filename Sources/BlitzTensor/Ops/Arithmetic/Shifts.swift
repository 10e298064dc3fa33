extension Tensor {
  /// Whole numbers with their bits moved up, broadcast: `torch.bitwise_left_shift`.
  ///
  ///     y = x * 2^places
  ///
  /// - Parameter places: how far, in the dtype of `self`.
  /// - Returns: the broadcast shape, in the operands' dtype; what is moved out is lost, so 0 for as
  ///   many places as there are bits, or below 0.
  /// - Error: shapes that do not broadcast, floats.
  public func shiftedLeft(by places: Tensor) -> Tensor {
    switch Tensor.paired("shiftedLeft", self, places, .integerOrBool) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, places)):
      if x.dtype == .bool { return Tensor(error: x.domainError("shiftedLeft", .numeric)!) }
      return x * Tensor.filled(.integer(2), x.shape, x.dtype).pow(places)
    }
  }

  /// Whole numbers with their bits moved down, broadcast: `torch.bitwise_right_shift`.
  ///
  ///     y = floor(x / 2^places)
  ///
  /// - Parameter places: how far, in the dtype of `self`.
  /// - Returns: the broadcast shape, in the operands' dtype; 0, or -1 of negative numbers, for as
  ///   many places as there are bits, or below 0.
  /// - Error: shapes that do not broadcast, floats.
  public func shiftedRight(by places: Tensor) -> Tensor {
    switch Tensor.paired("shiftedRight", self, places, .integerOrBool) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, places)):
      if x.dtype == .bool { return Tensor(error: x.domainError("shiftedRight", .numeric)!) }
      let most = Double(x.dtype.byteCount * 8 - (x.dtype.isSigned ? 1 : 0))
      let isInside = (places .>= 0) .& (places .< most)
      let power = Tensor.filled(.integer(2), x.shape, x.dtype).pow(.where(isInside, places, 0))
      let zero = Tensor.filled(.integer(0), x.shape, x.dtype)
      let sign = x.dtype.isSigned ? Tensor.where(x .< 0, -1, zero) : zero
      return .where(isInside, x.floorDivided(by: power), sign)
    }
  }
}
