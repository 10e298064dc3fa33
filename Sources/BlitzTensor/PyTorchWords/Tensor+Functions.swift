// PyTorch's words for functions and statistics; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, renamed: "clamp")
  public var clip: _TensorWord { .init() }
  @available(*, unavailable, renamed: "clamp")
  public var clip_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "clamp")
  public var clamp_: _TensorWord { .init() }
  @available(*, unavailable, message: "write clamp(min: 0)")
  public var clamp_min: _TensorWord { .init() }
  @available(*, unavailable, message: "write clamp(min: 0)")
  public var clampMin: _TensorWord { .init() }
  @available(*, unavailable, message: "write clamp(max: 1)")
  public var clamp_max: _TensorWord { .init() }
  @available(*, unavailable, message: "write clamp(max: 1)")
  public var clampMax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x = .zeros(like: x)")
  public var zero_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x = .full(like: x, 1)")
  public var fill_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x = y, inside noGrad for a weight")
  public var copy_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x = .normal(x.shape, mean: 0, std: 1)")
  public var normal_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x = .uniform(x.shape, from: 0, to: 1)")
  public var uniform_: _TensorWord { .init() }
  @available(*, unavailable, message: "write -(1 - Tensor.rand(x.shape)).log()")
  public var exponential_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "leakyRelu")
  public var leaky_relu: _TensorWord { .init() }
  @available(*, unavailable, renamed: "logSoftmax")
  public var log_softmax: _TensorWord { .init() }
  @available(*, unavailable, renamed: "logSumExp")
  public var logsumexp: _TensorWord { .init() }
  @available(*, unavailable, renamed: "logSumExp")
  public var logsumExp: _TensorWord { .init() }
  @available(*, unavailable, renamed: "logSigmoid")
  public var log_sigmoid: _TensorWord { .init() }
  @available(*, unavailable, renamed: "logSigmoid")
  public var logsigmoid: _TensorWord { .init() }
  @available(*, unavailable, renamed: "hardSwish")
  public var hardswish: _TensorWord { .init() }
  @available(*, unavailable, renamed: "hardSigmoid")
  public var hardsigmoid: _TensorWord { .init() }
  @available(*, unavailable, renamed: "relu")
  public var relu_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "sigmoid")
  public var sigmoid_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "tanh")
  public var tanh_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "exp")
  public var exp_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "sqrt")
  public var sqrt_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "abs")
  public var absolute: _TensorWord { .init() }
  @available(*, unavailable, renamed: "atan")
  public var arctan: _TensorWord { .init() }
  @available(*, unavailable, renamed: "atan2")
  public var arctan2: _TensorWord { .init() }
  @available(*, unavailable, renamed: "asin")
  public var arcsin: _TensorWord { .init() }
  @available(*, unavailable, renamed: "acos")
  public var arccos: _TensorWord { .init() }
  @available(*, unavailable, renamed: "erfinv")
  public var erfinv_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "pow")
  public var float_power: _TensorWord { .init() }
  @available(*, unavailable, message: "write variance(), or variance(axis: 0)")
  public var `var`: _TensorWord { .init() }
  @available(*, unavailable, message: "write max(axis: 0)")
  public var amax: _TensorWord { .init() }
  @available(*, unavailable, message: "write min(axis: 0)")
  public var amin: _TensorWord { .init() }
  @available(*, unavailable, renamed: "argSort")
  public var argsort: _TensorWord { .init() }
  @available(*, unavailable, renamed: "topK")
  public var topk: _TensorWord { .init() }
  @available(*, unavailable, renamed: "topK")
  public var topK_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "kthValue")
  public var kthvalue: _TensorWord { .init() }
  @available(*, unavailable, renamed: "searchSorted")
  public var searchsorted: _TensorWord { .init() }
  @available(*, unavailable, renamed: "countNonzero")
  public var count_nonzero: _TensorWord { .init() }
  @available(*, unavailable, message: "write histogram(bins: 10).counts")
  public var histc: _TensorWord { .init() }
  @available(*, unavailable, message: "write oneHot(classCount: 10)")
  public var one_hot: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros(shape)")
  public var new_zeros: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.zeros(shape)")
  public var newZeros: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.ones(shape)")
  public var new_ones: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.ones(shape)")
  public var newOnes: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public var new_tensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor([1, 2])")
  public var newTensor: _TensorWord { .init() }
  @available(*, unavailable, message: "write Tensor.full(shape, 1)")
  public var new_full: _TensorWord { .init() }
  @available(*, unavailable, message: "tensors are always contiguous to their users")
  public var is_contiguous: _TensorWord { .init() }
  @available(*, unavailable, message: "tensors are always contiguous to their users")
  public var isContiguous: _TensorWord { .init() }
  @available(*, unavailable, renamed: "nanToNumber")
  public var nan_to_num: _TensorWord { .init() }
  @available(*, unavailable, renamed: "nanToNumber")
  public var nanToNum: _TensorWord { .init() }
  @available(*, unavailable, renamed: "pixelShuffle")
  public var pixel_shuffle: _TensorWord { .init() }
  @available(*, unavailable, renamed: "lerp")
  public var lerp_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "square")
  public var square_: _TensorWord { .init() }
  @available(*, unavailable, renamed: "cumsum")
  public var cumsum_: _TensorWord { .init() }
}
