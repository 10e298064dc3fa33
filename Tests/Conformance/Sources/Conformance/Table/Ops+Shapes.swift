import Blitz

extension Table {
  private static func sections(_ call: Call, _ axis: Int) throws -> [Tensor] {
    let x = try call.x
    if call.isTensor(1, "tensor_indices_or_sections") {
      let places = try call.tensor(1).cast(to: .int64)
      if places.rank == 0 {
        return try x.tensorSplit(count: places.item(as: Int.self), axis: axis)
      }
      return try x.tensorSplit(at: places.scalars(as: Int.self), axis: axis)
    }
    if case .list? = call.value(1) { return try x.tensorSplit(at: call.ints(1), axis: axis) }
    return try x.tensorSplit(count: call.int(1), axis: axis)
  }

  mutating func addShapes() {
    word("reshape", "view", "view_copy") { try $0.x.reshaped(to: Shape($0.intsFrom(1, "shape"))) }
    word("reshape_as", "view_as") { try $0.x.reshaped(to: $0.tensor(1).shape) }
    word("flatten") {
      try $0.x.flattened(from: $0.int(1, "start_dim", or: 0), to: $0.int(2, "end_dim", or: -1))
    }
    word("ravel") { try $0.x.flattened() }
    word("unflatten") { try $0.x.unflattened(axis: $0.int(1, "dim"), to: $0.ints(2, "sizes")) }
    word("transpose", "transpose_copy") { try $0.x.transposed($0.int(1), $0.int(2)) }
    word("t", "t_copy", "T") { call in
      let x = try call.x
      return x.rank < 2 ? x : x.transposed()
    }
    word("H") { call in
      let x = try call.x
      return x.rank < 2 ? x : x.adjoint()
    }
    word("mT") { try $0.x.transposed(-1, -2) }
    word("mH") { try $0.x.adjoint() }
    word("permute", "permute_copy") { try $0.x.permuted($0.intsFrom(1, "dims")) }
    word("movedim") { try $0.x.movedAxes($0.ints(1, "source"), to: $0.ints(2, "destination")) }
    word("squeeze", "squeeze_copy") { call in
      guard let axes = try call.optionalInts(1, "dim") else { return try call.x.squeezed() }
      var x = try call.x
      let rank = x.rank
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted(by: >) where rank > 0 {
        if x.shape[axis] == 1 { x = x.squeezed(axis: axis) }
      }
      return x
    }
    word("unsqueeze", "unsqueeze_copy") { try $0.x.unsqueezed(axis: $0.int(1, "dim")) }
    word("expand", "expand_copy", "broadcast_to") { call in
      try call.x.expanded(to: Shape(call.intsFrom(1, "size")))
    }
    word("expand_as") { try $0.x.expanded(to: $0.tensor(1).shape) }
    word("broadcast_tensors") { call in
      broadcastTensors([try call.x] + (try (1..<call.count).map { try call.tensor($0) }))
    }
    word("broadcast_shapes") { call in
      let shapes = try (0..<max(call.count, 1)).map { Shape(try call.ints($0)) }
      return (Shape.broadcast(shapes) ?? []).sizes.map { Tensor($0) }
    }
    word("sum_to_size") { try $0.x.sum(to: Shape($0.intsFrom(1))) }
    word("cat") { call in
      concatenate(try call.tensors(0), axis: try call.int(1, "dim", or: 0))
    }
    word("stack") { call in stack(try call.tensors(0), axis: try call.int(1, "dim", or: 0)) }
    word("hstack") { hstack(try $0.tensors(0)) }
    word("vstack") { vstack(try $0.tensors(0)) }
    word("dstack") { dstack(try $0.tensors(0)) }
    word("column_stack") { columnStack(try $0.tensors(0)) }
    word("chunk", "unsafe_chunk") { call in
      let (x, count) = (try call.x, try call.int(1, "chunks"))
      let axis = try call.int(2, "dim", or: 0)
      let size = x.shape[axis < 0 ? axis + x.rank : axis]
      let part = max((size + count - 1) / max(count, 1), 1)
      var sizes = [Int](repeating: part, count: size / part)
      if size % part > 0 || sizes.isEmpty { sizes.append(size % part) }
      return x.split(sizes: sizes, axis: axis)
    }
    word("split", "unsafe_split", "split_with_sizes", "split_with_sizes_copy") { call in
      let axis = try call.int(2, "dim", or: 0)
      if case .list? = call.value(1) { return try call.x.split(sizes: call.ints(1), axis: axis) }
      let (x, part) = (try call.x, try call.int(1))
      let size = x.shape[axis < 0 ? axis + x.rank : axis]
      var sizes = [Int](repeating: part, count: part > 0 ? size / part : 0)
      if part > 0 && size % part > 0 || sizes.isEmpty { sizes.append(part > 0 ? size % part : 0) }
      return x.split(sizes: sizes, axis: axis)
    }
    word("tensor_split") { try Table.sections($0, $0.int(2, "dim", or: 0)) }
    word("hsplit") { call in
      if case .list? = call.value(1) { return try call.x.hsplit(at: call.ints(1)) }
      return try call.x.hsplit(count: call.int(1))
    }
    word("vsplit") { call in
      if case .list? = call.value(1) { return try call.x.vsplit(at: call.ints(1)) }
      return try call.x.vsplit(count: call.int(1))
    }
    word("dsplit") { call in
      if case .list? = call.value(1) { return try call.x.dsplit(at: call.ints(1)) }
      return try call.x.dsplit(count: call.int(1))
    }
    word("unbind", "unbind_copy") { try $0.x.unbind(axis: $0.int(1, "dim", or: 0)) }
    word("repeat", "tile") { call in
      let (x, given) = (try call.x, try call.intsFrom(1, "dims"))
      let repeats = [Int](repeating: 1, count: max(0, x.rank - given.count)) + given
      let sizes = [Int](repeating: 1, count: repeats.count - x.rank) + x.shape.sizes
      return x.reshaped(to: Shape(sizes)).tiled(repeats)
    }
    word("repeat_interleave") { call in
      let axis = try call.optionalInt(2, "dim")
      if call.isTensor(1, "repeats") {
        // PyTorch's output_size only spares it a look at the repeats.
        _ = call.named("output_size")
        return try call.x.repeatInterleave(call.tensor(1, "repeats"), axis: axis)
      }
      return try call.x.repeatInterleave(call.int(1, "repeats"), axis: axis)
    }
    word("flip") { try $0.x.flipped(axes: $0.intsFrom(1, "dims")) }
    word("fliplr") { try $0.x.flipped(axes: [1]) }
    word("flipud") { try $0.x.flipped(axes: [0]) }
    word("rot90") { call in
      try call.x.rot90(call.int(1, "k", or: 1), axes: call.optionalInts(2, "dims") ?? [0, 1])
    }
    word("roll") { call in
      let shifts = try call.ints(1, "shifts")
      guard let axes = try call.optionalInts(2, "dims"), !axes.isEmpty else {
        // Without axes there is one offset.
        guard let shift = shifts.first, shifts.count == 1 else {
          return try call.x.rolled(by: shifts, axes: [])
        }
        return try call.x.rolled(by: shift)
      }
      return try call.x.rolled(by: shifts, axes: axes)
    }
    word("constant_pad_nd", "nn.functional.pad") { call in
      let widths = try call.ints(1, "pad")
      // constant_pad_nd has the value where pad has the mode.
      var (mode, value) = ("constant", 0.0)
      if case .text? = call.value(2, "mode") {
        mode = try call.text(2, "mode")
        value = try call.real(3, "value", or: 0)
      } else {
        value = try call.real(2, "value", or: 0)
      }
      let x = try call.x
      var pairs = [(low: Int, high: Int)](repeating: (0, 0), count: x.rank)
      for place in 0..<widths.count / 2 {
        pairs[x.rank - 1 - place] = (widths[2 * place], widths[2 * place + 1])
      }
      switch mode {
      case "constant": return x.padded(pairs, value: value)
      case "reflect": return x.padded(pairs, mode: .reflect)
      case "replicate": return x.padded(pairs, mode: .replicate)
      case "circular": return x.padded(pairs, mode: .circular)
      default: throw Lacking(what: mode)
      }
    }
    word("tril") { try $0.x.tril(diagonal: $0.int(1, "diagonal", or: 0)) }
    word("triu") { try $0.x.triu(diagonal: $0.int(1, "diagonal", or: 0)) }
    word("atleast_1d") { try Table.each($0) { $0.rank == 0 ? $0.reshaped(to: [1]) : $0 * 1 } }
    word("atleast_2d") { try Table.each($0) { $0.atLeast2d() } }
    word("atleast_3d") { try Table.each($0) { $0.atLeast3d() } }
    word("unfold", "unfold_copy") {
      try $0.x.unfolded(axis: $0.int(1), size: $0.int(2), step: $0.int(3))
    }
    word("bfloat16") { try $0.x.cast(to: .bfloat16) }
    word("half") { try $0.x.cast(to: .float16) }
    word("float") { try $0.x.cast(to: .float32) }
    word("double") { try $0.x.cast(to: .float64) }
    word("int") { try $0.x.cast(to: .int32) }
    word("long") { try $0.x.cast(to: .int64) }
    word("byte") { try $0.x.cast(to: .uint8) }
    word("char") { try $0.x.cast(to: .int8) }
    word("short") { try $0.x.cast(to: .int16) }
    word("bool") { try $0.x.cast(to: .bool) }
    word("to") { call in
      for place in 1..<max(call.count, 1) {
        if case .dtype? = call.value(place), let dtype = try call.dtype(place) {
          return try call.x.cast(to: dtype)
        }
        if call.isTensor(place) { return try call.x.cast(to: call.tensor(place).dtype) }
      }
      return try call.x
    }
    word("item") { try $0.x.reshaped(to: []) }
  }

  /// A function of one tensor, or of each of several.
  private static func each(_ call: Call, _ one: (Tensor) -> Tensor) throws -> [Tensor] {
    try (0..<call.count).flatMap { try call.tensors($0) }.map(one)
  }
}
