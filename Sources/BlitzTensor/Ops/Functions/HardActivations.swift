extension Tensor {
  /// The elements from 0 to 6, and the bound of what is beyond: `relu6` of PyTorch.
  ///
  ///     y = min(max(x, 0), 6)
  ///
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` between 0 and 6, 0 elsewhere, the kinks included.
  /// - Error: bool.
  public func relu6() -> Tensor {
    rejected("relu6", .numeric) ?? .where(self .<= 0, 0, .where(self .>= 6, 6, self))
  }

  /// A sigmoid of three straight lines: `hardsigmoid` of PyTorch.
  ///
  ///     y = relu6(x + 3) / 6
  ///
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g / 6` between -3 and 3, 0 elsewhere, the kinks included.
  /// - Error: a dtype that is not floating.
  public func hardSigmoid() -> Tensor {
    if let rejected = rejected("hardSigmoid", .floating) { return rejected }
    return inFloat32(upcasts: false, { $0.hardSigmoid() })
      ?? ((self + 3).relu6() / 6).noted(.hardSigmoid, of: [self])
  }

  /// Each element times its hard sigmoid: `hardswish` of PyTorch.
  ///
  ///     y = x * relu6(x + 3) / 6
  ///
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: 0 up to -3, `g * (x / 3 + 1 / 2)` below 3, `g` from there.
  /// - Error: a dtype that is not floating.
  /// - Source: Howard and others, "Searching for MobileNetV3", arXiv:1905.02244.
  public func hardSwish() -> Tensor {
    if let rejected = rejected("hardSwish", .floating) { return rejected }
    return inFloat32(upcasts: false, { $0.hardSwish() })
      ?? (self * (self + 3).relu6() / 6).noted(.hardSwish, of: [self])
  }

  /// The elements that are farther than a bound from 0, 0 for the others: `hardshrink` of PyTorch.
  ///
  ///     y = 0  if |x| <= bound,  x otherwise
  ///
  /// - Parameter bound: the last number that becomes 0.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` where the element stays, 0 elsewhere.
  /// - Error: a dtype that is not floating.
  public func hardShrink(_ bound: Double = 0.5) -> Tensor {
    rejected("hardShrink", .floating) ?? .where(abs() .<= bound, 0, self)
  }

  /// The elements by a bound nearer to 0, at most at it: `softshrink` of PyTorch.
  ///
  ///     y = x - bound  if x > bound,  x + bound  if x < -bound,  0 otherwise
  ///
  /// - Parameter bound: how far; 0 or more.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` where y is not 0, 0 elsewhere.
  /// - Error: a dtype that is not floating; a negative bound.
  public func softShrink(_ bound: Double = 0.5) -> Tensor {
    if let rejected = rejected("softShrink", .floating) { return rejected }
    guard bound >= 0 else {
      return Tensor(
        error: TensorError(
          "softShrink", "the bound is \(bound)", operands: [("input", signature)],
          help: "give 0 or more"))
    }
    return .where(self .> bound, self - bound, .where(self .< -bound, self + bound, self * 0))
  }

  /// The elements above a threshold, and a fixed number for the others: `threshold` of PyTorch.
  ///
  ///     y = x  if x > threshold,  value otherwise
  ///
  /// - Parameters:
  ///   - threshold: the last number that is replaced.
  ///   - value: by what.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN. Among whole numbers the two lose
  ///   their fractions, as in PyTorch.
  /// - Gradient: `g` where the element stays, 0 elsewhere.
  /// - Error: bool, numbers that the dtype cannot hold.
  public func threshold(_ threshold: Double, value: Double) -> Tensor {
    if let rejected = rejected("threshold", .numeric) { return rejected }
    if dtype.isInteger, let threshold = Int(exactly: threshold.rounded(.towardZero)),
      let value = Int(exactly: value.rounded(.towardZero))
    {
      return Tensor.where(self .<= threshold, value, self).named("threshold")
    }
    return Tensor.where(self .<= threshold, value, self).named("threshold")
  }
}
