import BlitzTensor

/// The rectifier that ends at 6, `torch.nn.ReLU6`; see ``Tensor/relu6()``.
public struct ReLU6: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// Each element, clamped to 0 to 6.
  public func forward(_ input: Tensor) -> Tensor { input.relu6() }
}

/// A sigmoid of straight lines, `torch.nn.Hardsigmoid`; see ``Tensor/hardSigmoid()``.
public struct Hardsigmoid: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// `clamp(x / 6 + 1 / 2, 0, 1)`
  public func forward(_ input: Tensor) -> Tensor { input.hardSigmoid() }
}

/// A sigmoid linear unit of straight lines, `torch.nn.Hardswish`; see ``Tensor/hardSwish()``.
public struct Hardswish: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// Each element times its hard sigmoid.
  public func forward(_ input: Tensor) -> Tensor { input.hardSwish() }
}

/// Zero near zero, `torch.nn.Hardshrink`; see ``Tensor/hardShrink(_:)``.
public struct Hardshrink: Layer, Sendable {
  /// How far from zero elements become zero; `lambd` in PyTorch.
  public let bound: Double
  /// Makes the layer; it has no parameters.
  public init(_ bound: Double = 0.5) {
    self.bound = bound
  }
  /// 0 up to the bound on both sides, else `x`.
  public func forward(_ input: Tensor) -> Tensor { input.hardShrink(bound) }
}

/// Elements moved towards zero, `torch.nn.Softshrink`; see ``Tensor/softShrink(_:)``.
public struct Softshrink: Layer, Sendable {
  /// How far elements are moved; `lambd` in PyTorch.
  public let bound: Double
  /// Makes the layer; it has no parameters.
  public init(_ bound: Double = 0.5) {
    self.bound = bound
  }
  /// Each element, nearer to zero by the bound.
  public func forward(_ input: Tensor) -> Tensor { input.softShrink(bound) }
}

/// Another value for small elements, `torch.nn.Threshold`; see ``Tensor/threshold(_:value:)``.
public struct Threshold: Layer, Sendable {
  /// What elements must be above to stay.
  public let threshold: Double
  /// What the others become.
  public let value: Double
  /// Makes the layer; it has no parameters.
  public init(_ threshold: Double, _ value: Double) {
    self.threshold = threshold
    self.value = value
  }
  /// `x` above the threshold, else the value.
  public func forward(_ input: Tensor) -> Tensor { input.threshold(threshold, value: value) }
}
