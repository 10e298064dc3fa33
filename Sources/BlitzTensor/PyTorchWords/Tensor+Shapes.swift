// PyTorch's words for shapes; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, message: "write reshaped(to: [2, 3]); -1 is what is left")
  public var view: _TensorWord { .init() }
  @available(*, unavailable, message: "write reshaped(to: [2, 3]); -1 is what is left")
  public var reshape: _TensorWord { .init() }
  @available(*, unavailable, message: "write reshaped(to: other.shape)")
  public var view_as: _TensorWord { .init() }
  @available(*, unavailable, message: "write reshaped(to: other.shape)")
  public var viewAs: _TensorWord { .init() }
  @available(*, unavailable, message: "write reshaped(to: other.shape)")
  public var reshape_as: _TensorWord { .init() }
  @available(*, unavailable, message: "write reshaped(to: other.shape)")
  public var reshapeAs: _TensorWord { .init() }
  @available(
    *, unavailable,
    message: "write flattened(), or flattened(from: 1) to keep the first axis"
  )
  public var flatten: _TensorWord { .init() }
  @available(*, unavailable, message: "write permuted([0, 2, 1])")
  public var permute: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed(0, 1)")
  public var transpose: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed(0, 1)")
  public var swapaxes: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed(0, 1)")
  public var swapAxes: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed(0, 1)")
  public var swapdims: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed()")
  public var t: _TensorWord { .init() }
  @available(*, unavailable, message: "write transposed()")
  public var T: Tensor { 0 }
  @available(*, unavailable, message: "write transposed()")
  public var mT: Tensor { 0 }
  @available(*, unavailable, message: "write transposed()")
  public var H: Tensor { 0 }
  @available(*, unavailable, message: "write unsqueezed(axis: 0)")
  public var unsqueeze: _TensorWord { .init() }
  @available(*, unavailable, message: "write squeezed(), or squeezed(axis: 0)")
  public var squeeze: _TensorWord { .init() }
  @available(*, unavailable, message: "write expanded(to: [2, 3])")
  public var expand: _TensorWord { .init() }
  @available(*, unavailable, message: "write expanded(to: other.shape)")
  public var expand_as: _TensorWord { .init() }
  @available(*, unavailable, message: "write expanded(to: other.shape)")
  public var expandAs: _TensorWord { .init() }
  @available(*, unavailable, message: "write tiled([2, 1])")
  public var `repeat`: _TensorWord { .init() }
  @available(*, unavailable, message: "write tiled([2, 1])")
  public var tile: _TensorWord { .init() }
  @available(*, unavailable, message: "write movedAxes([0], to: [1])")
  public var movedim: _TensorWord { .init() }
  @available(*, unavailable, message: "write movedAxes([0], to: [1])")
  public var moveaxis: _TensorWord { .init() }
  @available(*, unavailable, message: "write movedAxes([0], to: [1])")
  public var moveDim: _TensorWord { .init() }
  @available(*, unavailable, message: "write flipped(axes: [0])")
  public var flip: _TensorWord { .init() }
  @available(*, unavailable, message: "write flipped(axes: [1])")
  public var fliplr: _TensorWord { .init() }
  @available(*, unavailable, message: "write flipped(axes: [0])")
  public var flipud: _TensorWord { .init() }
  @available(*, unavailable, message: "write rolled(by: 1, axis: 0)")
  public var roll: _TensorWord { .init() }
  @available(*, unavailable, message: "write unfolded(axis: 0, size: 3, step: 1)")
  public var unfold: _TensorWord { .init() }
  @available(*, unavailable, message: "write unflattened(axis: 0, to: [2, 3])")
  public var unflatten: _TensorWord { .init() }
  @available(*, unavailable, message: "write shape, or shape[0] for one axis")
  public func size() -> Shape { shape }
  @available(*, unavailable, message: "write shape, or shape[0] for one axis")
  public func size(_ axis: Int) -> Int { shape[axis] }
  @available(*, unavailable, renamed: "elementCount")
  public func numel() -> Int { elementCount }
  @available(*, unavailable, renamed: "elementCount")
  public func nelement() -> Int { elementCount }
  @available(*, unavailable, renamed: "elementCount")
  public var count: Int { elementCount }
  @available(*, unavailable, renamed: "elementCount")
  public var length: Int { elementCount }
  @available(*, unavailable, renamed: "rank")
  public func dim() -> Int { rank }
  @available(*, unavailable, renamed: "rank")
  public var ndim: Int { rank }
  @available(*, unavailable, renamed: "rank")
  public func ndimension() -> Int { rank }
  @available(*, unavailable, message: "write dtype.byteCount")
  public var element_size: _Word { .init() }
  @available(*, unavailable, message: "write dtype.byteCount")
  public var elementSize: _Word { .init() }
  @available(*, unavailable, message: "write dtype.byteCount")
  public var itemsize: _Word { .init() }
  @available(*, unavailable, renamed: "repeatInterleave")
  public var repeat_interleave: _TensorWord { .init() }
  @available(*, unavailable, renamed: "tensorSplit")
  public var tensor_split: _TensorWord { .init() }
  @available(*, unavailable, renamed: "diagEmbed")
  public var diag_embed: _TensorWord { .init() }
}
