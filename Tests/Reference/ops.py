"""Writes what PyTorch computes for every op, for OpTableTests.swift.

    python Tests/Reference/ops.py > Tests/BlitzTensorTests/Reference/ops.json

A case names its row (the Swift expression that the test computes), the inputs, PyTorch's outputs
and the gradients, with respect to each floating input, of the sum over all floating outputs of
output[i] * weight(i), where i counts an output's elements in row-major order. Numbers are strings,
so that NaN and the infinities survive. `smooth` cases are away from kinks and infinite values: the
test compares them with finite differences too.
"""

import json
import sys
import warnings

import numpy as np
import torch

warnings.simplefilter("ignore")
NAN, INF = float("nan"), float("inf")
SHAPES = [[], [0], [1], [3], [2, 3], [3, 0], [3, 1, 3], [2, 1, 3, 3]]
FLOATS = [torch.float32, torch.float64]
cases = []


def weight(i):
    return ((i * 37 + 11) % 19 - 9) / 8


def draw(seed, shape, low, high):
    """Numbers in no order that are not equal to each other, within bounds."""
    count = int(np.prod(shape, dtype=np.int64)) if shape else 1
    spread = (np.arange(count) * 0.6180339887 + 0.137 * (seed + 1)) % 1
    return torch.tensor(np.round(low + (high - low) * spread, 4).reshape(shape))


def store(tensor):
    name = str(tensor.dtype).removeprefix("torch.")
    flat = tensor.detach().reshape(-1)
    if tensor.dtype == torch.bool:
        values = ["1" if v else "0" for v in flat.tolist()]
    elif tensor.dtype.is_floating_point:
        digits = "%.9g" if tensor.dtype == torch.float32 else "%.17g"
        values = [digits % v for v in flat.tolist()]
    else:
        values = [str(v) for v in flat.tolist()]
    return {"dtype": name, "shape": list(tensor.shape), "values": values}


def case(row, function, inputs, smooth, constant=()):
    """One case in the inputs' own dtypes; `constant` inputs take no gradient."""
    inputs = [
        t.detach().clone().requires_grad_(t.dtype.is_floating_point and i not in constant)
        for i, t in enumerate(inputs)
    ]
    result = function(*inputs)
    outputs = list(result) if isinstance(result, (tuple, list)) else [result]
    total = None
    for output in outputs:
        if output.dtype.is_floating_point and output.requires_grad:
            weights = torch.tensor([weight(i) for i in range(output.numel())], dtype=output.dtype)
            part = (output.reshape(-1) * weights).sum()
            total = part if total is None else total + part
    gradients = [None] * len(inputs)
    wanted = [i for i, t in enumerate(inputs) if t.requires_grad]
    if total is not None and wanted:
        found = torch.autograd.grad(total, [inputs[i] for i in wanted], allow_unused=True)
        for i, gradient in zip(wanted, found):
            gradient = torch.zeros_like(inputs[i]) if gradient is None else gradient
            gradients[i] = store(gradient)["values"]
    cases.append({
        "row": row, "inputs": [store(t) for t in inputs],
        "outputs": [store(t) for t in outputs], "gradients": gradients,
        "smooth": bool(smooth and total is not None),
    })


def both(row, function, inputs, smooth=True, constant=()):
    """A case in float32 and one in float64."""
    for dtype in FLOATS:
        cast = [t.to(dtype) if t.dtype.is_floating_point else t for t in inputs]
        case(row, function, cast, smooth, constant)


def plain(row, function, *inputs):
    case(row, function, list(inputs), False)


def elementwise(row, function, low=-3, high=3, kinks=(), shapes=SHAPES, without_gradient=()):
    """Cases of all shapes and, apart, of numbers that are special. Some are compared without
    their gradients: at kinks where Blitz decides otherwise (clamp), and where PyTorch's depend on
    how it happens to compute (NaN, infinities)."""
    for shape in shapes:
        both(row, function, [draw(0, shape, low, high)])
    apart = [str(v) for v in without_gradient]
    special = [v for v in [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, *kinks] if str(v) not in apart]
    both(row, function, [f64(*special)], smooth=False)
    if without_gradient:
        both(row, function, [f64(*without_gradient)], smooth=False, constant=[0])


