import Blitz

/// torch.masked: what a mask leaves out is replaced by what changes nothing.
extension Table {
  private static func masked(_ call: Call, _ fill: Double) throws -> Tensor {
    let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
    guard let mask = try call.optionalTensor(.max, "mask") else { return x * 1 }
    if fill.isFinite || x.dtype.isFloating {
      return .where(mask, x, Tensor.full(like: x, fill))
    }
    throw Lacking(what: "whole numbers without infinities")
  }

  private static func reduced(
    _ call: Call, _ fill: Double, at place: Int = 1, _ reduce: (Tensor, [Int], Bool) -> Tensor
  ) throws -> Tensor {
    let x = try masked(call, fill)
    return try reduce(
      x, call.optionalInts(place, "dim") ?? [], call.bool(place + 1, "keepdim"))
  }

  mutating func addMasked() {
    expression("masked.sum") {
      try Table.reduced($0, 0) { $0.sum(axes: $1, keepDims: $2) }
    }
    expression("masked.prod") {
      try Table.reduced($0, 1) { $0.prod(axes: $1, keepDims: $2) }
    }
    expression("masked.amax") {
      try Table.reduced($0, -.infinity) { $0.max(axes: $1, keepDims: $2) }
    }
    expression("masked.amin") {
      try Table.reduced($0, .infinity) { $0.min(axes: $1, keepDims: $2) }
    }
    expression("masked.mean") {
      try Table.reduced($0, .nan) { $0.nanmean(axes: $1, keepDims: $2) }
    }
    for name in ["std", "var"] {
      expression("masked.\(name)") { call in
        let count = try Table.reduced(call, .nan) { x, axes, keep in
          (.!x.isNaN()).sum(axes: axes, keepDims: keep)
        }
        let x = try Table.masked(call, .nan)
        let (axes, keep) = (try call.optionalInts(1, "dim") ?? [], try call.bool(3, "keepdim"))
        let correction =
          try call.optionalInt(.max, "correction") ?? (call.bool(2, "unbiased", or: true) ? 1 : 0)
        let apart = x - x.nanmean(axes: axes, keepDims: true)
        let sum = apart.square().nansum(axes: axes, keepDims: keep)
        let variance = sum / (count - correction).cast(to: sum.dtype).clamp(min: 0)
        return name == "std" ? variance.sqrt() : variance
      }
    }
    expression("masked.logsumexp") {
      try Table.reduced($0, -.infinity) { $0.logSumExp(axes: $1, keepDims: $2) }
    }
    expression("masked.norm") { call in
      let p = try call.real(1, "ord", or: 2)
      return try Table.reduced(call, p == -.infinity ? .infinity : 0, at: 2) {
        $0.norm(p, axes: $1, keepDims: $2)
      }
    }
    expression("masked.argmax") { call in
      try Table.masked(call, -.infinity).argmax(
        axis: call.optionalInt(1, "dim"), keepDims: call.bool(2, "keepdim")
      ).cast(to: call.x.dtype)
    }
    expression("masked.argmin") { call in
      try Table.masked(call, .infinity).argmin(
        axis: call.optionalInt(1, "dim"), keepDims: call.bool(2, "keepdim")
      ).cast(to: call.x.dtype)
    }
    expression("masked.median") { call in
      let x = try Table.masked(call, .nan)
      guard let axis = try call.optionalInt(1, "dim") else { return x.nanmedian() }
      return try x.nanmedian(axis: axis, keepDims: call.bool(2, "keepdim")).values
    }
    expression("masked.cumsum") { try Table.masked($0, 0).cumsum(axis: $0.int(1, "dim")) }
    expression("masked.cumprod") { try Table.masked($0, 1).cumprod(axis: $0.int(1, "dim")) }
    expression("masked.softmax") {
      try Table.masked($0, -.infinity).softmax(axis: $0.int(1, "dim"))
    }
    expression("masked.log_softmax") {
      try Table.masked($0, -.infinity).logSoftmax(axis: $0.int(1, "dim"))
    }
    expression("masked.softmin") {
      try (-Table.masked($0, .infinity)).softmax(axis: $0.int(1, "dim"))
    }
    expression("masked.normalize") { call in
      let x = try Table.masked(call, 0)
      return try x.normalized(
        p: call.real(1, "ord"), axis: call.int(2, "dim"),
        epsilon: call.real(.max, "eps", or: 1e-12))
    }
    expression("masked.logaddexp") { call in
      var (x, y) = (try call.x, try call.tensor(1))
      if let mask = try call.optionalTensor(.max, "input_mask") {
        x = .where(mask, x, -Double.infinity)
      }
      if let mask = try call.optionalTensor(.max, "other_mask") {
        y = .where(mask, y, -Double.infinity)
      }
      return x.logAddExp(y)
    }
  }
}
