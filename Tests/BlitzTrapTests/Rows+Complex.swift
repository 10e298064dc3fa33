import Blitz
import BlitzLinearAlgebra

extension Values {
  /// Whatever comes, or complex numbers.
  fileprivate mutating func complex() -> Tensor {
    let x = tensor()
    return bool() ? x : x.cast(to: bool() ? .complex64 : .complex128) * Complex(double(), 1)
  }

  fileprivate mutating func maybeCount() -> Int? { bool() ? nil : size() }
  fileprivate mutating func maybeInts() -> [Int]? { bool() ? nil : ints() }
}

extension Row {
  private static let complexNumbers: [Row] = [
    Row(
      "Tensor.complex(_:_:)", "Tensor.polar(_:_:)", "Complex.init(_:_:)", "Tensor.viewAsReal()",
      "Tensor.viewAsComplex()"
    ) {
      let (x, y) = ($0.tensor(), $0.tensor())
      return [
        Tensor.complex(x, y), Tensor.polar(x, y), x.viewAsComplex(), x.viewAsReal(),
        $0.complex().viewAsReal(), Tensor([Complex($0.double(), $0.double())]),
      ]
    },
    Row(
      "Tensor.conj()", "Tensor.angle()", "Tensor.sgn()", "Tensor.isReal()", "Tensor.adjoint()",
      "Tensor.vdot(_:)"
    ) {
      let z = $0.complex()
      return [
        z.conj(), z.angle(), z.sgn(), z.isReal(), z.adjoint(), z.real, z.imag,
        z.vdot($0.complex()),
      ]
    },
    Row("Tensor.+(_:_:)", "Tensor.-(_:_:)", "Tensor.*(_:_:)", "Tensor./(_:_:)") {
      let (z, w, i) = ($0.complex(), $0.complex(), Complex($0.double(), $0.double()))
      return [z + w, z - w, z * w, z / w, z + i, i - z, z * i, i / z]
    },
    Row("Tensor.eig()", "Tensor.eigvals()") {
      let z = $0.complex()
      let found = z.eig()
      return [found.values, found.vectors, z.eigvals(), z.solve($0.complex()), z.inverse()]
    },
    Row(
      "Tensor.fft(count:axis:norm:)", "Tensor.ifft(count:axis:norm:)",
      "Tensor.rfft(count:axis:norm:)", "Tensor.irfft(count:axis:norm:)",
      "Tensor.hfft(count:axis:norm:)", "Tensor.ihfft(count:axis:norm:)"
    ) {
      let (z, n, axis) = ($0.complex(), $0.maybeCount(), $0.int())
      let norm = $0.pick(FourierNorm.allCases)
      return [
        z.fft(count: n, axis: axis, norm: norm), z.ifft(count: n, axis: axis, norm: norm),
        z.rfft(count: n, axis: axis, norm: norm), z.irfft(count: n, axis: axis, norm: norm),
        z.hfft(count: n, axis: axis, norm: norm), z.ihfft(count: n, axis: axis, norm: norm),
      ]
    },
    Row(
      "Tensor.fftn(sizes:axes:norm:)", "Tensor.ifftn(sizes:axes:norm:)",
      "Tensor.rfftn(sizes:axes:norm:)", "Tensor.irfftn(sizes:axes:norm:)",
      "Tensor.hfftn(sizes:axes:norm:)", "Tensor.ihfftn(sizes:axes:norm:)"
    ) {
      let (z, sizes, axes) = ($0.complex(), $0.maybeInts(), $0.maybeInts())
      return [
        z.fftn(sizes: sizes, axes: axes), z.ifftn(sizes: sizes, axes: axes),
        z.rfftn(sizes: sizes, axes: axes), z.irfftn(sizes: sizes, axes: axes),
        z.hfftn(sizes: sizes, axes: axes), z.ihfftn(sizes: sizes, axes: axes),
      ]
    },
    Row(
      "Tensor.fft2(sizes:axes:norm:)", "Tensor.ifft2(sizes:axes:norm:)",
      "Tensor.rfft2(sizes:axes:norm:)", "Tensor.irfft2(sizes:axes:norm:)",
      "Tensor.hfft2(sizes:axes:norm:)", "Tensor.ihfft2(sizes:axes:norm:)"
    ) {
      let (z, sizes) = ($0.complex(), $0.maybeInts())
      let axes = $0.bool() ? [-2, -1] : $0.ints()
      return [
        z.fft2(sizes: sizes, axes: axes), z.ifft2(sizes: sizes, axes: axes),
        z.rfft2(sizes: sizes, axes: axes), z.irfft2(sizes: sizes, axes: axes),
        z.hfft2(sizes: sizes, axes: axes), z.ihfft2(sizes: sizes, axes: axes),
      ]
    },
    Row(
      "Tensor.fftShift(axes:)", "Tensor.ifftShift(axes:)",
      "Tensor.fftFrequencies(_:spacing:dtype:device:)",
      "Tensor.rfftFrequencies(_:spacing:dtype:device:)"
    ) {
      let (z, axes) = ($0.complex(), $0.maybeInts())
      return [
        z.fftShift(axes: axes), z.ifftShift(axes: axes),
        Tensor.fftFrequencies($0.size(), spacing: $0.double()),
        Tensor.rfftFrequencies($0.size(), spacing: $0.double()),
      ]
    },
    Row(
      "Tensor.stft(_:hop:window:windowSize:isCentered:padding:isNormalized:isOneSided:)",
      "Tensor.istft(_:hop:window:windowSize:isCentered:isNormalized:isOneSided:length:isComplex:)"
    ) {
      let (z, size, hop) = ($0.complex(), $0.size(), $0.maybeCount())
      let window = $0.maybeTensor()
      let y = z.stft(
        size, hop: hop, window: window, windowSize: $0.maybeCount(), isCentered: $0.bool(),
        isNormalized: $0.bool(), isOneSided: $0.bool())
      return [
        y,
        (y.error == nil ? y : z).istft(
          size, hop: hop, window: window, isCentered: $0.bool(), length: $0.maybeCount(),
          isComplex: $0.bool()),
      ]
    },
  ]