def binary(row, function, low=-3, high=3, kinks=True):
    pairs = [([], []), ([3], []), ([], [2, 3]), ([0], [1]), ([3], [3]), ([2, 3], [3]),
             ([3, 1], [1, 3]), ([3, 1, 3], [2, 1]), ([2, 1, 3, 3], [3, 1, 3])]
    for a, b in pairs:
        both(row, function, [draw(0, a, low, high), draw(5, b, low, high)])
    if kinks:
        left = torch.tensor([1.0, 0.0, 2.0, NAN, 1.0, INF, -INF, 0.0], dtype=torch.float64)
        right = torch.tensor([1.0, 0.0, 1.0, 1.0, NAN, 1.0, INF, -1.0], dtype=torch.float64)
        both(row, function, [left, right], smooth=False)


def ints(*values, dtype=torch.int64):
    return torch.tensor(values, dtype=dtype)


def f64(*values):
    return torch.tensor(values, dtype=torch.float64)


def unary_rows():
    t = torch
    elementwise("-x", t.neg)
    elementwise("abs()", t.abs)
    elementwise("sign()", t.sign)
    elementwise("floor()", t.floor, kinks=[0.5, -1.5, 2.5])
    elementwise("ceil()", t.ceil, kinks=[0.5, -1.5, 2.5])
    elementwise("round()", t.round, kinks=[0.5, -1.5, 2.5, 1.5, -0.5])
    elementwise("exp()", t.exp, kinks=[-100.0, 5.5])
    elementwise("log()", t.log, 0.2, 4)
    elementwise("log1p()", t.log1p, -0.7, 3, kinks=[1e-6])
    elementwise("expm1()", t.expm1, -2, 2, kinks=[1e-6])
    elementwise("sqrt()", t.sqrt, 0.2, 4)
    elementwise("rsqrt()", t.rsqrt, 0.2, 4)
    elementwise("sin()", t.sin)
    elementwise("cos()", t.cos)
    elementwise("tan()", t.tan, -1.2, 1.2)
    elementwise("tanh()", t.tanh, kinks=[20.0, -20.0])
    elementwise("sigmoid()", t.sigmoid, kinks=[50.0, -50.0])
    elementwise("erf()", t.erf, kinks=[5.0, -5.0])
    elementwise("isNaN()", t.isnan)
    elementwise("isFinite()", t.isfinite)
    elementwise("isInfinite()", t.isinf)
    elementwise("square()", t.square)
    elementwise("reciprocal()", t.reciprocal, 0.3, 3)
    elementwise("clamp(min: -1, max: 1)", lambda x: x.clamp(-1, 1),
                without_gradient=[1.0, -1.0, NAN])
    elementwise("clamp(min: 0)", lambda x: x.clamp(min=0), without_gradient=[0.0, -0.0, NAN])
    elementwise("clamp(max: 0.5)", lambda x: x.clamp(max=0.5), kinks=[0.5],
                without_gradient=[0.5, NAN])
    elementwise("clamp(min: 1, max: 0)", lambda x: x.clamp(1, 0), kinks=[0.5],
                without_gradient=[0.0, -0.0, 1.0, NAN])
    elementwise("pow(0)", lambda x: x.pow(0))
    elementwise("pow(1)", lambda x: x.pow(1))
    elementwise("pow(2)", lambda x: x.pow(2))
    elementwise("pow(3)", lambda x: x.pow(3))
    elementwise("pow(5)", lambda x: x.pow(5), -2, 2)
    elementwise("pow(-2)", lambda x: x.pow(-2), 0.4, 3)
    elementwise("pow(1.5)", lambda x: x.pow(1.5), 0.2, 3, without_gradient=[-INF])
    elementwise("x + 2", lambda x: x + 2)
    elementwise("2.5 - x", lambda x: 2.5 - x)
    elementwise("x - 1", lambda x: x - 1)
    elementwise("3 * x", lambda x: 3 * x)
    elementwise("x / 4", lambda x: x / 4)
    elementwise("2 / x", lambda x: 2 / x, 0.3, 3)
    elementwise("x % 2", lambda x: x % 2, 0.1, 1.9)
    for values in [ints(-3, 0, 4), ints(-3, 0, 4, dtype=t.int32), ints(0, 1, 7, dtype=t.uint8)]:
        plain("-x", t.neg, values)
        plain("sign()", t.sign, values)
        plain("floor()", t.floor, values)
        plain("square()", t.square, values)
        plain("pow(3)", lambda x: x.pow(3), values)
        plain("3 * x", lambda x: 3 * x, values)
        plain("x % 2", lambda x: x % 2, values)
        plain("isNaN()", t.isnan, values)
        plain("isFinite()", t.isfinite, values)
        plain("clamp(min: 0)", lambda x: x.clamp(min=0), values)
        plain("relu()", t.relu, values)
        plain("abs()", t.abs, values)


