import BlitzTensor

/// Examples that are in memory, as the rows of two tensors.
///
///     let data = try TensorDataset(x, y)
///     for batch in DataLoader(data, batchSize: 32) { ... }
///
/// Batches have the dtypes of the tensors. The numbers are not copied; updating a tensor in place
/// afterwards does not change the dataset.
public struct TensorDataset: Dataset {
  private let inputs: HostArray
  private let labels: HostArray
  /// How many examples there are: the size of the tensors' first axis.
  public var count: Int { inputs.shape[0] }
  /// What each class is called, by label.
  public let classNames: [String]

  /// Takes the rows of two tensors, whose numbers are computed now.
  ///
  /// - Parameters:
  ///   - inputs: `[count, ...]`.
  ///   - labels: `[count]` or `[count, ...]`.
  ///   - classNames: what each class is called, if the labels are classes.
  /// - Throws: `TensorError` if the tensors' first sizes differ, one has no axis, or what went
  ///   wrong on the way to the numbers.
  public init(
    _ inputs: Tensor, _ labels: Tensor, classNames: [String] = []
  ) throws(TensorError) {
    for tensor in [inputs, labels] {
      if let error = tensor.error { throw error }
    }
    guard let count = inputs.shape.first, labels.shape.first == count else {
      throw TensorError(
        "TensorDataset", "inputs and labels do not have as many rows",
        operands: [("inputs", inputs.signature), ("labels", labels.signature)],
        help: "the first axis of both counts the examples")
    }
    self.inputs = try HostArray(inputs)
    self.labels = try HostArray(labels)
    self.classNames = classNames
  }

  /// Copies the rows out.
  public func examples(at indices: [Int]) throws -> Examples {
    Examples(inputs: try inputs.rows(indices), labels: try labels.rows(indices))
  }
}
