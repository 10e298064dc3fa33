/// How transforms share out the factor `1 / n` between the way there and back: PyTorch's `norm`.
public enum FourierNorm: String, Sendable, Hashable, CaseIterable {
  /// Nothing there, `1 / n` back.
  case backward
  /// `1 / sqrt(n)` each way, so that lengths stay as they are.
  case ortho
  /// `1 / n` there, nothing back.
  case forward

  /// The factor of a transform of `count` numbers.
  fileprivate func factor(_ count: Int, isInverse: Bool) -> Double? {
    switch self {
    case .ortho: 1 / Double(count).squareRoot()
    case .backward: isInverse ? 1 / Double(count) : nil
    case .forward: isInverse ? nil : 1 / Double(count)
    }
  }
}

// MARK: One axis

extension Tensor {
  /// The frequencies of numbers along an axis: `torch.fft.fft`.
  ///
  ///     y[k] = sum over j of x[j] exp(-2 pi i j k / n)
  ///
  ///     let y = x.fft()                   // complex64 of float32 and complex64
  ///     let back = y.ifft()
  ///
  /// - Parameters:
  ///   - count: how many numbers are taken: the axis is cut, or continued by zeros. All, if it is
  ///     left out.
  ///   - axis: counted from the end if negative.
  ///   - norm: which way the factor `1 / n` is on.
  /// - Returns: `count` frequencies along the axis, complex128 of float64 and complex128, else
  ///   complex64; the error is some units of the last place for any count, primes too.
  /// - Gradient: the transform back of `g`, without its factor.
  /// - Error: an axis that is not there, a count below 1.
  public func fft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    alongAxis("fft", count, axis, norm, isInverse: false) { $0.inComplex.transformed(.forward, $1) }
  }

  /// The numbers of frequencies along an axis: `torch.fft.ifft`.
  ///
  ///     y[j] = (1 / n) sum over k of x[k] exp(2 pi i j k / n)
  ///
  /// - Parameters: as those of ``fft(count:axis:norm:)``.
  /// - Returns: `count` numbers along the axis, complex128 of float64 and complex128, else
  ///   complex64.
  /// - Gradient: the transform there of `g`, with the same factor.
  /// - Error: an axis that is not there, a count below 1.
  public func ifft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    alongAxis("ifft", count, axis, norm, isInverse: true) { $0.inComplex.transformed(.inverse, $1) }
  }

  /// The frequencies of real numbers along an axis, without those that are conjugates of others:
  /// `torch.fft.rfft`.
  ///
  /// - Parameters: as those of ``fft(count:axis:norm:)``.
  /// - Returns: `count / 2 + 1` frequencies along the axis, complex128 of float64, else complex64.
  /// - Gradient: the real part of the transform back of `g`.
  /// - Error: complex numbers, an axis that is not there, a count below 1.
  public func rfft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    if let rejected = rejectedIfComplex("rfft", "fft") { return rejected }
    return alongAxis("rfft", count, axis, norm, isInverse: false) {
      $0.inFloats.transformed(.fromReal, $1)
    }
  }

  /// The real numbers whose frequencies, without those that are conjugates of others, these are:
  /// `torch.fft.irfft`.
  ///
  /// - Parameters:
  ///   - count: how many numbers there are: an even one if it is left out, `2 (m - 1)` of `m`
  ///     frequencies.
  ///   - axis: counted from the end if negative.
  ///   - norm: which way the factor `1 / n` is on.
  /// - Returns: `count` numbers along the axis, float64 of complex128, else float32. Imaginary
  ///   parts that no real numbers have (of the first frequency, and of the last of an even count)
  ///   count for nothing.
  /// - Gradient: ``rfft(count:axis:norm:)`` of `g`, twice where a frequency stands for two.
  /// - Error: an axis that is not there, a count below 1.
  public func irfft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    toReal("irfft", count, axis, norm, isInverse: true) { $0 }
  }

  /// The real frequencies of numbers of which the first half is given, as the other is its
  /// conjugate: `torch.fft.hfft`.
  ///
  /// - Parameters: as those of ``irfft(count:axis:norm:)``.
  /// - Returns: `count` numbers along the axis, float64 of complex128, else float32.
  /// - Gradient: that of ``irfft(count:axis:norm:)`` of the conjugates.
  /// - Error: an axis that is not there, a count below 1.
  public func hfft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    toReal("hfft", count, axis, norm, isInverse: false) { $0.conj() }
  }

  /// The first half of the numbers whose frequencies are real: `torch.fft.ihfft`.
  ///
  /// - Parameters: as those of ``fft(count:axis:norm:)``.
  /// - Returns: `count / 2 + 1` numbers along the axis, complex128 of float64, else complex64.
  /// - Gradient: that of the conjugates of ``rfft(count:axis:norm:)``.
  /// - Error: complex numbers, an axis that is not there, a count below 1.
  public func ihfft(count: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> Tensor {
    if let rejected = rejectedIfComplex("ihfft", "ifft") { return rejected }
    return alongAxis("ihfft", count, axis, norm, isInverse: true) {
      $0.inFloats.transformed(.fromReal, $1).conj()
    }
  }
}

