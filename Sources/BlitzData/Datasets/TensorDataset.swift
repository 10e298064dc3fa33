import BlitzTensor

/// Examples that are the rows of tensors, `torch.utils.data.TensorDataset`.
///
///     let data = try TensorDataset(x, y)
///     for (x, y) in DataLoader(data, batchSize: 32) { ... }
///     let texts = try TensorDataset(tokens, lengths, classes)      // batch[0], batch[1], batch[2]
///
/// Batches have the dtypes of the tensors. The elements are not copied; updating a tensor in place
/// afterwards does not change the dataset.
public struct TensorDataset: Dataset {
  private let inputs: HostArray
  private let others: [HostArray]
  /// The number of examples: the size of the tensors' first axis.
  public var count: Int { inputs.shape[0] }
  /// The name of each class, by label.
  public let classNames: [String]

  /// Takes the rows of tensors, which are computed now.
  ///
  /// - Parameters:
  ///   - inputs: `[count, ...]`.
  ///   - others: `[count]` or `[count, ...]` each; labels come first.
  ///   - classNames: the name of each class, if the labels are classes.
  /// - Throws: `TensorError` if the tensors' first sizes differ, if one has no axis, or for an
  ///   error of the computation.
  public init(
    _ inputs: Tensor, _ others: Tensor..., classNames: [String] = []
  ) throws(TensorError) {
    try self.init([inputs] + others, classNames: classNames)
  }

  /// Takes the rows of one tensor or more, which are computed now.
  public init(_ tensors: [Tensor], classNames: [String] = []) throws(TensorError) {
    for tensor in tensors {
      if let error = tensor.error { throw error }
    }
    guard let first = tensors.first else {
      throw TensorError("TensorDataset", "there is no tensor", help: "give one at least")
    }
    guard let count = first.shape.first, tensors.allSatisfy({ $0.shape.first == count }) else {
      throw TensorError(
        "TensorDataset",
        tensors.count == 2
          ? "inputs and labels do not have as many rows" : "the tensors do not have as many rows",
        operands: tensors.enumerated().map { place, tensor in
          (place == 0 ? "inputs" : place == 1 ? "labels" : "tensor \(place)", tensor.signature)
        },
        help: tensors.count == 2
          ? "the first axis of both counts the examples"
          : "the first axis of each counts the examples")
    }
    inputs = try HostArray(first)
    var others: [HostArray] = []
    for tensor in tensors.dropFirst() { others.append(try HostArray(tensor)) }
    self.others = others
    self.classNames = classNames
  }

  /// The rows at these indices.
  public func examples(at indices: [Int]) throws -> Examples {
    Examples(inputs: try inputs.rows(indices), others: try others.map { try $0.rows(indices) })
  }
}
