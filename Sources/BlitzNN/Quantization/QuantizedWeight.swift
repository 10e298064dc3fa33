import BlitzTensor

/// Weights as whole numbers of 8 bits with a scale for each output,
/// `weight[i] = values[i] * scales[i]`.
struct QuantizedWeight: Sendable {
  /// int8 from -127 to 127, in the shape of the weights.
  var values: Tensor
  /// What the numbers of each row along the first axis are multiplied by, float32 `[outputs]`.
  var scales: Tensor
  /// The step of the inputs, float32 `[]`; nil if each row of inputs has its own when it comes.
  var inputScale: Tensor?

  /// The largest number of the type; its range is taken as even on both sides.
  private static let most = 127.0
  /// What stands for a range of nothing but zeros: the least normal float32.
  private static let least = Double(Float.leastNormalMagnitude)

  /// The nearest of such numbers to weights.
  init(_ weight: Tensor, inputScale: Tensor?) {
    let rows = weight.abs().flattened(from: 1)
    scales = (rows.max(axis: 1) / QuantizedWeight.most).clamp(min: QuantizedWeight.least)
    values = (weight / scales.alongRows(of: weight.rank)).round().cast(to: .int8)
    self.inputScale = inputScale
  }

  init(values: Tensor, scales: Tensor, inputScale: Tensor?) {
    (self.values, self.scales, self.inputScale) = (values, scales, inputScale)
  }

  /// The weights that the numbers stand for, float32.
  @inline(never)
  var weight: Tensor { values.cast(to: .float32) * scales.alongRows(of: values.rank) }

  /// The scale of inputs whose largest magnitude this is.
  static func scale(reaching most: Tensor) -> Tensor {
    (most / QuantizedWeight.most).clamp(min: least)
  }

  /// Inputs as whole numbers, and the scales of their rows, `[rows, 1...]` or `[]`.
  private func quantized(_ input: Tensor, rowAxes: Int) -> (numbers: Tensor, scale: Tensor) {
    if let inputScale {
      let numbers = (input / inputScale).round().clamp(min: -128, max: 127)
      return (numbers.cast(to: .int8), inputScale)
    }
    let rows = input.abs().flattened(from: input.rank - rowAxes).max(axis: -1)
    let scale = QuantizedWeight.scale(reaching: rows)
      .reshaped(to: Shape(rows.shape + Array(repeating: 1, count: rowAxes)))
    return ((input / scale).round().cast(to: .int8), scale)
  }

  /// `x Wᵀ` of `[..., inputs]`, with weights `[outputs, inputs]`: the sums are exact.
  func product(with input: Tensor) -> Tensor {
    let (numbers, scale) = quantized(input, rowAxes: 1)
    let sums = numbers.cast(to: .int32).matmul(values.cast(to: .int32).transposed())
    return (sums.cast(to: .float32) * scale * scales)
      .noted(.quantizedProduct, of: [input, values, scales, inputScale])
  }

  /// The convolution of images `[N, C, H, W]` with weights `[outputs, C / groups, h, w]`, those of
  /// sequences without h; each image is a row.
  ///
  /// - Parameter shape: that of the result.
  func convolution(
    _ images: Tensor, stride: Size2D, padding: Size2D, dilation: Size2D, groups: Int, shape: Shape
  ) -> Tensor {
    let (numbers, scale) = quantized(images, rowAxes: 3)
    let window = Size2D(values.rank == 3 ? 1 : values.shape[2], values.shape[values.rank - 1])
    let outputs = values.shape[0]
    let terms = values.elementCount / max(outputs, 1)
    let columns = numbers.patches(window, stride: stride, padding: padding, dilation: dilation)
      .reshaped(to: [images.shape[0], groups, terms, -1])
    let filters = values.reshaped(to: [groups, outputs / groups, terms])
    let sums = filters.cast(to: .int32).matmul(columns.cast(to: .int32)).reshaped(to: shape)
    let filter = values.rank == 3 ? values.unsqueezed(axis: 2) : values
    return (sums.cast(to: .float32) * scale * scales.reshaped(to: Shape([outputs, 1, 1])))
      .noted(
        .quantizedConvolution(
          Composite.Filters(
            stride: [stride.height, stride.width], padding: [padding.height, padding.width],
            dilation: [dilation.height, dilation.width], groups: groups)),
        of: [images, filter, scales, inputScale])
  }

  /// The rows at the indices, float32 `[indices, size]`.
  func rows(at indices: Tensor) -> Tensor {
    let numbers = values.indexSelect(axis: 0, indices: indices, for: .embedding)
    let steps = scales.indexSelect(axis: 0, indices: indices, for: .embedding)
    return numbers.cast(to: .float32) * steps.unsqueezed(axis: 1)
  }
}

extension Tensor {
  /// Numbers of rows, to stand beside rows of so many axes in all.
  @inline(never)
  fileprivate func alongRows(of rank: Int) -> Tensor {
    error != nil
      ? self : reshaped(to: Shape([elementCount] + Array(repeating: 1, count: rank - 1)))
  }

  /// An error if a gradient is asked of what whole numbers are made of.
  func gradientRefusal(by layer: String) -> Tensor? {
    guard error == nil, GradientMode.isOn, requiresGrad else { return nil }
    return Tensor(
      error: TensorError(
        layer, "the weights are quantised, and the input asks for a gradient",
        operands: [("input", signature)],
        help: "write noGrad { model(input) } or input.detached(); train before quantized()"))
  }
}
