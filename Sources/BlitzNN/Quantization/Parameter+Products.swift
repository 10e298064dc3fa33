import BlitzTensor

/// What layers do with weights, be they floats or quantised.
extension Parameter {
  /// `x Wᵀ`
  ///
  /// - Parameter weight: the parameter's value, where it was read already: one that is computed may
  ///   change with each use.
  func product(with input: Tensor, _ weight: Tensor? = nil) -> Tensor {
    guard let quantized = watching(input) else {
      return input.matmul((weight ?? value).transposed())
    }
    return input.gradientRefusal(by: "matmul") ?? quantized.product(with: input)
  }

  /// The convolution of images, or, where the weights have no height, of sequences as images one
  /// high.
  func convolution(
    _ images: Tensor, _ weight: Tensor, stride: Size2D, padding: Size2D, dilation: Size2D,
    groups: Int
  ) -> Tensor {
    // What does not fit gets its error from the convolution of floats.
    func plain() -> Tensor {
      images.conv2d(
        weight.error == nil && weight.rank == 3 ? weight.unsqueezed(axis: 2) : weight,
        stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
    guard let quantized = watching(images) else { return plain() }
    if let refusal = images.gradientRefusal(by: "conv2d") { return refusal }
    let floats = plain()
    if floats.error != nil || floats.elementCount == 0 { return floats }
    return quantized.convolution(
      images, stride: stride, padding: padding, dilation: dilation, groups: groups,
      shape: floats.shape)
  }

  /// The rows at the indices.
  func rows(at indices: Tensor, _ weight: Tensor) -> Tensor {
    quantized?.rows(at: indices)
      ?? weight.indexSelect(axis: 0, indices: indices, for: .embedding)
  }

  /// Notes how far an input reaches, while a model is calibrated.
  ///
  /// - Returns: the quantised weights; nil if they are floats.
  private func watching(_ input: Tensor) -> QuantizedWeight? {
    Calibration.current?.note(input, for: self)
    return quantized
  }

  /// Whether products are to go through `product(with:)`, which an optimised form would not.
  var isWatchedOrQuantized: Bool { Calibration.current != nil || quantized != nil }
}
