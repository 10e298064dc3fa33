import Blitz

extension Row {
  /// A word without arguments.
  private static func plain(
    _ name: String, _ compute: @escaping @Sendable (Tensor) -> Tensor
  ) -> Row {
    Row("Tensor.\(name)()") { compute($0.tensor()) }
  }

  /// A word of another tensor.
  private static func pair(
    _ name: String, _ compute: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Row {
    Row("Tensor.\(name)") { compute($0.tensor(), $0.tensor()) }
  }

  private static let elementary: [Row] = [
    plain("asin") { $0.asin() }, plain("acos") { $0.acos() }, plain("atan") { $0.atan() },
    plain("sinh") { $0.sinh() }, plain("cosh") { $0.cosh() }, plain("asinh") { $0.asinh() },
    plain("acosh") { $0.acosh() }, plain("atanh") { $0.atanh() }, plain("exp2") { $0.exp2() },
    plain("log2") { $0.log2() }, plain("log10") { $0.log10() }, plain("entr") { $0.entr() },
    plain("trunc") { $0.trunc() }, plain("frac") { $0.frac() }, plain("sinc") { $0.sinc() },
    plain("signBit") { $0.signBit() },
    Row("Tensor.frexp()") {
      let parts = $0.tensor().frexp()
      return [parts.mantissa, parts.exponent]
    },
    Row("Tensor.logit(epsilon:)") { $0.tensor().logit(epsilon: $0.bool() ? nil : $0.double()) },
    Row("Tensor.round(decimals:)") { $0.tensor().round(decimals: $0.int()) },
    Row("Tensor.nanToNumber(nan:positiveInfinity:negativeInfinity:)") {
      $0.tensor().nanToNumber(
        nan: $0.double(), positiveInfinity: $0.bool() ? nil : $0.double(),
        negativeInfinity: $0.bool() ? nil : $0.double())
    },
    pair("logAddExp(_:)") { $0.logAddExp($1) }, pair("logAddExp2(_:)") { $0.logAddExp2($1) },
    pair("xlogy(_:)") { $0.xlogy($1) }, pair("xlog1py(_:)") { $0.xlog1py($1) },
    pair("fmod(_:)") { $0.fmod($1) }, pair("floorDivided(by:)") { $0.floorDivided(by: $1) },
    pair("copySign(_:)") { $0.copySign($1) }, pair("heaviside(_:)") { $0.heaviside($1) },
    pair("fmax(_:)") { $0.fmax($1) }, pair("fmin(_:)") { $0.fmin($1) },
    pair("hypot(_:)") { $0.hypot($1) }, pair("ldexp(_:)") { $0.ldexp($1) },
    pair("isIn(_:)") { $0.isIn($1) },
    pair("shiftedLeft(by:)") { $0.shiftedLeft(by: $1) },
    pair("shiftedRight(by:)") { $0.shiftedRight(by: $1) },
    Row("Tensor.lerp(_:_:)") { $0.tensor().lerp($0.tensor(), $0.tensor()) },
    Row("Tensor.isClose(to:relative:absolute:equalNaN:)") {
      $0.tensor().isClose(
        to: $0.tensor(), relative: $0.double(), absolute: $0.double(), equalNaN: $0.bool())
    },
  ]

  private static let activations: [Row] = [
    plain("relu6") { $0.relu6() }, plain("hardSigmoid") { $0.hardSigmoid() },
    plain("hardSwish") { $0.hardSwish() }, plain("logSigmoid") { $0.logSigmoid() },
    plain("mish") { $0.mish() }, plain("softsign") { $0.softsign() },
    plain("tanhShrink") { $0.tanhShrink() }, plain("selu") { $0.selu() },
    Row("Tensor.hardShrink(_:)") { $0.tensor().hardShrink($0.double()) },
    Row("Tensor.softShrink(_:)") { $0.tensor().softShrink($0.double()) },
    Row("Tensor.threshold(_:value:)") {
      $0.tensor().threshold($0.double(), value: $0.double())
    },
    Row("Tensor.celu(alpha:)") { $0.tensor().celu(alpha: $0.double()) },
    Row("Tensor.prelu(_:)") { $0.tensor().prelu($0.tensor()) },
    Row("Tensor.glu(axis:)") { $0.tensor().glu(axis: $0.int()) },
  ]

  private static let special: [Row] = [
    plain("erfc") { $0.erfc() }, plain("erfcx") { $0.erfcx() }, plain("erfinv") { $0.erfinv() },
    plain("ndtr") { $0.ndtr() }, plain("logNdtr") { $0.logNdtr() }, plain("ndtri") { $0.ndtri() },
    plain("lgamma") { $0.lgamma() }, plain("digamma") { $0.digamma() },
    Row("Tensor.mvlgamma(_:)") { $0.tensor().mvlgamma($0.int()) },
    Row("Tensor.polygamma(_:)") { $0.tensor().polygamma($0.int()) },
    pair("zeta(_:)") { $0.zeta($1) },
    plain("besselJ0") { $0.besselJ0() }, plain("besselJ1") { $0.besselJ1() },
    plain("besselY0") { $0.besselY0() }, plain("besselY1") { $0.besselY1() },
    plain("sphericalBesselJ0") { $0.sphericalBesselJ0() }, plain("airyAi") { $0.airyAi() },
    plain("besselI0") { $0.besselI0() }, plain("scaledBesselI0") { $0.scaledBesselI0() },
    plain("besselI1") { $0.besselI1() }, plain("scaledBesselI1") { $0.scaledBesselI1() },
    plain("besselK0") { $0.besselK0() }, plain("scaledBesselK0") { $0.scaledBesselK0() },
    plain("besselK1") { $0.besselK1() }, plain("scaledBesselK1") { $0.scaledBesselK1() },
    Row("Tensor.polynomial(_:degree:)") {
      let family = $0.pick(OrthogonalPolynomial.allCases)
      return [
        $0.tensor().polynomial(family, degree: $0.int()),
        $0.tensor().polynomial(family, degree: $0.tensor()),
      ]
    },
  ]

  static let functions = elementary + activations + special
}
