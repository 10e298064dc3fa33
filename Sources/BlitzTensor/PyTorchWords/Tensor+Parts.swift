// PyTorch's words for parts of tensors, and for their numbers; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, message: "write split(count: 2, axis: 0)")
  public var chunk: _Word { .init() }
  @available(*, unavailable, message: "write (0..<x.shape[0]).map { x[$0] }")
  public var unbind: _Word { .init() }
  @available(*, unavailable, message: "write x[2..<5], or x[0..., 2..<5] along the second axis")
  public var narrow: _TensorWord { .init() }
  @available(*, unavailable, message: "write x[1], or x[0..., 1] along the second axis")
  public var select: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexSelect")
  public var index_select: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexAdd")
  public var index_add: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexAdd")
  public var index_add_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexCopy")
  public var index_copy: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexCopy")
  public var index_copy_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexFill")
  public var index_fill: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexFill")
  public var index_fill_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexPut")
  public var index_put: _TensorWord { .init() }
  @available(*, unavailable, renamed: "indexPut")
  public var index_put_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "scatter")
  public var scatter_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "scatterAdd")
  public var scatter_add: _TensorWord { .init() }
  @available(*, unavailable, renamed: "scatterAdd")
  public var scatter_add_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "scatterReduce")
  public var scatter_reduce: _TensorWord { .init() }
  @available(*, unavailable, renamed: "scatterReduce")
  public var scatter_reduce_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "maskedFill")
  public var masked_fill: _TensorWord { .init() }
  @available(*, unavailable, message: "write x[mask] = 0, or x.maskedFill(mask, 0)")
  public var masked_fill_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x[mask]")
  public var masked_select: _TensorWord { .init() }
  @available(*, unavailable, message: "write x[mask]")
  public var maskedSelect: _TensorWord { .init() }
  @available(*, unavailable, renamed: "maskedScatter")
  public var masked_scatter: _TensorWord { .init() }
  @available(*, unavailable, renamed: "maskedScatter")
  public var masked_scatter_: _TensorWord { .init() }
  @available(*, unavailable, message: "write takeAlong(axis: 0, index)")
  public var take_along_dim: _TensorWord { .init() }
  @available(*, unavailable, message: "write takeAlong(axis: 0, index)")
  public var takeAlongDim: _TensorWord { .init() }
  @available(*, unavailable, message: "write array(), or array(as: [[Float]].self)")
  public func tolist() -> [Int] { [] }
  @_disfavoredOverload
  @available(*, unavailable, message: "write array(), or array(as: [[Float]].self)")
  public func tolist() -> [Double] { [] }
  @available(*, unavailable, message: "write array(), or array(as: [[Float]].self)")
  public var toList: _Word { .init() }
  @available(*, unavailable, message: "write array(), or Npy.save(x, to: path) for a file")
  public var numpy: _Word { .init() }
  @available(*, unavailable, message: "write detached(), or noGrad { ... } around an update")
  public var data: Tensor { 0 }
}
