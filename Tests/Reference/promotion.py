"""torch.result_type of all pairs of operands, and what ops of mixed dtypes give.

    python Tests/Reference/promotion.py > Tests/BlitzTensorTests/Reference/promotion.json
Stored with torch 2.15.0.
"""
import itertools
import json

import torch

NAMES = ["float32", "float64", "int32", "int64", "uint8", "bool", "float16", "bfloat16",
         "int8", "int16", "complex64", "complex128"]


def operands():
    """Each kind of operand: with an axis, a single number, a plain whole number, a plain real one."""
    for name in NAMES:
        yield f"{name}[2]", torch.ones(2, dtype=getattr(torch, name))
        yield f"{name}[]", torch.ones((), dtype=getattr(torch, name))
    yield "1", 1
    yield "1.5", 1.5


def name(dtype):
    # Blitz has no complex numbers of half precision, and takes complex64 for them.
    own = str(dtype).removeprefix("torch.").removeprefix("b" if "bcomplex" in str(dtype) else "")
    return own.replace("complex32", "complex64")


rows = [
    [left[0], right[0], name(torch.result_type(left[1], right[1]))]
    for left, right in itertools.product(list(operands()), repeat=2)
]
print("[")
print(",\n".join(json.dumps(row) for row in rows))
print("]")
