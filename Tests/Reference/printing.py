"""Writes how PyTorch prints tensors, for PrintingTests.swift.

    python Tests/Reference/printing.py > Tests/BlitzTensorTests/Reference/printing.json

PyTorch's own layout (torch._tensor_str) with three differences that Blitz has on purpose: a whole
floating number is 1.0, not 1.; bools are true and false; NaN and infinity count for the width of a
column. The text is without "tensor(" and what follows the last bracket.
"""

import json
import sys

import torch
from torch import _tensor_str

inf, nan = float("inf"), float("nan")


class Formatter(_tensor_str._Formatter):
    def __init__(self, tensor):
        super().__init__(tensor)
        self.max_width = 0
        self.max_width = max((len(self.format(v)) for v in tensor.ravel().tolist()), default=1)

    def format(self, value):
        text = super().format(value).strip()
        if text.endswith("."):
            text += "0"
        return text.lower().rjust(self.max_width) if text in ("True", "False") else text.rjust(
            self.max_width)


_tensor_str._Formatter = Formatter

CASES = [
    "torch.tensor(3.0)",
    "torch.tensor(3.14159)",
    "torch.tensor(7)",
    "torch.tensor(True)",
    "torch.tensor([1.0, 2.0, 3.0])",
    "torch.tensor([1.5, 2.0, -300.25])",
    "torch.tensor([[1.5, 2.0], [3.0, 4.0]])",
    "torch.tensor([1.0, 10000.0])",
    "torch.tensor([0.00001, 1.0])",
    "torch.tensor([123456789.5, 1.0], dtype=torch.float64)",
    "torch.tensor([1e-7, 2e-8])",
    "torch.tensor([nan, inf, -inf])",
    "torch.tensor([nan, 1.0, inf])",
    "torch.tensor([0.5, -inf, 2.25])",
    "torch.tensor([0.0, -0.0])",
    "torch.tensor([0.1, 0.02, 0.003], dtype=torch.float64)",
    "torch.tensor([0.5, 100.25], dtype=torch.float16)",
    "torch.tensor([0.5, 3.140625], dtype=torch.bfloat16)",
    "torch.tensor([1, -20, 300])",
    "torch.tensor([[1, 20], [200, 4]], dtype=torch.uint8).to(torch.int32)",
    "torch.tensor([True, False])",
    "torch.arange(24).reshape(2, 3, 4)",
    "torch.arange(24.0).reshape(2, 3, 4) / 8",
    "torch.arange(16).reshape(2, 2, 2, 2)",
    "torch.arange(30.0) / 4",
    "torch.arange(1000)",
    "torch.arange(1001)",
    "torch.arange(1200.0).reshape(40, 30) / 7",
    "torch.arange(1200).reshape(3, 400)",
    "torch.arange(2000).reshape(400, 5)",
    "torch.arange(4096).reshape(8, 8, 8, 8)",
]


def text(code):
    tensor = eval(code, {"torch": torch, "inf": inf, "nan": nan})
    body = _tensor_str._tensor_str(tensor, 0)
    return {"name": code, "shape": list(tensor.shape),
            "dtype": str(tensor.dtype).removeprefix("torch."), "text": body}


print("{")
print('"command": "python Tests/Reference/printing.py > '
      'Tests/BlitzTensorTests/Reference/printing.json",')
print(f'"torch": "{torch.__version__}", "python": "{sys.version.split()[0]}",')
print('"cases": [')
print(",\n".join(json.dumps(text(code)) for code in CASES))
print("]\n}")
