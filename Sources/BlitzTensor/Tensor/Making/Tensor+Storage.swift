extension Tensor {
  /// The elements that are already in a buffer, row by row; nothing is copied.
  ///
  /// - Parameters:
  ///   - storage: memory for all elements, which nobody writes to any more.
  ///   - shape: a valid shape.
  ///   - dtype: the type of the elements in memory.
  package init(storage: Storage, shape: Shape, dtype: DType) {
    self.init(node: Node(.data, shape: shape, dtype: dtype, contents: .memory(storage)))
  }
}
