import BlitzTensor

extension OpTable {
  /// Lists, and values that may be missing.
  static let sequences: [OpEntry] = [
    OpEntry(many: "SequenceConstruct", since: 11) { [.sequence($0.inputs)] },
    OpEntry(many: "SequenceEmpty", since: 11) { _ in [.sequence([])] },
    OpEntry(many: "SequenceAt", since: 11) { call in
      let values = try call.sequence(0)
      return [values[try call.place(try call.number(1), of: values.count)]]
    },
    OpEntry(many: "SequenceInsert", since: 11) { call in
      var values = try call.sequence(0)
      let place = call.has(2) ? try call.number(2) : values.count
      let resolved = place < 0 ? place + values.count : place
      guard (0...values.count).contains(resolved) else {
        throw call.failure("there is no place \(place) in a list of \(values.count)")
      }
      guard call.inputs.count > 1 else { throw call.failure("there is nothing to insert") }
      values.insert(call.inputs[1], at: resolved)
      return [.sequence(values)]
    },
    OpEntry(many: "SequenceErase", since: 11) { call in
      var values = try call.sequence(0)
      let last = call.has(1) ? try call.number(1) : values.count - 1
      values.remove(at: try call.place(last, of: values.count))
      return [.sequence(values)]
    },
    OpEntry(many: "SequenceLength", since: 11) { call in
      [Value(Tensor([try call.sequence(0).count], shape: []))]
    },
    OpEntry(many: "ConcatFromSequence", since: 11) { call in
      let values = try call.sequence(0)
      let tensors = values.compactMap(\.tensor)
      guard let first = tensors.first, tensors.count == values.count else {
        throw call.failure("takes a list of tensors, one or more")
      }
      let isNew = call.flag("new_axis")
      let axis = try call.axis(call.int("axis"), rank: first.rank + (isNew ? 1 : 0))
      let joined = isNew ? stack(tensors, axis: axis) : concatenate(tensors, axis: axis)
      return [.tensor(joined, values[0].type ?? .float32)]
    },
    OpEntry(many: "SplitToSequence", since: 11) { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis"), rank: x.rank)
      let size = x.shape[axis]
      guard let split = call.optional(1) else {
        let parts = x.split(sizes: Array(repeating: 1, count: size), axis: axis)
        let keeps = call.flag("keepdims", true)
        return [.sequence(parts.map { call.like(0, keeps ? $0 : $0.squeezed(axis: axis)) })]
      }
      var sizes = try call.numbers(1)
      if split.rank == 0 {
        let step = sizes[0]
        guard step > 0 else { throw call.failure("splits into parts of \(step)") }
        sizes = stride(from: 0, to: size, by: step).map { min(step, size - $0) }
      }
      return [.sequence(x.split(sizes: sizes, axis: axis).map { call.like(0, $0) })]
    },
    OpEntry(many: "Optional", since: 15) { [$0.inputs.first ?? .absent] },
    OpEntry(many: "OptionalGetElement", since: 15) { call in
      guard call.has(0) else { throw call.failure("the optional holds nothing") }
      return [call.inputs[0]]
    },
    OpEntry(many: "OptionalHasElement", since: 15) { call in
      [Value(Tensor([call.has(0)], shape: []))]
    },
  ]
}

extension OpCall {
  /// A place of a list, counted from the start.
  fileprivate func place(_ place: Int, of count: Int) throws -> Int {
    let resolved = place < 0 ? place + count : place
    guard resolved >= 0, resolved < count else {
      throw failure("there is no place \(place) in a list of \(count)")
    }
    return resolved
  }
}
