/// What is asked of float32 numbers along axes. Of n numbers with the mean m and the sum s of (x -
/// m)²:
package enum Moments: Sendable, Hashable {
  /// `s / freedom`.
  case variance(freedom: Double)
  /// `sqrt(s / freedom)`, without overflow on the way.
  case deviation(freedom: Double)
  /// Four numbers for `(x - m) / sqrt(s / n + epsilon)`, which is `(x - r) * scale + shift` with
  /// r, the mean as float32 holds it: r, the scale, the shift, and `sqrt(s / n)`.
  case standardization(epsilon: Double)
  /// `1 / sqrt(mean(x²) + epsilon)`.
  case rootScale(epsilon: Double)

  /// Which it is.
  package var kind: Int {
    switch self {
    case .variance: 0
    case .deviation: 1
    case .standardization: 2
    case .rootScale: 3
    }
  }

  /// Its number.
  package var parameter: Double {
    switch self {
    case .variance(let freedom), .deviation(let freedom): freedom
    case .standardization(let epsilon), .rootScale(let epsilon): epsilon
    }
  }

  /// How numbers of a shape lie along axes that are one run of dimensions, or the first ones and
  /// the last ones: then in so many batches. Nil for other axes, and where there is nothing to go
  /// along.
  static func extent(of shape: Shape, axes: [Int]) -> (batches: Int, extent: Plan.AxisExtent)? {
    if let block = Fusion.reductionBlock(axes, of: shape.sizes) {
      return block.isEmpty ? nil : (1, Plan.AxisExtent(shape, block: block))
    }
    let kept = shape.indices.filter { !axes.contains($0) && shape[$0] != 1 }
    guard let first = kept.first, let last = kept.last, kept == Array(first...last) else {
      return nil
    }
    var extent = Plan.AxisExtent(shape, block: last + 1..<shape.rank)
    let batches = shape[..<first].reduce(1, *)
    extent.outer = shape[first...last].reduce(1, *)
    return (batches, extent)
  }

  /// How many numbers it comes to.
  var resultCount: Int { kind == 2 ? 4 : 1 }

  /// The word in plans.
  var name: String { ["variance", "deviation", "standardization", "rootScale"][kind] }

  /// The shape of the result for numbers of a shape.
  func shape(of shape: Shape, axes: [Int]) -> Shape {
    let kept = shape.reduced(axes, keepDims: false)
    return kind == 2 ? Shape([resultCount] + kept.sizes) : kept
  }
}

extension Rule {
  static let moments = Rule(
    name: "moments",
    .kernel { site in
      guard case .moments(let moments, let axes) = site.op,
        let (batches, extent) = Moments.extent(of: site.shapes[0], axes: axes)
      else { site.refuse() }
      return MomentsKernel(
        moments: moments, batches: batches, extent: extent, source: site.operands[0],
        result: site.result)
    }, saves: [.inputs, .output],
    samples: [
      Sample("moments variance", tolerance: Sample.sumTolerance, .normal([8, 40])) {
        $0[0].variance(axis: 1)
      },
      Sample("moments deviation", tolerance: Sample.sumTolerance, .normal([8, 40])) {
        $0[0].std(axis: 0)
      },
      Sample("moments standardization", tolerance: Sample.sumTolerance, .normal([8, 40])) {
        let known = $0[0].standardization([1], epsilon: 1e-5)!
        return ($0[0] - known.mean) * known.scale + known.shift
      },
      Sample("moments rootScale", tolerance: Sample.sumTolerance, .normal([8, 40])) {
        $0[0].rootScale([1], epsilon: 1e-5)!
      },
    ], lowering: .moments
  ) { step in
    guard case .moments(let moments, let axes) = step.node.op else { return [] }
    let x = step.inputs[0]
    let kept = x.shape.reduced(axes, keepDims: true)
    switch moments {
    case .variance(let freedom):
      return [x.deviation(axes) * (step.gradient.viewed(as: kept) * (2 / freedom))]
    case .deviation(let freedom):
      let y = step.output.viewed(as: kept)
      let isZero = y .== 0
      // The quotients are at most the root of `freedom`, where `g / y` could overflow.
      let direction = x.deviation(axes) / Tensor.where(isZero, 1, y)
      return [
        Tensor.where(isZero, 0, step.gradient.viewed(as: kept) * direction * (1 / freedom))
      ]
    // What normalisations keep; their gradients are written by hand.
    case .standardization, .rootScale: return [nil]
    }
  }
}

