import Blitz

extension Table {
  mutating func addIndexing() {
    word("gather") { try $0.x.gather(axis: $0.int(1, "dim"), index: $0.tensor(2, "index")) }
    word("take_along_dim") { call in
      guard let axis = try call.optionalInt(2, "dim") else {
        return try call.x.flattened().takeAlong(axis: 0, call.tensor(1).flattened())
      }
      return try call.x.takeAlong(axis: axis, call.tensor(1))
    }
    word("scatter") { call in
      let (axis, index) = (try call.int(1, "dim"), try call.tensor(2, "index"))
      let updates = try Table.like(
        call.x, call.isTensor(3, "src") || call.has(3) ? call.tensor(3) : call.tensor(.max, "value")
      )
      if case .text(let name)? = call.named("reduce") {
        return try call.x.scatterReduce(
          axis: axis, index: index,
          updates: updates.rank == 0
            ? updates.expanded(to: index.shape) : updates, Table.combining(name))
      }
      return try call.x.scatter(axis: axis, index: index, updates: updates)
    }
    word("scatter_add") { call in
      try call.x.scatterAdd(
        axis: call.int(1, "dim"), index: call.tensor(2, "index"), updates: call.tensor(3, "src"))
    }
    word("scatter_reduce") { call in
      try call.x.scatterReduce(
        axis: call.int(1, "dim"), index: call.tensor(2), updates: call.tensor(3),
        Table.combining(call.text(4, "reduce")),
        includingSelf: call.bool(5, "include_self", or: true))
    }
    word("index_reduce") { call in
      try call.x.indexReduce(
        axis: call.int(1, "dim"), indices: call.tensor(2), updates: call.tensor(3),
        Table.combining(call.text(4, "reduce")),
        includingSelf: call.bool(5, "include_self", or: true))
    }
    word("index_select") {
      try $0.x.indexSelect(axis: $0.int(1, "dim"), indices: $0.tensor(2, "index").atLeast1d())
    }
    word("index_add") { call in
      let updates = try call.tensor(3, "source")
      let alpha = try call.named("alpha").map { updates * (try call.tensor($0)) } ?? updates
      return try call.x.indexAdd(axis: call.int(1), indices: call.tensor(2), updates: alpha)
    }
    word("index_copy") {
      try $0.x.indexCopy(axis: $0.int(1), indices: $0.tensor(2), updates: $0.tensor(3))
    }
    word("index_fill") {
      try $0.x.indexFill(axis: $0.int(1), indices: $0.tensor(2), value: $0.tensor(3))
    }
    word("index_put") { call in
      let (x, indices) = (try call.x, try call.tensors(1, "indices"))
      return x.indexPut(
        indices, try call.tensor(2, "values"), accumulate: try call.bool(3, "accumulate"))
    }
    word("nonzero_static") {
      try $0.x.nonzeroStatic(
        count: $0.int(.max, "size"), fill: $0.int(.max, "fill_value", or: -1))
    }
    word("masked_fill") { try $0.x.maskedFill($0.tensor(1), $0.tensor(2)) }
    word("masked_select") { call in
      let (x, mask) = (try call.x, try call.tensor(1))
      let zero = Tensor.zeros(x.shape) + Tensor.zeros(mask.shape)
      return x.expanded(to: zero.shape).atLeast1d()[mask.expanded(to: zero.shape).atLeast1d()]
    }
    word("masked_scatter") { try $0.x.maskedScatter($0.tensor(1), $0.tensor(2)) }
    word("take") { try $0.x.take($0.tensor(1)) }
    word("put") { try $0.x.put($0.tensor(1), $0.tensor(2), accumulate: $0.bool(3, "accumulate")) }
    word("__getitem__") { call in
      guard let index = call.value(1) else { throw Lacking(what: "no index") }
      guard case .list(let parts) = index else { return try call.x[try Table.index(index, call)] }
      if parts.count > 1, parts.allSatisfy({ if case .integer = $0 { true } else { false } }) {
        throw Lacking(what: "a list or a tuple of places, which the samples do not tell apart")
      }
      let read = try parts.map { try Table.index($0, call) }
      let x = try call.x
      switch read.count {
      case 0: return x
      case 1: return x[read[0]]
      case 2: return x[read[0], read[1]]
      case 3: return x[read[0], read[1], read[2]]
      case 4: return x[read[0], read[1], read[2], read[3]]
      default: throw Lacking(what: "\(read.count) indexes")
      }
    }
    word("select") { call in
      let (x, axis) = (try call.x, try call.int(1, "dim"))
      let all = Table.whole(x, axis)
      return Table.read(x, all, AxisIndex.slice(), at: try call.int(2, "index"))
    }
    word("narrow", "narrow_copy") { call in
      if call.isTensor(2), try !call.tensor(2).dtype.isInteger { throw NoSuchCase() }
      return try call.x.narrowed(axis: call.int(1), from: call.int(2), count: call.int(3))
    }
    word("slice") { call in
      let (x, axis) = (try call.x, try call.int(1, "dim", or: 0))
      let places = Table.places(
        x.shape[axis < 0 ? axis + x.rank : axis], try call.optionalInt(2, "start"),
        try call.optionalInt(3, "end"), try call.int(4, "step", or: 1))
      return x.indexSelect(axis: axis, indices: Tensor(places))
    }
    word("slice_scatter") { call in
      let (x, axis) = (try call.x, try call.int(2, "dim", or: 0))
      let places = Table.places(
        x.shape[axis < 0 ? axis + x.rank : axis], try call.optionalInt(3, "start"),
        try call.optionalInt(4, "end"), try call.int(5, "step", or: 1))
      return x.indexCopy(axis: axis, indices: Tensor(places), updates: try call.tensor(1))
    }
    word("select_scatter") { call in
      let (x, axis) = (try call.x, try call.int(2, "dim"))
      let size = x.shape[axis < 0 ? axis + x.rank : axis]
      let place = try call.int(3, "index")
      return x.indexCopy(
        axis: axis, indices: Tensor([place < 0 ? place + size : place]),
        updates: try call.tensor(1).unsqueezed(axis: axis))
    }
    word("nonzero", "argwhere") { call in
      guard try call.bool(.max, "as_tuple") else { return [try call.x.nonzero()] }
      // Each axis by itself; a single number counts as a row of one.
      let places = try call.x.atLeast1d().nonzero()
      return (0..<places.shape[1]).map { places[0..., $0] }
    }
    word("diagonal", "diagonal_copy") { call in
      return try call.x.diagonal(
        offset: call.int(1, "offset", or: 0), call.int(2, "dim1", or: 0),
        call.int(3, "dim2", or: 1))
    }
    word("linalg.diagonal") { call in
      try call.x.diagonal(
        offset: call.int(.max, "offset", or: 0), call.int(.max, "dim1", or: -2),
        call.int(.max, "dim2", or: -1))
    }
    word("diag") { try $0.x.diag($0.int(1, "diagonal", or: 0)) }
    word("diag_embed") { call in
      try call.x.diagEmbed(
        offset: call.int(1, "offset", or: 0), call.int(2, "dim1", or: -2),
        call.int(3, "dim2", or: -1))
    }
    word("diagflat") { try $0.x.flattened().diagEmbed(offset: $0.int(1, "offset", or: 0)) }
    word("diagonal_scatter") { call in
      try call.x.diagonalScatter(
        call.tensor(1), offset: call.int(2, "offset", or: 0), call.int(3, "dim1", or: 0),
        call.int(4, "dim2", or: 1))
    }
    word("trace") { try $0.x.trace() }
    word("meshgrid") { call in
      let order = try call.text(.max, "indexing", or: "ij")
      return meshGrid(
        try (0..<call.count).flatMap { try call.tensors($0) }, rowsFirst: order == "ij")
    }
    word("cartesian_prod") { call in
      cartesianProduct(try (0..<call.count).flatMap { try call.tensors($0) })
    }
    word("combinations") {
      try $0.x.combinations($0.int(1, "r", or: 2), repeating: $0.bool(2, "with_replacement"))
    }
    word("block_diag") { call in
      blockDiagonal(try (0..<call.count).flatMap { try call.tensors($0) })
    }
    word("unravel_index") { call in
      try call.x.unraveled(in: Shape(call.ints(1, "shape")))
    }
    word("tril_indices") { call in
      _ = call.named("device")
      let dtype = try call.dtype(.max) ?? .int64
      return Tensor.trilIndices(
        try call.int(0), try call.int(1), diagonal: try call.int(2, "offset", or: 0)
      ).cast(to: dtype)
    }
    word("triu_indices") { call in
      _ = call.named("device")
      let dtype = try call.dtype(.max) ?? .int64
      return Tensor.triuIndices(
        try call.int(0), try call.int(1), diagonal: try call.int(2, "offset", or: 0)
      ).cast(to: dtype)
    }
    word("nn.functional.one_hot") { call in
      let labels = try call.x
      var count = try call.int(1, "num_classes", or: -1)
      if count < 0 { count = try labels.max().item(as: Int.self) + 1 }
      return labels.oneHot(classCount: count, dtype: .int64)
    }
    word("nn.functional.embedding") { call in
      for option in ["max_norm", "scale_grad_by_freq", "sparse"] where call.has(.max, option) {
        throw Lacking(what: "the option \(option)")
      }
      // Samples of the database have the weight first, others the places, as PyTorch's word has.
      var (weight, places) = (try call.tensor(1, "weight"), try call.x)
      if places.dtype.isFloating && places.rank == 2 { (weight, places) = (places, weight) }
      if call.has(2, "padding_idx") { throw Lacking(what: "the option padding_idx") }
      return weight[places]
    }
    word("nn.functional.embedding_bag") { call in
      let mode = try call.text(.max, "mode", or: "mean")
      return try embeddingBag(
        call.tensor(1), table: call.x, offsets: call.optionalTensor(.max, "offsets"),
        mode: EmbeddingBag.Mode(rawValue: mode) ?? .mean,
        weights: call.optionalTensor(.max, "per_sample_weights"),
        paddingIndex: call.optionalInt(.max, "padding_idx"))
    }
  }

