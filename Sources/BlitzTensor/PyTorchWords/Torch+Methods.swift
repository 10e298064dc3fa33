// More of `torch`: functions that are methods or operators in Blitz; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension torch {
  @available(*, unavailable, message: "write x.acos()")
  public static var acos: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.all()")
  public static var all: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.any()")
  public static var any: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.argSort(axis: 0)")
  public static var argsort: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.asin()")
  public static var asin: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.atan()")
  public static var atan: _TensorWord { .init() }
  @available(*, unavailable, message: "write y.atan2(x)")
  public static var atan2: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.bincount()")
  public static var bincount: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.expanded(to: [2, 3])")
  public static var broadcast_to: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.cdist(y)")
  public static var cdist: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.ceil()")
  public static var ceil: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.cosh()")
  public static var cosh: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.countNonzero()")
  public static var count_nonzero: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.cross(y)")
  public static var cross: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.cumprod(axis: 0)")
  public static var cumprod: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.diag()")
  public static var diag: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.diagonal()")
  public static var diagonal: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.erf()")
  public static var erf: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.expm1()")
  public static var expm1: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.flipped(axes: [0])")
  public static var flip: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.floor()")
  public static var floor: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.floorDivided(by: y)")
  public static var floor_divide: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.fmod(y)")
  public static var fmod: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.frac()")
  public static var frac: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .>= y")
  public static var ge: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.histogram(bins: 10).counts")
  public static var histc: _TensorWord { .init() }
  @available(*, unavailable, message: "write hstack([x, y])")
  public static var hstack: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.indexSelect(axis: 0, indices: index)")
  public static var index_select: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.inner(y)")
  public static var inner: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.isClose(to: y)")
  public static var isclose: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.isFinite()")
  public static var isfinite: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.isInfinite()")
  public static var isinf: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.kron(y)")
  public static var kron: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .<= y")
  public static var le: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.lerp(y, 0.5)")
  public static var lerp: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.log10()")
  public static var log10: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.log1p()")
  public static var log1p: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.log2()")
  public static var log2: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .& y")
  public static var logical_and: _TensorWord { .init() }
  @available(*, unavailable, message: "write .!x")
  public static var logical_not: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .| y")
  public static var logical_or: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.logspace(0, 1, count: 5)")
  public static var logspace: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.logSumExp(axis: 1)")
  public static var logsumexp: _TensorWord { .init() }
  @available(*, unavailable, message: "write x[mask]")
  public static var masked_select: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.median(axis: 1).values")
  public static var median: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.movedAxes([0], to: [1])")
  public static var movedim: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.matmul(y)")
  public static var mv: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.nanToNumber()")
  public static var nan_to_num: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .!= y")
  public static var ne: _TensorWord { .init() }
  @available(*, unavailable, message: "write -x")
  public static var neg: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.nonzero()")
  public static var nonzero: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.prod(axis: 1)")
  public static var prod: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.quantile(0.5)")
  public static var quantile: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.reciprocal()")
  public static var reciprocal: _TensorWord { .init() }
  @available(*, unavailable, message: "write x % y")
  public static var remainder: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.repeatInterleave(2)")
  public static var repeat_interleave: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.rolled(by: 1, axis: 0)")
  public static var roll: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.round()")
  public static var round: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.rsqrt()")
  public static var rsqrt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.scatter(axis: 1, index: index, updates: y)")
  public static var scatter: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sign()")
  public static var sign: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sinh()")
  public static var sinh: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.softplus()")
  public static var softplus: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.take(index)")
  public static var take: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tan()")
  public static var tan: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tensorDot(y, axes: 2)")
  public static var tensordot: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tiled([2, 1])")
  public static var tile: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.trace()")
  public static var trace: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.trunc()")
  public static var trunc: _TensorWord { .init() }
  @available(*, unavailable, message: "write vstack([x, y])")
  public static var vstack: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.fft(), x.rfft() or z.irfft()")
  public static var fft: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.stft(400)")
  public static var stft: _TensorWord { .init() }
  @available(*, unavailable, message: "write z.istft(400)")
  public static var istft: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.complex(real, imag)")
  public static var complex: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.polar(size, angle)")
  public static var polar: _TensorWord { .init() }
  @available(*, unavailable, message: "write z.viewAsReal()")
  public static var view_as_real: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.viewAsComplex()")
  public static var view_as_complex: _TensorWord { .init() }
  @available(*, unavailable, message: "write z.dtype.isComplex")
  public static var is_complex: _TensorWord { .init() }
}
