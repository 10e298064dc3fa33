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
