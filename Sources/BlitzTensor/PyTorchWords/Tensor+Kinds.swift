// PyTorch's words for dtypes, devices and gradients; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, message: "write cast(to: .float32)")
  public var float: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .float64)")
  public var double: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .float16)")
  public var half: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .bfloat16)")
  public var bfloat16: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .int64)")
  public var long: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .int32)")
  public var int: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .bool)")
  public var bool: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .uint8)")
  public var byte: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .int8)")
  public var char: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .int16)")
  public var short: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: .float32)")
  public var astype: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: other.dtype)")
  public var type_as: _TensorWord { .init() }
  @available(*, unavailable, message: "write cast(to: other.dtype)")
  public var typeAs: _TensorWord { .init() }
  @available(*, unavailable, message: "write to(.cpu)")
  public var cpu: _TensorWord { .init() }
  @available(*, unavailable, message: "write to(.cuda)")
  public var cuda: _TensorWord { .init() }
  @available(*, unavailable, message: "write device, as in x.device == .cuda")
  public var is_cuda: _Word { .init() }
  @available(*, unavailable, message: "write device, as in x.device == .cuda")
  public var isCuda: _Word { .init() }
  @available(*, unavailable, renamed: "detached")
  public var detach: _TensorWord { .init() }
  @available(*, unavailable, renamed: "detached")
  public var detach_: _TensorWord { .init() }
  @available(*, unavailable, message: "a tensor is a value: let copy = x is one already")
  public var clone: _TensorWord { .init() }
  @available(*, unavailable, message: "a tensor is a value: let copy = x is one already")
  public var copy: _TensorWord { .init() }
  @available(*, unavailable, renamed: "requiresGrad")
  public var requires_grad: _Word { .init() }
  @available(*, unavailable, renamed: "requiringGrad")
  public var requires_grad_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "requiringGrad")
  public var requiresGrad_: _TensorWord { .init() }
  @available(*, unavailable, message: "write gradient(of: loss, wrt: x) for what is no leaf")
  public var retain_grad: _Word { .init() }
  @available(*, unavailable, message: "write gradient(of: loss, wrt: x) for what is no leaf")
  public var retainGrad: _Word { .init() }
  @available(*, unavailable, renamed: "zeroGrad")
  public var zero_grad: _Word { .init() }
  @available(*, unavailable, renamed: "isLeaf")
  public var is_leaf: _Word { .init() }
  @available(*, unavailable, message: "the graph is not shown; gradient(of:wrt:) walks it")
  public var grad_fn: _Word { .init() }
  @available(*, unavailable, message: "the graph is not shown; gradient(of:wrt:) walks it")
  public var gradFn: _Word { .init() }
  @available(*, unavailable, message: "write x.onGradient { $0 } and use what it returns")
  public var register_hook: _Word { .init() }
  @available(*, unavailable, message: "write x.onGradient { $0 } and use what it returns")
  public var registerHook: _Word { .init() }
}
