import BlitzTensor

/// The cross entropy of a last linear layer's logits, `torch.nn.functional.linear_cross_entropy`.
///
///     loss of a row = crossEntropy(logits: inputs Wᵀ + bias, labels: labels)
///
/// - Parameters:
///   - inputs: `[rows, features]`, or `[features]` for one row; a floating dtype.
///   - weight: `[classes, features]`, as ``Linear/weight``, or `[classes, ..., features]` for a
///     loss of several places, which takes rows.
///   - labels: `[rows]` or `[rows, ...]`, int64 or int32; or probabilities, `[rows, classes, ...]`.
///   - bias: the shape of the weight without the features, or nil for none.
///   - labelSmoothing: the share of each label that is spread evenly over all classes.
///   - classWeights: `[classes]`, the factor of each class's loss; the mean is then weighted too.
///   - ignoredLabel: the label of rows that are left out; `ignore_index` in PyTorch.
///   - reduction: over the rows.
/// - Returns: a single number, or `[rows]` for `.none`.
/// - Error: other shapes or dtypes; what `crossEntropy` refuses.
/// - Note: the logits of all rows are in memory at once; PyTorch's option of parts is not there.
public func linearCrossEntropy(
  inputs: Tensor, weight: Tensor, labels: Tensor, bias: Tensor? = nil, labelSmoothing: Double = 0,
  classWeights: Tensor? = nil, ignoredLabel: Int? = nil, reduction: LossReduction = .mean
) -> Tensor {
  if let failed = [inputs, weight, labels, bias ?? inputs].first(where: { $0.error != nil }) {
    return failed
  }
  let isFloat = inputs.dtype.isFloating && weight.dtype.isFloating
  let (features, outputs) = (weight.shape.last ?? 0, Shape(weight.shape.sizes.dropLast()))
  guard isFloat, weight.rank >= 2, inputs.rank == 2 || inputs.rank == 1 && weight.rank == 2,
    inputs.shape.last == features, inputs.dtype == weight.dtype || Autocast.isOn,
    bias.map({ $0.shape == outputs }) ?? true
  else {
    return Tensor(
      error: TensorError(
        "linearCrossEntropy",
        "inputs must be [rows, features], weight [classes, features] and bias [classes]",
        operands: [("inputs", inputs.signature), ("weight", weight.signature)]
          + (bias.map { [("bias", $0.signature)] } ?? []),
        help: "flatten further axes of the inputs into the rows"))
  }
  let flat = weight.reshaped(to: [outputs.elementCount, features])
  let product = inputs.matmul(flat.transposed())
    .reshaped(to: Shape(inputs.shape.sizes.dropLast() + outputs.sizes))
  return crossEntropy(
    logits: bias.map { product + $0.cast(to: product.dtype) } ?? product, labels: labels,
    labelSmoothing: labelSmoothing, classWeights: classWeights, ignoredLabel: ignoredLabel,
    reduction: reduction)
}
