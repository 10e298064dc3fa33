extension Tensor {
  /// This tensor with the elements of another, one after the other, where a mask is true:
  /// `torch.masked_scatter`.
  ///
  /// - Parameters:
  ///   - mask: bool, a shape that broadcasts to that of `self`.
  ///   - source: in the dtype of `self`, at least as many elements as the mask has trues; read in
  ///     the order of memory.
  /// - Returns: the shape that both broadcast to, in the dtype of `self`.
  /// - Gradient: `g` where the mask is false; for the source, `g` from where its elements went.
  /// - Error: a mask that is not bool or does not broadcast, another dtype; when evaluated, fewer
  ///   elements than trues.
  public func maskedScatter(_ mask: Tensor, _ source: Tensor) -> Tensor {
    let name = "maskedScatter"
    if let failed = Tensor.failed(self, mask, source) { return failed }
    let operands = [
      (role: "input", description: signature), ("mask", mask.signature),
      ("source", source.signature),
    ]
    guard mask.dtype == .bool, source.dtype == dtype else {
      return Tensor(
        error: TensorError(
          name, "the mask is \(mask.dtype), the source \(source.dtype)", operands: operands,
          help: "give a bool mask and a source in \(dtype)"))
    }
    guard let shape = Shape.broadcast(shape, mask.shape), shape.checkedElementCount != nil else {
      return Tensor(error: .shapes(name, self, mask))
    }
    let flags = mask.broadcastCopy(to: shape).viewed(as: [shape.elementCount])
    // The number of trues before each is where its element is.
    let places = (flags.cumsum(axis: 0) - 1).maximum(0)
    if source.elementCount == 0 { return broadcastCopy(to: shape) }
    let taken = source.viewed(as: [source.elementCount])
      .gathered(.where(flags, places, 0), axis: 0, for: .maskedScatter)
    return .where(
      flags.viewed(as: shape), taken.viewed(as: shape), broadcastCopy(to: shape))
  }

  /// This tensor with values at the places that index tensors name together: `torch.index_put`.
  ///
  ///     y[indices[0][i], indices[1][i]] = values[i]
  ///
  /// - Parameters:
  ///   - indices: one tensor for each of the first axes, int64 or int32, which broadcast; or a bool
  ///     mask of these axes.
  ///   - values: a shape that broadcasts to what is named, in the dtype of `self`.
  ///   - accumulate: whether values are added.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: as of assigning to a subscript.
  /// - Error: as of assigning to a subscript.
  public func indexPut(_ indices: [Tensor], _ values: Tensor, accumulate: Bool = false) -> Tensor {
    if let failed = ([self, values] + indices).first(where: { $0.node.failure != nil }) {
      return failed
    }
    do throws(TensorError) {
      let selection = try Selection(indices.map(\.axisIndex), of: self)
      if accumulate {
        // Where the places of a tensor that counts its elements go, the values do.
        let positions = Tensor.arange(elementCount, device: device).viewed(as: shape)
        if let error = positions.error { throw error }
        let places = selection.read(positions, for: .indexPut)
        guard Shape.broadcast(values.shape, places.shape) == places.shape, values.dtype == dtype
        else {
          throw TensorError(
            "indexPut", "the values do not fit",
            operands: [("input", signature), ("values", values.signature)],
            help: "give \(dtype)\(places.shape)")
        }
        return put(places, values.broadcastCopy(to: places.shape), accumulate: true)
      }
      guard values.dtype == dtype else {
        throw TensorError(
          "indexPut", "the tensor is \(dtype), the values are \(values.dtype)",
          operands: [("input", signature), ("values", values.signature)],
          help: "write values.cast(to: .\(dtype))")
      }
      return try selection.write(values, to: self, for: .indexPut)
    } catch {
      return Tensor(error: error).named("indexPut")
    }
  }
}