// MARK: Several axes

extension Tensor {
  /// ``fft(count:axis:norm:)`` along several axes: `torch.fft.fftn`.
  ///
  /// - Parameters:
  ///   - sizes: how many numbers are taken along each axis, -1 for all; all of them if it is left
  ///     out.
  ///   - axes: the last ones that there are sizes for, or all of them, if they are left out.
  ///   - norm: which way the factor is on: one over the product of the sizes.
  /// - Returns: complex128 of float64 and complex128, else complex64.
  /// - Gradient: the transform back of `g`, without its factor.
  /// - Error: axes that are not there or are named twice, sizes below 1, as many of one as of the
  ///   other.
  public func fftn(sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward) -> Tensor
  {
    alongAxes("fftn", sizes, axes) { x, size, axis, _ in x.fft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``fftn(sizes:axes:norm:)`` along two axes: `torch.fft.fft2`.
  public func fft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { fftn(sizes: sizes, axes: axes, norm: norm).named("fft2") }

  /// ``ifft(count:axis:norm:)`` along several axes: `torch.fft.ifftn`.
  ///
  /// - Parameters: as those of ``fftn(sizes:axes:norm:)``.
  /// - Returns: complex128 of float64 and complex128, else complex64.
  /// - Gradient: the transform there of `g`, with the same factor.
  /// - Error: as ``fftn(sizes:axes:norm:)``.
  public func ifftn(
    sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> Tensor {
    alongAxes("ifftn", sizes, axes) { x, size, axis, _ in
      x.ifft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``ifftn(sizes:axes:norm:)`` along two axes: `torch.fft.ifft2`.
  public func ifft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { ifftn(sizes: sizes, axes: axes, norm: norm).named("ifft2") }

  /// ``rfft(count:axis:norm:)`` along the last of several axes, ``fft(count:axis:norm:)`` along the
  /// others: `torch.fft.rfftn`.
  ///
  /// - Parameters: as those of ``fftn(sizes:axes:norm:)``.
  /// - Returns: complex128 of float64, else complex64.
  /// - Gradient: the real part of the transform back of `g`.
  /// - Error: complex numbers; as ``fftn(sizes:axes:norm:)``.
  public func rfftn(
    sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> Tensor {
    if let rejected = rejectedIfComplex("rfftn", "fftn") { return rejected }
    return alongAxes("rfftn", sizes, axes) { x, size, axis, isLast in
      isLast
        ? x.rfft(count: size, axis: axis, norm: norm) : x.fft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``rfftn(sizes:axes:norm:)`` along two axes: `torch.fft.rfft2`.
  public func rfft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { rfftn(sizes: sizes, axes: axes, norm: norm).named("rfft2") }

  /// ``irfft(count:axis:norm:)`` along the last of several axes, after
  /// ``ifft(count:axis:norm:)`` along the others: `torch.fft.irfftn`.
  ///
  /// - Parameters: as those of ``fftn(sizes:axes:norm:)``; the last size is the real numbers'.
  /// - Returns: float64 of complex128 and float64, else float32.
  /// - Gradient: that of its parts.
  /// - Error: as ``fftn(sizes:axes:norm:)``.
  public func irfftn(
    sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> Tensor {
    alongAxes("irfftn", sizes, axes, lastFirst: false) { x, size, axis, isLast in
      isLast
        ? x.irfft(count: size, axis: axis, norm: norm) : x.ifft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``irfftn(sizes:axes:norm:)`` along two axes: `torch.fft.irfft2`.
  public func irfft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { irfftn(sizes: sizes, axes: axes, norm: norm).named("irfft2") }

  /// ``hfft(count:axis:norm:)`` along the last of several axes, after
  /// ``fft(count:axis:norm:)`` along the others: `torch.fft.hfftn`.
  ///
  /// - Parameters: as those of ``irfftn(sizes:axes:norm:)``.
  /// - Returns: float64 of complex128 and float64, else float32.
  /// - Gradient: that of its parts.
  /// - Error: as ``fftn(sizes:axes:norm:)``.
  public func hfftn(
    sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> Tensor {
    alongAxes("hfftn", sizes, axes, lastFirst: false) { x, size, axis, isLast in
      isLast
        ? x.hfft(count: size, axis: axis, norm: norm) : x.fft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``hfftn(sizes:axes:norm:)`` along two axes: `torch.fft.hfft2`.
  public func hfft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { hfftn(sizes: sizes, axes: axes, norm: norm).named("hfft2") }

  /// ``ihfft(count:axis:norm:)`` along the last of several axes, then
  /// ``ifft(count:axis:norm:)`` along the others: `torch.fft.ihfftn`.
  ///
  /// - Parameters: as those of ``fftn(sizes:axes:norm:)``.
  /// - Returns: complex128 of float64, else complex64.
  /// - Gradient: that of its parts.
  /// - Error: complex numbers; as ``fftn(sizes:axes:norm:)``.
  public func ihfftn(
    sizes: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> Tensor {
    if let rejected = rejectedIfComplex("ihfftn", "ifftn") { return rejected }
    return alongAxes("ihfftn", sizes, axes) { x, size, axis, isLast in
      isLast
        ? x.ihfft(count: size, axis: axis, norm: norm) : x.ifft(count: size, axis: axis, norm: norm)
    }
  }

  /// ``ihfftn(sizes:axes:norm:)`` along two axes: `torch.fft.ihfft2`.
  public func ihfft2(
    sizes: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> Tensor { ihfftn(sizes: sizes, axes: axes, norm: norm).named("ihfft2") }
}

// MARK: Frequencies

extension Tensor {
  /// The frequency of each number of ``fft(count:axis:norm:)``: `torch.fft.fftfreq`.
  ///
  ///     0, 1, ..., (n - 1) / 2, -(n / 2), ..., -1     over n * spacing
  ///
  /// - Parameters:
  ///   - count: how many numbers, 1 or more.
  ///   - spacing: the time from one number to the next.
  ///   - dtype: that of the result.
  ///   - device: where the result lives.
  /// - Returns: `[count]`.
  /// - Error: a count below 1.
  public static func fftFrequencies(
    _ count: Int, spacing: Double = 1, dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    frequencies("fftFrequencies", count, count, spacing, dtype, device)
  }

  /// The frequency of each number of ``rfft(count:axis:norm:)``: `torch.fft.rfftfreq`.
  ///
  ///     0, 1, ..., n / 2     over n * spacing
  ///
  /// - Parameters:
  ///   - count: how many real numbers, 1 or more.
  ///   - spacing: the time from one number to the next.
  ///   - dtype: that of the result.
  ///   - device: where the result lives.
  /// - Returns: `[count / 2 + 1]`.
  /// - Error: a count below 1.
  public static func rfftFrequencies(
    _ count: Int, spacing: Double = 1, dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    frequencies("rfftFrequencies", count, count / 2 + 1, spacing, dtype, device)
  }

  private static func frequencies(
    _ name: String, _ count: Int, _ shown: Int, _ spacing: Double, _ dtype: DType,
    _ device: Device
  ) -> Tensor {
    guard count > 0 else {
      return Tensor(
        error: TensorError(name, "\(count) numbers have no frequencies", help: "give 1 or more"))
    }
    let places = Tensor.arange(shown, device: device)
    // Of real numbers the last one is not yet below 0.
    let isBelow = places .> (shown == count ? (count - 1) / 2 : shown)
    let whole = Tensor.where(isBelow, places - count, places).cast(to: .float64)
    return (whole / (Double(count) * spacing)).cast(to: dtype).named(name)
  }

  /// The frequency 0 in the middle, and those below before it: `torch.fft.fftshift`.
  ///
  /// - Parameter axes: counted from the end if negative; all of them if they are left out.
  /// - Gradient: `g` shifted back.
  /// - Error: an axis that is not there.
  public func fftShift(axes: [Int]? = nil) -> Tensor {
    shifted(axes) { $0 / 2 }.named("fftShift")
  }

  /// What ``fftShift(axes:)`` has shifted as it was: `torch.fft.ifftshift`.
  ///
  /// - Parameter axes: counted from the end if negative; all of them if they are left out.
  /// - Gradient: `g` shifted.
  /// - Error: an axis that is not there.
  public func ifftShift(axes: [Int]? = nil) -> Tensor {
    shifted(axes) { ($0 + 1) / 2 }.named("ifftShift")
  }

  private func shifted(_ axes: [Int]?, by places: (_ size: Int) -> Int) -> Tensor {
    (axes ?? Array(0..<rank)).reduce(self) { x, axis in
      // An axis that is not there is named by the op that does the rolling.
      x.rolled(by: shape.resolve(axis: axis).map { places(shape[$0]) } ?? 0, axis: axis)
    }
  }
}

// MARK: Axes and factors

extension Tensor {
  /// Complex numbers, of whatever these are.
  fileprivate var inComplex: Tensor { converted(to: dtype.isHalf ? .complex64 : dtype.complex) }

  /// Numbers that real transforms take.
  fileprivate var inFloats: Tensor { dtype == .float64 ? self : converted(to: .float32) }

  fileprivate func rejectedIfComplex(_ name: String, _ other: String) -> Tensor? {
    if node.failure != nil { return self }
    if !dtype.isComplex { return nil }
    return Tensor(
      error: TensorError(
        name, "takes real numbers, not \(dtype)", operands: [("input", signature)],
        help: "write \(other)(), or .real first"))
  }

  /// A transform along one axis, cut or continued to a count, with the factor of the way.
  @inline(never)
  private func alongAxis(
    _ name: String, _ count: Int?, _ axis: Int, _ norm: FourierNorm, isInverse: Bool,
    frequencies: (Int) -> Int = { $0 }, _ transform: (Tensor, Int) -> Tensor
  ) -> Tensor {
    if node.failure != nil { return self }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(name, axis, of: self))
    }
    let count = count ?? shape[axis]
    guard 1...Fourier.mostNumbers ~= count else {
      return Tensor(
        error: TensorError(
          name, "a transform of \(count) numbers", operands: [("input", signature)],
          help: "count is 1 to 2^40; without it, the axis has to have elements"))
    }
    var sizes = shape.sizes
    sizes[axis] = count
    if let error = TensorError.badShape(name, sizes + [2], operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    let moved = movedAxes([axis], to: [-1]).resized(to: frequencies(count))
    let result = transform(moved, count)
    let scaled = norm.factor(count, isInverse: isInverse).map { result * $0 } ?? result
    return scaled.movedAxes([-1], to: [axis]).named(name)
  }

  /// A transform of frequencies to real numbers.
  private func toReal(
    _ name: String, _ count: Int?, _ axis: Int, _ norm: FourierNorm, isInverse: Bool,
    _ prepare: (Tensor) -> Tensor
  ) -> Tensor {
    if node.failure != nil { return self }
    let size = shape.resolve(axis: axis).map { 2 &* (shape[$0] - 1) }
    return alongAxis(
      name, count ?? size, axis, norm, isInverse: isInverse, frequencies: { $0 / 2 + 1 }
    ) { prepare($0.inComplex).transformed(.toReal, $1) }
  }

  /// The last axis cut, or continued by zeros.
  private func resized(to count: Int) -> Tensor {
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[rank - 1].high = count - shape[rank - 1]
    return padded(widths)
  }

  /// Transforms along several axes, one after the other: the last axis first, or last.
  @inline(never)
  private func alongAxes(
    _ name: String, _ sizes: [Int]?, _ axes: [Int]?, lastFirst: Bool = true,
    _ transform: (Tensor, Int?, Int, Bool) -> Tensor
  ) -> Tensor {
    if node.failure != nil { return self }
    let named = axes ?? (sizes.map { Array((rank - $0.count)..<rank) } ?? Array(0..<rank))
    var resolved: [Int] = []
    for axis in named {
      guard let place = shape.resolve(axis: axis) else {
        return Tensor(error: .axis(name, axis, of: self))
      }
      resolved.append(place)
    }
    let operands = [(role: "input", description: signature)]
    if Set(resolved).count < resolved.count {
      return Tensor(
        error: TensorError(
          name, "an axis is named twice in \(named)", operands: operands,
          help: "name each axis once"))
    }
    if let sizes, sizes.count != resolved.count {
      return Tensor(
        error: TensorError(
          name, "\(sizes.count) sizes and \(resolved.count) axes", operands: operands,
          help: "give one size for each axis"))
    }
    // Without an axis the numbers are as they are, in the dtype of those that have some.
    guard !resolved.isEmpty else {
      return unsqueezed(axis: 0).alongAxes(name, [1], [0], transform).squeezed(axis: 0)
    }
    let order = resolved.indices.reversed()
    let places = lastFirst ? Array(order) : Array(resolved.indices)
    var result = self
    for place in places {
      let size = sizes.map { $0[place] }.flatMap { $0 == -1 ? nil : $0 }
      result = transform(result, size, resolved[place], place == resolved.count - 1)
    }
    return result.named(name)
  }
}
