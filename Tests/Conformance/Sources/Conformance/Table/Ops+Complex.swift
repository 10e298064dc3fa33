import Blitz

/// Complex numbers and Fourier transforms.
extension Table {
  private static func norm(_ call: Call, _ place: Int) throws -> FourierNorm {
    let name = try call.text(place, "norm", or: "backward")
    guard let norm = FourierNorm(rawValue: name) else { throw NoSuchCase() }
    return norm
  }

  private typealias Along = @Sendable (Tensor, Int?, Int, FourierNorm) -> Tensor
  private typealias AlongTwo = @Sendable (Tensor, [Int]?, [Int], FourierNorm) -> Tensor
  private typealias AlongAll = @Sendable (Tensor, [Int]?, [Int]?, FourierNorm) -> Tensor

  mutating func addComplex() {
    word("conj", "conj_physical") { try $0.x.conj() }
    word("real") { try $0.x.real }
    word("imag") { try $0.x.imag }
    word("angle") { try $0.x.angle() }
    word("sgn") { try $0.x.sgn() }
    word("isreal") { try $0.x.isReal() }
    word("complex") { try Tensor.complex($0.x, $0.tensor(1)) }
    word("polar") { try Tensor.polar($0.x, $0.tensor(1)) }
    word("view_as_real") { try $0.x.viewAsReal() }
    word("view_as_complex") { try $0.x.viewAsComplex() }
    word("cfloat") { try $0.x.cast(to: .complex64) }
    word("cdouble") { try $0.x.cast(to: .complex128) }
  }

  mutating func addFourier() {
    let one: [(String, Along)] = [
      ("fft", { $0.fft(count: $1, axis: $2, norm: $3) }),
      ("ifft", { $0.ifft(count: $1, axis: $2, norm: $3) }),
      ("rfft", { $0.rfft(count: $1, axis: $2, norm: $3) }),
      ("irfft", { $0.irfft(count: $1, axis: $2, norm: $3) }),
      ("hfft", { $0.hfft(count: $1, axis: $2, norm: $3) }),
      ("ihfft", { $0.ihfft(count: $1, axis: $2, norm: $3) }),
    ]
    for (name, transform) in one {
      word("fft.\(name)") { call in
        try transform(
          call.x, call.optionalInt(1, "n"), call.int(2, "dim", or: -1), Table.norm(call, 3))
      }
    }
    let two: [(String, AlongTwo)] = [
      ("fft2", { $0.fft2(sizes: $1, axes: $2, norm: $3) }),
      ("ifft2", { $0.ifft2(sizes: $1, axes: $2, norm: $3) }),
      ("rfft2", { $0.rfft2(sizes: $1, axes: $2, norm: $3) }),
      ("irfft2", { $0.irfft2(sizes: $1, axes: $2, norm: $3) }),
      ("hfft2", { $0.hfft2(sizes: $1, axes: $2, norm: $3) }),
      ("ihfft2", { $0.ihfft2(sizes: $1, axes: $2, norm: $3) }),
    ]
    for (name, transform) in two {
      word("fft.\(name)") { call in
        try transform(
          call.x, call.optionalInts(1, "s"), call.optionalInts(2, "dim") ?? [-2, -1],
          Table.norm(call, 3))
      }
    }
    let all: [(String, AlongAll)] = [
      ("fftn", { $0.fftn(sizes: $1, axes: $2, norm: $3) }),
      ("ifftn", { $0.ifftn(sizes: $1, axes: $2, norm: $3) }),
      ("rfftn", { $0.rfftn(sizes: $1, axes: $2, norm: $3) }),
      ("irfftn", { $0.irfftn(sizes: $1, axes: $2, norm: $3) }),
      ("hfftn", { $0.hfftn(sizes: $1, axes: $2, norm: $3) }),
      ("ihfftn", { $0.ihfftn(sizes: $1, axes: $2, norm: $3) }),
    ]
    for (name, transform) in all {
      word("fft.\(name)") { call in
        try transform(
          call.x, call.optionalInts(1, "s"), call.optionalInts(2, "dim"), Table.norm(call, 3))
      }
    }
    word("fft.fftshift") { try $0.x.fftShift(axes: $0.optionalInts(1, "dim")) }
    word("fft.ifftshift") { try $0.x.ifftShift(axes: $0.optionalInts(1, "dim")) }
    word("stft") { call in
      let padding: PaddingMode =
        switch try call.text(6, "pad_mode", or: "reflect") {
        case "reflect": .reflect
        case "replicate": .replicate
        case "circular": .circular
        case let other: throw Lacking(what: other)
        }
      let y = try call.x.stft(
        call.int(1, "n_fft"), hop: call.optionalInt(2, "hop_length"),
        window: call.optionalTensor(4, "window"), windowSize: call.optionalInt(3, "win_length"),
        isCentered: call.bool(5, "center", or: true), padding: padding,
        isNormalized: call.bool(7, "normalized"),
        isOneSided: call.has(8, "onesided") ? call.bool(8, "onesided") : nil)
      return try call.bool(9, "return_complex", or: true) ? y : y.viewAsReal()
    }
    word("istft") { call in
      try call.x.istft(
        call.int(1, "n_fft"), hop: call.optionalInt(2, "hop_length"),
        window: call.optionalTensor(4, "window"), windowSize: call.optionalInt(3, "win_length"),
        isCentered: call.bool(5, "center", or: true), isNormalized: call.bool(6, "normalized"),
        isOneSided: call.has(7, "onesided") ? call.bool(7, "onesided") : nil,
        length: call.optionalInt(8, "length"), isComplex: call.bool(9, "return_complex"))
    }
  }
}
