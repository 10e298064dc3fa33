// Functions of complex numbers by real ones of their parts. Branches are cut where PyTorch and C
// cut them, and the sign of a zero part says on which side of a cut a number lies.

extension Tensor {
  /// The size of each number, in the dtype of its parts; the gradient at 0 is 0.
  var complexSize: Tensor {
    .written("abs", of: [self]) {
      $0[0].complexLength
    } gradient: { operands, size, gradient in
      let z = operands[0]
      let isOrigin = size .== 0
      let scaled = Tensor.where(isOrigin, 0, gradient / Tensor.where(isOrigin, 1, size))
      return [Tensor.ofParts(scaled * z.part(0), scaled * z.part(1))]
    }
  }

  private var complexLength: Tensor { part(0).hypot(part(1)) }

  /// A function that is a primitive of real numbers.
  func complexFunction(_ op: Elementwise) -> Tensor {
    let (x, y) = parts
    switch op {
    case .exp:
      let size = x.exp()
      return .ofParts(size * y.cos(), size * y.sin())
    case .expm1:
      // exp(x) cos(y) - 1 without cancellation.
      let half = (y * 0.5).sin()
      return .ofParts(x.expm1() * y.cos() - half * half * 2, x.exp() * y.sin())
    case .sin: return .ofParts(x.sin() * y.cosh(), x.cos() * y.sinh())
    case .cos: return .ofParts(x.cos() * y.cosh(), -(x.sin() * y.sinh()))
    case .sigmoid: return 1 / ((-self).complexFunction(.exp) + 1)
    case .log:
      return holomorphic("log", { $0.principalLog }) { z, _ in z.reciprocal() }
    case .log1p:
      return holomorphic(
        "log1p",
        { z in
          let (x, y) = z.parts
          let near = (x * (x + 2) + y * y).log1p() * 0.5
          let far = (x + 1).hypot(y).log()
          let isNear = (x.abs() .< 0.5) .& (y.abs() .< 0.5)
          return .ofParts(.where(isNear, near, far), y.atan2(x + 1))
        }
      ) { z, _ in (z + 1).reciprocal() }
    case .sqrt:
      return holomorphic("sqrt", { $0.principalRoot }) { _, root in (root * 2).reciprocal() }
    case .rsqrt:
      return holomorphic("rsqrt", { $0.principalRoot.reciprocal() }) { z, y in y / z * -0.5 }
    case .tan:
      // tan(z) = -i tanh(i z)
      return holomorphic(
        "tan",
        { z in
          let (x, y) = z.parts
          let (a, b) = Tensor.hyperbolicTangent(-y, x)
          return .ofParts(b, -a)
        }
      ) { _, y in y * y + 1 }
    case .tanh:
      return holomorphic(
        "tanh",
        { z in
          let (a, b) = Tensor.hyperbolicTangent(z.part(0), z.part(1))
          return .ofParts(a, b)
        }
      ) { _, y in 1 - y * y }
    default: return Tensor(error: .takesReals(op.rule.name, [self]))
    }
  }

  /// A function with a complex derivative, whose conjugate is what the gradient is multiplied by.
  private func holomorphic(
    _ name: String, _ value: (Tensor) -> Tensor,
    slope: @escaping @Sendable (_ z: Tensor, _ value: Tensor) -> Tensor
  ) -> Tensor {
    .written(name, of: [self], value: { value($0[0]) }) { operands, output, gradient in
      [gradient * slope(operands[0], output).conj()]
    }
  }

  private var principalLog: Tensor {
    let (x, y) = parts
    let (a, b) = (x.abs(), y.abs())
    // Next to size 1 the logarithm of the size would have no digits left.
    let isNear = (complexLength - 1).abs() .< 0.25
    let (most, least) = (a.maximum(b), a.minimum(b))
    let near = ((most - 1) * (most + 1) + least * least).log1p() * 0.5
    return .ofParts(.where(isNear, near, complexLength.log()), y.atan2(x))
  }

  private var principalRoot: Tensor {
    let (x, y) = parts
    let a = x.abs()
    // Halves, so that the sum does not overflow.
    let root = (a * 0.5 + complexLength * 0.5).sqrt()
    let other = Tensor.where(root .== 0, y.abs(), y.abs() / (root * 2))
    let isRight = x .>= 0
    return .ofParts(
      .where(isRight, root, other), Tensor.where(isRight, other, root).copySign(y))
  }