  private static let words: [Row] = [
    Row(
      "Tensor.addmm(_:_:beta:alpha:)", "Tensor.addmv(_:_:beta:alpha:)",
      "Tensor.addr(_:_:beta:alpha:)", "Tensor.baddbmm(_:_:beta:alpha:)",
      "Tensor.addbmm(_:_:beta:alpha:)", "Tensor.addcmul(_:_:value:)", "Tensor.addcdiv(_:_:value:)"
    ) {
      let (x, a, b) = ($0.tensor(), $0.tensor(), $0.tensor())
      let (beta, alpha) = ($0.double(), $0.double())
      return [
        x.addmm(a, b, beta: beta, alpha: alpha), x.addmv(a, b, beta: beta, alpha: alpha),
        x.addr(a, b, beta: beta, alpha: alpha), x.baddbmm(a, b, beta: beta, alpha: alpha),
        x.addbmm(a, b, beta: beta, alpha: alpha), x.addcmul(a, b), x.addcdiv(a, b, value: 2),
      ]
    },
    Row("hstack(_:)", "vstack(_:)", "dstack(_:)", "columnStack(_:)", "broadcastTensors(_:)") {
      let all = [$0.tensor(), $0.tensor()]
      return [hstack(all), vstack(all), dstack(all), columnStack(all)] + broadcastTensors(all)
    },
    Row(
      "Tensor.unbind(axis:)", "Tensor.hsplit(count:)", "Tensor.hsplit(at:)",
      "Tensor.vsplit(count:)", "Tensor.vsplit(at:)", "Tensor.dsplit(count:)", "Tensor.dsplit(at:)",
      "Tensor.sum(to:)", "Shape.broadcast(_:)"
    ) {
      let (x, n, places) = ($0.tensor(), $0.size(), $0.ints())
      // As many parts as an axis has places are not looked at.
      let parts = x.error == nil && x.shape.allSatisfy { $0 < 100 } ? x.unbind(axis: $0.int()) : []
      let other = $0.tensor()
      _ = Shape.broadcast([x.shape, other.shape])
      return parts + x.hsplit(at: places) + x.vsplit(at: places) + x.dsplit(at: places)
        + (n < 100 ? x.hsplit(count: n) + x.vsplit(count: n) + x.dsplit(count: n) : [])
        + [x.sum(to: other.shape)]
    },
    Row(
      "Tensor.varianceMean(axes:correction:keepDims:)", "Tensor.stdMean(axes:correction:keepDims:)",
      "Tensor.aminmax(axes:keepDims:)"
    ) {
      let (x, axes) = ($0.tensor(), $0.ints())
      let (a, b) = (x.varianceMean(axes: axes, correction: $0.size()), x.stdMean(axes: axes))
      let c = x.aminmax(axes: axes, keepDims: $0.bool())
      return [a.variance, a.mean, b.std, b.mean, c.min, c.max]
    },
    Row(
      "Tensor.msort()", "Tensor.dist(_:p:)", "Tensor.pdist(p:)", "Tensor.isEqual(to:)",
      "Tensor.isPositiveInfinity()", "Tensor.isNegativeInfinity()", "Tensor.deg2rad()",
      "Tensor.rad2deg()", "Tensor.bernoulli(generator:)"
    ) {
      let (x, y, p) = ($0.tensor(), $0.tensor(), $0.double())
      let rows = x.error == nil && x.rank > 0 && x.shape[0] < 100 ? x : y
      let few = rows.error == nil && rows.rank > 0 && rows.shape[0] < 100
      return [
        x.msort(), x.dist(y, p: p), few ? rows.pdist(p: p) : x, x.isEqual(to: y),
        x.isPositiveInfinity(), x.isNegativeInfinity(), x.deg2rad(), x.rad2deg(), x.bernoulli(),
      ]
    },
    Row(
      "Tensor.masked(_:)", "MaskedTensor.filled(_:)", "MaskedTensor.sum(axes:keepDims:)",
      "MaskedTensor.prod(axes:keepDims:)", "MaskedTensor.max(axes:keepDims:)",
      "MaskedTensor.min(axes:keepDims:)", "MaskedTensor.mean(axes:keepDims:)",
      "MaskedTensor.variance(axes:correction:keepDims:)",
      "MaskedTensor.std(axes:correction:keepDims:)", "MaskedTensor.logSumExp(axes:keepDims:)",
      "MaskedTensor.norm(_:axes:keepDims:)", "MaskedTensor.argmax(axis:keepDims:)",
      "MaskedTensor.argmin(axis:keepDims:)", "MaskedTensor.median(axis:keepDims:)",
      "MaskedTensor.median()", "MaskedTensor.cumsum(axis:)", "MaskedTensor.cumprod(axis:)",
      "MaskedTensor.softmax(axis:)", "MaskedTensor.logSoftmax(axis:)",
      "MaskedTensor.softmin(axis:)", "MaskedTensor.normalized(p:axis:epsilon:)",
      "MaskedTensor.logAddExp(_:)"
    ) {
      let x = $0.tensor()
      let mask = $0.bool() ? x .> 0 : $0.tensor()
      let (m, axes, axis) = (x.masked($0.bool() ? mask : nil), $0.ints(), $0.int())
      return [
        m.filled($0.double()), m.sum(axes: axes), m.prod(axes: axes), m.max(axes: axes),
        m.min(axes: axes), m.mean(axes: axes), m.variance(axes: axes), m.std(axes: axes),
        m.logSumExp(axes: axes), m.norm($0.double(), axes: axes), m.argmax(axis: axis),
        m.argmin(axis: axis), m.median(axis: axis), m.median(), m.cumsum(axis: axis),
        m.cumprod(axis: axis), m.softmax(axis: axis), m.logSoftmax(axis: axis),
        m.softmin(axis: axis), m.normalized(axis: axis), m.logAddExp(m),
      ]
    },
  ]

  static let complexVocabulary: [Row] = complexNumbers + words
}
