import Blitz

extension Table {
  /// A second operand with PyTorch's factor `alpha`.
  private static func scaled(_ call: Call, _ place: Int, _ name: String) throws -> Tensor {
    let operand = try call.tensor(place, name)
    guard let alpha = call.named("alpha") else { return operand }
    return operand * (try call.tensor(alpha))
  }

  mutating func addArithmetic() {
    word("add") { try $0.x + Table.scaled($0, 1, "other") }
    word("sub") { try $0.x - Table.scaled($0, 1, "other") }
    word("rsub", "__rsub__") { call in
      let x = try call.x
      let other = try call.tensor(1, "other")
      guard let alpha = call.named("alpha") else { return other - x }
      return other - x * (try call.tensor(alpha))
    }
    word("mul") { try $0.x * $0.tensor(1, "other") }
    word("div") { call in
      let (x, y) = (try call.x, try call.tensor(1, "other"))
      switch try call.text(2, "rounding_mode") {
      case "floor": return x.floorDivided(by: y)
      case "trunc":
        if x.dtype.isFloating || y.dtype.isFloating { return (x / y).trunc() }
        return x.abs().floorDivided(by: y.abs()) * x.sign() * y.sign()
      default: return x / y
      }
    }
    word("true_divide") { try $0.x / $0.tensor(1, "other") }
    word("floor_divide") { try $0.x.floorDivided(by: $0.tensor(1, "other")) }
    word("remainder") { try $0.x % $0.tensor(1, "other") }
    word("fmod") { try $0.x.fmod($0.tensor(1, "other")) }
    word("__radd__") { try $0.tensor(1) + $0.x }
    word("__rdiv__") { try $0.tensor(1) / $0.x }
    word("__rmul__") { try $0.tensor(1) * $0.x }
    word("__rmod__") { try $0.tensor(1) % $0.x }
    word("__rpow__") { try $0.tensor(1).pow($0.x) }
    word("pow") { try $0.x.pow($0.tensor(1, "exponent")) }
    word("float_power") { call in
      let x = try call.x
      if !x.isComplex, case .real(let exponent)? = call.value(1, "exponent") {
        return x.cast(to: .float64).pow(exponent)
      }
      let exponent = try call.tensor(1, "exponent")
      let dtype: DType = x.isComplex || exponent.isComplex ? .complex128 : .float64
      return x.cast(to: dtype).pow(exponent.cast(to: dtype))
    }
    word("maximum") { try $0.x.maximum($0.tensor(1, "other")) }
    word("minimum") { try $0.x.minimum($0.tensor(1, "other")) }
    word("fmax") { try $0.x.fmax($0.tensor(1, "other")) }
    word("fmin") { try $0.x.fmin($0.tensor(1, "other")) }
    word("atan2") { try $0.x.atan2($0.tensor(1, "other")) }
    word("hypot") { try $0.x.hypot($0.tensor(1, "other")) }
    word("copysign") { try $0.x.copySign($0.tensor(1, "other")) }
    word("heaviside") { try $0.x.heaviside($0.tensor(1, "values")) }
    word("ldexp") { try $0.x.ldexp($0.tensor(1, "other")) }
    word("xlogy") { try $0.x.xlogy($0.tensor(1, "other")) }
    word("special.xlog1py") { try $0.x.xlog1py($0.tensor(1, "other")) }
    word("logaddexp") { try $0.x.logAddExp($0.tensor(1, "other")) }
    word("logaddexp2") { try $0.x.logAddExp2($0.tensor(1, "other")) }
    word("lerp") {
      let weight = try $0.tensor(2, "weight")
      return try $0.x.lerp(
        $0.tensor(1, "end"), weight.isComplex ? weight.cast(to: $0.x.dtype) : weight)
    }
    word("addcmul") { call in
      try call.x.addcmul(
        call.tensor(1, "tensor1"), call.tensor(2, "tensor2"),
        value: call.named("value").map { try call.tensor($0) } ?? 1)
    }
    word("addcdiv") { call in
      try call.x.addcdiv(
        call.tensor(1, "tensor1"), call.tensor(2, "tensor2"),
        value: call.named("value").map { try call.tensor($0) } ?? 1)
    }
    word("bitwise_and", "__rand__") { try $0.x .& $0.tensor(1, "other") }
    word("bitwise_or", "__ror__") { try $0.x .| $0.tensor(1, "other") }
    word("bitwise_xor", "__rxor__") { try $0.x .^ $0.tensor(1, "other") }
    word("bitwise_not") { try .!$0.x }
    word("neg") { try -$0.x }
    word(
      "positive", "clone", "contiguous", "resolve_conj", "resolve_neg", "alias_copy"
    ) { call in
      _ = call.named("memory_format")
      return try call.x
    }
    word("clamp") { call in
      guard !call.isTensor(1, "min"), !call.isTensor(2, "max") else {
        var x = try call.x
        if let low = try call.optionalTensor(1, "min") { x = x.maximum(low) }
        if let high = try call.optionalTensor(2, "max") { x = x.minimum(high) }
        return x
      }
      return try call.x.clamp(min: call.optionalReal(1, "min"), max: call.optionalReal(2, "max"))
    }
    word("clamp_min") { try $0.x.maximum($0.tensor(1, "min")) }
    word("clamp_max") { try $0.x.minimum($0.tensor(1, "max")) }
  }