extension Lowering {
  /// In float64, which has room for the squares.
  fileprivate static let moments = Lowering.text { text, operation in
    guard case .moments(let moments, let axes) = operation.op else { return operation.inputs[0] }
    let x = text.convert(operation.inputs[0], to: .float64)
    let kept = Array(x.shape.indices.filter { !axes.contains($0) })
    let count = Double(axes.reduce(1) { $0 * x.shape[$1] })
    let zero = text.constant(.integer(0), .float64)
    let total = text.reduce("add", x, from: zero, axes: axes)
    func number(_ value: Double) -> ProgramText.Value {
      text.constant(.real(value), total.shape, .float64)
    }
    let mean = text.same("divide", total, number(count))
    var apart = x
    if moments.kind != 3 {
      apart = text.same("subtract", x, text.spread(mean, to: x.shape, axes: kept))
    }
    let squares = text.reduce("add", text.same("multiply", apart, apart), from: zero, axes: axes)
    func scale() -> ProgramText.Value {
      let mean = text.same("divide", squares, number(count))
      return text.same("rsqrt", text.same("add", mean, number(moments.parameter)))
    }
    switch moments {
    case .variance(let freedom):
      return text.convert(text.same("divide", squares, number(freedom)), to: .float32)
    case .deviation(let freedom):
      return text.convert(
        text.same("sqrt", text.same("divide", squares, number(freedom))), to: .float32)
    case .rootScale: return text.convert(scale(), to: .float32)
    case .standardization:
      let scale = scale()
      let rounded = text.convert(mean, to: .float32)
      let rest = text.same("subtract", text.convert(rounded, to: .float64), mean)
      let deviation = text.same("sqrt", text.same("divide", squares, number(count)))
      let parts =
        [rounded]
        + [scale, text.same("multiply", rest, scale), deviation].map {
          text.convert($0, to: .float32)
        }
      let rows = parts.map { text.reshape($0, to: Shape([1] + total.shape.sizes)) }
      return text.emit(
        "stablehlo.concatenate \(rows), dim = 0 : \(text.signature(rows, operation.type))",
        operation.shape,
        .float32)
    }
  }
}

extension Tensor {
  /// One of the moments along axes that are known to be there; nil where the kernel does not take
  /// them: other dtypes than float32, axes apart from each other but the first and the last ones.
  func moments(_ moments: Moments, _ axes: [Int]) -> Tensor? {
    guard dtype == .float32, !axes.isEmpty, Moments.extent(of: shape, axes: axes) != nil else {
      return nil
    }
    return .make(
      .moments(moments, axes: axes), [self], shape: moments.shape(of: shape, axes: axes),
      dtype: .float32)
  }

  /// What makes numbers with mean 0 and variance 1 of those along axes, `(x - mean) * scale +
  /// shift`, in shapes that broadcast; nil where the kernel does not take them. Without gradients.
  ///
  /// With them the deviation, `sqrt(variance)`.
  package func standardization(
    _ axes: [Int], epsilon: Double
  ) -> (mean: Tensor, scale: Tensor, shift: Tensor, deviation: Tensor)? {
    guard let all = noGrad({ moments(.standardization(epsilon: epsilon), axes) }) else {
      return nil
    }
    let kept = shape.reduced(axes, keepDims: true)
    func part(_ index: Int) -> Tensor {
      all.sliced(axis: 0, from: index, count: 1).viewed(as: kept)
    }
    return (part(0), part(1), part(2), part(3))
  }

  /// `1 / sqrt(mean(x²) + epsilon)` along axes, which stay with size 1; nil where the kernel does
  /// not take them. Without a gradient.
  package func rootScale(_ axes: [Int], epsilon: Double) -> Tensor? {
    noGrad { moments(.rootScale(epsilon: epsilon), axes) }?
      .viewed(as: shape.reduced(axes, keepDims: true))
  }
}
