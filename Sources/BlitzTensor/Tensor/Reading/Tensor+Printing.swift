extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements in aligned columns with dtype and shape at the end, computed now.
  ///
  ///     [[1.5000, 2.0000],
  ///      [3.0000, 4.0000]], float32[2, 2]
  ///
  /// The number of digits is that of PyTorch: four behind the point, one if all are whole, an
  /// exponent if the range demands it. Of more than 1,000 elements only the first and last
  /// three of each axis are shown. A tensor that carries an error prints the error.
  public var description: String {
    if let error { return error.description }
    do throws(TensorError) {
      let storage = try Evaluation.storage(of: node)
      let text = TensorText(UnsafeRawPointer(storage.pointer), shape, dtype).text
      withExtendedLifetime(storage) {}
      return "\(text), \(signature)"
    } catch {
      return error.description
    }
  }

  /// What arrays and tuples of tensors print of each: its elements, if there are few, and its
  /// signature.
  ///
  ///     print([x, y])  // [Tensor([1.0000, 2.5000], float32[2]), Tensor(float32[64, 1000])]
  public var debugDescription: String {
    if let error { return "Tensor(error: \(error.summary))" }
    if elementCount > Tensor.mostInCollections { return "Tensor(\(signature))" }
    return "Tensor(\(description.replacing("\n", with: "\n       ")))"
  }

  /// How many elements a tensor has at most that shows them among others.
  private static let mostInCollections = 25
}

extension Tensor: CustomReflectable {
  /// Dtype and shape only: `dump` of a model is short and computes nothing.
  public var customMirror: Mirror {
    Mirror(self, children: ["signature": signature], displayStyle: .struct)
  }
}