def activation_rows():
    F = torch.nn.functional
    elementwise("relu()", torch.relu)
    elementwise("leakyRelu()", F.leaky_relu)
    elementwise("elu(alpha: 1.5)", lambda x: F.elu(x, 1.5), without_gradient=[NAN])
    elementwise("gelu()", F.gelu)
    elementwise("gelu(approximate: .tanh)", lambda x: F.gelu(x, approximate="tanh"))
    elementwise("silu()", F.silu)
    elementwise("softplus()", F.softplus, kinks=[25.0, 19.0, -30.0])
    elementwise("hardtanh()", F.hardtanh)
    for shape in [[1], [3], [2, 3], [3, 0], [0, 3], [3, 1, 3], [2, 1, 3, 3]]:
        x = draw(0, shape, -3, 3)
        both("softmax(axis: -1)", lambda x: x.softmax(-1), [x])
        both("softmax(axis: 0)", lambda x: x.softmax(0), [x])
        both("logSoftmax(axis: -1)", lambda x: x.log_softmax(-1), [x])
        both("logSumExp()", lambda x: x.logsumexp(tuple(range(x.dim()))), [x])
        both("logSumExp(axis: -1)", lambda x: x.logsumexp(-1), [x])
        both("logSumExp(axis: 0, keepDims: true)", lambda x: x.logsumexp(0, keepdim=True), [x])
    extreme = torch.tensor([[1e4, -1e4, 0.0], [-INF, 1.0, 2.0]], dtype=torch.float64)
    for row, f in [("softmax(axis: -1)", lambda x: x.softmax(-1)),
                   ("logSoftmax(axis: -1)", lambda x: x.log_softmax(-1)),
                   ("logSumExp(axis: -1)", lambda x: x.logsumexp(-1))]:
        both(row, f, [extreme], smooth=False)
    both("logSumExp(axis: -1)", lambda x: x.logsumexp(-1),
         [torch.tensor([[-INF, -INF], [INF, 1.0]], dtype=torch.float64)], smooth=False,
         constant=[0])


def binary_rows():
    t = torch
    binary("x + y", t.add)
    binary("x - y", t.sub)
    binary("x * y", t.mul)
    binary("x / y", t.div, 0.3, 3)
    binary("x % y", t.remainder, 0.5, 3, kinks=False)
    plain("x % y", t.remainder, f64(5.5, -5.5, 5.5, -5.5), f64(2, 2, -2, -2))
    plain("x % y", t.remainder, ints(5, -5, 5, -5), ints(3, 3, -3, -3))
    binary("atan2(x)", t.atan2, 0.2, 2.5, kinks=False)
    both("atan2(x)", t.atan2, [f64(1, 1, -1, -1, 0.2, -3), f64(2, -2, 2, -2, 0.1, 1e-3)])
    zeros = [f64(0, 0, -0.0, -0.0, 1, -1, 0), f64(0, -0.0, 0, -0.0, 0, -0.0, -2)]
    both("atan2(x)", t.atan2, zeros, smooth=False)
    extremes = [f64(INF, INF, -INF, 1, -1, NAN, 1), f64(INF, -INF, 1, INF, -INF, 1, NAN)]
    plain("atan2(x)", t.atan2, *extremes)
    binary("pow(y)", t.pow, 0.2, 2.5, kinks=False)
    plain("pow(y)", t.pow, ints(2, -3, 0, 5), ints(3, 3, 0, 1))
    both("pow(y)", t.pow, [f64(0, 0, 0, 2, -2, -2), f64(0, 1, 2, 0, 2, 3)], smooth=False)
    binary("minimum(y)", t.minimum)
    binary("maximum(y)", t.maximum)
    elementwise("minimum(1)", lambda x: t.minimum(x, t.tensor(1, dtype=x.dtype)))
    elementwise("maximum(0)", lambda x: t.maximum(x, t.tensor(0, dtype=x.dtype)))
    comparisons = [("x .< y", t.lt), ("x .<= y", t.le), ("x .> y", t.gt), ("x .>= y", t.ge),
                   ("x .== y", t.eq), ("x .!= y", t.ne)]
    masks = (t.tensor([True, True, False, False]), t.tensor([True, False, True, False]))
    for row, f in comparisons:
        binary(row, f)
        plain(row, f, ints(1, 2, 3), ints(2))
        plain(row, f, *masks)
    elementwise("x .< 0", lambda x: x < 0)
    elementwise("0.5 .>= x", lambda x: 0.5 >= x, kinks=[0.5])
    for row, f in [("x .& y", t.bitwise_and), ("x .| y", t.bitwise_or), ("x .^ y", t.bitwise_xor)]:
        plain(row, f, *masks)
        plain(row, f, masks[0].reshape(4, 1), masks[1])
        plain(row, f, ints(1, 6, -1), ints(3, 5, 8))
    plain(".!x", t.bitwise_not, masks[0])
    plain(".!x", t.bitwise_not, ints(0, 5, -1))
    condition = t.tensor([[True], [False], [True]])
    choose = lambda x, y: t.where(condition.expand(3, 3), x, y)
    both("where(fixed mask, x, y)", choose, [draw(0, [3, 3], -3, 3), draw(3, [3], -3, 3)])
    both("where(x .> 0, x, 0)", lambda x: t.where(x > 0, x, 0.0), [f64(1, -1, 0, 2.5)],
         smooth=False)
    plain("where(x, 1, 0)", lambda m: t.where(m, 1.0, 0.0), masks[0])
    for row, f in [("x += y", t.add), ("x -= y", t.sub), ("x *= y", t.mul), ("x /= y", t.div)]:
        both(row, f, [draw(0, [2, 3], 0.5, 3), draw(4, [3], 0.5, 3)])


