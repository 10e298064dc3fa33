/// A window over images of known sizes.
package struct WindowKernelShape: Sendable, Hashable {
  /// How it slides.
  package var window: Window
  /// Channels of the image that a window covers.
  package var channels: Int
  /// The sizes of the image.
  package var image: Size2D
  /// How many windows there are along each axis.
  package var output: Size2D

  init(_ window: Window, channels: Int, image: Shape, output: Shape) {
    self.window = window
    self.channels = channels
    self.image = Size2D(image[2], image[3])
    self.output = Size2D(output[2], output[3])
  }

  /// Taps of a window, over all its channels.
  package var tapCount: Int { channels * window.size.height * window.size.width }
  /// Windows over an image.
  package var outputCount: Int { output.height * output.width }
}
