import BlitzTensor

/// A weight as a length and a direction: `torch.nn.utils.parametrizations.weight_norm`.
///
///     w = g v / |v|
///
/// - Source: Salimans and Kingma, "Weight Normalization", arXiv:1602.07868.
struct WeightNorm: Parametrization {
  /// The axis whose slices have a length each; nil for one length of all.
  let axis: Int?

  func value(of originals: [Tensor]) -> Tensor {
    let (length, direction) = (originals[0], originals[1])
    return direction * (length / lengths(direction))
  }

  func originals(of value: Tensor) -> [Tensor] { [lengths(value), value] }

  private func lengths(_ value: Tensor) -> Tensor {
    if value.error != nil { return value }
    guard let axis else { return value.norm() }
    guard let own = value.shape.resolve(axis: axis) else {
      return Tensor(error: .axis("weightNormed", axis, of: value))
    }
    let others = value.shape.indices.filter { $0 != own }
    return others.isEmpty ? value.abs() : value.norm(2, axes: Array(others), keepDims: true)
  }
}

extension Module {
  /// Trains a weight's lengths and directions in its place:
  /// `torch.nn.utils.parametrizations.weight_norm`.
  ///
  ///     let layer = Linear(20, 40).weightNormed()
  ///
  ///     w = g v / |v|
  ///
  /// `parametrizations.weight.original0` is g, `original1` is v.
  ///
  /// - Parameters:
  ///   - name: the parameter's name, as ``parameters`` has it.
  ///   - axis: the axis whose slices have a length each, counted from the end if negative; nil for
  ///     one length of all (PyTorch's `dim=None`).
  /// - Returns: the module itself; make the optimizer afterwards.
  /// - Error: a name that is not there: all parameters carry it; an axis that is not there.
  /// - Source: Salimans and Kingma, "Weight Normalization", arXiv:1602.07868.
  @discardableResult
  public func weightNormed(_ name: String = "weight", axis: Int? = 0) -> Self {
    change(name, "weightNormed") { parameter, _ in
      parameter.parametrize(by: WeightNorm(axis: axis))
    }
  }
}
