import BlitzTensor

/// The largest element under each window of an image, `torch.nn.MaxPool2d`.
///
/// - Shapes: input `[N, C, H_in, W_in]`, output `[N, C, H_out, W_out]` with the sizes of
///   `maxPool2d`. The page *Layers* explains the letters.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct MaxPool2d: Layer, Sendable {
  /// The size of the window; `kernel_size` in PyTorch.
  public let size: Size2D
  /// The step between neighbouring windows.
  public let stride: Size2D
  /// The number of rows and columns by which windows reach beyond each side of the image.
  public let padding: Size2D
  /// The distance between neighbouring elements of a window.
  public let dilation: Size2D
  /// Whether a last window may reach further beyond the image, so that no element is left out.
  public let ceil: Bool

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: the size of the window, one number for a square or `[height, width]`; `kernel_size`
  ///     in PyTorch.
  ///   - stride: the step between neighbouring windows; the window's size if nil.
  ///   - padding: the number of rows and columns by which windows reach beyond each side of the
  ///     image.
  ///   - dilation: the distance between neighbouring elements of a window.
  ///   - ceil: whether a last window may reach further beyond the image; `ceil_mode` in PyTorch.
  public init(
    _ size: Size2D, stride: Size2D? = nil, padding: Size2D = 0, dilation: Size2D = 1,
    ceil: Bool = false
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.dilation = dilation
    self.ceil = ceil
  }

  /// The largest element under each window.
  public func forward(_ input: Tensor) -> Tensor {
    input.maxPool2d(size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
  }
}

/// The mean of the elements under each window of an image, `torch.nn.AvgPool2d`.
///
/// - Shapes: input `[N, C, H_in, W_in]`, output `[N, C, H_out, W_out]` with the sizes of
///   `avgPool2d`. The page *Layers* explains the letters.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct AvgPool2d: Layer, Sendable {
  /// The size of the window; `kernel_size` in PyTorch.
  public let size: Size2D
  /// The step between neighbouring windows.
  public let stride: Size2D
  /// The number of zeros on each side of the image.
  public let padding: Size2D
  /// Whether a last window may reach further beyond the image, so that no element is left out.
  public let ceil: Bool
  /// Whether the zeros around the image count in the mean; `count_include_pad` in PyTorch.
  public let countsPadding: Bool
  /// What every window's sum is divided by, if not by how many elements it counts;
  /// `divisor_override` in PyTorch.
  public let divisor: Int?

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: the size of the window, one number for a square or `[height, width]`; `kernel_size`
  ///     in PyTorch.
  ///   - stride: the step between neighbouring windows; the window's size if nil.
  ///   - padding: the number of zeros on each side of the image.
  ///   - ceil: whether a last window may reach further beyond the image; `ceil_mode` in PyTorch.
  ///   - countsPadding: whether the zeros around the image count in the mean; `count_include_pad`
  ///     in PyTorch.
  ///   - divisor: what every window's sum is divided by, in place of how many elements it counts;
  ///     `divisor_override` in PyTorch.
  public init(
    _ size: Size2D, stride: Size2D? = nil, padding: Size2D = 0, ceil: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.ceil = ceil
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  /// The mean of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor {
    input.avgPool2d(
      size, stride: stride, padding: padding, ceil: ceil, countsPadding: countsPadding,
      divisor: divisor)
  }
}

/// The means over a fixed number of parts of an image, `torch.nn.AdaptiveAvgPool2d`.
///
/// - Shapes: input `[N, C, H_in, W_in]`, output `[N, C, H_out, W_out]`, where H_out and W_out are
///   `output`. The page *Layers* explains the letters.
/// - Error: another number of axes or dtype; images without elements.
public struct AdaptiveAvgPool2d: Layer, Sendable {
  /// The number of rows and columns of the output.
  public let output: Size2D

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the number of rows and columns; 1 for the mean of each channel.
  public init(_ output: Size2D) { self.output = output }

  /// The mean of each part.
  public func forward(_ input: Tensor) -> Tensor { input.adaptiveAvgPool2d(output) }
}
