/// A window over images of known sizes.
public struct WindowKernelShape: Sendable, Hashable {
  /// How it slides.
  public var window: Window
  /// Channels of the image that a window covers.
  public var channels: Int
  /// The sizes of the image.
  public var image: Size2D
  /// How many windows there are along each axis.
  public var output: Size2D

  init(_ window: Window, channels: Int, image: Shape, output: Shape) {
    self.window = window
    self.channels = channels
    self.image = Size2D(image[2], image[3])
    self.output = Size2D(output[2], output[3])
  }

  /// Taps of a window, over all its channels.
  public var tapCount: Int { channels * window.size.height * window.size.width }
  /// Windows over an image.
  public var outputCount: Int { output.height * output.width }
}

/// One of the three arrays of a convolution from the other two, all of them contiguous:
/// input `[batch, groups * channels, h, w]`, weight `[groups * filters, channels, kh, kw]`,
/// output `[batch, groups * filters, oh, ow]`.
public struct ConvolutionKernel: Sendable {
  /// Which array is computed.
  public var role: Convolution.Role
  /// float32 or float64.
  public var dtype: DType
  /// Images.
  public var batch: Int
  /// Parts of the channels.
  public var groups: Int
  /// Output channels of a group.
  public var filters: Int
  /// The window, over the input channels of a group.
  public var window: WindowKernelShape
  /// The two arrays that are read, in the order input, weight, output.
  public var operands: [Plan.Operand]
  /// The array that is written.
  public var result: Plan.Operand

  /// - Parameter shapes: of the two operands and the result.
  init(
    _ convolution: Convolution, shapes: [Shape], operands: [Plan.Operand], result: Plan.Operand
  ) {
    let input: Shape
    let weight: Shape
    let output: Shape
    switch convolution.role {
    case .output: (input, weight, output) = (shapes[0], shapes[1], shapes[2])
    case .input: (output, weight, input) = (shapes[0], shapes[1], shapes[2])
    case .weight: (input, output, weight) = (shapes[0], shapes[1], shapes[2])
    }
    role = convolution.role
    dtype = result.dtype
    batch = input[0]
    groups = convolution.groups
    filters = weight[0] / convolution.groups
    window = WindowKernelShape(
      convolution.window, channels: weight[1], image: input, output: output)
    self.operands = operands
    self.result = result
  }
}

/// The largest of the keys under each window: the value at its place, or the window's value
/// added at its place.
public struct WindowMaximumKernel: Sendable {
  /// Whether values are put to the places of the largest keys, rather than taken from them.
  public var places: Bool
  /// Images times channels.
  public var planes: Int
  /// The window, over one plane.
  public var window: WindowKernelShape
  /// Contiguous; what is compared.
  public var keys: Plan.Operand
  /// Contiguous; what is taken or put.
  public var values: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

extension ConvolutionKernel {
  /// Floating-point operations.
  public var flops: Int {
    2 * batch * groups * filters * window.tapCount * window.outputCount
  }

  /// Bytes read and written, each element of each operand once.
  public var byteCount: Int {
    let input = batch * groups * window.channels * window.image.height * window.image.width
    let output = batch * groups * filters * window.outputCount
    return (input + output + groups * filters * window.tapCount) * dtype.byteCount
  }

  /// What the kernel does, on one line.
  public var summary: String {
    let of = window.window
    return "convolution to \(role): \(batch) x \(groups * window.channels)"
      + "x\(window.image.height)x\(window.image.width) -> \(groups * filters)"
      + "x\(window.output.height)x\(window.output.width), window \(of.size)"
      + (groups == 1 ? "" : ", \(groups) groups")
  }
}

extension WindowMaximumKernel {
  /// Bytes read and written, each element of each operand once.
  public var byteCount: Int {
    let image = planes * window.image.height * window.image.width
    let read = keys.slot == values.slot && !places ? image : 2 * image
    return (read + planes * window.outputCount) * result.dtype.byteCount
  }

  /// What the kernel does, on one line.
  public var summary: String {
    "window maximum\(places ? ", to its places" : ""): \(planes) x \(window.image.height)"
      + "x\(window.image.width), window \(window.window.size)"
  }
}
