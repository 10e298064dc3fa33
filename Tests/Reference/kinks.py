"""Writes PyTorch's first and second gradients where they are easy to get wrong: at zero, at bounds, at
ties, where quotients round, at infinities and not-a-numbers.

    python Tests/Reference/kinks.py > Tests/BlitzTensorTests/Reference/kinks.json

All in float64. A case names its row of OpTable.swift, the numbers that are its inputs, the gradient
at each input of the sum of the outputs, and the gradients of each of these gradients' sums.
"""

import json
import math

import torch
import torch.nn.functional as F

INF, NAN = math.inf, math.nan
POINTS = [-INF, -2.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 30.0, INF, NAN]
UNARY = {
    "abs()": torch.abs, "sign()": torch.sign, "floor()": torch.floor, "round()": torch.round,
    "exp()": torch.exp, "log()": torch.log, "log1p()": torch.log1p, "expm1()": torch.expm1,
    "sqrt()": torch.sqrt, "rsqrt()": torch.rsqrt, "sin()": torch.sin, "tan()": torch.tan,
    "tanh()": torch.tanh, "sigmoid()": torch.sigmoid, "erf()": torch.erf,
    "square()": torch.square, "reciprocal()": torch.reciprocal,
    "pow(0)": lambda x: x**0, "pow(1)": lambda x: x**1, "pow(2)": lambda x: x**2,
    "pow(3)": lambda x: x**3, "pow(5)": lambda x: x**5, "pow(-2)": lambda x: x**-2,
    "pow(1.5)": lambda x: x**1.5, "2 / x": lambda x: 2 / x, "x % 2": lambda x: x % 2,
    "relu()": F.relu, "leakyRelu()": F.leaky_relu, "elu(alpha: 1.5)": lambda x: F.elu(x, 1.5),
    "gelu()": F.gelu, "gelu(approximate: .tanh)": lambda x: F.gelu(x, approximate="tanh"),
    "silu()": F.silu, "softplus()": F.softplus, "hardtanh()": F.hardtanh,
}
PAIR = {
    "x / y": torch.div, "x % y": torch.remainder, "pow(y)": torch.pow,
    "minimum(y)": torch.minimum, "maximum(y)": torch.maximum,
}
PAIRS = [(a, b) for a in [-2.0, -0.0, 0.0, 0.5, 1.0, 3.0] for b in [-2.0, -0.5, 0.0, 1.0, 2.0, 3.0]]
PAIRS += [(1.0, 0.1), (0.25, 0.05), (-1.0, 0.1), (0.3, 0.1), (0.9, 0.3), (1.0, INF), (-1.0, INF),
          (0.0, INF), (INF, 1.0), (NAN, 1.0), (1.0, NAN), (-1e-30, 1.0), (7.0, -0.7)]


def text(tensor):
    # Added, since a gradient that is zero everywhere may have no memory.
    return ["%.17g" % v for v in (tensor.detach() + torch.zeros(tensor.shape)).reshape(-1).tolist()]


def case(row, function, columns):
    inputs = [torch.tensor(c, dtype=torch.float64, requires_grad=True) for c in columns]
    output = function(*inputs)

    def slopes(total):
        if not total.requires_grad:
            return [torch.zeros_like(x) for x in inputs]
        found = torch.autograd.grad(total, inputs, create_graph=True, allow_unused=True)
        return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, found)]

    first = slopes(output.sum())
    second = [s for g in first for s in slopes(g.sum())]
    return {"row": row, "inputs": [text(x) for x in inputs], "first": [text(g) for g in first],
            "second": [text(s) for s in second]}


print(json.dumps({
    "command": "python Tests/Reference/kinks.py", "torch": torch.__version__,
    "cases": [
        # The square root of minus infinity is a matter of the power itself.
        case(row, f, [POINTS[1:] if row == "pow(1.5)" else POINTS]) for row, f in UNARY.items()]
    + [case(row, f, list(zip(*PAIRS))) for row, f in PAIR.items()],
}, separators=(",", ":")))
