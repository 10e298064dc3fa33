// The rest of `torch`, without `torch.nn`; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension torch {
  @available(*, unavailable, message: "write x * y")
  public static var mul: _TensorWord { .init() }
  @available(*, unavailable, message: "write x * y")
  public static var multiply: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y")
  public static var div: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y")
  public static var true_divide: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .== y")
  public static var eq: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .> y")
  public static var gt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .< y")
  public static var lt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.flattened(from: 1)")
  public static var flatten: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.reshaped(to: [2, 3])")
  public static var reshape: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.transposed(0, 1)")
  public static var transpose: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.permuted([1, 0])")
  public static var permute: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.squeezed()")
  public static var squeeze: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.unsqueezed(axis: 0)")
  public static var unsqueeze: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.split(count: 2, axis: 0)")
  public static var chunk: _Word { .init() }
  @available(*, unavailable, message: "write x.split(sizes: [2, 3], axis: 0)")
  public static var split: _Word { .init() }
  @available(*, unavailable, message: "write x.gather(axis: 1, index: index)")
  public static var gather: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tril()")
  public static var tril: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.triu()")
  public static var triu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.isNaN()")
  public static var isnan: _Word { .init() }
  @available(*, unavailable, message: "write try x.isClose(to: y).all().item()")
  public static var allclose: _Word { .init() }
  @available(*, unavailable, message: "write try (x .== y).all().item()")
  public static var equal: _Word { .init() }
  @available(*, unavailable, message: "write meshGrid([x, y])")
  public static var meshgrid: _Word { .init() }
  @available(*, unavailable, message: "write x.unique()")
  public static var unique: _Word { .init() }
  @available(*, unavailable, message: "write Tensor.bernoulli([3], probability: 0.5)")
  public static var bernoulli: _TensorWord { .init() }
  @available(*, unavailable, message: "write weights.multinomial(1)")
  public static var multinomial: _TensorWord { .init() }
  @available(*, unavailable, message: "write noGrad { ... }")
  public static var no_grad: _Word { .init() }
  @available(*, unavailable, message: "write noGrad { ... }")
  public static var inference_mode: _Word { .init() }
  @available(*, unavailable, message: "gradients are recorded outside noGrad { ... }")
  public static var enable_grad: _Word { .init() }
  @available(*, unavailable, message: "gradients are recorded outside noGrad { ... }")
  public static var set_grad_enabled: _Word { .init() }
  @available(*, unavailable, message: "write manualSeed(0)")
  public static var manual_seed: _Word { .init() }
  @available(*, unavailable, message: "write manualSeed(0)")
  public static var seed: _Word { .init() }
  @available(
    *, unavailable,
    message: "write model.save(\"net.safetensors\"), or Safetensors.save(tensors, to: path)"
  )
  public static var save: _Word { .init() }
  @available(*, unavailable, message: "write model.load(\"net.pt\"), or TensorFile.load(path)")
  public static var load: _Word { .init() }
  @available(
    *, unavailable,
    message: "write Device.cuda or Device.cpu, or .cuda where a device is wanted"
  )
  public static var device: _Word { .init() }
  @available(*, unavailable, message: "write Device.cuda, and Memory for its counters")
  public static var cuda: _Word { .init() }
  @available(*, unavailable, message: "nothing is to be set; threads are BLITZ_NUM_THREADS")
  public static var backends: _Word { .init() }
  @available(
    *, unavailable,
    message: "write compile(model, optimizer) { x, y in ... } for a whole step"
  )
  public static var compile: _Word { .init() }
  @available(*, unavailable, message: "write compile { x in ... }")
  public static var jit: _Word { .init() }
  @available(*, unavailable, message: "write gradients(of:wrt:), or a CustomFunction")
  public static var autograd: _Word { .init() }
  @available(
    *, unavailable,
    message: "write autocast(to: .bfloat16) { ... }, and LossScaler for float16"
  )
  public static var amp: _Word { .init() }
  @available(
    *, unavailable,
    message: "write autocast(to: .bfloat16) { ... }, and LossScaler for float16"
  )
  public static var autocast: _Word { .init() }
  @available(
    *, unavailable,
    message: "write DataParallel, or start processes with mpirun; see BlitzProcesses"
  )
  public static var distributed: _Word { .init() }
  @available(*, unavailable, message: "write value is Tensor")
  public static var is_tensor: _Word { .init() }
  @available(*, unavailable, message: "set BLITZ_NUM_THREADS before the program starts")
  public static var set_num_threads: _Word { .init() }
  @available(*, unavailable, message: "printing is not to be set")
  public static var set_printoptions: _Word { .init() }
  @available(*, unavailable, message: "write x.elementCount")
  public static var numel: _Word { .init() }
  @available(*, unavailable, message: "write .float32")
  public static var float32: DType { .float32 }
  @available(*, unavailable, message: "write .float32")
  public static var float: DType { .float32 }
  @available(*, unavailable, message: "write .float64")
  public static var float64: DType { .float64 }
  @available(*, unavailable, message: "write .float64")
  public static var double: DType { .float64 }
  @available(*, unavailable, message: "write .float16")
  public static var float16: DType { .float16 }
  @available(*, unavailable, message: "write .float16")
  public static var half: DType { .float16 }
  @available(*, unavailable, message: "write .bfloat16")
  public static var bfloat16: DType { .bfloat16 }
  @available(*, unavailable, message: "write .int64")
  public static var int64: DType { .int64 }
  @available(*, unavailable, message: "write .int64")
  public static var long: DType { .int64 }
  @available(*, unavailable, message: "write .int32")
  public static var int32: DType { .int32 }
  @available(*, unavailable, message: "write .int32")
  public static var int: DType { .int32 }
  @available(*, unavailable, message: "write .uint8")
  public static var uint8: DType { .uint8 }
  @available(*, unavailable, message: "write .bool")
  public static var bool: DType { .bool }
  @available(*, unavailable, message: "write .int8")
  public static var int8: DType { .int8 }
  @available(*, unavailable, message: "write .int16")
  public static var int16: DType { .int16 }
  @available(*, unavailable, message: "write .int16")
  public static var short: DType { .int16 }
  @available(*, unavailable, message: "write .uint16")
  public static var uint16: DType { .uint16 }
  @available(*, unavailable, message: "write .uint32")
  public static var uint32: DType { .uint32 }
  @available(*, unavailable, message: "write .uint64")
  public static var uint64: DType { .uint64 }
  @available(*, unavailable, message: "write Double.pi")
  public static var pi: _Word { .init() }
  @available(*, unavailable, message: "write Tensor.infinity or Double.infinity")
  public static var inf: _Word { .init() }
  @available(*, unavailable, message: "write Tensor.nan or Double.nan")
  public static var nan: _Word { .init() }
  @available(
    *, unavailable,
    message: "optimizers stand by themselves: write Adam(model, rate: 1e-3)"
  )
  public static var optim: _Word { .init() }
}
