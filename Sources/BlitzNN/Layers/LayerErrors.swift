import BlitzTensor

/// What layers check before they compute, so that an error names the layer and its sizes.
extension Tensor {
  /// A tensor with the error that the layer does not take this input.
  @inline(never)
  func refused(by layer: String, _ rule: String, help: String) -> Tensor {
    if error != nil { return self }
    let name = layer.prefix { $0 != "(" }
    return Tensor(
      error: TensorError(
        String(name), rule, operands: [("input", signature), ("layer", layer)], help: help))
  }

  /// A tensor with an error if the input carries one or has another dtype than the weights; nil if
  /// the layer can go on.
  func refusal(by layer: @autoclosure () -> String, weights: Tensor) -> Tensor? {
    if error != nil { return self }
    if weights.error != nil { return weights }
    if dtype == weights.dtype {
      return dtype.isFloating
        ? nil
        : refused(
          by: layer(), "takes floats, not \(dtype)", help: "write input.cast(to: .float32)")
    }
    if Autocast.isOn, dtype.isFloating, weights.dtype.isFloating { return nil }
    return refused(
      by: layer(), "the input is \(dtype), the layer's weights are \(weights.dtype)",
      help: "write input.cast(to: .\(weights.dtype))"
        + (dtype == .float64 ? ", or model.cast(to: .float64)" : ""))
  }

  /// The same, also if the last axis is not of the layer's size.
  func refusal(
    by layer: @autoclosure () -> String, weights: Tensor, lastAxis size: Int
  ) -> Tensor? {
    if let refusal = refusal(by: layer(), weights: weights) { return refusal }
    if rank > 0, shape[rank - 1] == size { return nil }
    return refused(
      by: layer(),
      rank == 0
        ? "the input is a single number, the layer takes \(size) features"
        : "the input's last axis is \(shape[rank - 1]), the layer takes \(size)",
      help: elementCount % size == 0 && rank > 1 && shape.sizes[1...].reduce(1, *) == size
        ? "write input.flattened(from: 1)" : "the input is [..., \(size)]")
  }
}

/// Sizes that a layer is made with: each must be 1 or more, and no more than can be multiplied.
struct LayerSizes {
  let layer: String
  let sizes: [(name: String, value: Int)]
  /// The number of layers in it, each made by itself.
  var layers = 1

  /// A few times this is still a number, and it is more than any machine has memory for.
  private static let largest = 1 << 40
  private static let mostLayers = 1 << 16

  /// The error that names a size no layer can have; nil if the sizes are good.
  var error: TensorError? {
    let bounds = sizes.map { ($0.name, $0.value, LayerSizes.largest) }
    for (name, value, most) in bounds + [("layers", layers, LayerSizes.mostLayers)]
    where value < 1 || value > most {
      return TensorError(
        String(layer.prefix { $0 != "(" }), "\(name) is \(value)", operands: [("layer", layer)],
        help: value < 1 ? "give 1 or more" : "give at most \(most)")
    }
    return nil
  }

  /// The weights that are drawn if the sizes are good; else a tensor that carries the error.
  @inline(never)
  func draw(_ weights: () -> Tensor) -> Tensor {
    error.map { Tensor(error: $0) } ?? weights().named(String(layer.prefix { $0 != "(" }))
  }
}