  /// Both parts of tanh(x + i y). Kahan, "Branch cuts for complex elementary functions", 1987.
  private static func hyperbolicTangent(_ x: Tensor, _ y: Tensor) -> (Tensor, Tensor) {
    let t = y.tan()
    let beta = t * t + 1
    let s = x.sinh()
    let size = beta * s * s + 1
    let isFar = x.abs() .> 20
    let rest = (x.abs() * -2).exp() * y.sin() * y.cos() * 4
    return (
      .where(isFar, Tensor.ones(like: x).copySign(x), beta * (s * s + 1).sqrt() * s / size),
      .where(isFar, rest, t / size)
    )
  }

  /// `base^exponent`, 1 where the exponent is 0, and 0 where only the base is.
  static func complexPower(_ base: Tensor, _ exponent: Tensor, _ shape: Shape) -> Tensor {
    let (base, exponent) = (base.broadcastCopy(to: shape), exponent.broadcastCopy(to: shape))
    let one = Tensor.ones(shape, dtype: base.dtype, device: base.device)
    @Sendable func power(_ base: Tensor, _ exponent: Tensor) -> Tensor {
      let isOrigin = base .== 0
      let safe = Tensor.where(isOrigin, one, base)
      let value = (exponent * safe.principalLog).exp()
      return .where(
        exponent .== 0, one, .where(isOrigin, .where(exponent.real .> 0, 0, .nan), value))
    }
    return written(
      "pow", of: [base, exponent], value: { power($0[0], $0[1]) }
    ) { operands, output, gradient in
      let (z, w) = (operands[0], operands[1])
      let isOrigin = z .== 0
      let slope = Tensor.where(w .== 0, 0, w * power(z, w - 1))
      let log = Tensor.where(isOrigin, one, z).log()
      return [
        gradient * slope.conj(),
        Tensor.where(isOrigin .& (w.real .>= 0), 0, gradient * (output * log).conj()),
      ]
    }
  }
}

// MARK: Inverse functions, after Kahan

extension Tensor {
  /// The roots of 1 - z and 1 + z, with the signs of zeros.
  private var rootsAround: (Tensor, Tensor) {
    let (x, y) = parts
    return (Tensor.ofParts(1 - x, -y).principalRoot, Tensor.ofParts(1 + x, y).principalRoot)
  }

  var complexSine: Tensor { complexFunction(.sin) }

  var complexHyperbolicSine: Tensor {
    let (x, y) = parts
    return .ofParts(x.sinh() * y.cos(), x.cosh() * y.sin())
  }

  var complexHyperbolicCosine: Tensor {
    let (x, y) = parts
    return .ofParts(x.cosh() * y.cos(), x.sinh() * y.sin())
  }

  var complexInverseSine: Tensor {
    let (x, _) = parts
    let ((a, b), (c, d)) = (rootsAround.0.parts, rootsAround.1.parts)
    return .ofParts(x.atan2(a * c - b * d), (a * d - b * c).asinh())
  }

  var complexInverseCosine: Tensor {
    let ((a, b), (c, d)) = (rootsAround.0.parts, rootsAround.1.parts)
    return .ofParts(a.atan2(c) * 2, (c * b - d * a).asinh())
  }

  var complexInverseHyperbolicCosine: Tensor {
    let (x, y) = parts
    let (a, b) = Tensor.ofParts(x - 1, y).principalRoot.parts
    let (c, d) = Tensor.ofParts(x + 1, y).principalRoot.parts
    return .ofParts((a * c + b * d).asinh(), b.atan2(c) * 2)
  }

  /// `asinh(z) = -i asin(i z)`
  var complexInverseHyperbolicSine: Tensor {
    let (x, y) = parts
    let (a, b) = Tensor.ofParts(-y, x).complexInverseSine.parts
    return .ofParts(b, -a)
  }

  var complexInverseHyperbolicTangent: Tensor {
    let (x, y) = parts
    let below = (1 - x) * (1 - x) + y * y
    return .ofParts(
      (x * 4 / below).log1p() * 0.25, (y * 2).atan2((1 - x) * (1 + x) - y * y) * 0.5)
  }

  /// `atan(z) = -i atanh(i z)`
  var complexInverseTangent: Tensor {
    let (x, y) = parts
    let (a, b) = Tensor.ofParts(-y, x).complexInverseHyperbolicTangent.parts
    return .ofParts(b, -a)
  }
}
