import Blitz

/// torch.masked.
extension Table {
  private static func masked(_ call: Call) throws -> MaskedTensor {
    let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
    return x.masked(try call.optionalTensor(.max, "mask"))
  }

  private static func reduced(
    _ call: Call, at place: Int = 1, _ reduce: (MaskedTensor, [Int], Bool) -> Tensor
  ) throws -> Tensor {
    try reduce(
      masked(call), call.optionalInts(place, "dim") ?? [], call.bool(place + 1, "keepdim"))
  }

  private static func spread(
    _ call: Call, _ reduce: (MaskedTensor, [Int], Int, Bool) -> Tensor
  ) throws -> Tensor {
    let unbiased = try call.bool(2, "unbiased", or: true)
    return try reduce(
      masked(call), call.optionalInts(1, "dim") ?? [],
      call.optionalInt(.max, "correction") ?? (unbiased ? 1 : 0), call.bool(3, "keepdim"))
  }

  mutating func addMasked() {
    word("masked.sum") { try Table.reduced($0) { $0.sum(axes: $1, keepDims: $2) } }
    word("masked.prod") { try Table.reduced($0) { $0.prod(axes: $1, keepDims: $2) } }
    word("masked.amax") { try Table.reduced($0) { $0.max(axes: $1, keepDims: $2) } }
    word("masked.amin") { try Table.reduced($0) { $0.min(axes: $1, keepDims: $2) } }
    word("masked.mean") { try Table.reduced($0) { $0.mean(axes: $1, keepDims: $2) } }
    word("masked.var") {
      try Table.spread($0) { $0.variance(axes: $1, correction: $2, keepDims: $3) }
    }
    word("masked.std") {
      try Table.spread($0) { $0.std(axes: $1, correction: $2, keepDims: $3) }
    }
    word("masked.logsumexp") { try Table.reduced($0) { $0.logSumExp(axes: $1, keepDims: $2) } }
    word("masked.norm") { call in
      let p = try call.real(1, "ord", or: 2)
      return try Table.reduced(call, at: 2) { $0.norm(p, axes: $1, keepDims: $2) }
    }
    word("masked.argmax") { call in
      try Table.masked(call).argmax(
        axis: call.optionalInt(1, "dim"), keepDims: call.bool(2, "keepdim")
      ).cast(to: call.x.dtype)
    }
    word("masked.argmin") { call in
      try Table.masked(call).argmin(
        axis: call.optionalInt(1, "dim"), keepDims: call.bool(2, "keepdim")
      ).cast(to: call.x.dtype)
    }
    word("masked.median") { call in
      let x = try Table.masked(call)
      guard let axis = try call.optionalInt(1, "dim") else { return x.median() }
      return try x.median(axis: axis, keepDims: call.bool(2, "keepdim"))
    }
    word("masked.cumsum") { try Table.masked($0).cumsum(axis: $0.int(1, "dim")) }
    word("masked.cumprod") { try Table.masked($0).cumprod(axis: $0.int(1, "dim")) }
    word("masked.softmax") { try Table.masked($0).softmax(axis: $0.int(1, "dim")) }
    word("masked.log_softmax") { try Table.masked($0).logSoftmax(axis: $0.int(1, "dim")) }
    word("masked.softmin") { try Table.masked($0).softmin(axis: $0.int(1, "dim")) }
    word("masked.normalize") { call in
      try Table.masked(call).normalized(
        p: call.real(1, "ord"), axis: call.int(2, "dim"),
        epsilon: call.real(.max, "eps", or: 1e-12))
    }
    word("masked.logaddexp") { call in
      let x = try call.x.masked(call.optionalTensor(.max, "input_mask"))
      return try x.logAddExp(call.tensor(1).masked(call.optionalTensor(.max, "other_mask")))
    }
  }
}
