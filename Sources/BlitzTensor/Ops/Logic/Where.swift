extension Rule {
  static let select = Rule(
    name: "where", .elementwise(operands: 3, domain: .any), saves: .inputs,
    samples: [.exact(.real) { .where($0[0] .< 0, $0[1], $0[0]) }],
    lowering: .select
  ) { step in
    let (mask, g) = (step.inputs[0], step.gradient)
    return [
      nil,
      step.wants(1) ? Tensor.where(mask, g, 0) : nil,
      step.wants(2) ? Tensor.where(mask, 0, g) : nil,
    ]
  }
}

extension Lowering {
  fileprivate static let select = elementwise { $0.select($1[0], $1[1], $1[2]) }
}

extension Tensor {
  /// Elements of one tensor where a mask is true and of another where it is false, broadcast:
  /// `torch.where`.
  ///
  ///     let h = Tensor.where(x .< 0, 0.01 * x, x)
  ///
  /// - Parameters:
  ///   - mask: bool.
  ///   - chosen: what the result is where the mask is true.
  ///   - other: what it is elsewhere.
  /// - Returns: the shape that all three broadcast to, in the dtype that `chosen` and `other` have
  ///   together; see ``resultType(_:_:)``.
  /// - Gradient: `g` for `chosen` where the mask is true, for `other` elsewhere, 0 in the
  ///   other places; summed over the axes that were broadcast. None for the mask.
  /// - Error: shapes that do not broadcast, a mask that is not bool.
  public static func `where`(_ mask: Tensor, _ chosen: Tensor, _ other: Tensor) -> Tensor {
    if let failed = failed(mask, chosen, other) { return failed }
    if chosen.dtype != other.dtype {
      let common = ResultType(chosen, other).dtype
      return .where(
        mask, chosen.operand(of: "where", in: common, beside: other),
        other.operand(of: "where", in: common, beside: chosen))
    }
    guard let choices = Shape.broadcast(chosen.shape, other.shape) else {
      return Tensor(error: .shapes("where", chosen, other))
    }
    if let error = maskError(mask) { return Tensor(error: error) }
    guard let shape = Shape.broadcast(mask.shape, choices) else {
      return Tensor(
        error: TensorError(
          "where", "the mask's shape does not broadcast with the choices'",
          operands: [
            ("mask", mask.signature), ("chosen", chosen.signature), ("other", other.signature),
          ],
          help: "sizes must be equal, or one of them 1"))
    }
    if shape.checkedElementCount == nil {
      let operands = [("mask", mask), ("chosen", chosen), ("other", other)]
      return Tensor(error: .tooLarge("where", shape, operands))
    }
    return .make(
      .elementwise(.select),
      mask.broadcast(to: shape), chosen.broadcast(to: shape), other.broadcast(to: shape),
      shape: shape, dtype: chosen.dtype)
  }

  /// Elements of a tensor where a mask is true and a scalar where it is false, broadcast.
  ///
  /// The scalar takes the tensor's dtype if that holds its kind; the rest is as with two tensors.
  public static func `where`<N: ScalarConvertible>(
    _ mask: Tensor, _ chosen: Tensor, _ other: N
  ) -> Tensor {
    if let failed = failed(mask, chosen) { return failed }
    return .where(mask, chosen, chosen.operand(other.scalar))
  }

  /// A scalar where a mask is true and elements of a tensor where it is false, broadcast.
  ///
  /// The scalar takes the tensor's dtype if that holds its kind; the rest is as with two tensors.
  public static func `where`<N: ScalarConvertible>(
    _ mask: Tensor, _ chosen: N, _ other: Tensor
  ) -> Tensor {
    if let failed = failed(mask, other) { return failed }
    return .where(mask, other.operand(chosen.scalar), other)
  }

  /// One scalar where a mask is true and another where it is false.
  ///
  /// - Returns: int64 for whole numbers and float32 for others, in the shape of the mask. There is
  ///   no gradient.
  /// - Error: a mask that is not bool.
  public static func `where`<N: ScalarConvertible>(
    _ mask: Tensor, _ chosen: N, _ other: N
  ) -> Tensor {
    let dtype = chosen.scalar.dtype.promoted(with: other.scalar.dtype)
    return .where(mask, .scalar(chosen.scalar, dtype), .scalar(other.scalar, dtype))
  }

  /// This tensor with one number wherever a mask is true: `torch.masked_fill`.
  ///
  ///     let scores = scores.maskedFill(isPadding, -Double.infinity)
  ///
  /// - Parameters:
  ///   - mask: bool, of a shape that broadcasts with that of `self`.
  ///   - value: a single number, in a dtype that `self` takes.
  /// - Returns: the shape that both broadcast to, in the dtype of `self`.
  /// - Gradient: `g`, 0 where the mask is true; for the value, the sum of `g` there.
  /// - Error: a value of more axes or of a higher kind of dtype; shapes that do not broadcast, a
  ///   mask that is not bool.
  public func maskedFill(_ mask: Tensor, _ value: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, mask, value) { return failed }
    // Whole numbers hold no fractions, bool no numbers.
    guard value.rank == 0, value.dtype.category <= dtype.category else {
      return Tensor(
        error: TensorError(
          "maskedFill", "the value is not a single number that \(dtype) takes",
          operands: [("input", signature), ("value", value.signature)],
          help: value.rank == 0
            ? "write value.cast(to: .\(dtype))"
            : "for values of their own write Tensor.where(mask, values, x)"))
    }
    return Tensor.where(mask, value.cast(to: dtype), self).named("maskedFill")
  }

  /// The same of a number that is written out.
  public func maskedFill<N: ScalarConvertible>(_ mask: Tensor, _ value: N) -> Tensor {
    if let failed = Tensor.failed(self, mask) { return failed }
    guard value.scalar.fits(dtype) else {
      return Tensor(error: .scalar("maskedFill", value.scalar, for: self))
    }
    return Tensor.where(mask, .scalar(value.scalar, dtype), self).named("maskedFill")
  }

  private static func maskError(_ mask: Tensor) -> TensorError? {
    if mask.dtype == .bool { return nil }
    return TensorError(
      "where", "the mask must be bool, not \(mask.dtype)", operands: [("mask", mask.signature)],
      help: "make one with a comparison, such as x .> 0, or write .cast(to: .bool)")
  }
}
