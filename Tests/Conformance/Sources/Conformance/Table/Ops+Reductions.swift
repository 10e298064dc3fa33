import Blitz

extension Table {
  /// A reduction over the axes that `dim` names, none for all; the dtype first.
  private static func reduced(
    _ call: Call, _ reduce: (Tensor, [Int], Bool) throws -> Tensor
  ) throws -> Tensor {
    let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
    let axes = try call.optionalInts(1, "dim") ?? []
    return try reduce(x, axes, call.bool(2, "keepdim"))
  }

  private static func correction(_ call: Call) throws -> Int {
    if call.has(.max, "correction") { return try call.int(.max, "correction") }
    // Older calls: var(dim, unbiased, keepdim), or var(unbiased) alone.
    return try call.bool(.max, "unbiased", or: true) ? 1 : 0
  }

  private static func spread(
    _ call: Call, _ compute: (Tensor, [Int], Int, Bool) throws -> Tensor
  ) throws -> Tensor {
    if case .bool(let unbiased)? = call.value(1, "dim") {
      return try compute(call.x, [], unbiased ? 1 : 0, false)
    }
    let axes = try call.optionalInts(1, "dim") ?? []
    if call.count > 2 {
      return try compute(call.x, axes, call.bool(2) ? 1 : 0, call.bool(3, "keepdim"))
    }
    return try compute(call.x, axes, correction(call), call.bool(.max, "keepdim"))
  }

