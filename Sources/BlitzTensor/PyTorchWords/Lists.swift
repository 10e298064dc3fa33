// A list beside a tensor, which NumPy and PyTorch's arrays take for one; see `Word.swift`.

@available(*, unavailable, message: "write Tensor([1, 2]) beside a tensor")
extension Array: ScalarConvertible where Element: ScalarConvertible {
  /// No list is a single number.
  public var scalar: Scalar { .integer(0) }
}

@available(*, unavailable, message: "write Tensor([1, 2]) beside a tensor")
extension Array: RealConvertible where Element: ScalarConvertible {}
