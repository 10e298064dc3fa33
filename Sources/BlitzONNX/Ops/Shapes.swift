import BlitzTensor

extension OpTable {
  /// What gives tensors other sizes, or puts their parts elsewhere.
  static let shapes: [OpEntry] = [
    OpEntry(many: "Identity") { [$0.inputs.first ?? .absent] },
    OpEntry(many: "Reshape", reshape),
    OpEntry("Transpose") { call in
      let x = call[0]
      return x.permuted(call.ints("perm") ?? Array((0..<x.rank).reversed()))
    },
    OpEntry("Flatten") { call in
      let x = call[0]
      let axis = call.int("axis", 1)
      let first = axis < 0 ? axis + x.rank : axis
      guard (0...x.rank).contains(first) else { throw call.failure("there is no axis \(axis)") }
      return x.reshaped(
        to: [x.shape.prefix(first).product, x.shape.dropFirst(first).product])
    },
    OpEntry("Squeeze") { call in
      let x = call[0]
      let named = try call.numbers(1, orAttribute: "axes")
      let axes = try named?.map { try call.axis($0, rank: x.rank) }
      if let axis = axes?.first(where: { x.shape[$0] != 1 }) {
        throw call.failure("axis \(axis) has \(x.shape[axis]) elements, not 1")
      }
      let kept = x.shape.indices.filter { axes?.contains($0) == false || x.shape[$0] != 1 }
      return x.reshaped(to: Shape(kept.map { x.shape[$0] }))
    },
    OpEntry("Unsqueeze") { call in
      let x = call[0]
      let named = try call.numbers(1, orAttribute: "axes") ?? []
      let rank = x.rank + named.count
      let axes = Set(try named.map { try call.axis($0, rank: rank) })
      guard axes.count == named.count else { throw call.failure("an axis is named twice") }
      var sizes = x.shape.sizes
      for axis in axes.sorted() { sizes.insert(1, at: axis) }
      return x.reshaped(to: Shape(sizes))
    },
    OpEntry("Concat") { call in
      let rank = call[0].rank
      let axis = try call.axis(call.int("axis", call.opset < 4 ? 1 : 0), rank: rank)
      return concatenate(call.tensors, axis: axis)
    },
    OpEntry(many: "Split", split),
    OpEntry("Slice", slice),
    OpEntry("Expand", since: 8) { call in
      try call.broadcast(call[0], to: try call.numbers(1))
    },
    OpEntry("Tile") { call in
      if call.opset < 6 {
        var repeats = Array(repeating: 1, count: call[0].rank)
        let axis = try call.axis(try call.number(2), rank: repeats.count)
        repeats[axis] = try call.number(1)
        return call[0].tiled(repeats)
      }
      return call[0].tiled(try call.numbers(1))
    },
    OpEntry(many: "Shape") { call in
      let sizes = try call.sizes(0)
      func bound(_ name: String, _ otherwise: Int) -> Int {
        let value = call.int(name, otherwise)
        return min(max(value < 0 ? value + sizes.count : value, 0), sizes.count)
      }
      let (start, end) = (bound("start", 0), bound("end", sizes.count))
      return [Value(start < end ? Array(sizes[start..<end]) : [])]
    },
    OpEntry(many: "Size") { call in
      [Value(Tensor([try call.sizes(0).product], shape: []))]
    },
    OpEntry("DepthToSpace") { call in
      let (x, block) = (call[0], call.int("blocksize"))
      guard x.rank == 4, (1...1 << 20).contains(block), x.shape[1] % (block * block) == 0 else {
        throw call.failure("the channels do not split into \(block) x \(block)")
      }
      let (n, c, h, w) = (x.shape[0], x.shape[1] / (block * block), x.shape[2], x.shape[3])
      let isCRD = call.text("mode", "DCR") == "CRD"
      let parts = x.reshaped(
        to: Shape(isCRD ? [n, c, block, block, h, w] : [n, block, block, c, h, w]))
      return parts.permuted(isCRD ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])
        .reshaped(to: [n, c, h * block, w * block])
    },
    OpEntry("SpaceToDepth") { call in
      let (x, block) = (call[0], call.int("blocksize"))
      guard x.rank == 4, (1...1 << 20).contains(block), x.shape[2] % block == 0,
        x.shape[3] % block == 0
      else {
        throw call.failure("the image does not split into blocks of \(block) x \(block)")
      }
      let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2] / block, x.shape[3] / block)
      let parts = x.reshaped(to: Shape([n, c, h, block, w, block]))
      let isCRD = call.text("mode", "DCR") == "CRD"
      return parts.permuted(isCRD ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4])
        .reshaped(to: [n, c * block * block, h, w])
    },
    OpEntry("ReverseSequence", since: 10, reverseSequence),
    OpEntry("Trilu", since: 14) { call in
      let diagonal = call.has(1) ? try call.number(1) : 0
      let x = call[0]
      return call.flag("upper", true) ? x.triu(diagonal: diagonal) : x.tril(diagonal: diagonal)
    },
  ]

  @Sendable private static func reshape(_ call: OpCall) throws -> [Value] {
    var sizes = try call.numbers(1, orAttribute: "shape") ?? []
    let old = try call.sizes(0)
    if !call.flag("allowzero") {
      for (axis, size) in sizes.enumerated() where size == 0 {
        guard axis < old.count else {
          throw call.failure("size 0 of axis \(axis) stands for one that the input does not have")
        }
        sizes[axis] = old[axis]
      }
    }
    if let open = sizes.firstIndex(of: -1) {
      let others = sizes.enumerated().filter { $0.offset != open }.map(\.element).product
      let count = old.product
      guard others != 0 || count == 0 else { throw call.failure("\(sizes) do not fit \(old)") }
      sizes[open] = others == 0 ? 0 : count / others
    }
    if case .strings(let texts, _) = call.inputs.first {
      guard sizes.product == texts.count else { throw call.failure("\(sizes) do not fit") }
      return [.strings(texts, sizes)]
    }
    return [call.like(0, call[0].reshaped(to: Shape(sizes)))]
  }

  @Sendable private static func split(_ call: OpCall) throws -> [Value] {
    let x = call[0]
    let axis = try call.axis(call.int("axis"), rank: x.rank)
    if let sizes = try call.numbers(1, orAttribute: "split") {
      return x.split(sizes: sizes, axis: axis).map { call.like(0, $0) }
    }
    let count = call.int("num_outputs", call.outputCount)
    guard (1...1 << 20).contains(count) else { throw call.failure("splits into \(count) parts") }
    let size = x.shape[axis]
    let step = (size + count - 1) / count
    let sizes = (0..<count).map { max(min(step, size - $0 * step), 0) }
    return x.split(sizes: sizes, axis: axis).map { call.like(0, $0) }
  }

  @Sendable private static func slice(_ call: OpCall) throws -> Tensor {
    var x = call[0]
    guard let starts = try call.numbers(1, orAttribute: "starts"),
      let ends = try call.numbers(2, orAttribute: "ends")
    else { throw call.failure("starts or ends are missing") }
    let axes = try call.numbers(3, orAttribute: "axes") ?? Array(starts.indices)
    let steps = try call.numbers(4, orAttribute: "steps") ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count
    else { throw call.failure("starts, ends, axes and steps are not equally many") }
    for place in starts.indices {
      let axis = try call.axis(axes[place], rank: x.rank)
      let size = x.shape[axis]
      let step = steps[place]
      guard step != 0 else { throw call.failure("a step of 0") }
      func clamped(_ bound: Int) -> Int {
        let bound = bound < 0 ? bound &+ size : bound
        return step > 0 ? min(max(bound, 0), size) : min(max(bound, -1), size - 1)
      }
      let (start, end) = (clamped(starts[place]), clamped(ends[place]))
      x = x.part(axis: axis, from: start, to: end, step: step)
    }
    return x
  }

  @Sendable private static func reverseSequence(_ call: OpCall) throws -> Tensor {
    let x = call[0]
    let (batch, time) = (call.int("batch_axis", 1), call.int("time_axis", 0))
    guard x.rank >= 2, Set([batch, time]) == [0, 1] else {
      throw call.failure("batch_axis \(batch) and time_axis \(time) must be 0 and 1")
    }
    let steps = x.shape[time]
    let lengths = call[1].cast(to: .int64).reshaped(to: batch == 0 ? [-1, 1] : [1, -1])
    let count = Tensor.arange(steps).reshaped(to: time == 0 ? [steps, 1] : [1, steps])
    var index = Tensor.where(count .< lengths, lengths - 1 - count, count)
    index = index.reshaped(
      to: Shape(index.shape.sizes + Array(repeating: 1, count: x.rank - 2)))
    return x.gather(axis: time, index: index.expanded(to: x.shape))
  }
}

