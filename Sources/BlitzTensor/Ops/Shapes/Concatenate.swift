extension Rule {
  static let concatenate = Rule(
    name: "concatenate", .loops, moves: { _ in true },
    strides: .likeOperands { _, inputs, shape in
      inputs.all.allSatisfy(\.isChannelsLast) ? Strides.channelsLast(shape) : nil
    },
    samples: [
      Sample("concatenate", .normal([3, 4])) {
        BlitzTensor.concatenate([$0[0], $0[1]], axis: 1)
      }
    ], lowering: .concatenate
  ) { step in
    guard case .concatenate(let axis) = step.node.op else { return [] }
    var start = 0
    return step.inputs.enumerated().map { index, input in
      let count = input.shape[axis]
      defer { start += count }
      return step.wants(index)
        ? step.gradient.sliced(axis: axis, from: start, count: count) : nil
    }
  }
}

extension Lowering {
  fileprivate static let concatenate = Lowering.text { text, operation in
    guard case .concatenate(let axis) = operation.op else { return operation.inputs[0] }
    let signature = text.signature(operation.inputs, operation.type)
    return text.emit(
      "stablehlo.concatenate \(operation.inputs), dim = \(axis) : \(signature)", operation.shape,
      operation.dtype)
  }
}

/// The tensors joined along an axis that they have: `torch.cat`.
///
///     concatenate([a, b], axis: 1)     // [2, 3] and [2, 5] become [2, 8]
///
/// - Parameter tensors: of one rank, in the order of the result. Dtypes that differ are promoted;
///   see ``DType/promoted(with:)``.
/// - Parameter axis: counted from the end if negative.
/// - Gradient: each tensor's part of `g`.
/// - Error: no tensors; ranks or sizes of the other axes that differ.
public func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { return Tensor(error: .noTensors("concatenate")) }
  if let failed = tensors.first(where: { $0.node.failure != nil }) { return failed }
  if let tensors = promoted(tensors) { return concatenate(tensors, axis: axis) }
  guard let resolved = first.shape.resolve(axis: axis) else {
    guard first.rank > 0 else {
      return Tensor(
        error: TensorError(
          "concatenate", "single numbers have no axis to follow each other along",
          operands: [("first", first.signature)], help: "write stack([...])"))
    }
    return Tensor(error: .axis("concatenate", axis, of: first))
  }
  var sizes = first.shape.sizes
  sizes[resolved] = 0
  for (place, tensor) in tensors.enumerated() {
    if let error = TensorError.unlike("concatenate", first, tensor, place: place) {
      return Tensor(error: error)
    }
    for other in sizes.indices where other != resolved && sizes[other] != tensor.shape[other] {
      return Tensor(
        error: TensorError(
          "concatenate",
          "axis \(other) is \(sizes[other]) in the first tensor, "
            + "\(tensor.shape[other]) in tensor \(place)",
          operands: [("first", first.signature), ("tensor \(place)", tensor.signature)],
          help: "only axis \(axis) can differ"))
    }
    let (sum, overflow) = sizes[resolved].addingReportingOverflow(tensor.shape[resolved])
    sizes[resolved] = overflow ? Int.max : sum
  }
  if let error = TensorError.badShape("concatenate", sizes) { return Tensor(error: error) }
  if tensors.count == 1 { return first }
  return .make(
    .concatenate(axis: resolved), tensors, shape: Shape(sizes), dtype: first.dtype)
}

/// The tensors joined along a new axis: `torch.stack`.
///
///     stack([a, b, c])     // three of [2, 5] become [3, 2, 5]
///
/// - Parameter tensors: of one shape, in the order of the result. Dtypes that differ are promoted;
///   see ``DType/promoted(with:)``.
/// - Parameter axis: where the new axis is in the result, counted from the end if negative.
/// - Gradient: each tensor's part of `g`.
/// - Error: no tensors; shapes that differ.
public func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { return Tensor(error: .noTensors("stack")) }
  if let failed = tensors.first(where: { $0.node.failure != nil }) { return failed }
  if let tensors = promoted(tensors) { return stack(tensors, axis: axis) }
  for (place, tensor) in tensors.enumerated() {
    if let error = TensorError.unlike("stack", first, tensor, place: place) {
      return Tensor(error: error)
    }
    guard tensor.shape == first.shape else {
      return Tensor(
        error: TensorError(
          "stack",
          "the shapes differ: the first is \(first.shape), tensor \(place) is \(tensor.shape)",
          operands: [("first", first.signature), ("tensor \(place)", tensor.signature)],
          help: "stack takes equal shapes; concatenate([...], axis:) follows an axis they have"))
    }
  }
  let resolved = axis < 0 ? axis + first.rank + 1 : axis
  guard resolved >= 0, resolved <= first.rank else {
    return Tensor(
      error: TensorError(
        "stack", "there is no axis \(axis) in a result of rank \(first.rank + 1)",
        operands: [("first", first.signature)],
        help: "the new axis can be at 0 to \(first.rank), or -1 to -\(first.rank + 1) from the end")
    )
  }
  return concatenate(tensors.map { $0.unsqueezed(axis: resolved) }, axis: resolved)
}

/// The tensors in the dtype that holds what all of them can, or nil if they are of one dtype.
private func promoted(_ tensors: [Tensor]) -> [Tensor]? {
  guard tensors.contains(where: { $0.dtype != tensors[0].dtype }) else { return nil }
  let dtype = tensors.dropFirst().reduce(tensors[0].dtype) { $0.promoted(with: $1.dtype) }
  return tensors.map { $0.converted(to: dtype) }
}

extension TensorError {
  fileprivate static func noTensors(_ op: String) -> TensorError {
    TensorError(op, "the array of tensors is empty", help: "give at least one tensor")
  }

  /// A tensor whose rank is not that of the first.
  fileprivate static func unlike(
    _ op: String, _ first: Tensor, _ tensor: Tensor, place: Int
  ) -> TensorError? {
    let operands = [
      (role: "first", description: first.signature),
      (role: "tensor \(place)", description: tensor.signature),
    ]
    if tensor.rank != first.rank {
      return TensorError(
        op, "the ranks differ: the first has \(first.rank), tensor \(place) has \(tensor.rank)",
        operands: operands, help: "unsqueezed(axis:) adds an axis")
    }
    return nil
  }
}