def reduction_rows():
    t = torch
    shapes = [[], [0], [1], [3], [2, 3], [3, 0], [3, 1, 3], [2, 1, 3, 3]]
    for shape in shapes:
        x = draw(0, shape, -2, 2)
        rank = len(shape)
        filled = 0 not in shape
        both("sum()", lambda x: x.sum(), [x])
        both("mean()", lambda x: x.mean(), [x])
        both("prod()", lambda x: x.prod(), [x])
        both("norm()", lambda x: x.norm(), [x], smooth=filled)
        both("norm(1)", lambda x: t.linalg.vector_norm(x, 1), [x])
        both("norm(3)", lambda x: t.linalg.vector_norm(x, 3), [x], smooth=filled)
        both("norm(0)", lambda x: t.linalg.vector_norm(x, 0), [x])
        if filled:
            both("max()", lambda x: x.amax(), [x])
            both("min()", lambda x: x.amin(), [x])
            both("norm(.infinity)", lambda x: t.linalg.vector_norm(x, INF), [x])
            both("norm(-.infinity)", lambda x: t.linalg.vector_norm(x, -INF), [x])
            both("argmax()", lambda x: x.argmax(), [x])
            both("argmin()", lambda x: x.argmin(), [x])
            if x.numel() > 1:
                both("variance()", lambda x: x.var(), [x])
                both("std()", lambda x: x.std(), [x])
        both("any()", lambda x: (x > 1).any(), [x])
        both("all()", lambda x: (x > -3).all(), [x])
        if rank == 0:
            continue
        both("sum(axis: -1)", lambda x: x.sum(-1), [x])
        both("sum(axis: 0, keepDims: true)", lambda x: x.sum(0, keepdim=True), [x])
        both("mean(axis: -1)", lambda x: x.mean(-1), [x])
        both("prod(axis: -1)", lambda x: x.prod(-1), [x])
        both("cumsum(axis: -1)", lambda x: x.cumsum(-1), [x])
        both("cumsum(axis: 0)", lambda x: x.cumsum(0), [x])
        both("cumprod(axis: -1)", lambda x: x.cumprod(-1), [x])
        both("cumprod(axis: 0)", lambda x: x.cumprod(0), [x])
        if shape[-1] > 0:
            both("fft().viewAsReal()", lambda x: t.view_as_real(t.fft.fft(x)), [x])
            both("irfft(count: 5).rfft().viewAsReal()",
                 lambda x: t.view_as_real(t.fft.rfft(t.fft.irfft(x, 5))), [x])
        if shape[-1] > 0:
            both("max(axis: -1)", lambda x: x.amax(-1), [x])
            both("min(axis: -1, keepDims: true)", lambda x: x.amin(-1, keepdim=True), [x])
            both("argmax(axis: -1)", lambda x: x.argmax(-1), [x])
            both("argmin(axis: -1, keepDims: true)", lambda x: x.argmin(-1, keepdim=True), [x])
            both("norm(axis: -1)", lambda x: t.linalg.vector_norm(x, dim=-1), [x])
            both("variance(axis: -1, correction: 0)", lambda x: x.var(-1, correction=0), [x])
        if shape[0] > 1:
            both("std(axis: 0, keepDims: true)", lambda x: x.std(0, keepdim=True), [x],
                 smooth=filled)
        if rank >= 2:
            both("sum(axes: [0, -1])", lambda x: x.sum((0, -1)), [x])
            both("mean(axes: [-1, 0])", lambda x: x.mean((-1, 0)), [x])
            if filled:
                both("max(axes: [0, -1])", lambda x: x.amax((0, -1)), [x])
                both("norm(axes: [-2, -1])", lambda x: t.linalg.matrix_norm(x), [x])
            both("any(axis: 0)", lambda x: (x > 1).any(0), [x])
            both("all(axis: -1)", lambda x: (x > -1).all(-1), [x])
    ties = t.tensor([[1.0, 3, 3], [2, 2, 2], [0, -1, 0]], dtype=t.float64)
    both("max(axis: -1)", lambda x: x.amax(-1), [ties], smooth=False)
    both("min(axis: -1, keepDims: true)", lambda x: x.amin(-1, keepdim=True), [ties], smooth=False)
    both("max()", lambda x: x.amax(), [ties], smooth=False)
    both("argmax(axis: -1)", lambda x: x.argmax(-1), [ties], smooth=False)
    zeros = t.tensor([[1.0, 0, 3, 2], [0, 2, 0, 1], [0, 0, 0, 1]], dtype=t.float64)
    both("prod(axis: -1)", lambda x: x.prod(-1), [zeros])
    both("cumprod(axis: -1)", lambda x: x.cumprod(-1), [zeros])
    both("cumprod(axis: 0)", lambda x: x.cumprod(0), [zeros])
    both("prod()", lambda x: x.prod(), [f64(2, 0, 3, -1, 0.5)])
    both("norm()", lambda x: x.norm(), [f64(0, 0, 0)], smooth=False)
    both("norm(3)", lambda x: t.linalg.vector_norm(x, 3), [f64(0, 1, -2)], smooth=False)
    both("std()", lambda x: x.std(), [f64(2, 2, 2)], smooth=False)
    both("variance()", lambda x: x.var(), [f64(2)], smooth=False, constant=[0])
    nans = f64(1, NAN, 3)
    for row, f in [("max()", t.amax), ("min()", t.amin), ("sum()", t.sum), ("argmax()", t.argmax),
                   ("argmin()", t.argmin)]:
        both(row, f, [nans], smooth=False, constant=[0])
    for values in [ints(3, 1, 2), ints(3, 1, 2, dtype=t.int32), ints(200, 100, 2, dtype=t.uint8)]:
        plain("sum()", t.sum, values)
        plain("prod()", t.prod, values)
        plain("max()", t.amax, values)
        plain("min()", t.amin, values)
        plain("argmax()", t.argmax, values)
        plain("cumsum(axis: 0)", lambda x: x.cumsum(0), values)
        plain("cumprod(axis: 0)", lambda x: x.cumprod(0), values)
    mask = t.tensor([[True, False], [True, True]])
    plain("sum()", t.sum, mask)
    plain("prod()", t.prod, mask)
    plain("max()", t.amax, mask)
    plain("min()", t.amin, mask)
    plain("cumsum(axis: 0)", lambda x: x.cumsum(0), mask)
    plain("cumprod(axis: 0)", lambda x: x.cumprod(0), mask)


