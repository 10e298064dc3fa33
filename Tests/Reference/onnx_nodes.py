#!/usr/bin/env python3
"""Writes a few of the node tests of the `onnx` package, as folders, for BlitzONNXTests.

    python Tests/Reference/onnx_nodes.py Tests/BlitzONNXTests/Reference/nodes
"""

import pathlib
import shutil
import sys
import warnings

warnings.filterwarnings("ignore")
import onnx  # noqa: E402
from onnx import TensorProto, numpy_helper  # noqa: E402
from onnx.backend.test.loader import load_node_model_tests  # noqa: E402

NAMES = """
    test_add_bcast test_add_int8 test_and_bcast4v4d test_argmax_negative_axis_keepdims_example
    test_averagepool_1d_default test_basic_conv_with_padding test_batchnorm_example
    test_bitshift_right_uint16 test_cast_FLOAT_to_FLOAT8E5M2 test_clip_expanded
    test_convtranspose_autopad_same test_cumsum_2d_axis_1 test_dequantizelinear_int4
    test_dynamicquantizelinear test_einsum_batch_diagonal test_gather_elements_negative_indices
    test_gru_defaults test_if test_layer_normalization_2d_axis1 test_logsoftmax_axis_1
    test_loop11 test_lstm_with_peepholes test_maxpool_with_argmax_2d_precomputed_strides
    test_mod_mixed_sign_int64 test_nonmaxsuppression_two_classes
    test_optional_has_element_empty_optional_input test_qlinearconv test_reduce_l2_keep_dims_example
    test_reduce_max_empty_set test_resize_downsample_sizes_linear_pytorch_half_pixel
    test_scan9_sum test_scatternd_add test_sequence_insert_at_back test_shape_start_1
    test_slice_negative_axes test_softmax_axis_1 test_split_to_sequence_2 test_string_concat
    test_swish test_top_k test_unique_sorted_with_axis
""".split()


def encoded(value, info):
    """The bytes of an input or output."""
    kind = info.type
    if kind.HasField("sequence_type"):
        message = numpy_helper.from_list(value, info.name)
    elif kind.HasField("optional_type"):
        message = numpy_helper.from_optional(value, info.name)
    else:
        message = value if isinstance(value, TensorProto) else numpy_helper.from_array(value)
    return message.SerializeToString()


folder = pathlib.Path(sys.argv[1])
shutil.rmtree(folder, ignore_errors=True)
found = [case for case in load_node_model_tests() if case.name in NAMES]
missing = set(NAMES) - {case.name for case in found}
if missing:
    sys.exit(f"onnx {onnx.__version__} has no {sorted(missing)}")
for case in found:
    place = folder / case.name / "test_data_set_0"
    place.mkdir(parents=True)
    (place.parent / "model.onnx").write_bytes(case.model.SerializeToString())
    inputs, outputs = case.data_sets[0]
    graph = case.model.graph
    for kind, values, infos in (("input", inputs, graph.input), ("output", outputs, graph.output)):
        for index, value in enumerate(values):
            (place / f"{kind}_{index}.pb").write_bytes(encoded(value, infos[index]))
(folder / "VERSION").write_text(f"{len(found)} node tests of onnx {onnx.__version__}\n")
print(f"{len(found)} node tests of onnx {onnx.__version__} in {folder}")
