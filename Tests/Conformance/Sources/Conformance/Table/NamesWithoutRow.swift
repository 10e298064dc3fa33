/// PyTorch's names that have no row, and why.
enum NamesWithoutRow {
  /// Names that stay without one.
  static let reasons: [(reason: String, names: [String])] = [
    ("sparse tensors", ["sparse.mm", "sparse.sampled_addmm", "to_sparse"]),
    (
      "compile CUDA source at run time",
      [
        "jiterator_2inputs_2outputs", "jiterator_4inputs_with_extra_args", "jiterator_binary",
        "jiterator_binary_return_by_ref", "jiterator_unary",
      ]
    ),
    (
      "memory by strides: tensors are row-major values",
      [
        "as_strided", "as_strided_copy", "as_strided_scatter", "empty_permuted", "empty_strided",
        "new_empty_strided",
      ]
    ),
    ("change a tensor's size in place", ["resize_", "resize_as_"]),
    ("complex32", ["chalf"]),
    ("float8", ["torch._scaled_mm", "torch._scaled_mm_v2"]),
    (
      "PyTorch's own parts of functions and gradients",
      [
        "_batch_norm_with_update", "_chunk_cat", "_native_batch_norm_legit", "_segment_reduce",
        "_softmax_backward_data", "_unsafe_masked_index", "_unsafe_masked_index_put_accumulate",
        "_upsample_bilinear2d_aa", "hash_tensor", "max_pool2d_with_indices_backward",
        "native_batch_norm", "native_dropout_backward", "native_group_norm", "native_layer_norm",
        "torch.ops.aten._efficient_attention_forward",
        "torch.ops.aten._flash_attention_forward",
        "torch.ops.aten._scaled_dot_product_flash_attention_for_cpu",
      ]
    ),
  ]

  /// Names that are to get one.
  static let notYet: [String] = [
    "nn.functional.multi_head_attention_forward"
  ]

  /// Names that are in no list, or in two.
  static func problems(_ names: [String]) -> [String] {
    let listed = reasons.flatMap(\.names) + notYet
    let rows = Table.ops.rows
    var problems: [String] = []
    for name in names where rows[name] == nil && !listed.contains(name) {
      problems.append("\(name) has no row, and no list says why")
    }
    for name in listed where rows[name] != nil { problems.append("\(name) has a row by now") }
    for name in listed where !names.contains(name) { problems.append("\(name) is no name") }
    return problems
  }
}