def linear_rows():
    t = torch
    pairs = [([3], [3]), ([2, 3], [3]), ([3], [3, 2]), ([2, 3], [3, 4]), ([1, 1], [1, 1]),
             ([2, 0], [0, 3]), ([0, 3], [3, 2]), ([2, 2, 3], [3, 2]), ([2, 3], [2, 3, 2]),
             ([2, 2, 3], [2, 3, 1]), ([2, 1, 2, 3], [3, 3, 2]), ([0, 2, 3], [3, 2]),
             ([2, 2, 3], [3]), ([3], [2, 3, 2])]
    for a, b in pairs:
        both("matmul(y)", t.matmul, [draw(0, a, -2, 2), draw(4, b, -2, 2)])
    for dtype in [t.int64, t.int32]:
        plain("matmul(y)", t.matmul, t.arange(6, dtype=dtype).reshape(2, 3),
              t.arange(12, dtype=dtype).reshape(3, 4))
    plain("matmul(y)", t.matmul, ints(1, 2, 3), ints(4, 5, 6))
    both("matmul of transposes", lambda x, y: x.T @ y.T,
         [draw(0, [3, 2], -2, 2), draw(4, [4, 3], -2, 2)])
    both("matmul of a transposed batch", lambda x, y: x.transpose(0, 1) @ y,
         [draw(0, [2, 3, 3], -2, 2), draw(4, [3, 2], -2, 2)])
    for n in [0, 1, 3]:
        both("dot(y)", t.dot, [draw(0, [n], -2, 2), draw(4, [n], -2, 2)])
        both("outer(y)", t.outer, [draw(0, [n], -2, 2), draw(4, [3], -2, 2)])
    both("trace()", t.trace, [draw(0, [3, 3], -2, 2)])
    both("trace()", t.trace, [draw(0, [2, 3], -2, 2)])
    attention = t.nn.functional.scaled_dot_product_attention
    row = "scaledDotProductAttention(query: x, key: y, value: z"
    for q, k, v in [([2, 3], [4, 3], [4, 2]), ([2, 4, 3, 2], [2, 2, 5, 2], [2, 2, 5, 3])]:
        inputs = [draw(0, q, -2, 2), draw(4, k, -2, 2), draw(7, v, -2, 2)]
        grouped = q[:-2] != k[:-2]
        both(f"{row})", lambda q, k, v: attention(q, k, v, enable_gqa=grouped), inputs)
        both(f"{row}, isCausal: true)",
             lambda q, k, v: attention(q, k, v, is_causal=True, enable_gqa=grouped), inputs)
    both("affineGrid([2, 3])",
         lambda x: t.nn.functional.affine_grid(x, [2, 1, 2, 3], align_corners=False),
         [draw(0, [2, 2, 3], -2, 2)])
    equations = [
        ("ij,jk->ik", [2, 3], [3, 4]), ("bij,bjk->bik", [2, 2, 3], [2, 3, 2]), ("i,j", [2], [3]),
        ("ij,ij", [2, 3], [2, 3]), ("bhid,bhjd->bhij", [1, 2, 3, 2], [1, 2, 3, 2]),
        ("...ij,jk->...ik", [2, 2, 3], [3, 2]), ("...i,...i->...", [2, 3], [1, 3]),
        ("ij,kj", [2, 3], [2, 3]), ("ij,k->i", [2, 3], [2]), ("i,i->i", [3], [3]),
        ("ba,bc->ca", [2, 3], [2, 2]),
    ]
    for equation, a, b in equations:
        both(f'einsum("{equation}", x, y)', lambda x, y: t.einsum(equation, x, y),
             [draw(0, a, -2, 2), draw(4, b, -2, 2)])
    for equation, a in [("ij->ji", [2, 3]), ("ii->i", [3, 3]), ("ii", [3, 3]), ("ij->", [2, 3]),
                        ("...ii->...i", [2, 2, 2]), ("iji->j", [2, 3, 2]), ("ba", [2, 3])]:
        both(f'einsum("{equation}", x)', lambda x: t.einsum(equation, x), [draw(0, a, -2, 2)])
    both('einsum("ij,jk,kl->il", x, y, z)', lambda x, y, z: t.einsum("ij,jk,kl->il", x, y, z),
         [draw(0, [2, 3], -2, 2), draw(4, [3, 2], -2, 2), draw(7, [2, 2], -2, 2)])


