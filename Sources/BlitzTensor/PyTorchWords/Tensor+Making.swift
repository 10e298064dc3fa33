// `torch.zeros(2, 3)` and the like on `Tensor`; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, message: "write zeros([2, 3])")
  public static func zeros(_ first: Int, _ others: Int...) -> Tensor { 0 }
  @available(*, unavailable, message: "write ones([2, 3])")
  public static func ones(_ first: Int, _ others: Int...) -> Tensor { 0 }
  @available(*, unavailable, message: "write rand([2, 3])")
  public static func rand(_ first: Int, _ others: Int...) -> Tensor { 0 }
  @available(*, unavailable, message: "write randn([2, 3])")
  public static func randn(_ first: Int, _ others: Int...) -> Tensor { 0 }
  @available(*, unavailable, message: "write full([2, 3], 1)")
  public static func full(size: Shape, value: Double) -> Tensor { 0 }
  @available(*, unavailable, renamed: "linspace(_:_:count:)")
  public static func linspace(_ start: Double, _ end: Double, steps: Int) -> Tensor { 0 }
  @available(*, unavailable, renamed: "linspace(_:_:count:)")
  public static func linspace(_ start: Double, _ end: Double, _ steps: Int) -> Tensor { 0 }
  @available(*, unavailable, message: "write zeros(like: x)")
  public static var zeros_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write zeros(like: x)")
  public static var zerosLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write ones(like: x)")
  public static var ones_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write ones(like: x)")
  public static var onesLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write full(like: x, 1)")
  public static var full_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write full(like: x, 1)")
  public static var fullLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write rand(x.shape)")
  public static var rand_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write rand(x.shape)")
  public static var randLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write randn(x.shape)")
  public static var randn_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write randn(x.shape)")
  public static var randnLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write zeros([2, 3])")
  public static var empty: _TensorWord { .init() }
  @available(*, unavailable, message: "write zeros(like: x)")
  public static var empty_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write zeros(like: x)")
  public static var emptyLike: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var tensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var as_tensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var asTensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Npy.load(path), or Tensor(array)")
  public static var from_numpy: _TensorWord { .init() }
  @available(*, unavailable, message: "write Npy.load(path), or Tensor(array)")
  public static var fromNumpy: _TensorWord { .init() }
  @available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
  public static var cat: _TensorWord { .init() }
  @available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
  public static var concat: _TensorWord { .init() }
  @available(*, unavailable, message: "write meshGrid([x, y])")
  public static var meshgrid: _TensorWord { .init() }
}
