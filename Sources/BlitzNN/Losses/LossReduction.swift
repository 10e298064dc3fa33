import BlitzTensor

/// How the losses of rows or elements become one number, PyTorch's `reduction`.
public enum LossReduction: Sendable, Hashable, CaseIterable {
  /// The mean.
  case mean
  /// The sum.
  case sum
  /// The sum divided by the size of the first axis: the mean over a batch of each row's sum.
  case batchMean
  /// No reduction: the losses themselves.
  case none
}

extension LossReduction {
  /// The losses, reduced.
  func callAsFunction(_ losses: Tensor) -> Tensor {
    switch self {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .batchMean: losses.sum() / Double(losses.shape.first ?? 1)
    case .none: losses
    }
  }
}

/// The checks that losses share: a loss never broadcasts.
enum LossCheck {
  /// A tensor that carries an error if two tensors are not of one shape, or if their common dtype
  /// is not a float.
  ///
  /// - Parameter promotes: whether dtypes may differ.
  static func same(
    _ loss: String, _ left: (role: String, tensor: Tensor), _ right: (role: String, tensor: Tensor),
    promotes: Bool = true
  ) -> Tensor? {
    if let failed = [left.tensor, right.tensor].first(where: { $0.error != nil }) { return failed }
    let operands = [(left.role, left.tensor.signature), (right.role, right.tensor.signature)]
    if left.tensor.shape != right.tensor.shape {
      let fits = left.tensor.elementCount == right.tensor.elementCount
      return Tensor(
        error: TensorError(
          loss, "\(left.role) and \(right.role) must have the same shape", operands: operands,
          help: fits
            ? "write \(right.role).reshaped(to: \(left.tensor.shape))"
            : "a loss does not broadcast; write \(right.role).expanded(to: \(left.tensor.shape)) "
              + "if that is meant"))
    }
    if promotes && Tensor.resultType(left.tensor, right.tensor).isFloating { return nil }
    if let wrong = wrongDType(loss, left) { return wrong }
    if left.tensor.dtype == right.tensor.dtype { return nil }
    return Tensor(
      error: TensorError(
        loss, "the dtypes differ", operands: operands,
        help: "write \(right.role).cast(to: .\(left.tensor.dtype))"))
  }

  /// Whole numbers as float32, where all are whole, as PyTorch takes them in some losses.
  static func floats(_ tensors: Tensor...) -> [Tensor] {
    tensors.allSatisfy { $0.error == nil && $0.dtype.isInteger }
      ? tensors.map { $0.cast(to: .float32) } : tensors
  }

  /// A tensor that carries an error if an operand cannot have a gradient.
  static func wrongDType(
    _ loss: String, _ operand: (role: String, tensor: Tensor)
  ) -> Tensor? {
    if operand.tensor.dtype.isFloating { return nil }
    return Tensor(
      error: TensorError(
        loss, "\(operand.role) are floats, not \(operand.tensor.dtype)",
        operands: [(operand.role, operand.tensor.signature)],
        help: "write \(operand.role).cast(to: .float32)"))
  }

  /// A tensor that carries an error if labels do not name a class for each place of
  /// `[rows, classes, ...]`.
  static func labels(
    _ loss: String, _ scores: (role: String, tensor: Tensor), _ labels: Tensor
  ) -> Tensor? {
    let tensor = scores.tensor
    if let failed = [tensor, labels].first(where: { $0.error != nil }) { return failed }
    if let wrong = wrongDType(loss, scores) { return wrong }
    guard tensor.rank >= 2, labels.shape == placeShape(tensor) else {
      let spread = tensor.rank > 2 ? ", ..." : ""
      return Tensor(
        error: TensorError(
          loss, "\(scores.role) must be [rows, classes\(spread)] and labels [rows\(spread)]",
          operands: [(scores.role, tensor.signature), ("labels", labels.signature)],
          help: help(tensor, labels)))
    }
    if labels.dtype == .int64 || labels.dtype == .int32 { return nil }
    return Tensor(
      error: TensorError(
        loss, "labels are int64 or int32, not \(labels.dtype)",
        operands: [("labels", labels.signature)], help: "write labels.cast(to: .int64)"))
  }

  /// What to write instead of scores and labels that do not belong together.
  private static func help(_ scores: Tensor, _ labels: Tensor) -> String {
    if scores.rank < 2 {
      return "for a single row write "
        + (scores.rank == 1 ? "scores.unsqueezed(axis: 0)" : "scores of shape [1, classes]")
        + " and one label"
    }
    return labels.rank == scores.rank && labels.elementCount == placeShape(scores).elementCount
      ? "write labels.reshaped(to: \(placeShape(scores)))"
      : "a label is a class number; for one-hot rows use labels.argmax(axis: 1)"
  }

  /// A tensor that carries an error if there is not one weight for each class.
  static func weights(_ loss: String, _ weights: Tensor?, of scores: Tensor) -> Tensor? {
    guard let weights else { return nil }
    if weights.error != nil { return weights }
    if weights.shape == [scores.shape[1]], weights.dtype == scores.dtype { return nil }
    return Tensor(
      error: TensorError(
        loss, "classWeights must be \(scores.dtype)[\(scores.shape[1])], one for each class",
        operands: [("logits", scores.signature), ("classWeights", weights.signature)],
        help: "the classes are axis 1 of the logits"))
  }

  /// The shape of `[rows, classes, ...]` without the classes.
  static func placeShape(_ scores: Tensor) -> Shape {
    Shape(scores.shape.enumerated().filter { $0.offset != 1 }.map(\.element))
  }
}