extension OpCall {
  /// The sizes of a tensor of any kind.
  func sizes(_ index: Int) throws -> [Int] {
    if index < inputs.count, case .strings(_, let sizes) = inputs[index] { return sizes }
    let tensor = self[index]
    if let error = tensor.error { throw error }
    return tensor.shape.sizes
  }

  /// A tensor broadcast to what it and sizes broadcast to.
  func broadcast(_ tensor: Tensor, to sizes: [Int]) throws -> Tensor {
    let rank = max(tensor.rank, sizes.count)
    let own = Array(repeating: 1, count: rank - tensor.rank) + tensor.shape.sizes
    let asked = Array(repeating: 1, count: rank - sizes.count) + sizes
    let shape = zip(own, asked).map { $1 == 1 ? $0 : $1 }
    return tensor.reshaped(to: Shape(own)).expanded(to: Shape(shape))
  }
}

extension Tensor {
  /// Places of an axis from one on, up to another that is not included, both inside the axis;
  /// backwards up to -1.
  func part(axis: Int, from start: Int, to end: Int, step: Int = 1) -> Tensor {
    if error != nil { return self }
    if start == 0, end == shape[axis], step == 1 { return self }
    let isEmpty = step > 0 ? start >= end : start <= end
    let index: AxisIndex =
      isEmpty
      ? .slice(from: 0, to: 0)
      : .slice(from: start, to: step < 0 && end < 0 ? nil : end, by: step)
    if axis == 0 { return self[index] }
    return movedAxes([axis], to: [0])[index].movedAxes([0], to: [axis])
  }
}
