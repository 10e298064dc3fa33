// `torch.zeros(2, 3)`: what follows the dot says what to write; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

/// PyTorch's module `torch`, for the compiler's advice.
@_documentation(visibility: internal)
public enum torch: _Namespace {
  @available(*, unavailable, message: "write Tensor, without torch.")
  public typealias Tensor = BlitzTensor.Tensor
  @available(*, unavailable, message: "write Shape, without torch.")
  public typealias Size = BlitzTensor.Shape
  @available(*, unavailable, message: "write Generator, without torch.")
  public typealias Generator = BlitzTensor.Generator
  @available(*, unavailable, message: "write DType, without torch.")
  public typealias dtype = BlitzTensor.DType
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var tensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var as_tensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var FloatTensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public static var LongTensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Npy.load(path), or Tensor(array)")
  public static var from_numpy: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros([2, 3])")
  public static var zeros: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros([2, 3])")
  public static var empty: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.ones([2, 3])")
  public static var ones: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.full([2, 3], 1)")
  public static var full: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros(like: x)")
  public static var zeros_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros(like: x)")
  public static var empty_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.ones(like: x)")
  public static var ones_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.rand([2, 3])")
  public static var rand: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.randn([2, 3])")
  public static var randn: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.randn([2, 3])")
  public static var normal: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.randn(x.shape)")
  public static var randn_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.rand(x.shape)")
  public static var rand_like: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.randint(10, [3])")
  public static var randint: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.randperm(10)")
  public static var randperm: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.arange(10)")
  public static var arange: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.linspace(0, 1, count: 5)")
  public static var linspace: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.eye(3)")
  public static var eye: _TensorWord { .init() }
  @available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
  public static var cat: _TensorWord { .init() }
  @available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
  public static var concat: _TensorWord { .init() }
  @available(*, unavailable, message: "write concatenate([x, y], axis: 0)")
  public static var concatenate: _TensorWord { .init() }
  @available(*, unavailable, message: "write stack([x, y], axis: 0)")
  public static var stack: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.where(mask, x, y)")
  public static var `where`: _TensorWord { .init() }
  @available(*, unavailable, message: "write einsum(\"ij,jk->ik\", x, y)")
  public static var einsum: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.matmul(y)")
  public static var matmul: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.matmul(y)")
  public static var mm: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.matmul(y)")
  public static var bmm: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.dot(y)")
  public static var dot: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.outer(y)")
  public static var outer: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.exp()")
  public static var exp: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.log()")
  public static var log: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sqrt()")
  public static var sqrt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.abs()")
  public static var abs: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.pow(2)")
  public static var pow: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sin()")
  public static var sin: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.cos()")
  public static var cos: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tanh()")
  public static var tanh: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sigmoid()")
  public static var sigmoid: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.relu()")
  public static var relu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.softmax(axis: 1)")
  public static var softmax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.logSoftmax(axis: 1)")
  public static var log_softmax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sum(axis: 1)")
  public static var sum: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.mean(axis: 1)")
  public static var mean: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.std(axis: 1)")
  public static var std: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.variance(axis: 1)")
  public static var `var`: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.max(axis: 1), and x.argmax(axis: 1) for where")
  public static var max: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.min(axis: 1), and x.argmin(axis: 1) for where")
  public static var min: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.argmax(axis: 1)")
  public static var argmax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.argmin(axis: 1)")
  public static var argmin: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.maximum(y)")
  public static var maximum: _Word { .init() }
  @available(*, unavailable, message: "write x.minimum(y)")
  public static var minimum: _Word { .init() }
  @available(*, unavailable, message: "write x.sort(axis: 0)")
  public static var sort: _Word { .init() }
  @available(*, unavailable, message: "write x.topK(5)")
  public static var topk: _Word { .init() }
  @available(*, unavailable, message: "write x.cumsum(axis: 0)")
  public static var cumsum: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.clamp(min: 0, max: 1)")
  public static var clamp: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.clamp(min: 0, max: 1)")
  public static var clip: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.square()")
  public static var square: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.norm()")
  public static var norm: _TensorWord { .init() }
  @available(*, unavailable, message: "write x + y")
  public static var add: _TensorWord { .init() }
  @available(*, unavailable, message: "write x - y")
  public static var sub: _TensorWord { .init() }
}