def shape_rows():
    t = torch
    x = draw(0, [2, 3], -2, 2)
    deep = draw(1, [2, 1, 3], -2, 2)
    both("reshaped(to: [3, -1])", lambda x: x.reshape(3, -1), [x])
    both("reshaped(to: [3, -1])", lambda x: x.reshape(3, -1), [deep])
    both("transposed()", lambda x: x.T, [x])
    both("transposed(0, -1)", lambda x: x.transpose(0, -1), [deep])
    both("permuted([2, 0, 1])", lambda x: x.permute(2, 0, 1), [deep])
    both("expanded(to: [4, -1, 5, -1])", lambda x: x.expand(4, 2, 5, 3), [deep])
    both("squeezed()", t.squeeze, [deep])
    both("squeezed(axis: 1)", lambda x: x.squeeze(1), [deep])
    both("unsqueezed(axis: -1)", lambda x: x.unsqueeze(-1), [x])
    both("flattened()", t.flatten, [deep])
    both("flattened(from: 1)", lambda x: x.flatten(1), [deep])
    both("concatenate([x, y], axis: 1)", lambda a, b: t.cat([a, b], 1), [x, draw(3, [2, 2], -2, 2)])
    both("concatenate([x, y], axis: 1)", lambda a, b: t.cat([a, b], 1), [x, draw(3, [2, 0], -2, 2)])
    both("stack([x, y], axis: -1)", lambda a, b: t.stack([a, b], -1), [x, draw(3, [2, 3], -2, 2)])
    both("split(count: 3, axis: 1)", lambda x: t.tensor_split(x, 3, 1), [x])
    both("split(sizes: [1, 2], axis: 1)", lambda x: t.split(x, [1, 2], 1), [x])
    both("padded([(1, 0), (0, 2)], value: 7)",
         lambda x: t.nn.functional.pad(x, (0, 2, 1, 0), value=7.0), [x])
    both("tiled([2, 3])", lambda x: x.tile(2, 3), [x])
    both("flipped()", lambda x: x.flip(0, 1), [x])
    both("flipped(axes: [1])", lambda x: x.flip(1), [x])
    both("rolled(by: 1, axis: 1)", lambda x: x.roll(1, 1), [x])
    both("tril()", t.tril, [draw(0, [3, 3], -2, 2)])
    both("triu(diagonal: 1)", lambda x: x.triu(1), [draw(0, [3, 3], -2, 2)])
    plain("cast(to: .int32)", lambda x: x.to(t.int32), t.tensor([1.7, -1.7, 0.0]))
    plain("cast(to: .float64)", lambda x: x.to(t.float64), t.tensor([1.5, -1.25]))
    plain("cast(to: .float64)", lambda x: x.to(t.float64), ints(1, -2))
    plain("cast(to: .bool)", lambda x: x.to(t.bool), t.tensor([0.0, -0.0, 0.5, NAN]))


