"""Writes what PyTorch computes in bfloat16 and float16, for HalfPrecisionTests.swift.

    python Tests/Reference/half.py > Tests/BlitzTensorTests/Reference/half.json

The cases are those of ops.py, in the two dtypes, a few for each row: a smooth one, and the one of
special values where there is one. What PyTorch's CPU kernels do not do in halves is left out.
"""

import json
import sys

import numpy as np
import torch

import ops

ops.FLOATS = [torch.bfloat16, torch.float16]
LARGEST = 12
skipped = set()
store_case = ops.case


def case(row, function, inputs, smooth, constant=()):
    if not any(t.dtype in ops.FLOATS for t in inputs) or sum(t.numel() for t in inputs) > 3 * LARGEST:
        return
    try:
        store_case(row, function, inputs, smooth, constant)
    except (RuntimeError, NotImplementedError):
        skipped.add(row)


def chosen(cases):
    """Of each row and dtype the largest smooth case of few elements, and one that is not smooth."""
    best = {}
    for c in cases:
        size = sum(len(i["values"]) for i in c["inputs"])
        dtype = next(i["dtype"] for i in c["inputs"] if "float" in i["dtype"])
        key = (c["row"], dtype, c["smooth"])
        known = best.get(key)
        rank = size if size <= LARGEST else -size
        if known is None or rank > known[0]:
            best[key] = (rank, c)
    return [c for _, c in best.values()]


def main():
    ops.case = case
    for name in ["unary", "activation", "binary", "reduction", "linear", "shape", "index", "window"]:
        getattr(ops, f"{name}_rows")()
    json.dump({
        "command":
            "python Tests/Reference/half.py > Tests/BlitzTensorTests/Reference/half.json",
        "versions": {
            "python": sys.version.split()[0], "torch": torch.__version__, "numpy": np.__version__,
        },
        "cases": chosen(ops.cases),
    }, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
    print(f"left out: {sorted(skipped)}", file=sys.stderr)


if __name__ == "__main__":
    main()
