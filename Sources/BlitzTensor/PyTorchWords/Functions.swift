// Functions of a tensor, which are methods in Blitz; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

@available(*, unavailable, renamed: "Tensor.exp(self:)")
public func exp(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.log(self:)")
public func log(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.sqrt(self:)")
public func sqrt(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.sin(self:)")
public func sin(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.cos(self:)")
public func cos(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.tan(self:)")
public func tan(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.tanh(self:)")
public func tanh(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.sigmoid(self:)")
public func sigmoid(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.relu(self:)")
public func relu(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.gelu(self:)")
public func gelu(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.silu(self:)")
public func silu(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.softplus(self:)")
public func softplus(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.square(self:)")
public func square(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.rsqrt(self:)")
public func rsqrt(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.floor(self:)")
public func floor(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.ceil(self:)")
public func ceil(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.erf(self:)")
public func erf(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.sinh(self:)")
public func sinh(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.cosh(self:)")
public func cosh(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.asin(self:)")
public func asin(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.acos(self:)")
public func acos(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.atan(self:)")
public func atan(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.log2(self:)")
public func log2(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.log10(self:)")
public func log10(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.log1p(self:)")
public func log1p(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.expm1(self:)")
public func expm1(_ x: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.softmax(self:axis:)")
public func softmax(_ x: Tensor, dim: Int) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.softmax(self:axis:)")
public func softmax(_ x: Tensor, axis: Int) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.logSoftmax(self:axis:)")
public func logSoftmax(_ x: Tensor, dim: Int) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.logSoftmax(self:axis:)")
public func logSoftmax(_ x: Tensor, axis: Int) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.matmul(self:_:)")
public func matmul(_ x: Tensor, _ y: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.dot(self:_:)")
public func dot(_ x: Tensor, _ y: Tensor) -> Tensor { x }
@available(*, unavailable, renamed: "Tensor.outer(self:_:)")
public func outer(_ x: Tensor, _ y: Tensor) -> Tensor { x }
@available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
public var cat: _TensorWord { .init() }
@available(*, unavailable, message: "write Tensor.zeros([2, 3])")
public var zeros: _TensorWord { .init() }
@available(*, unavailable, message: "write Tensor.ones([2, 3])")
public var ones: _TensorWord { .init() }
@available(*, unavailable, message: "write Tensor.randn([2, 3])")
public var randn: _TensorWord { .init() }
@available(*, unavailable, message: "write Tensor.arange(10)")
public var arange: _TensorWord { .init() }
@available(*, unavailable, message: "write Tensor([1, 2])")
public var tensor: _TensorWord { .init() }
@available(*, unavailable, message: "write meshGrid([x, y])")
public var meshgrid: _TensorWord { .init() }
@available(*, unavailable, message: "write noGrad { ... }")
public var no_grad: _Word { .init() }
@available(*, unavailable, message: "write manualSeed(0)")
public var manual_seed: _Word { .init() }
@available(*, unavailable, message: "leave noGrad { ... }; gradients are on elsewhere")
public var enable_grad: _Word { .init() }
// Python's own words.
@available(*, unavailable, message: "write count: array.count, data.count, loader.batchCount")
public func len(_ object: Any) -> Int { 0 }
@available(*, unavailable, message: "write 0..<20")
public func range(_ bounds: Int...) -> Range<Int> { 0..<0 }
@available(*, unavailable, message: "write noGrad { ... }, autocast(to: .bfloat16) { ... }")
public var with: _Word { .init() }
@available(*, unavailable, message: "write nil, and x.unsqueezed(axis: 0) for x[None]")
public var None: Int { 0 }
@available(*, unavailable, renamed: "true")
public var True: Bool { true }
@available(*, unavailable, renamed: "false")
public var False: Bool { false }
@available(*, unavailable, message: "write stack([x, y], axis: 1)")
public func stack(_ tensors: [Tensor], dim: Int) -> Tensor { 0 }
@available(*, unavailable, message: "write concatenate([x, y], axis: 1)")
public func concatenate(_ tensors: [Tensor], dim: Int) -> Tensor { 0 }
