#!/usr/bin/env python3
"""Writes small models that onnxruntime has quantised, and what it computes with them, for BlitzONNXTests.

    python Tests/Reference/onnx_quantised.py Tests/BlitzONNXTests/Reference/quantised

Weights have 7 bits (`reduce_range`): without VNNI onnxruntime adds pairs of products in 16 bits, which
8 would exceed.
"""

import pathlib
import shutil
import sys
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static)

random = numpy.random.default_rng(0)


def weights(name, *sizes):
    return numpy_helper.from_array(random.standard_normal(sizes, dtype=numpy.float32), name)


def model(nodes, initializers, sizes):
    ports = [helper.make_tensor_value_info("x", TensorProto.FLOAT, sizes)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, "g", ports, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


node = helper.make_node
MODELS = {
    "gemm": model(
        [node("Gemm", ["x", "w", "b"], ["h"], transB=1), node("Relu", ["h"], ["r"]),
         node("Gemm", ["r", "v", "c"], ["y"])],
        [weights("w", 12, 16), weights("b", 12), weights("v", 12, 5), weights("c", 5)], [3, 16]),
    "matmul": model(
        [node("MatMul", ["x", "w"], ["h"]), node("Add", ["h", "b"], ["y"])],
        [weights("w", 16, 20), weights("b", 20)], [2, 3, 16]),
    "conv": model(
        [node("Conv", ["x", "w", "b"], ["h"], pads=[1, 1, 1, 1], strides=[2, 2]),
         node("Relu", ["h"], ["r"]), node("Conv", ["r", "v"], ["y"], group=2)],
        [weights("w", 6, 4, 3, 3), weights("b", 6), weights("v", 4, 3, 1, 1)], [2, 4, 7, 6]),
}


class Reader(CalibrationDataReader):
    def __init__(self, sizes):
        self.batches = iter([{"x": random.standard_normal(sizes, dtype=numpy.float32)} for _ in range(4)])

    def get_next(self):
        return next(self.batches, None)


def quantised(name, path, kind, sizes):
    source = path.with_suffix(".float.onnx")
    onnx.save(MODELS[name], source)
    if kind == "dynamic":
        quantize_dynamic(source, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    else:
        form = QuantFormat.QDQ if kind.startswith("qdq") else QuantFormat.QOperator
        activations = QuantType.QInt8 if kind == "qdq_signed" else QuantType.QUInt8
        quantize_static(
            source, path, Reader(sizes), quant_format=form, per_channel=kind == "qdq",
            activation_type=activations, weight_type=QuantType.QInt8, reduce_range=True)


folder = pathlib.Path(sys.argv[1])
shutil.rmtree(folder, ignore_errors=True)
count = 0
with tempfile.TemporaryDirectory() as scratch:
    for name in MODELS:
        sizes = [d.dim_value for d in MODELS[name].graph.input[0].type.tensor_type.shape.dim]
        x = random.standard_normal(sizes, dtype=numpy.float32)
        for kind in ["qdq", "qdq_signed", "dynamic"]:
            place = folder / f"{name}_{kind}" / "test_data_set_0"
            place.mkdir(parents=True)
            path = place.parent / "model.onnx"
            quantised(name, pathlib.Path(scratch) / "m.onnx", kind, sizes)
            path.write_bytes((pathlib.Path(scratch) / "m.onnx").read_bytes())
            y, = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x})
            (place / "input_0.pb").write_bytes(numpy_helper.from_array(x, "x").SerializeToString())
            (place / "output_0.pb").write_bytes(numpy_helper.from_array(y, "y").SerializeToString())
            count += 1
(folder / "VERSION").write_text(
    f"{count} models, quantised and run by onnxruntime {onnxruntime.__version__}\n")
print(f"{count} models in {folder}")
