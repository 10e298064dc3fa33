import BlitzTensor

/// Weights that are held at 0: `torch.nn.utils.prune`.
///
///     let pruning = try Pruning(model, share: 0.5)     // the half with the least absolute values
///     ...
///     try optimizer.step()
///     pruning.apply()                                  // what was pruned stays 0
///
/// - Source: Han et al., "Learning both weights and connections", arXiv:1506.02626.
public struct Pruning {
  /// The masks by the names of the parameters: 1 for what stays, 0 for what is pruned.
  public let masks: [(name: String, mask: Tensor)]
  private let parameters: [Parameter]

  /// Prunes the weights with the least absolute values.
  ///
  /// - Parameters:
  ///   - model: of its parameters those of two axes or more are pruned: weights, not biases.
  ///   - share: the part that is pruned, 0 to 1.
  ///   - together: whether the part is that of all weights together (`global_unstructured` in
  ///     PyTorch), not of each parameter by itself (`l1_unstructured`).
  /// - Throws: `TensorError` for another share, or what went wrong with a weight.
  public init(
    _ model: any Module, share: Double, together: Bool = false
  ) throws(TensorError) {
    guard (0...1).contains(share) else {
      throw TensorError("Pruning", "the share is \(share)", help: "give a part from 0 to 1")
    }
    let chosen = model.parameters.filter { $0.parameter.value.rank >= 2 }
    let sizes = noGrad { chosen.map { $0.parameter.value.detached().abs().cast(to: .float32) } }
    let bound =
      together && !sizes.isEmpty
      ? Pruning.bound(concatenate(sizes.map { $0.flattened() }), share) : nil
    let masks = zip(chosen, sizes).map { entry, size in
      let mask = size .> (bound ?? Pruning.bound(size.flattened(), share))
      return (name: entry.name, mask: mask.cast(to: entry.parameter.value.dtype))
    }
    try eval(masks.map(\.mask))
    self.masks = masks
    parameters = chosen.map(\.parameter)
    apply()
  }

  /// The greatest absolute value that is pruned.
  private static func bound(_ sizes: Tensor, _ share: Double) -> Tensor {
    let count = Int((Double(sizes.elementCount) * share).rounded())
    if count == 0 { return Tensor(-1.0, dtype: .float32).to(sizes.device) }
    return sizes.kthValue(count, axis: 0).values
  }

  /// Sets what was pruned to 0 again, as after a step of an optimizer.
  public func apply() {
    noGrad {
      for (parameter, entry) in zip(parameters, masks) {
        parameter.value = parameter.value.detached() * entry.mask
      }
    }
  }
}
