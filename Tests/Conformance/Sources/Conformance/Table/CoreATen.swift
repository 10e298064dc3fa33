/// PyTorch's core ATen operators, the set that its exporters reduce programs to (version 2.15), and
/// which of the table's rows, or which word, does each.
enum CoreATen {
  /// How many there are.
  static let count = 160

  /// Those whose row has their name.
  private static let sameName = [
    "abs", "acos", "acosh", "add", "addmm", "amax", "amin", "any", "arange", "argmax", "argmin",
    "asin", "asinh", "atan", "atan2", "atanh", "bitwise_and", "bitwise_not", "bitwise_or",
    "bitwise_xor", "bmm", "cat", "ceil", "clamp", "clone", "constant_pad_nd", "cos", "cosh",
    "cumsum", "diagonal", "div", "empty", "eq", "erf", "exp", "expand", "expm1", "fill", "flip",
    "floor", "fmod", "full", "full_like", "gather", "ge", "grid_sampler_2d", "gt", "index_put",
    "index_select", "isinf", "isnan", "le", "log", "log10", "log1p", "log2", "logical_and",
    "logical_not", "logical_or", "logical_xor", "lt", "masked_scatter", "max", "maximum", "mean",
    "min", "minimum", "mm", "mul", "ne", "neg", "nonzero", "permute", "pow", "prod", "randn",
    "reciprocal", "remainder", "repeat", "round", "rsqrt", "scalar_tensor", "scatter",
    "scatter_add", "scatter_reduce", "select", "select_scatter", "sigmoid", "sign", "sin", "sinh",
    "slice", "slice_scatter", "sort", "split_with_sizes", "sqrt", "squeeze", "sub", "sum", "tan",
    "tanh", "topk", "trunc", "unsqueeze", "var", "view", "where",
  ]

  /// Those whose row is `nn.functional.` and their name.
  private static let functional = [
    "avg_pool2d", "avg_pool3d", "elu", "embedding", "gelu", "hardtanh", "leaky_relu", "relu",
  ]

  /// Those that are parts of other rows, or words that PyTorch's samples have no name for.
  private static let others = [
    "_adaptive_avg_pool2d": "nn.functional.adaptive_avg_pool2d",
    "_adaptive_avg_pool2d_backward": "nn.functional.adaptive_avg_pool2d",
    "_adaptive_avg_pool3d": "nn.functional.adaptive_avg_pool3d", "_cdist_forward": "cdist",
    "_embedding_bag": "nn.functional.embedding_bag", "_fft_c2r": "fft.irfft",
    "_fft_r2c": "fft.rfft", "_local_scalar_dense": "item", "_log_softmax": "log_softmax",
    "_native_batch_norm_legit": "nn.functional.batch_norm",
    "_native_batch_norm_legit_no_training": "nn.functional.batch_norm",
    "_pdist_forward": "nn.functional.pdist", "_softmax": "softmax", "_to_copy": "to",
    "alias": "view_as", "avg_pool2d_backward": "nn.functional.avg_pool2d",
    "col2im": "nn.functional.fold", "convolution": "nn.functional.conv2d",
    "convolution_backward": "nn.functional.conv2d", "copy": "clone",
    "embedding_dense_backward": "nn.functional.embedding", "index": "__getitem__",
    "max_pool2d_with_indices": "nn.functional.max_pool2d",
    "max_pool2d_with_indices_backward": "nn.functional.max_pool2d",
    "max_pool3d_with_indices": "nn.functional.max_pool3d",
    "native_dropout": "nn.functional.dropout", "native_group_norm": "nn.functional.group_norm",
    "native_group_norm_backward": "nn.functional.group_norm",
    "native_layer_norm": "nn.functional.layer_norm",
    "native_layer_norm_backward": "nn.functional.layer_norm", "rand": "rand_like",
    "randperm": "Tensor.randperm(_:)", "reflection_pad1d": "nn.functional.pad",
    "reflection_pad2d": "nn.functional.pad", "reflection_pad3d": "nn.functional.pad",
    "replication_pad2d": "nn.functional.pad", "replication_pad3d": "nn.functional.pad",
    "sym_numel": "x.elementCount", "sym_size": "x.shape", "sym_stride": "x.strides",
    "upsample_bilinear2d": "nn.functional.interpolate",
    "upsample_nearest2d": "nn.functional.interpolate",
  ]

  /// Those that are not there.
  static let missing = [
    "as_strided", "empty_strided", "sym_storage_offset",  // memory by strides
  ]

  /// The operators with what does them.
  private static let all: [(name: String, by: String)] =
    sameName.map { ($0, $0) } + functional.map { ($0, "nn.functional.\($0)") }
    + others.map { ($0.key, $0.value) }

  /// How many have a word whose row computes samples, or that is one of Swift's.
  static var written: Int {
    let rows = Table.ops.rows
    return all.count { rows[$0.by] != nil || $0.by.hasPrefix("x.") || $0.by.hasPrefix("Tensor.") }
  }
}
