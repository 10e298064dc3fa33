import BlitzTensor

extension OpTable {
  /// Elements that positions name.
  static let indexing: [OpEntry] = [
    OpEntry(many: "Gather", gather),
    OpEntry("GatherElements", since: 11) { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis"), rank: x.rank)
      return x.gather(axis: axis, index: call[1].positions(in: x.shape[axis]))
    },
    OpEntry("GatherND", since: 11) { call in
      let (x, indices) = (call[0], call[1])
      let batch = call.int("batch_dims")
      let depth = indices.shape.last ?? 0
      guard batch >= 0, indices.rank > batch, batch + depth <= x.rank else {
        throw call.failure("positions of \(depth) axes after \(batch) of batches do not fit")
      }
      let batches = x.shape.prefix(batch).product
      let indexed = Array(x.shape.sizes[batch..<batch + depth])
      let inner = Array(x.shape.dropFirst(batch + depth))
      let places = Array(indices.shape.sizes[batch..<indices.rank - 1])
      let flat = indices.flatPositions(in: indexed).reshaped(
        to: [batches, places.product])
      let offsets = Tensor.arange(batches).reshaped(to: [batches, 1]) * indexed.product
      let rows = x.reshaped(to: Shape([batches &* indexed.product, inner.product]))
      return rows.indexSelect(axis: 0, indices: (flat + offsets).reshaped(to: [-1]))
        .reshaped(to: Shape(Array(x.shape.prefix(batch)) + places + inner))
    },
    OpEntry("NonZero", since: 9, .own) { call in
      let x = call[0]
      if x.rank == 0 {
        return Tensor.zeros([0, try x.cast(to: .bool).item() != 0 ? 1 : 0], dtype: .int64)
      }
      return x.nonzero().transposed()
    },
    OpEntry("Compress", since: 9) { call in
      var x = call[0]
      let chosen = try call.numbers(1).enumerated().filter { $0.element != 0 }.map(\.offset)
      if !call.has("axis") { x = x.reshaped(to: [-1]) }
      let axis = try call.axis(call.int("axis"), rank: x.rank)
      return x.indexSelect(axis: axis, indices: Tensor(chosen, shape: [chosen.count]))
    },
    OpEntry("ArrayFeatureExtractor", domain: "ai.onnx.ml") { call in
      let x = call[0]
      let taken = x.indexSelect(axis: x.rank - 1, indices: call[1].reshaped(to: [-1]))
      return x.rank == 1 ? taken.reshaped(to: [1, -1]) : taken
    },
  ]

  @Sendable private static func gather(_ call: OpCall) throws -> [Value] {
    let sizes = try call.sizes(0)
    let axis = try call.axis(call.int("axis"), rank: sizes.count)
    let indices = call[1].positions(in: sizes[axis])
    if case .strings(let texts, _) = call.inputs.first {
      let places = Tensor.arange(texts.count).reshaped(to: Shape(sizes))
      let picked = places.indexSelect(axis: axis, indices: indices.reshaped(to: [-1]))
      let shape = Array(sizes[..<axis]) + indices.shape.sizes + sizes[(axis + 1)...]
      return [.strings(try picked.scalars(as: Int.self).map { texts[$0] }, shape)]
    }
    let x = call[0]
    let picked = x.indexSelect(axis: axis, indices: indices.reshaped(to: [-1]))
    let shape = Array(sizes[..<axis]) + indices.shape.sizes + sizes[(axis + 1)...]
    return [call.like(0, picked.reshaped(to: Shape(shape)))]
  }
}

extension Tensor {
  /// Positions in an axis, negative ones counted from the end.
  func positions(in size: Int) -> Tensor {
    let index = cast(to: .int64)
    return .where(index .< 0, index + size, index)
  }

  /// Positions along the last axis, one for each of some axes, as one position in all of them.
  func flatPositions(in sizes: [Int]) -> Tensor {
    let strides = Shape(sizes).strides
    var flat = Tensor.zeros(Shape(Array(shape.dropLast())), dtype: .int64)
    for (axis, size) in sizes.enumerated() {
      let own = self[.ellipsis, axis].positions(in: size)
      flat = flat + own * strides[axis]
    }
    return flat
  }
}
