import BlitzTensor

/// The largest element under each window of a sequence, `torch.nn.MaxPool1d`; see
/// ``Tensor/maxPool1d(_:stride:padding:dilation:ceil:)``.
public struct MaxPool1d: Layer, Sendable {
  private let pool: @Sendable (Tensor) -> Tensor

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: of the window; `kernel_size` in PyTorch.
  ///   - stride: the step between neighbouring windows; the window's size if nil.
  ///   - padding: how far windows reach beyond each end.
  ///   - dilation: the distance between neighbouring elements of a window.
  ///   - ceil: whether a last window may reach further beyond the end; `ceil_mode` in PyTorch.
  public init(
    _ size: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceil: Bool = false
  ) {
    pool = {
      $0.maxPool1d(size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
    }
  }

  /// The largest element under each window.
  public func forward(_ input: Tensor) -> Tensor { pool(input) }
}

/// The mean of the elements under each window of a sequence, `torch.nn.AvgPool1d`; see
/// ``Tensor/avgPool1d(_:stride:padding:ceil:countsPadding:divisor:)``.
public struct AvgPool1d: Layer, Sendable {
  private let pool: @Sendable (Tensor) -> Tensor

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: of the window; `kernel_size` in PyTorch.
  ///   - stride: the step between neighbouring windows; the window's size if nil.
  ///   - padding: the number of zeros at each end.
  ///   - ceil: whether a last window may reach further beyond the end; `ceil_mode` in PyTorch.
  ///   - countsPadding: whether the zeros at the ends count in the mean; `count_include_pad` in
  ///     PyTorch.
  public init(
    _ size: Int, stride: Int? = nil, padding: Int = 0, ceil: Bool = false,
    countsPadding: Bool = true
  ) {
    pool = {
      $0.avgPool1d(
        size, stride: stride, padding: padding, ceil: ceil, countsPadding: countsPadding)
    }
  }

  /// The mean of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor { pool(input) }
}

/// The means over a fixed number of parts of a sequence, `torch.nn.AdaptiveAvgPool1d`; see
/// ``Tensor/adaptiveAvgPool1d(_:)``.
public struct AdaptiveAvgPool1d: Layer, Sendable {
  /// The number of parts.
  public let output: Int

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the number of parts.
  public init(_ output: Int) { self.output = output }

  /// The mean of each part.
  public func forward(_ input: Tensor) -> Tensor { input.adaptiveAvgPool1d(output) }
}

/// The p-norm of the elements under each window of a sequence, `torch.nn.LPPool1d`.
///
///     y = (sum of x^p under the window)^(1 / p)
///
/// - Shapes: those of ``AvgPool1d``.
/// - Gradient: that of the formula, which is infinite or NaN where the sum is 0, as in PyTorch.
/// - Error: as for ``AvgPool1d``.
public struct LPPool1d: Layer, Sendable {
  private let pool: @Sendable (Tensor) -> Tensor

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - p: the power; `norm_type` in PyTorch.
  ///   - size: of the window; `kernel_size` in PyTorch.
  ///   - stride: the step between neighbouring windows; the window's size if nil.
  ///   - ceil: whether a last window may reach beyond the end; `ceil_mode` in PyTorch.
  public init(_ p: Double, _ size: Int, stride: Int? = nil, ceil: Bool = false) {
    pool = { input in
      input.powerMean(p, count: Double(size)) { $0.avgPool1d(size, stride: stride, ceil: ceil) }
        .named(input.error == nil ? "LPPool1d" : input.error!.op)
    }
  }

  /// The norm of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor { pool(input) }
}

/// The p-norm of the elements under each window of an image, `torch.nn.LPPool2d`; see ``LPPool1d``.
///
/// - Shapes and errors: those of ``AvgPool2d``.
public struct LPPool2d: Layer, Sendable {
  private let pool: @Sendable (Tensor) -> Tensor

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``LPPool1d``.
  public init(_ p: Double, _ size: Size2D, stride: Size2D? = nil, ceil: Bool = false) {
    let count = Double(size.height) * Double(size.width)
    pool = { input in
      input.powerMean(p, count: count) { $0.avgPool2d(size, stride: stride, ceil: ceil) }
        .named(input.error == nil ? "LPPool2d" : input.error!.op)
    }
  }

  /// The norm of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor { pool(input) }
}

extension Tensor {
  /// The p-th root of the sum of powers, by their mean.
  func powerMean(_ p: Double, count: Double, _ mean: (Tensor) -> Tensor) -> Tensor {
    let means = mean(pow(p))
    return ((means.sign() * means.abs().relu()) * count).pow(1 / p)
  }
}
