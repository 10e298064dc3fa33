// Complex numbers and their parts. Two primitives see the same memory as complex numbers and as
// pairs of reals; all other ops on complex numbers are ops on these (`ComplexOps.swift`).

extension Rule {
  static let asReal = Rule(
    name: "viewAsReal", .view { _ in nil }, strides: .rowMajor,
    samples: [
      Sample("asReal", .normal([7, 2])) { (-$0[0].viewAsComplex()).viewAsReal() }
    ],
    lowering: .text { text, operation in
      let z = operation.inputs[0]
      let parts = ["real", "imag"].map { part in
        let type = Program.Value(shape: z.shape, dtype: operation.dtype)
        let value = text.emit(
          "stablehlo.\(part) \(z) : \(text.signature([z], type))", z.shape, operation.dtype)
        return text.reshape(value, to: Shape(z.shape.sizes + [1]))
      }
      return text.emit(
        """
        stablehlo.concatenate \(parts), dim = \(z.shape.rank) \
        : \(text.signature(parts, operation.type))
        """,
        operation.shape, operation.dtype)
    }
  ) { [$0.gradient.asComplex] }

  static let asComplex = Rule(
    name: "viewAsComplex", .view { _ in nil }, strides: .rowMajor,
    samples: [
      Sample("asComplex", .normal([7, 2])) { $0[0].viewAsComplex().real }
    ],
    lowering: .text { text, operation in
      let pairs = operation.inputs[0]
      let parts = (0..<2).map { place in
        let slices =
          operation.shape.map { AxisSlice(start: 0, step: 1, count: $0) }
          + [AxisSlice(start: place, step: 1, count: 1)]
        return text.reshape(text.slice(pairs, slices), to: operation.shape)
      }
      return text.emit(
        "stablehlo.complex \(parts) : \(operation.type)", operation.shape, operation.dtype)
    }
  ) { [$0.gradient.asReal] }
}

extension Op {
  /// Whether the primitive itself takes or gives complex numbers; others work on their parts.
  var takesComplex: Bool {
    switch self {
    case .data, .scalar, .transfer, .asReal, .asComplex, .fourier, .host, .custom: true
    default: false
    }
  }
}

extension Tensor {
  /// The complex numbers as pairs along a new last axis.
  var asReal: Tensor {
    if case .scalar(let number) = node.op {
      return stack([.scalar(number, dtype.component), .scalar(.integer(0), dtype.component)])
    }
    if let error = TensorError.badShape(
      "viewAsReal", shape.sizes + [2], operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    return .make(.asReal, self, shape: Shape(shape.sizes + [2]), dtype: dtype.component)
  }

  /// The pairs along the last axis as complex numbers.
  var asComplex: Tensor {
    if node.failure != nil { return self }
    return .make(.asComplex, self, shape: Shape(shape.dropLast()), dtype: dtype.complex)
  }

  /// One of the two parts of complex numbers.
  func part(_ place: Int) -> Tensor {
    if case .scalar(let number) = node.op {
      return .scalar(place == 0 ? number : .integer(0), dtype.component)
    }
    let pairs = asReal
    if pairs.node.failure != nil { return pairs }
    return pairs.sliced(axis: rank, AxisSlice(start: place, step: 1, count: 1)).viewed(as: shape)
  }

  /// Both parts of complex numbers.
  var parts: (Tensor, Tensor) { (part(0), part(1)) }

  /// Complex numbers of two parts of one shape and dtype.
  static func ofParts(_ real: Tensor, _ imag: Tensor) -> Tensor {
    if let failed = failed(real, imag) { return failed }
    return stack([real, imag], axis: -1).asComplex
  }

  /// Complex numbers of their parts along the last axis, or of one part and zeros.
  static func ofParts(real: Tensor) -> Tensor {
    if real.node.failure != nil { return real }
    return ofParts(real, .filled(.integer(0), real.shape, real.dtype))
  }
}

extension Tensor {
  /// The real parts of complex numbers; real numbers as they are: `torch.real`.
  ///
  /// - Returns: the shape of `self`, in float32 for `complex64`, float64 for `complex128`.
  /// - Gradient: `g` as complex numbers without imaginary parts.
  public var real: Tensor { node.failure != nil || !dtype.isComplex ? self : part(0) }

  /// The imaginary parts of complex numbers: `torch.imag`.
  ///
  /// - Returns: the shape of `self`, in float32 for `complex64`, float64 for `complex128`.
  /// - Gradient: `g i`.
  /// - Error: a dtype that is not complex.
  public var imag: Tensor {
    if let rejected = rejectedUnlessComplex("imag") { return rejected }
    return part(1)
  }

  /// Complex numbers as pairs of reals: `torch.view_as_real`.
  ///
  /// - Returns: `[..., 2]`, the real parts and then the imaginary ones along the last axis.
  /// - Gradient: the pairs of `g` as complex numbers.
  /// - Error: a dtype that is not complex.
  public func viewAsReal() -> Tensor {
    if let rejected = rejectedUnlessComplex("viewAsReal") { return rejected }
    return asReal
  }

  /// Pairs of reals along the last axis as complex numbers: `torch.view_as_complex`.
  ///
  ///     Tensor([[1.0, 2], [0, -1]]).viewAsComplex()     // 1+2i, 0-1i
  ///
  /// - Returns: the shape without the last axis, complex64 of float32 and complex128 of float64.
  /// - Gradient: `g` as pairs.
  /// - Error: another dtype, a last axis whose size is not 2, a single number.
  public func viewAsComplex() -> Tensor {
    if node.failure != nil { return self }
    guard dtype == .float32 || dtype == .float64, shape.last == 2 else {
      return Tensor(
        error: TensorError(
          "viewAsComplex", "takes float32 or float64 [..., 2], not \(signature)",
          operands: [("input", signature)],
          help: "the last axis has the real and the imaginary part of each number"))
    }
    return asComplex
  }

