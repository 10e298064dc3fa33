import Blitz

// Operands of the rows.
private let x = Tensor.zeros([2, 3, 8, 8])
private let w = Tensor.zeros([4, 3, 3, 3])
private let m = Tensor.zeros([2, 3])

extension ErrorMessageTests {
  static let windows: [Misuse] = [
    Misuse(
      "a convolution of a matrix", { m.conv2d(w) },
      """
      conv2d: takes an input [n, channels, h, w] and a weight of four axes
        input:  float32[2, 3]
        weight: float32[4, 3, 3, 3]
        help:   add missing axes with unsqueezed(axis:)
      """),
    Misuse(
      "a convolution of other channels", { x.conv2d(Tensor.zeros([4, 1, 3, 3])) },
      """
      conv2d: the input has 3 channels, the weight is for 1
        input:  float32[2, 3, 8, 8]
        weight: float32[4, 1, 3, 3]
        help:   weights are [outputs, channels / groups, h, w], with groups 1
      """),
    Misuse(
      "a convolution with groups that do not divide", { x.conv2d(w, groups: 3) },
      """
      conv2d: 3 groups do not divide the weight's first axis, 4
        input:  float32[2, 3, 8, 8]
        weight: float32[4, 3, 3, 3]
        help:   groups are 1 or more, and divide both numbers of channels
      """),
    Misuse(
      "a convolution without stride", { x.conv2d(w, stride: 0) },
      """
      conv2d: the stride is 0
        input:  float32[2, 3, 8, 8]
        weight: float32[4, 3, 3, 3]
        help:   write a whole number from 1 on, or [height, width]
      """),
    Misuse(
      "a window that does not fit", { x.conv2d(w, dilation: [2, 4]) },
      """
      conv2d: a window of 3 with dilation [2, 4] is larger than the image with padding 0
        input:  float32[2, 3, 8, 8]
        weight: float32[4, 3, 3, 3]
        help:   use a larger padding or a smaller window
      """),
    Misuse(
      "a convolution of integers",
      { Tensor.zeros([1, 1, 3, 3], dtype: .int64).conv2d(Tensor.zeros([1, 1, 1, 1])) },
      """
      conv2d: the dtypes differ: left is int64, right is float32
        left:  int64[1, 1, 3, 3]
        right: float32[1, 1, 1, 1]
        help:  cast one of them, for example right.cast(to: .int64)
      """),
    Misuse(
      "a convolution of sequences given images", { x.conv1d(w) },
      """
      conv1d: takes an input [n, channels, l] and a weight [outputs, channels / groups, l]
        input:  float32[2, 3, 8, 8]
        weight: float32[4, 3, 3, 3]
        help:   add missing axes with unsqueezed(axis:)
      """),
    Misuse(
      "a transposed convolution that leaves nothing",
      { Tensor.zeros([1, 4, 1, 1]).convTranspose2d(w, padding: 2) },
      """
      convTranspose2d: the result would be -1 high and -1 wide
        input:  float32[1, 4, 1, 1]
        weight: float32[4, 3, 3, 3]
        help:   use a smaller padding
      """),
    Misuse(
      "a transposed convolution with too much output padding",
      { Tensor.zeros([1, 4, 2, 2]).convTranspose2d(w, outputPadding: 1) },
      """
      convTranspose2d: the output padding is 1, with stride 1
        input:  float32[1, 4, 2, 2]
        weight: float32[4, 3, 3, 3]
        help:   it is 0 or more, and less than the stride or dilation
      """),
    Misuse(
      "pooling a matrix", { m.maxPool2d(2) },
      """
      maxPool2d: takes images [n, channels, h, w], not 2 axes
        input: float32[2, 3]
        help:  add missing axes with unsqueezed(axis:)
      """),
    Misuse(
      "pooling with windows in the padding", { x.avgPool2d(2, padding: 2) },
      """
      avgPool2d: the padding 2 is more than half the window 2
        input: float32[2, 3, 8, 8]
        help:  every window must cover an element
      """),
    Misuse(
      "pooling to no parts", { x.adaptiveAvgPool2d(0) },
      """
      adaptiveAvgPool2d: takes images [n, channels, h, w] with elements, and 1 or more parts, not 0
        input: float32[2, 3, 8, 8]
        help:  add missing axes with unsqueezed(axis:)
      """),
  ]
}
