/// A discrete Fourier transform along the last axis, without a factor.
package struct Fourier: Sendable, Hashable {
  /// From what to what.
  package var kind: Kind
  /// How many numbers there are in time.
  package var count: Int

  /// From what to what a transform goes. The raw values are shared with the C kernels.
  package enum Kind: UInt8, Sendable, Hashable {
    /// `y[k] = sum over j of x[j] exp(-2 pi i j k / n)`
    case forward
    /// `y[j] = sum over k of x[k] exp(2 pi i j k / n)`
    case inverse
    /// Forward, of real numbers: `n / 2 + 1` frequencies, as the others are their conjugates.
    case fromReal
    /// Inverse, of the frequencies of real numbers.
    case toReal
  }

  /// Longer ones are not computed.
  static let mostNumbers = 1 << 40

  /// About how many operations a row takes.
  package var work: Int { 5 * count * (Int.bitWidth - count.leadingZeroBitCount) }

  /// How many frequencies real numbers have.
  var half: Int { count / 2 + 1 }
}

extension Rule {
  static let fourier = Rule(
    name: "fft",
    .kernel { site in
      guard case .fourier(let fourier) = site.op else { site.refuse() }
      return FourierKernel(
        fourier: fourier, rows: Shape(site.shape.dropLast()).elementCount,
        dtype: site.dtype.component, source: site.operands[0], result: site.result)
    },
    samples: [
      Sample("fft", tolerance: Sample.sumTolerance, .normal([3, 12, 2])) {
        $0[0].viewAsComplex().fft().viewAsReal()
      },
      Sample("ifft", tolerance: Sample.sumTolerance, .normal([3, 11, 2])) {
        $0[0].viewAsComplex().ifft().viewAsReal()
      },
      Sample("rfft", tolerance: Sample.sumTolerance, .normal([4, 10])) {
        $0[0].rfft().viewAsReal()
      },
      Sample("irfft", tolerance: Sample.sumTolerance, .normal([4, 6, 2])) {
        $0[0].viewAsComplex().irfft()
      },
    ], lowering: .fourier
  ) { step in
    guard case .fourier(let fourier) = step.node.op else { return [] }
    let (g, count) = (step.gradient, fourier.count)
    switch fourier.kind {
    case .forward: return [g.transformed(.inverse, count)]
    case .inverse: return [g.transformed(.forward, count)]
    // Each inner frequency stands for its conjugate, too.
    case .fromReal: return [(g * fourier.weights(0.5, like: g)).transformed(.toReal, count)]
    case .toReal:
      let frequencies = g.transformed(.fromReal, count)
      return [frequencies * fourier.weights(2, like: frequencies)]
    }
  }
}

extension Fourier {
  /// 1 for the frequencies of real numbers that are their own conjugates, `inner` for the others.
  fileprivate func weights(_ inner: Double, like tensor: Tensor) -> Tensor {
    let weights = (0..<half).map { $0 == 0 || 2 * $0 == count ? 1 : inner }
    return Tensor(weights, shape: [half], device: tensor.device)
      .cast(to: tensor.dtype.component)
  }
}

extension Lowering {
  /// StableHLO divides by the count on the way back.
  fileprivate static let fourier = Lowering.text { text, operation in
    guard case .fourier(let fourier) = operation.op else { return operation.inputs[0] }
    let input = operation.inputs[0]
    let word =
      switch fourier.kind {
      case .forward: "FFT"
      case .inverse: "IFFT"
      case .fromReal: "RFFT"
      case .toReal: "IRFFT"
      }
    let value = text.emit(
      """
      stablehlo.fft \(input), type = \(word), length = [\(fourier.count)] \
      : \(text.signature([input], operation.type))
      """, operation.shape, operation.dtype)
    if fourier.kind == .forward || fourier.kind == .fromReal { return value }
    let count = text.constant(.integer(fourier.count), operation.shape, operation.dtype)
    return text.same("multiply", value, count)
  }
}

extension Tensor {
  /// A transform of `count` numbers along the last axis, which is known to have them.
  func transformed(_ kind: Fourier.Kind, _ count: Int) -> Tensor {
    let fourier = Fourier(kind: kind, count: count)
    var sizes = shape.sizes
    sizes[rank - 1] = kind == .fromReal ? fourier.half : count
    return .make(
      .fourier(fourier), self, shape: Shape(sizes),
      dtype: kind == .toReal ? dtype.component : dtype.complex)
  }
}
