import BlitzTensor

/// One of several classes, `torch.distributions.Categorical`.
///
/// Samples are PyTorch's for the same seed: class numbers, int64.
public struct Categorical: Distribution {
  /// The probabilities of the classes, along the last axis.
  public let probabilities: Tensor
  /// Their logarithms.
  public let logits: Tensor

  /// Makes a distribution of weights, 0 or more, which are divided by their sum.
  ///
  /// - Parameter probabilities: `[..., classes]`.
  public init(probabilities: Tensor) {
    let weights = Tensor.together("Categorical", Categorical.checked(probabilities))[0]
    let p = weights / weights.sum(axis: -1, keepDims: true)
    self.probabilities = p
    logits = p.clamp(min: p.step, max: 1 - p.step).log()
  }

  /// Makes a distribution of logits, to which any number may be added.
  ///
  /// - Parameter logits: `[..., classes]`.
  public init(logits: Tensor) {
    let given = Tensor.together("Categorical", Categorical.checked(logits))[0]
    self.logits = given.logSoftmax(axis: -1)
    probabilities = given.softmax(axis: -1)
  }

  private static func checked(_ tensor: Tensor) -> Tensor {
    if tensor.error != nil || (tensor.rank > 0 && tensor.shape[tensor.rank - 1] > 0) {
      return tensor
    }
    return Tensor(
      error: TensorError(
        "Categorical", "there are no classes", operands: [("parameter", tensor.signature)],
        help: "the classes are the last axis"))
  }

  /// The parameter's shape without the classes.
  public var batchShape: Shape { Shape(logits.shape.sizes.dropLast()) }
  /// A number.
  public var eventShape: Shape { [] }
  /// Not a number: classes have no mean.
  public var mean: Tensor {
    .full(batchShape, Double.nan, dtype: logits.dtype, device: logits.device)
  }
  /// Not a number: classes have no variance.
  public var variance: Tensor { mean }

  /// Class numbers.
  public func sample(_ shape: Shape, generator: Generator) -> Tensor {
    let p = probabilities.detached()
    if p.error != nil { return p }
    let (count, classes) = (shape.elementCount, p.shape[p.rank - 1])
    if count == 0 || batchShape.elementCount == 0 {
      return .zeros(extended(shape), dtype: .int64, device: p.device)
    }
    let rows = p.reshaped(to: [batchShape.elementCount, classes])
    let wide = rows.dtype == .float64 ? rows : rows.cast(to: .float32)
    return wide.multinomial(count, replacement: true, generator: generator)
      .named("Categorical").transposed().reshaped(to: extended(shape))
  }

  /// The logarithm of the probability of class numbers.
  public func logProbability(_ value: Tensor) -> Tensor {
    if let failed = [value, logits].first(where: { $0.error != nil }) { return failed }
    let labels = value.cast(to: .int64)
    let shape = noGrad {
      (labels.cast(to: .float32) + logits.detached()[..., 0].cast(to: .float32)).named(
        "Categorical")
    }
    if shape.error != nil { return shape }
    let rows = logits.expanded(to: Shape(shape.shape.sizes + [logits.shape[logits.rank - 1]]))
    return rows.gather(axis: -1, index: labels.expanded(to: shape.shape).unsqueezed(axis: -1))
      .squeezed(axis: -1)
  }

  /// `-sum of p * log(p)`
  public func entropy() -> Tensor {
    -(probabilities * logits.clamp(min: -Double(Float.greatestFiniteMagnitude))).sum(axis: -1)
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Categorical) -> Tensor {
    let known = Tensor.where(
      other.probabilities .== 0, Double.infinity, probabilities * (logits - other.logits))
    return Tensor.where(probabilities .== 0, 0, known).sum(axis: -1)
  }
}