  mutating func addComparisons() {
    word("eq") { try $0.x .== $0.tensor(1, "other") }
    word("ne") { try $0.x .!= $0.tensor(1, "other") }
    word("lt") { try $0.x .< $0.tensor(1, "other") }
    word("le") { try $0.x .<= $0.tensor(1, "other") }
    word("gt") { try $0.x .> $0.tensor(1, "other") }
    word("ge") { try $0.x .>= $0.tensor(1, "other") }
    word("isnan") { try $0.x.isNaN() }
    word("isfinite") { try $0.x.isFinite() }
    word("isinf") { try $0.x.isInfinite() }
    word("isposinf") { try $0.x.isPositiveInfinity() }
    word("isneginf") { try $0.x.isNegativeInfinity() }
    word("signbit") { try $0.x.signBit() }
    word("logical_not") { try .!($0.x.cast(to: .bool)) }
    word("logical_and") { try $0.x.cast(to: .bool) .& $0.tensor(1).cast(to: .bool) }
    word("logical_or") { try $0.x.cast(to: .bool) .| $0.tensor(1).cast(to: .bool) }
    word("logical_xor") { try $0.x.cast(to: .bool) .^ $0.tensor(1).cast(to: .bool) }
    word("isclose") { call in
      try call.x.isClose(
        to: call.tensor(1, "other"), relative: call.real(2, "rtol", or: 1e-5),
        absolute: call.real(3, "atol", or: 1e-8), equalNaN: call.bool(4, "equal_nan"))
    }
    word("allclose") { call in
      try call.x.isClose(
        to: call.tensor(1, "other"), relative: call.real(2, "rtol", or: 1e-5),
        absolute: call.real(3, "atol", or: 1e-8), equalNaN: call.bool(4, "equal_nan")
      ).all()
    }
    word("equal") { try $0.x.isEqual(to: $0.tensor(1, "other")) }
    word("isin") { call in
      let found = try call.x.isIn(call.tensor(1, "test_elements"))
      return try call.bool(3, "invert") ? .!found : found
    }
    word("where") { try Tensor.where($0.tensor(1), $0.x, $0.tensor(2)) }
  }

  mutating func addFunctions() {
    word("abs") { try $0.x.abs() }
    word("sign") { try $0.x.sign() }
    word("floor") { try $0.x.floor() }
    word("ceil") { try $0.x.ceil() }
    word("round") { call in
      let decimals = try call.int(1, "decimals", or: 0)
      return try call.x.round(decimals: decimals)
    }
    word("trunc") { try $0.x.trunc() }
    word("frac") { try $0.x.frac() }
    word("exp") { try $0.x.exp() }
    word("exp2") { try $0.x.exp2() }
    word("expm1") { try $0.x.expm1() }
    word("log") { try $0.x.log() }
    word("log2") { try $0.x.log2() }
    word("log10") { try $0.x.log10() }
    word("log1p") { try $0.x.log1p() }
    word("sqrt") { try $0.x.sqrt() }
    word("rsqrt") { try $0.x.rsqrt() }
    word("square") { try $0.x.square() }
    word("reciprocal") { try $0.x.reciprocal() }
    word("sin") { try $0.x.sin() }
    word("cos") { try $0.x.cos() }
    word("tan") { try $0.x.tan() }
    word("asin") { try $0.x.asin() }
    word("acos") { try $0.x.acos() }
    word("atan") { try $0.x.atan() }
    word("sinh") { try $0.x.sinh() }
    word("cosh") { try $0.x.cosh() }
    word("tanh") { try $0.x.tanh() }
    word("asinh") { try $0.x.asinh() }
    word("acosh") { try $0.x.acosh() }
    word("atanh") { try $0.x.atanh() }
    word("sinc") { try $0.x.sinc() }
    word("deg2rad") { try $0.x.deg2rad() }
    word("rad2deg") { try $0.x.rad2deg() }
    word("sigmoid") { try $0.x.sigmoid() }
    word("logit") { try $0.x.logit(epsilon: $0.optionalReal(1, "eps")) }
    word("erf") { try $0.x.erf() }
    word("nan_to_num") { call in
      try call.x.nanToNumber(
        nan: call.real(1, "nan", or: 0), positiveInfinity: call.optionalReal(2, "posinf"),
        negativeInfinity: call.optionalReal(3, "neginf"))
    }
    word("special.entr") { try $0.x.entr() }
    word("frexp") { call in
      let (mantissa, exponent) = try call.x.frexp()
      return [mantissa, exponent]
    }
  }

