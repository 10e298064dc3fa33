extension Rule {
  static let cast = Rule(
    name: "cast", .elementwise(domain: .any), samples: [.exact(.real) { $0[0].cast(to: .int32) }],
    lowering: .cast
  ) { step in
    let dtype = step.inputs[0].dtype
    return [dtype.isFloating ? step.gradient.cast(to: dtype) : nil]
  }
}

extension Lowering {
  fileprivate static let cast = Lowering.text { text, operation in
    text.spread(text.convert(operation.inputs[0], to: operation.dtype), to: operation.shape)
  }
}

extension Tensor {
  /// The elements in another dtype: `torch.Tensor.to(dtype)`.
  ///
  /// Between floating dtypes the nearest value; from floating to whole numbers the fraction
  /// is cut off; to bool, whether the number is not zero.
  ///
  /// - Returns: the shape of `self`; `self` if it has the dtype already.
  /// - Gradient: `g` cast back; none through a dtype of whole numbers or bool.
  public func cast(to dtype: DType) -> Tensor {
    if node.failure != nil || dtype == self.dtype { return self }
    return .make(.elementwise(.cast), self, shape: shape, dtype: dtype)
  }
}