  /// An index as Blitz reads it.
  private static func index(_ value: Value, _ call: Call) throws -> any TensorIndex {
    switch value {
    case .integer(let place): return place
    case .slice(let from, let to, let step):
      func end(_ value: Value) throws -> Int? {
        if case .none = value { return nil }
        return try call.int(value)
      }
      return AxisIndex.slice(from: try end(from), to: try end(to), by: try end(step) ?? 1)
    case .ellipsis: return AxisIndex.ellipsis
    case .none: return AxisIndex.newAxis
    case .list(let places): return Tensor(try places.map { try call.int($0) })
    default: return try call.tensor(value)
    }
  }

  /// A number that was written out, in a tensor's dtype.
  private static func like(_ x: Tensor, _ number: Tensor) -> Tensor {
    number.rank == 0 && number.dtype != x.dtype ? number.cast(to: x.dtype) : number
  }

  /// How many axes there are before one.
  private static func whole(_ x: Tensor, _ axis: Int) -> Int { axis < 0 ? axis + x.rank : axis }

  private static func read(_ x: Tensor, _ axis: Int, _ all: AxisIndex, at place: Int) -> Tensor {
    switch axis {
    case 0: x[place]
    case 1: x[all, place]
    case 2: x[all, all, place]
    default: x[all, all, all, place]
    }
  }

  /// The places of a slice, as Python counts them.
  private static func places(_ size: Int, _ start: Int?, _ end: Int?, _ step: Int) -> [Int] {
    func bound(_ place: Int) -> Int { min(max(place < 0 ? place + size : place, 0), size) }
    return Array(stride(from: bound(start ?? 0), to: bound(end ?? size), by: step))
  }

  private static func combining(_ name: String) throws -> ScatterReduction {
    switch name {
    case "add", "sum": return .sum
    case "prod", "multiply": return .product
    case "amax": return .maximum
    case "amin": return .minimum
    case "mean": return .mean
    default: throw Lacking(what: name)
    }
  }
}