  mutating func addActivations() {
    word("nn.functional.relu") { try $0.x.relu() }
    word("nn.functional.leaky_relu") {
      try $0.x.leakyRelu(slope: $0.real(1, "negative_slope", or: 0.01))
    }
    word("nn.functional.elu") { try $0.x.elu(alpha: $0.real(1, "alpha", or: 1)) }
    word("nn.functional.gelu") {
      let approximate = try $0.text(1, "approximate", or: "none")
      guard approximate == "none" || approximate == "tanh" else { throw NoSuchCase() }
      return try $0.x.gelu(approximate: approximate == "tanh" ? .tanh : .none)
    }
    word("nn.functional.silu") { try $0.x.silu() }
    word("nn.functional.softplus") {
      try $0.x.softplus(beta: $0.real(1, "beta", or: 1), threshold: $0.real(2, "threshold", or: 20))
    }
    word("softmax") { call in
      let x = try call.dtype(2).map { try call.x.cast(to: $0) } ?? call.x
      return try x.softmax(axis: call.int(1, "dim"))
    }
    word("log_softmax") { call in
      let x = try call.dtype(2).map { try call.x.cast(to: $0) } ?? call.x
      return try x.logSoftmax(axis: call.int(1, "dim"))
    }
    word("nn.functional.softmin") { call in
      let x = try call.dtype(2).map { try call.x.cast(to: $0) } ?? call.x
      return try (-x).softmax(axis: call.int(1, "dim"))
    }
    word("torch.ops.aten._safe_softmax.default") { call in
      let x = try call.dtype(2).map { try call.x.cast(to: $0) } ?? call.x
      let axis = try call.int(1, "dim")
      let isNothing = (x .== -Tensor.infinity).all(axis: axis, keepDims: true)
      return Tensor.where(isNothing, 0, Tensor.where(isNothing, 0, x).softmax(axis: axis))
    }
    word("nn.functional.hardtanh") { call in
      try call.x.hardtanh(
        from: call.real(1, "min_val", or: -1), to: call.real(2, "max_val", or: 1))
    }
    word("nn.functional.relu6") { try $0.x.relu6() }
    word("nn.functional.hardswish") { try $0.x.hardSwish() }
    word("nn.functional.hardsigmoid") { try $0.x.hardSigmoid() }
    word("nn.functional.logsigmoid") { try $0.x.logSigmoid() }
    word("nn.functional.mish") { try $0.x.mish() }
    word("nn.functional.softsign") { try $0.x.softsign() }
    word("nn.functional.tanhshrink") { try $0.x.tanhShrink() }
    word("nn.functional.softshrink") { try $0.x.softShrink($0.real(1, "lambd", or: 0.5)) }
    word("nn.functional.hardshrink") { try $0.x.hardShrink($0.real(1, "lambd", or: 0.5)) }
    word("nn.functional.threshold") {
      try $0.x.threshold($0.real(1, "threshold"), value: $0.real(2, "value"))
    }
    word("nn.functional.selu") { try $0.x.selu() }
    word("nn.functional.celu") { try $0.x.celu(alpha: $0.real(1, "alpha", or: 1)) }
    word("nn.functional.rrelu") { call in
      if try call.bool(.max, "training") { throw Lacking(what: "drawn slopes") }
      return try call.x.rrelu(
        lower: call.real(1, "lower", or: 1.0 / 8), upper: call.real(2, "upper", or: 1.0 / 3))
    }
    word("nn.functional.glu") { try $0.x.glu(axis: $0.int(1, "dim", or: -1)) }
    word("nn.functional.prelu") { call in
      let (x, weight) = (try call.x, try call.tensor(1, "weight"))
      if weight.rank > 1 { return x.prelu(weight) }
      // One slope for each channel, axis 1.
      var sizes = [Int](repeating: 1, count: x.rank)
      if x.rank > 1 { sizes[1] = weight.elementCount }
      return x.prelu(weight.reshaped(to: Shape(sizes)))
    }
  }
}
