import BlitzTensor

extension DataLoader {
  /// The batches of an epoch as pairs: `for x, y in loader`.
  ///
  ///     for (x, y) in loader.pairs {
  ///       let loss = crossEntropy(logits: model(x), labels: y)
  ///     }
  ///
  /// A `Batch` itself also has the examples' places in the data set, and more than two tensors.
  public var pairs: some Sequence<(inputs: Tensor, labels: Tensor)> {
    lazy.map { ($0.inputs, $0.labels) }
  }
}
