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
      try call.byteProduct(call[0], zero: call.optional(2), call[1], zero: call.optional(3))
    },
    OpEntry("ConvInteger", since: 10, .own) { call in
      try call.byteConvolution(
        call[0], zero: call.optional(2), call[1], zero: call.optional(3))
    },
    OpEntry(many: "QLinearMatMul", since: 10) { call in
      let product = try call.byteProduct(
        call[0], zero: call.optional(2), call[3], zero: call.optional(5)
      ).cast(to: .float64)
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
      var sum = try call.byteConvolution(
        call[0], zero: call.optional(2), call[3], zero: call.optional(5)
      ).cast(to: .float64)
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
    if type.bitCount <= 16, x.dtype == .float32, type.small == nil {
      // Exact as far as the range goes, and what is beyond it is cut.
      let whole = zero.map { x.round() + $0 } ?? x.round()
      return Tensor.where(whole.isNaN(), 0, whole)
        .clamp(min: Double(range.lowerBound), max: Double(range.upperBound)).cast(to: carrier)
    }
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

  /// A zero point as int32, in the shape it has; nil if there is none or it is known to be 0.
  private func zeroPoint(_ zero: Tensor?) -> Tensor? {
    guard let zero else { return nil }
    let known = zero.rank < 2 ? try? zero.cast(to: .int64).scalars(as: Int.self) : nil
    if let known, known.allSatisfy({ $0 == 0 }) { return nil }
    let wide = zero.cast(to: .int32)
    return zero.elementCount == 1 ? wide.reshaped(to: []) : wide
  }

  /// The product of two arrays of whole numbers of 8 bits, each less its zero points, one for all,
  /// or for each row of the left, each column of the right:
  ///
  ///     sum (a - u) (b - v) = sum a b - u sum b - v sum a + u v k
  ///
  /// All of it in int32, which wraps: exact where the result is within its range.
  fileprivate func byteProduct(
    _ left: Tensor, zero leftZero: Tensor?, _ right: Tensor, zero rightZero: Tensor?
  ) throws -> Tensor {
    let (a, b) = (left.cast(to: .int32), right.cast(to: .int32))
    if let error = a.error ?? b.error { throw error }
    var u = zeroPoint(leftZero)
    let v = zeroPoint(rightZero)
    let product = a.matmul(b)
    if u == nil && v == nil { return product }
    guard a.rank > 1, b.rank > 1 else {
      // Vectors lose an axis.
      return (u.map { a - $0 } ?? a).matmul(v.map { b - $0 } ?? b)
    }
    if let rows = u, rows.rank == 1 { u = rows.unsqueezed(axis: 1) }
    var result = product
    if let u {
      // The sums of columns are a product, too, which takes bytes as they lie. With a cast of its
      // own: one that is computed is no longer a product's.
      let ones = Tensor.ones([1, b.shape[b.rank - 2]], dtype: .uint8, device: b.device)
      let sums = ones.cast(to: .int32).matmul(right.cast(to: .int32))
      sums.computeIfConstant()
      result = result - u * sums
    }
    if let v { result = result - v * a.sum(axis: -1, keepDims: true).cast(to: .int32) }
    if let u, let v { result = result + u * v * a.shape[a.rank - 1] }
    return result
  }

  /// The convolution of whole numbers of 8 bits, images and weights less their zero points: a
  /// product with the windows as columns.
  fileprivate func byteConvolution(
    _ images: Tensor, zero inputZero: Tensor?, _ weight: Tensor, zero weightZero: Tensor?
  ) throws -> Tensor {
    let (x, sizes) = try image(images)
    let u = zeroPoint(inputZero)
    let v = zeroPoint(weightZero)
    if let error = x.error ?? weight.error ?? u?.error ?? v?.error { throw error }
    let groups = int("group", 1)
    guard sizes.count == 2, weight.rank == 4, groups > 0, weight.shape[0] % groups == 0,
      x.shape[1] == weight.shape[1] * groups, x.elementCount > 0, weight.elementCount > 0
    else {
      let wide = x.cast(to: .float64)
      var filters = weight.cast(to: .float64)
      if let v {
        let ones = Array(repeating: 1, count: weight.rank - 1)
        filters = filters - v.cast(to: .float64).reshaped(to: v.rank == 0 ? [] : Shape([-1] + ones))
      }
      return try convolved(u.map { wide - $0.cast(to: .float64) } ?? wide, filters, sizes)
        .cast(to: .int32)
    }
    let geometry = try geometry(sizes, kernel: [weight.shape[2], weight.shape[3]])
    // What is around the image stands for 0, so it is the zero point.
    let border = inputZero?.reshaped(to: [])
    let outputs = weight.shape[0]
    let terms = weight.shape[1] * weight.shape[2] * weight.shape[3]
    let columns = x.columns(geometry, filledWith: border, groups: groups)
    let (a, b) = (
      weight.reshaped(to: Shape([groups, outputs / groups, terms])).cast(to: .int32),
      columns.cast(to: .int32)
    )
    var sums = a.matmul(b)
    if let u {
      let rows = weight.reshaped(to: a.shape).cast(to: .int32).sum(axis: -1, keepDims: true)
        .cast(to: .int32)
      rows.computeIfConstant()
      sums = sums - u * rows
    }
    if let v {
      let each = v.rank == 0 ? v : v.reshaped(to: Shape([groups, outputs / groups, 1]))
      sums = sums - each * b.sum(axis: -2, keepDims: true).cast(to: .int32)
      if let u { sums = sums + u * each * terms }
    }
    return sums.reshaped(
      to: Shape([x.shape[0], outputs, geometry.counts[0], geometry.counts[1]]))
  }
}