def index_rows():
    t = torch
    x = draw(0, [3, 4], -2, 2)
    vector = draw(2, [5], -2, 2)
    both("x[1]", lambda x: x[1], [x])
    both("x[-1, 2]", lambda x: x[-1, 2], [x])
    both("x[1..<3]", lambda x: x[1:3], [x])
    both("x[..., 0]", lambda x: x[..., 0], [x])
    both("x[..., 1...]", lambda x: x[..., 1:], [x])
    both("x[.slice(by: -1)]", lambda x: x.flip(0), [x])
    both("x[.slice(from: 0, to: 3, by: 2), .newAxis]", lambda x: x[0:3:2, None], [x])
    both("x[[0, 2, 0]]", lambda x: x[[0, 2, 0]], [x])
    both("x[x .> 0]", lambda x: x[x > 0], [x])
    both("assign x[x .< 0] = 0", lambda x: x.masked_fill(x < 0, 0), [x])
    both("assign x[1] = y", lambda x, y: t.cat([x[:1], y[None], x[2:]]), [x, draw(3, [4], -2, 2)])
    index = t.tensor([[0, 2], [1, 1], [3, 0]])
    both("gather(axis: 1, index: y)", lambda x, i: x.gather(1, i), [x, index])
    both("scatter(axis: 1, index: y, updates: z)", lambda x, i, u: x.scatter(1, i, u),
         [x, t.tensor([[0, 2], [1, 3], [3, 0]]), draw(3, [3, 2], -2, 2)])
    both("scatterAdd(axis: 1, index: y, updates: z)", lambda x, i, u: x.scatter_add(1, i, u),
         [x, index, draw(3, [3, 2], -2, 2)])
    both("indexSelect(axis: 1, indices: y)", lambda x, i: x.index_select(1, i), [x, ints(2, 0, 2)])
    plain("oneHot(classCount: 4)", lambda x: t.nn.functional.one_hot(x, 4).float(), ints(2, 0, 3))
    plain("nonzero()", t.nonzero, t.tensor([[1.0, 0, 2], [0, 0, 3]]))
    both("sort()", lambda x: tuple(x.sort(stable=True)), [x])
    both("sort(axis: 0, descending: true)",
         lambda x: tuple(x.sort(dim=0, descending=True, stable=True)), [x])
    both("sort()", lambda x: tuple(x.sort(stable=True)), [f64(2, 1, 2, 1)], smooth=False)
    both("argSort()", lambda x: x.argsort(stable=True), [x])
    both("topK(2)", lambda x: tuple(x.topk(2)), [x])
    both("topK(3, axis: 0, largest: false)", lambda x: tuple(x.topk(3, 0, largest=False)), [vector])


