import BlitzTensor

/// The largest element under each window of an image.
///
/// - Shapes: input `[N, channels, height, width]`, output `[N, channels, h, w]` as `maxPool2d` says.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct MaxPool2d: Layer, Sendable {
  /// The window's.
  public let size: Size2D
  /// The distance between neighbouring windows.
  public let stride: Size2D
  /// How far windows reach out of the image.
  public let padding: Size2D
  /// The distance between a window's elements.
  public let dilation: Size2D
  /// Whether a last window may reach further out.
  public let ceil: Bool

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - size: the window's.
  ///   - stride: the distance between neighbouring windows; the window's size if nil.
  ///   - padding: how far windows reach out of the image, where nothing is.
  ///   - dilation: the distance between a window's elements.
  ///   - ceil: whether a last window may reach further out.
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

  /// The largest elements.
  public func forward(_ input: Tensor) -> Tensor {
    input.maxPool2d(size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
  }
}

/// The mean of the elements under each window of an image.
///
/// - Shapes: input `[N, channels, height, width]`, output `[N, channels, h, w]` as `avgPool2d` says.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct AvgPool2d: Layer, Sendable {
  /// The window's.
  public let size: Size2D
  /// The distance between neighbouring windows.
  public let stride: Size2D
  /// How far windows reach out of the image.
  public let padding: Size2D
  /// Whether a last window may reach further out.
  public let ceil: Bool
  /// Whether padding counts as zeros, or not at all.
  public let countsPadding: Bool

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - size: the window's.
  ///   - stride: the distance between neighbouring windows; the window's size if nil.
  ///   - padding: how far windows reach out of the image.
  ///   - ceil: whether a last window may reach further out.
  ///   - countsPadding: whether padding counts as zeros, or not at all.
  public init(
    _ size: Size2D, stride: Size2D? = nil, padding: Size2D = 0, ceil: Bool = false,
    countsPadding: Bool = true
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.ceil = ceil
    self.countsPadding = countsPadding
  }

  /// The means.
  public func forward(_ input: Tensor) -> Tensor {
    input.avgPool2d(
      size, stride: stride, padding: padding, ceil: ceil, countsPadding: countsPadding)
  }
}

/// The means of so many parts of an image, whatever its size.
///
/// - Shapes: input `[N, channels, height, width]`, output `[N, channels, rows, columns]`.
/// - Error: another number of axes or dtype; images without elements.
public struct AdaptiveAvgPool2d: Layer, Sendable {
  /// How many rows and columns.
  public let output: Size2D

  /// A layer without parameters.
  ///
  /// - Parameter output: how many rows and columns; 1 for the mean of each channel.
  public init(_ output: Size2D) { self.output = output }

  /// The means of the parts.
  public func forward(_ input: Tensor) -> Tensor { input.adaptiveAvgPool2d(output) }
}