  mutating func addReductions() {
    word("sum") { try Table.reduced($0) { $0.sum(axes: $1, keepDims: $2) } }
    word("mean") { try Table.reduced($0) { $0.mean(axes: $1, keepDims: $2) } }
    word("prod") { try Table.reduced($0) { $0.prod(axes: $1, keepDims: $2) } }
    word("nansum") { try Table.reduced($0) { $0.nansum(axes: $1, keepDims: $2) } }
    word("nanmean") { try Table.reduced($0) { $0.nanmean(axes: $1, keepDims: $2) } }
    word("amax") { try Table.reduced($0) { $0.max(axes: $1, keepDims: $2) } }
    word("amin") { try Table.reduced($0) { $0.min(axes: $1, keepDims: $2) } }
    word("all") { try Table.reduced($0) { $0.all(axes: $1, keepDims: $2) } }
    word("any") { try Table.reduced($0) { $0.any(axes: $1, keepDims: $2) } }
    word("logsumexp") { try Table.reduced($0) { $0.logSumExp(axes: $1, keepDims: $2) } }
    word("count_nonzero") { try Table.reduced($0) { x, axes, _ in x.countNonzero(axes: axes) } }
    word("var") {
      try Table.spread($0) { $0.variance(axes: $1, correction: $2, keepDims: $3) }
    }
    word("std") { try Table.spread($0) { $0.std(axes: $1, correction: $2, keepDims: $3) } }
    word("var_mean") { call in
      var mean = Tensor(0)
      let spread = try Table.spread(call) { x, axes, correction, keeps in
        let both = x.varianceMean(axes: axes, correction: correction, keepDims: keeps)
        mean = both.mean
        return both.variance
      }
      return [spread, mean]
    }
    word("std_mean") { call in
      var mean = Tensor(0)
      let spread = try Table.spread(call) { x, axes, correction, keeps in
        let both = x.stdMean(axes: axes, correction: correction, keepDims: keeps)
        mean = both.mean
        return both.std
      }
      return [spread, mean]
    }
    word("argmax") {
      try $0.x.argmax(axis: $0.optionalInt(1, "dim"), keepDims: $0.bool(2, "keepdim"))
    }
    word("argmin") {
      try $0.x.argmin(axis: $0.optionalInt(1, "dim"), keepDims: $0.bool(2, "keepdim"))
    }
    word("max") { call in
      if call.isTensor(1, "other") { return [try call.x.maximum(call.tensor(1, "other"))] }
      guard let axis = try call.optionalInt(1, "dim") else { return [try call.x.max()] }
      let keeps = try call.bool(2, "keepdim")
      let places = try call.x.argmax(axis: axis, keepDims: true)
      let values = try call.x.takeAlong(axis: axis, places)
      return keeps ? [values, places] : [values.squeezed(axis: axis), places.squeezed(axis: axis)]
    }
    word("min") { call in
      if call.isTensor(1, "other") { return [try call.x.minimum(call.tensor(1, "other"))] }
      guard let axis = try call.optionalInt(1, "dim") else { return [try call.x.min()] }
      let keeps = try call.bool(2, "keepdim")
      let places = try call.x.argmin(axis: axis, keepDims: true)
      let values = try call.x.takeAlong(axis: axis, places)
      return keeps ? [values, places] : [values.squeezed(axis: axis), places.squeezed(axis: axis)]
    }
    word("aminmax") { call in
      let both = try call.x.aminmax(
        axes: call.optionalInts(.max, "dim") ?? [], keepDims: call.bool(.max, "keepdim"))
      return [both.min, both.max]
    }
    word("cumsum") { call in
      let dtype = try call.dtype(.max)
      let x = try dtype.map { try call.x.cast(to: $0) } ?? call.x
      let sums = try x.cumsum(axis: call.int(1, "dim"))
      return dtype.map { sums.cast(to: $0) } ?? sums
    }
    word("cumprod") { call in
      let dtype = try call.dtype(.max)
      let x = try dtype.map { try call.x.cast(to: $0) } ?? call.x
      let sums = try x.cumprod(axis: call.int(1, "dim"))
      return dtype.map { sums.cast(to: $0) } ?? sums
    }
    word("cummax") { call in
      let (values, indices) = try call.x.cummax(axis: call.int(1, "dim"))
      return [values, indices]
    }
    word("cummin") { call in
      let (values, indices) = try call.x.cummin(axis: call.int(1, "dim"))
      return [values, indices]
    }
    word("logcumsumexp") { try $0.x.logCumSumExp(axis: $0.int(1, "dim")) }
    word("sort") { call in
      _ = call.named("stable")
      let (values, indices) = try call.x.sort(
        axis: call.int(1, "dim", or: -1), descending: call.bool(2, "descending"))
      return [values, indices]
    }
    word("argsort") { call in
      _ = call.named("stable")
      return try call.x.argSort(
        axis: call.int(1, "dim", or: -1), descending: call.bool(2, "descending"))
    }
    word("msort") { try $0.x.msort() }
    word("topk", ties: true) { call in
      _ = call.value(4, "sorted")
      let (values, indices) = try call.x.topK(
        call.int(1, "k"), axis: call.int(2, "dim", or: -1),
        largest: call.bool(3, "largest", or: true))
      return [values, indices]
    }
    word("kthvalue", ties: true) { call in
      let (values, indices) = try call.x.kthValue(
        call.int(1, "k"), axis: call.int(2, "dim", or: -1), keepDims: call.bool(3, "keepdim"))
      return [values, indices]
    }
    word("median", ties: true) { call in
      guard let axis = try call.optionalInt(1, "dim") else { return [try call.x.median()] }
      let (values, indices) = try call.x.median(axis: axis, keepDims: call.bool(2, "keepdim"))
      return [values, indices]
    }
    word("nanmedian", ties: true) { call in
      guard let axis = try call.optionalInt(1, "dim") else { return [try call.x.nanmedian()] }
      let (values, indices) = try call.x.nanmedian(axis: axis, keepDims: call.bool(2, "keepdim"))
      return [values, indices]
    }
    word("mode", ties: true) { call in
      let (values, indices) = try call.x.mode(
        axis: call.int(1, "dim", or: -1), keepDims: call.bool(2, "keepdim"))
      return [values, indices]
    }
    word("quantile") { try Table.quantile($0, ignoresNaN: false) }
    word("nanquantile") { try Table.quantile($0, ignoresNaN: true) }
    word("unique") { call in
      _ = call.named("sorted")
      let axis = try call.optionalInt(.max, "dim")
      let found = try axis.map { try call.x.unique(axis: $0) } ?? call.x.unique()
      let inverse = try call.bool(.max, "return_inverse")
      let counts = try call.bool(.max, "return_counts")
      return [found.values] + (inverse ? [found.inverse] : []) + (counts ? [found.counts] : [])
    }
    word("unique_consecutive") { call in
      let found =
        try call.optionalInt(.max, "dim").map { try call.x.uniqueConsecutive(axis: $0) }
        ?? call.x.uniqueConsecutive()
      let inverse = try call.bool(.max, "return_inverse")
      let counts = try call.bool(.max, "return_counts")
      return [found.values] + (inverse ? [found.inverse] : []) + (counts ? [found.counts] : [])
    }
    word("bincount") { call in
      try call.x.bincount(
        weights: call.optionalTensor(1, "weights"), minLength: call.int(2, "minlength", or: 0))
    }
    word("histc") { call in
      try call.x.histogram(
        bins: call.int(1, "bins", or: 100), from: call.real(2, "min", or: 0),
        to: call.real(3, "max", or: 0)
      ).counts
    }
    word("histogram") { call in
      if call.isTensor(1, "bins") {
        let edges = try call.tensor(1, "bins")
        let counts = try call.x.histogram(
          edges: edges, weights: call.optionalTensor(.max, "weight"),
          density: call.bool(.max, "density"))
        return [counts, edges]
      }
      let range = call.named("range")
      var ends = (0.0, 0.0)
      if case .list(let values)? = range {
        ends = (try call.real(values[0]), try call.real(values[1]))
      }
      let (counts, edges) = try call.x.histogram(
        bins: call.int(1, "bins"), from: ends.0, to: ends.1,
        weights: call.optionalTensor(.max, "weight"), density: call.bool(.max, "density"))
      return [counts, edges]
    }
    word("histogramdd") { call in
      guard case .list(let bins)? = call.value(1, "bins") else { throw Lacking(what: "one number") }
      let x = try call.x
      let ranges = try call.optionalReals(.max, "range")
      var edges: [Tensor] = []
      for (place, bin) in bins.enumerated() {
        if case .tensor = bin {
          edges.append(try call.tensor(bin))
        } else {
          let column = x.reshaped(to: [-1, bins.count])[0..., place]
          let low = try ranges.map { $0[2 * place] } ?? column.min().item()
          let high = try ranges.map { $0[2 * place + 1] } ?? column.max().item()
          edges.append(.linspace(low, high, count: try call.int(bin) + 1, dtype: x.dtype))
        }
      }
      let counts = x.histogramOfPoints(
        edges: edges, weights: try call.optionalTensor(.max, "weight"),
        density: try call.bool(.max, "density"))
      return [counts] + edges
    }
    word("gradient") { call in
      let x = try call.x
      let axes = try call.optionalInts(.max, "dim") ?? []
      let order = try call.int(.max, "edge_order", or: 1)
      if case .list(let values)? = call.named("spacing"), case .tensor? = values.first {
        return x.numericGradient(
          at: try values.map { try call.tensor($0) }, axes: axes, edgeOrder: order)
      }
      var spacing = try call.optionalReals(.max, "spacing") ?? []
      // One distance is that of all axes.
      if spacing.count == 1 {
        spacing = Array(repeating: spacing[0], count: axes.isEmpty ? x.rank : axes.count)
      }
      return x.numericGradient(axes: axes, spacing: spacing, edgeOrder: order)
    }
    word("searchsorted") { call in
      let side = try call.text(.max, "side")
      let right = try call.bool(.max, "right") || side == "right"
      let places = try call.x.searchSorted(
        call.tensor(1), right: right, sorter: call.optionalTensor(.max, "sorter"))
      return try call.bool(.max, "out_int32") ? places.cast(to: .int32) : places
    }
    word("bucketize") { call in
      let places = try call.x.bucketize(
        call.tensor(1, "boundaries"), right: call.bool(.max, "right"))
      return try call.bool(.max, "out_int32") ? places.cast(to: .int32) : places
    }
    word("cov") { call in
      try call.x.cov(
        correction: call.int(.max, "correction", or: 1),
        counts: call.optionalTensor(.max, "fweights"),
        weights: call.optionalTensor(.max, "aweights"))
    }
    word("corrcoef") { try $0.x.corrcoef() }
    word("diff") { call in
      try call.x.diff(
        call.int(1, "n", or: 1), axis: call.int(2, "dim", or: -1),
        prepending: call.optionalTensor(3, "prepend"),
        appending: call.optionalTensor(4, "append"))
    }
    word("trapezoid", "trapz") { call in
      let axis = try call.int(.max, "dim", or: -1)
      if call.has(1, "x") { return try call.x.trapezoid(at: call.tensor(1, "x"), axis: axis) }
      return try call.x.trapezoid(step: call.real(.max, "dx", or: 1), axis: axis)
    }
    word("cumulative_trapezoid") { call in
      let axis = try call.int(.max, "dim", or: -1)
      if call.has(1, "x") {
        return try call.x.cumulativeTrapezoid(at: call.tensor(1, "x"), axis: axis)
      }
      return try call.x.cumulativeTrapezoid(step: call.real(.max, "dx", or: 1), axis: axis)
    }
    word("dist") { try $0.x.dist($0.tensor(1), p: $0.real(2, "p", or: 2)) }
    word("cdist") { call in
      _ = call.value(3, "compute_mode")
      return try call.x.cdist(call.tensor(1), p: call.real(2, "p", or: 2))
    }
    word("nn.functional.pairwise_distance") { call in
      try pairwiseDistance(
        call.x, call.tensor(1), p: call.real(2, "p", or: 2), epsilon: call.real(3, "eps", or: 1e-6),
        keepDims: call.bool(4, "keepdim"))
    }
    word("nn.functional.pdist") { try $0.x.pdist(p: $0.real(1, "p", or: 2)) }
    word("nn.functional.normalize") { call in
      try call.x.normalized(
        p: call.real(1, "p", or: 2), axis: call.int(2, "dim", or: 1),
        epsilon: call.real(3, "eps", or: 1e-12))
    }
    word("renorm") {
      try $0.x.renorm(p: $0.real(1, "p"), axis: $0.int(2, "dim"), most: $0.real(3, "maxnorm"))
    }
  }

  private static func quantile(_ call: Call, ignoresNaN: Bool) throws -> Tensor {
    let axis = try call.optionalInt(2, "dim")
    let keeps = try call.bool(3, "keepdim")
    let name = try call.text(.max, "interpolation", or: "linear")
    guard let rule = QuantileRule(rawValue: name) else { throw Lacking(what: name) }
    if call.isTensor(1, "q") {
      let q = try call.tensor(1, "q")
      return ignoresNaN
        ? try call.x.nanquantile(q, axis: axis, keepDims: keeps, rule: rule)
        : try call.x.quantile(q, axis: axis, keepDims: keeps, rule: rule)
    }
    let q = try call.real(1, "q")
    return ignoresNaN
      ? try call.x.nanquantile(q, axis: axis, keepDims: keeps, rule: rule)
      : try call.x.quantile(q, axis: axis, keepDims: keeps, rule: rule)
  }
}
