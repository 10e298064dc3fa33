extension Tensor {
  /// The frequencies of short pieces of a signal, one piece after the other: `torch.stft`.
  ///
  ///     y[k, t] = sum over j of window[j] x[t hop + j] exp(-2 pi i j k / size)
  ///
  ///     let spectrogram = sound.stft(400, hop: 160, window: .window(.hann, 400)).abs()
  ///
  /// - Parameters:
  ///   - size: how many numbers a piece has, PyTorch's `n_fft`.
  ///   - hop: how far pieces are apart; a quarter of `size` if it is left out.
  ///   - window: what each piece is multiplied by, `[m]` with `m` at most `size`: zeros are put on
  ///     both sides. Ones if it is left out.
  ///   - windowSize: how many ones there are if there is no window.
  ///   - isCentered: whether the signal is continued by half a piece on both sides: piece `t` then
  ///     has `t hop` in its middle.
  ///   - padding: how it is continued.
  ///   - isNormalized: whether frequencies are divided by the root of `size`.
  ///   - isOneSided: whether frequencies that are conjugates of others are left out; of real
  ///     numbers they are if nothing is said.
  /// - Returns: of `[n]` or `[batch, n]` the shape `[frequencies, pieces]` with the batch in front:
  ///   complex128 of float64 and complex128, else complex64.
  /// - Gradient: that of its parts.
  /// - Error: other ranks, sizes that do not fit, one side of complex numbers.
  public func stft(
    _ size: Int, hop: Int? = nil, window: Tensor? = nil, windowSize: Int? = nil,
    isCentered: Bool = true, padding: PaddingMode = .reflect, isNormalized: Bool = false,
    isOneSided: Bool? = nil
  ) -> Tensor {
    if let failed = window.flatMap({ Tensor.failed(self, $0) }) ?? rejected("stft", .floating) {
      return failed
    }
    let oneSided = isOneSided ?? !(dtype.isComplex || window?.dtype.isComplex == true)
    let hop = hop ?? size / 4
    let pieces = Pieces(
      name: "stft", size: size, hop: hop, window: window, windowSize: windowSize)
    if let problem = pieces.problem(of: self) { return Tensor(error: problem) }
    guard rank == 1 || rank == 2 else {
      return Tensor(
        error: TensorError(
          "stft", "takes [n] or [batch, n], not \(shape)", operands: [("input", signature)],
          help: "write reshaped(to: [-1, n]) first"))
    }
    if oneSided, dtype.isComplex || window?.dtype.isComplex == true {
      return Tensor(
        error: TensorError(
          "stft", "complex numbers have no half that says all", operands: [("input", signature)],
          help: "write isOneSided: false"))
    }
    var signal = rank == 1 ? unsqueezed(axis: 0) : self
    if isCentered {
      signal = signal.continued(by: size / 2, padding)
      if signal.node.failure != nil { return signal.named("stft") }
    }
    guard signal.shape[1] >= size else {
      return Tensor(
        error: TensorError(
          "stft", "a piece has \(size) numbers, the signal \(signal.shape[1])",
          operands: [("input", signature)], help: "use a smaller size"))
    }
    let parts = signal.unfolded(axis: 1, size: size, step: hop)
    let weighted = parts * pieces.weights(like: signal)
    let norm: FourierNorm = isNormalized ? .ortho : .backward
    let frequencies = oneSided ? weighted.rfft(norm: norm) : weighted.fft(norm: norm)
    let result = frequencies.transposed(-1, -2)
    return (rank == 1 ? result.squeezed(axis: 0) : result).named("stft")
  }

  /// The signal of whose pieces these are the frequencies: `torch.istft`, which undoes
  /// ``stft(_:hop:window:windowSize:isCentered:padding:isNormalized:isOneSided:)``.
  ///
  ///     x = (sum of window * piece, each in its place) / (sum of window^2, likewise)
  ///
  /// - Parameters:
  ///   - size: how many numbers a piece has, PyTorch's `n_fft`.
  ///   - hop: how far pieces are apart; a quarter of `size` if it is left out.
  ///   - window: what each piece was multiplied by; ones if it is left out.
  ///   - windowSize: how many ones there are if there is no window.
  ///   - isCentered: whether the signal was continued on both sides.
  ///   - isNormalized: whether frequencies were divided by the root of `size`.
  ///   - isOneSided: whether frequencies that are conjugates of others were left out; as the number
  ///     of them says if it is left out.
  ///   - length: how many numbers the signal has; where the pieces end if it is left out.
  ///   - isComplex: whether the signal is complex.
  /// - Returns: `[n]` of `[frequencies, pieces]`, with the batch in front.
  /// - Gradient: that of its parts.
  /// - Error: other ranks, sizes that do not fit, and, when it is computed, places at which all
  ///   windows are 0.
  public func istft(
    _ size: Int, hop: Int? = nil, window: Tensor? = nil, windowSize: Int? = nil,
    isCentered: Bool = true, isNormalized: Bool = false, isOneSided: Bool? = nil,
    length: Int? = nil, isComplex: Bool = false
  ) -> Tensor {
    if let failed = window.flatMap({ Tensor.failed(self, $0) }) ?? rejected("istft", .floating) {
      return failed
    }
    let hop = hop ?? size / 4
    let pieces = Pieces(
      name: "istft", size: size, hop: hop, window: window, windowSize: windowSize)
    if let problem = pieces.problem(of: self) { return Tensor(error: problem) }
    guard dtype.isComplex, rank == 2 || rank == 3, elementCount > 0 else {
      return Tensor(
        error: TensorError(
          "istft", "takes complex [frequencies, pieces], with or without a batch, not \(signature)",
          operands: [("input", signature)], help: "write viewAsComplex() for pairs of reals"))
    }
    if let length, !(0...Fourier.mostNumbers ~= length) {
      return Tensor(
        error: TensorError(
          "istft", "a signal of \(length) numbers", operands: [("input", signature)],
          help: "length is 0 to 2^40"))
    }
    let bins = shape[rank - 2]
    let oneSided = isOneSided ?? (bins != size)
    guard bins == (oneSided ? size / 2 + 1 : size), !(oneSided && isComplex) else {
      return Tensor(
        error: TensorError(
          "istft",
          "\(size) numbers have \(size / 2 + 1) frequencies on one side and \(size) on both, not "
            + "\(bins)\(isComplex ? " of complex ones" : "")",
          operands: [("input", signature)], help: "give the size that stft was given"))
    }
    let batched = rank == 2 ? unsqueezed(axis: 0) : self
    let count = batched.shape[2]
    let norm: FourierNorm = isNormalized ? .ortho : .backward
    let frequencies = batched.transposed(-1, -2)
    // Of real numbers the first half says all.
    let back =
      isComplex
      ? frequencies.ifft(norm: norm)
      : frequencies.sliced(axis: 2, AxisSlice(start: 0, step: 1, count: size / 2 + 1))
        .irfft(count: size, norm: norm)
    let weights = pieces.weights(like: back)
    let (way, isFar) = hop.multipliedReportingOverflow(by: count - 1)
    let total = isFar ? Int.max : size &+ way
    if let error = TensorError.badShape(
      "istft", [batched.shape[0], total, 2], operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    // Where each number of each piece belongs.
    let starts = Tensor.arange(count, device: device) * hop
    let places = (starts.unsqueezed(axis: 1) + Tensor.arange(size, device: device))
      .reshaped(to: [1, count * size])
    func placed(_ numbers: Tensor) -> Tensor {
      let rows = numbers.shape[0]
      let flat = numbers.reshaped(to: [rows, count * size])
      return Tensor.zeros([rows, total], dtype: flat.dtype, device: flat.device)
        .scatterAdd(axis: 1, index: places.expanded(to: [rows, count * size]), updates: flat)
    }
    var signal = placed(back * weights)
    var envelope = placed((weights * weights).expanded(to: [1, count, size]))
    let start = isCentered ? size / 2 : 0
    let end = length.map { start + $0 } ?? (isCentered ? total - size / 2 : total)
    let kept = Swift.max(0, Swift.min(end, total) - start)
    signal = signal.sliced(axis: 1, AxisSlice(start: start, step: 1, count: kept))
    envelope = envelope.sliced(axis: 1, AxisSlice(start: start, step: 1, count: kept))
    var result = signal / envelope.refusingZeros()
    if end > total { result = result.padded([(0, 0), (0, end - total)]) }
    return (rank == 2 ? result.squeezed(axis: 0) : result).named("istft")
  }

  /// The last axis continued on both sides.
  private func continued(by width: Int, _ mode: PaddingMode) -> Tensor {
    if dtype.isComplex {
      let (real, imag) = parts
      return .ofParts(real.continued(by: width, mode), imag.continued(by: width, mode))
    }
    return padded([(0, 0), (width, width)], mode: mode)
  }

  /// The tensor, where no number is next to 0; they are looked at when they are computed.
  private func refusingZeros() -> Tensor {
    guard node.failure == nil, device == .cpu, elementCount > 0 else { return self }
    let count = elementCount
    let look = HostFunction("istft: no sum of windows of 0", [count], work: count) {
      item throws(TensorError) in
      let numbers = item.inputs[0].assumingMemoryBound(to: Double.self)
      for place in 0..<count where numbers[place].magnitude < 1e-11 {
        throw TensorError(
          "istft", "all windows are 0 at \(place)",
          help: "take a smaller hop, another window, or isCentered: true")
      }
      item.output.storeBytes(of: 0, as: Double.self)
    }
    let sizes = dtype.isComplex ? abs() : self
    let zero = Tensor.host(
      look, [sizes.detached().cast(to: .float64)], count: 1, shape: [], dtype: .float64)
    return self + zero.cast(to: dtype)
  }
}

/// Pieces of a signal, and what they are multiplied by.
private struct Pieces {
  let name: String
  let size: Int
  let hop: Int
  let window: Tensor?
  let windowSize: Int?

  private var width: Int { window?.elementCount ?? windowSize ?? size }

  /// What is wrong with the sizes, if anything.
  func problem(of signal: Tensor) -> TensorError? {
    let operands = [(role: "input", description: signal.signature)]
    if !(1...1 << 31 ~= size) || !(1...1 << 31 ~= hop) {
      return TensorError(
        name, "pieces of \(size), \(hop) apart", operands: operands, help: "both are 1 to 2^31")
    }
    if let window, window.rank != 1 || windowSize.map({ $0 != window.elementCount }) == true {
      return TensorError(
        name, "the window is \(window.shape)\(windowSize.map { ", windowSize \($0)" } ?? "")",
        operands: operands, help: "give a window of one axis, and leave out windowSize")
    }
    if width < 1 || width > size {
      return TensorError(
        name, "a window of \(width) for pieces of \(size)", operands: operands,
        help: "a window has 1 to \(size) numbers")
    }
    return nil
  }

  /// The window in the middle of zeros, `[size]`.
  func weights(like signal: Tensor) -> Tensor {
    let ones = Tensor.ones([width], dtype: signal.dtype.component, device: signal.device)
    let weights = window ?? ones
    let left = (size - width) / 2
    return width == size ? weights : weights.padded([(left, size - width - left)])
  }
}