  /// Complex numbers of their real and imaginary parts: `torch.complex`.
  ///
  ///     Tensor.complex(Tensor([1.0, 0]), Tensor([2.0, -1]))     // 1+2i, 0-1i
  ///
  /// - Returns: the broadcast shape, complex64 of float32 and complex128 of float64.
  /// - Gradient: the real and the imaginary part of `g`.
  /// - Error: dtypes that differ, or are neither float32 nor float64; shapes that do not broadcast.
  public static func complex(_ real: Tensor, _ imag: Tensor) -> Tensor {
    if let failed = failed(real, imag) { return failed }
    guard real.dtype == imag.dtype, real.dtype == .float32 || real.dtype == .float64 else {
      return Tensor(
        error: TensorError(
          "complex", "takes two of float32, or two of float64, not \(real.dtype) and \(imag.dtype)",
          operands: [("real", real.signature), ("imag", imag.signature)],
          help: "cast them, for example with .cast(to: .float32)"))
    }
    switch paired("complex", real, imag, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (real, imag)): return ofParts(real, imag)
    }
  }

  /// Complex numbers of their sizes and angles: `torch.polar`.
  ///
  ///     z = size * (cos(angle) + i sin(angle))
  ///
  /// - Returns: the broadcast shape, complex64 of float32 and complex128 of float64.
  /// - Gradient: that of the formula.
  /// - Error: dtypes that differ, or are neither float32 nor float64; shapes that do not broadcast.
  public static func polar(_ size: Tensor, _ angle: Tensor) -> Tensor {
    complex(size * angle.cos(), size * angle.sin()).named("polar")
  }

  /// The numbers with the other sign of their imaginary parts; real numbers as they are:
  /// `torch.conj`, and `conj_physical`, which here are one.
  ///
  /// - Gradient: `conj(g)`.
  public func conj() -> Tensor {
    if node.failure != nil || !dtype.isComplex { return self }
    let (real, imag) = parts
    return .ofParts(real, -imag)
  }

  /// The matrices, along the last two axes, transposed and conjugated: `torch.adjoint`,
  /// `Tensor.mH`.
  ///
  /// - Gradient: that of `g`, likewise.
  /// - Error: fewer than two axes.
  public func adjoint() -> Tensor { transposed(-2, -1).conj().named("adjoint") }

  /// The angle of each number in the plane, in radians: `torch.angle`.
  ///
  ///     y = atan2(imag, real);  of real numbers 0, and pi below 0
  ///
  /// - Returns: the shape of `self`, in the dtype of the parts, float32 for whole numbers; from -pi
  ///   to pi, NaN for NaN.
  /// - Gradient: that of the formula for complex numbers, 0 for real ones and at 0.
  public func angle() -> Tensor {
    if node.failure != nil { return self }
    if !dtype.isComplex {
      let x = dtype.isFloating ? self : converted(to: .float32)
      let flat = Tensor.where(x.detached() .< 0, .real(.pi), 0).cast(to: x.dtype)
      // NaN, whose gradient is 0, too.
      return .where(x.isNaN(), x.round(), flat)
    }
    let (x, y) = parts
    // Where both are 0, PyTorch's gradient is 0.
    let isOrigin = (x .== 0) .& (y .== 0)
    let around = Tensor.where(isOrigin, x.detached(), x)
    let height = Tensor.where(isOrigin, y.detached(), y)
    return Tensor.where(
      isOrigin, y.detached().atan2(x.detached()), height.atan2(.where(isOrigin, 1, around)))
  }

  /// Each number over its size, 0 at 0; of real numbers their sign: `torch.sgn`.
  ///
  ///     y = z / |z|
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula, 0 at 0 and for real numbers.
  public func sgn() -> Tensor {
    if node.failure != nil || !dtype.isComplex { return sign().named("sgn") }
    let (x, y) = parts
    let size = abs()
    let isOrigin = size .== 0
    let length = Tensor.where(isOrigin, 1, size)
    return .ofParts(.where(isOrigin, 0, x / length), .where(isOrigin, 0, y / length))
  }

  /// Where elements have no imaginary part: `torch.isreal`.
  ///
  /// - Returns: bool in the shape of `self`; true for all real dtypes. There is no gradient.
  public func isReal() -> Tensor {
    if node.failure != nil { return self }
    return dtype.isComplex ? part(1) .== 0 : Tensor.full(shape, 1, dtype: .bool, device: device)
  }

  /// Whether the elements are complex numbers: `torch.is_complex`.
  public var isComplex: Bool { dtype.isComplex }

  private func rejectedUnlessComplex(_ name: String) -> Tensor? {
    if node.failure != nil { return self }
    if dtype.isComplex { return nil }
    return Tensor(
      error: TensorError(
        name, "takes complex numbers, not \(dtype)", operands: [("input", signature)],
        help: "write Tensor.complex(real, imag), or .cast(to: .complex64) first"))
  }
}

extension TensorError {
  /// Complex numbers where only real ones are defined.
  static func takesReals(_ op: String, _ operands: [Tensor]) -> TensorError {
    let dtype = operands.first { $0.dtype.isComplex }?.dtype ?? .complex64
    return TensorError(
      op, "takes real numbers, not \(dtype)",
      operands: operands.enumerated().map {
        (operands.count == 1 ? "input" : "operand \($0)", $1.signature)
      }, help: "write it of .real, .imag or .abs()")
  }
}
