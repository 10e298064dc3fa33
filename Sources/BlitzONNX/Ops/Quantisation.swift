import BlitzTensor

extension OpTable {
  /// Numbers of few bits, and what is computed with them.
  static let quantisation: [OpEntry] = [
    OpEntry(many: "QuantizeLinear", since: 10) { call in
      var type = call.has(2) ? call.type(2) : .uint8
      if call.int("output_dtype") != 0 { type = try call.elementType("output_dtype") }
      let precise =
        call.int("precision") == 0
        ? call[1].dtype : try call.elementType("precision").carrier ?? .float32
      let x = call[0].cast(to: precise)
      let scale = try call.perBlock(1, of: x, or: precise)
      let zero = call.has(2) ? try call.perBlock(2, of: x, or: precise) : nil
      return [
        .tensor(
          try call.quantised(x / scale, zero, type, saturates: call.flag("saturate", true)), type)
      ]
    },
    OpEntry(many: "DequantizeLinear", since: 10) { call in
      let scaleType = call[1].dtype
      let type =
        call.int("output_dtype") == 0
        ? scaleType : try call.elementType("output_dtype").carrier ?? scaleType
      let wide: DType = scaleType.isHalf ? .float32 : scaleType
      var x = call[0].cast(to: wide)
      if call.has(2) { x = x - (try call.perBlock(2, of: x, or: wide)) }
      return [Value((x * (try call.perBlock(1, of: x, or: wide))).cast(to: type))]
    },
    OpEntry(many: "DynamicQuantizeLinear", since: 11) { call in
      let x = call[0]
      guard x.elementCount > 0 else { throw call.failure("takes one element or more") }
      let (low, high) = (x.min().minimum(0), x.max().maximum(0))
      let range = (high - low) / 255
      let scale = Tensor.where(range .== 0, Tensor.ones([], dtype: x.dtype), range)
      let zero = (-low / scale).clamp(min: 0, max: 255).round()
      let y = (x / scale).round() + zero
      return [
        Value(y.clamp(min: 0, max: 255).cast(to: .uint8)), Value(scale),
        Value(zero.cast(to: .uint8)),
      ]
    },
    OpEntry("MatMulInteger", since: 10, .own) { call in
      try call.shifted(0, by: 2, isLeft: true).matmul(call.shifted(1, by: 3, isLeft: false))
        .cast(to: .int32)
    },
    OpEntry("ConvInteger", since: 10, .own) { call in
      let (x, sizes) = try call.image(0)
      let zero = call.optional(2)?.cast(to: .float64).reshaped(to: [])
      let wide = x.cast(to: .float64)
      return try call.convolved(zero.map { wide - $0 } ?? wide, call.weight(1, zero: 3), sizes)
        .cast(to: .int32)
    },
    OpEntry(many: "QLinearMatMul", since: 10) { call in
      let product = try call.shifted(0, by: 2, isLeft: true)
        .matmul(call.shifted(3, by: 5, isLeft: false))
      func scale(_ index: Int, isLeft: Bool) -> Tensor {
        let scale = call[index].cast(to: .float64)
        return scale.elementCount > 1 && scale.rank == 1 && isLeft
          ? scale.unsqueezed(axis: 1) : scale
      }
      let factor = scale(1, isLeft: true) * scale(4, isLeft: false) / call[6].cast(to: .float64)
      let type = call.type(7)
      return [
        .tensor(
          try call.quantised(
            product * factor, call[7].cast(to: .float64), type, saturates: true), type)
      ]
    },
    OpEntry(many: "QLinearConv", since: 10) { call in
      let (x, sizes) = try call.image(0)
      let wide = x.cast(to: .float64) - call[2].cast(to: .float64).reshaped(to: [])
      var sum = try call.convolved(wide, call.weight(3, zero: 5), sizes)
      if let bias = call.optional(8) {
        sum = sum + bias.cast(to: .float64).perChannel(of: sum.rank)
      }
      let scale = call[4].cast(to: .float64)
      let channels =
        scale.elementCount > 1 ? scale.perChannel(of: sum.rank) : scale.reshaped(to: [])
      let factor =
        channels * call[1].cast(to: .float64).reshaped(to: [])
        / call[6].cast(to: .float64).reshaped(to: [])
      let type = call.type(7)
      return [
        .tensor(
          try call.quantised(
            sum * factor, call[7].cast(to: .float64).reshaped(to: []), type, saturates: true), type)
      ]
    },
  ]
}

extension OpCall {
  /// Numbers rounded, moved by the zero point, and cut to the range of a type.
  fileprivate func quantised(
    _ x: Tensor, _ zero: Tensor?, _ type: ElementType, saturates: Bool
  ) throws -> Tensor {
    guard let carrier = type.carrier else { throw failure("\(type) is no type to quantise to") }
    if let small = type.smallFloat {
      return small.rounded(zero.map { x + $0 } ?? x, saturates: saturates)
    }
    guard let range = type.range else { throw failure("\(type) is no type to quantise to") }
    let wide = x.cast(to: .float64).round()
    let moved = zero.map { wide + $0.cast(to: .float64) } ?? wide
    let cut = moved.clamp(min: Double(range.lowerBound), max: Double(range.upperBound))
    return Tensor.where(cut.isNaN(), cut * 0, cut).cast(to: .int64).cast(to: carrier)
  }

  /// A scale or zero point to stand beside the elements that it is for.
  fileprivate func perBlock(_ index: Int, of x: Tensor, or dtype: DType) throws -> Tensor {
    let given = self[index].cast(to: dtype)
    if let error = given.error ?? x.error { throw error }
    if given.elementCount == 1, given.rank <= 1 { return given.reshaped(to: []) }
    let axis = try axis(int("axis", 1), rank: x.rank)
    if given.rank == 1 {
      return given.reshaped(to: Shape((0..<x.rank).map { $0 == axis ? given.elementCount : 1 }))
    }
    let block = int("block_size")
    guard given.rank == x.rank else { throw failure("input \(index) does not fit input 0") }
    if block <= 0 { return given }
    return given.repeatInterleave(block, axis: axis).part(axis: axis, from: 0, to: x.shape[axis])
  }

  /// An operand of a product of whole numbers, less its zero point.
  fileprivate func shifted(_ index: Int, by zero: Int, isLeft: Bool) throws -> Tensor {
    let x = self[index].cast(to: .float64)
    guard let zero = optional(zero)?.cast(to: .float64) else { return x }
    if zero.elementCount == 1 { return x - zero.reshaped(to: []) }
    // One for each row of the left, each column of the right.
    return x - (zero.rank == 1 && isLeft ? zero.unsqueezed(axis: 1) : zero)
  }

  /// The weight of a convolution of whole numbers, less its zero points.
  fileprivate func weight(_ index: Int, zero: Int) -> Tensor {
    let weight = self[index].cast(to: .float64)
    guard let zero = optional(zero)?.cast(to: .float64) else { return weight }
    return weight
      - (zero.elementCount == 1
        ? zero.reshaped(to: [])
        : zero.reshaped(to: Shape([-1] + Array(repeating: 1, count: weight.rank - 1))))
  }
}