def window_rows():
    f = torch.nn.functional

    def images(row, function, *shapes, smooth=True):
        for shape in shapes:
            both(row, function, [draw(i, size, -2, 2) for i, size in enumerate(shape)], smooth)

    images("conv2d(y)", f.conv2d, ([2, 3, 5, 4], [4, 3, 3, 3]), ([1, 1, 3, 3], [1, 1, 2, 2]),
           ([1, 2, 2, 2], [3, 2, 1, 1]), ([0, 1, 3, 3], [2, 1, 2, 2]))
    images("conv2d(y, stride: [2, 1], padding: [1, 2], dilation: [1, 2])",
           lambda x, w: f.conv2d(x, w, None, (2, 1), (1, 2), (1, 2)),
           ([2, 2, 5, 6], [3, 2, 3, 3]), ([1, 1, 3, 3], [1, 1, 2, 2]))
    images("conv2d(y, padding: [1, 2], dilation: [1, 2])",
           lambda x, w: f.conv2d(x, w, None, 1, (1, 2), (1, 2)),
           ([2, 3, 5, 4], [4, 3, 3, 3]), ([1, 2, 1, 1], [2, 2, 3, 1]), ([1, 2, 3, 1], [1, 2, 1, 3]),
           ([2, 2, 2, 6], [3, 2, 3, 3]))
    images("conv2d(y, padding: 1)", lambda x, w: f.conv2d(x, w, padding=1),
           ([2, 3, 4, 5], [2, 3, 3, 3]), ([1, 1, 2, 4], [1, 1, 3, 3]))
    images("conv2d(y, padding: 1, groups: 2)",
           lambda x, w: f.conv2d(x, w, padding=1, groups=2),
           ([2, 4, 3, 3], [6, 2, 2, 2]), ([1, 2, 2, 2], [2, 1, 2, 2]), ([2, 2, 4, 5], [2, 1, 3, 3]))
    images("conv1d(y, stride: 2, padding: 1)", lambda x, w: f.conv1d(x, w, None, 2, 1),
           ([2, 2, 6], [3, 2, 3]), ([1, 2, 4], [2, 2, 2]))
    images("convTranspose2d(y)", f.conv_transpose2d,
           ([2, 3, 3, 2], [3, 2, 2, 3]), ([1, 2, 2, 2], [2, 1, 2, 2]))
    images("convTranspose2d(y, stride: 2, padding: 1, outputPadding: 1, groups: 2)",
           lambda x, w: f.conv_transpose2d(x, w, None, 2, 1, 1, 2),
           ([2, 4, 3, 2], [4, 3, 3, 3]), ([1, 2, 2, 1], [2, 1, 3, 3]))
    images("maxPool2d(2)", lambda x: f.max_pool2d(x, 2),
           ([[2, 3, 5, 7]]), ([[1, 1, 4, 4]]), ([[1, 2, 2, 19]]))
    tied = f64(1, 1, 0, 2, 1, 1, 2, 0, NAN, 0, NAN, 1, 5, INF, -INF, -INF, 2, 2, -INF, -INF)
    both("maxPool2d(2)", lambda x: f.max_pool2d(x, 2), [tied.reshape(1, 1, 4, 5)], smooth=False)
    images("maxPool2d([3, 2], stride: [2, 1], padding: 1, dilation: [1, 2])",
           lambda x: f.max_pool2d(x, (3, 2), (2, 1), 1, (1, 2)), ([[2, 2, 5, 6]]), ([[1, 1, 4, 4]]))
    both("maxPool2d([3, 2], stride: [2, 1], padding: 1, dilation: [1, 2])",
         lambda x: f.max_pool2d(x, (3, 2), (2, 1), 1, (1, 2)), [tied.reshape(1, 1, 4, 5)],
         smooth=False)
    images("maxPool2d(3, stride: 2, padding: 1, ceil: true)",
           lambda x: f.max_pool2d(x, 3, 2, 1, ceil_mode=True), ([[2, 2, 6, 4]]), ([[1, 1, 4, 4]]))
    images("avgPool2d(2)", lambda x: f.avg_pool2d(x, 2), ([[2, 3, 5, 4]]), ([[1, 1, 4, 4]]))
    images("avgPool2d(3, stride: 2, padding: 1, ceil: true)",
           lambda x: f.avg_pool2d(x, 3, 2, 1, ceil_mode=True), ([[2, 2, 6, 4]]), ([[1, 1, 4, 4]]))
    images("avgPool2d(3, stride: 2, padding: 1, countsPadding: false)",
           lambda x: f.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
           ([[2, 2, 6, 4]]), ([[1, 1, 4, 4]]))
    images("adaptiveAvgPool2d(1)", lambda x: f.adaptive_avg_pool2d(x, 1), ([[2, 2, 3, 3]]))
    images("adaptiveAvgPool2d([2, 3])", lambda x: f.adaptive_avg_pool2d(x, (2, 3)),
           ([[1, 2, 5, 4]]), ([[1, 1, 4, 3]]))


if __name__ == "__main__":
    for rows in [unary_rows, activation_rows, binary_rows, reduction_rows, linear_rows, shape_rows,
                 index_rows, window_rows]:
        rows()
    json.dump({
        "command": "python Tests/Reference/ops.py > Tests/BlitzTensorTests/Reference/ops.json",
        "versions": {"python": sys.version.split()[0], "torch": torch.__version__,
                     "numpy": np.__version__},
        "cases": cases,
    }, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