/// What a DequantizeLinear makes floats of: whole numbers of 8 bits, less zero points, times steps.
struct QuantizedSource {
  let numbers: Tensor
  /// float32, `[]`, or one for each place along an axis.
  let scale: Tensor
  let zero: Tensor?
  /// The axis along which steps and zero points differ; nil if there is one of each.
  let axis: Int?

  /// The ops that multiply the whole numbers themselves.
  static let readers: Set<String> = ["MatMul", "Gemm", "Conv"]

  /// What a call of DequantizeLinear reads; nil if that is not of 8 bits, or in blocks.
  init?(_ call: OpCall) {
    let types = [call.type(0)] + (call.has(2) ? [call.type(2)] : [])
    guard let numbers = call.optional(0), let scale = call.optional(1),
      types.allSatisfy({ $0 == .int8 || $0 == .uint8 }), scale.dtype == .float32,
      call.int("block_size") == 0, call.int("output_dtype") == 0,
      numbers.error == nil, scale.error == nil
    else { return nil }
    let zero = call.optional(2)
    if scale.elementCount == 1 {
      guard zero?.elementCount ?? 1 == 1 else { return nil }
      self.scale = scale.reshaped(to: [])
      axis = nil
    } else {
      let given = call.int("axis", 1)
      let place = given < 0 ? given + numbers.rank : given
      guard scale.rank == 1, (0..<numbers.rank).contains(place),
        scale.elementCount == numbers.shape[place], zero?.elementCount ?? 1 != 0
      else { return nil }
      self.scale = scale
      axis = place
    }
    (self.numbers, self.zero) = (numbers, zero)
  }

  /// Whether somebody asks for the gradient of the floats.
  fileprivate var isTracked: Bool { GradientMode.isOn && scale.requiresGrad }
}

extension OpCall {
  /// Inputs 0 and 1 as whole numbers; nil if they are floats, or if there are gradients to take.
  private var sourcePair: (QuantizedSource, QuantizedSource)? {
    guard sources.count > 1, let left = sources[0], let right = sources[1], left.axis == nil,
      !left.isTracked, !right.isTracked
    else { return nil }
    return (left, right)
  }

  /// The product of inputs that were made of whole numbers: that of the numbers, times the steps;
  /// nil if they were not, or if there are steps within a sum.
  func sourceProduct(turnsLeft: Bool = false, turnsRight: Bool = false) throws -> Tensor? {
    guard let (left, right) = sourcePair, left.numbers.rank > 1, right.numbers.rank > 1,
      right.axis == nil
        || (right.numbers.rank == 2 && right.axis == (turnsRight ? 0 : 1))
    else { return nil }
    return try byteProduct(
      turnsLeft ? left.numbers.transposed() : left.numbers, zero: left.zero,
      turnsRight ? right.numbers.transposed() : right.numbers, zero: right.zero
    ).cast(to: .float32) * (left.scale * right.scale)
  }

  /// The convolution of images and weights that were made of whole numbers, likewise.
  func sourceConvolution() throws -> Tensor? {
    guard let (images, weight) = sourcePair, weight.axis == nil || weight.axis == 0,
      images.numbers.rank == 4, weight.numbers.rank == 4
    else { return nil }
    let sums = try byteConvolution(
      images.numbers, zero: images.zero, weight.numbers, zero: weight.zero)
    let scale = images.scale * weight.scale
    return sums.cast(to: .float32) * (weight.axis == nil ? scale : scale.perChannel(of: 4))
  }
}

extension Tensor {
  /// Computes what depends on numbers that are there, so that a recording has it and not the way
  /// to it; what it is recorded for is computed with each call.
  fileprivate func computeIfConstant() {
    // One that depends on what a recording is given has no numbers, and stays as it is.
    _ = try? eval()
  }
}

extension Tensor {
  /// The windows of images `[N, C, H, W]` as columns, `[N, groups, C / groups * h * w, windows]`.
  fileprivate func columns(
    _ geometry: WindowGeometry, filledWith border: Tensor?, groups: Int
  ) -> Tensor {
    let widths = [(low: 0, high: 0), (low: 0, high: 0)] + geometry.exactPads
    var padded = self.padded(widths)
    // Whole numbers of 8 bits have no number that says: not there.
    if let border, widths.contains(where: { $0.low > 0 || $0.high > 0 }) {
      let inside = Tensor.ones(shape, dtype: .bool, device: device).padded(widths)
      padded = Tensor.where(inside, padded, border)
    }
    func size(_ numbers: [Int]) -> Size2D { Size2D(numbers[0], numbers[1]) }
    return padded.patches(
      size(geometry.kernel), stride: size(geometry.strides), dilation: size(geometry.dilations)
    ).reshaped(to: [shape[0], groups, -1, geometry.counts[0] * geometry.counts[1]])
  }
}
