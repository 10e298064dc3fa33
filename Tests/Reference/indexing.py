"""Writes what NumPy answers to subscripts and shape ops, for IndexingTests.swift.

    python Tests/Reference/indexing.py > Tests/BlitzTensorTests/Reference/indexing.json

Every case is one line of NumPy on X, a [2, 3, 4] array of the numbers -5, -4.5, ..., 6.5; its text
is its name. V is 100, 101, ... in the shape that the case names.

Stored are shape and numbers of the result and the gradient of sum(result * W) with respect to X
and to V, W being 1, 2, 3, ... in the shape of the result. All cases are linear in X and V once the
masks and orders are fixed, so the gradient is exact: of picking it is W added up at the places
picked, found by applying the case to the array of places.
"""

import json
import sys

import numpy as np

X = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 2 - 5
PLACES = np.arange(24).reshape(2, 3, 4)

READS = """
x[1]
x[-1]
x[0, 1]
x[1, 2, 3]
x[...]
x[:, 1:3]
x[..., 0]
x[0, ..., 1]
x[:, :, ::2]
x[::-1]
x[:, 2:0:-1]
x[..., -3:-1]
x[..., -3]
x[5:]
x[:, 1:100]
x[:, :, -100:2]
x[:, 1:1]
x[:, ::5]
x[:, None]
x[..., None]
x[None, 0, None]
x[[1, 0, 1]]
x[:, [0, 2]]
x[..., [3, -1]]
x[np.array([[0, 1], [1, 0], [-1, -2]])]
x[:, np.array([[0], [2]]), [1, 3]]
x[[0, 1], [1, 2]]
x[[0, 1], :, [1, 3]]
x[0, :, [1, 3]]
x[:, 0, [1, 3]]
x[[1], 1:, [0]]
x[0, None, [1, 2], 1:3]
x[[0, 1], [2, 0], [3, 3]]
x[np.array([], dtype=int)]
x[X > 2]
x[X > 100]
x[X[..., 0] > 0]
x[0, X[0] > -4]
x[:, np.array([True, False, True])]
x[np.array([True, False]), :, 1]
x[:, np.array([True, False, True]), [0, 3]]
x.reshape(4, 6)
x.reshape(-1, 2)
x.reshape(2, 12)
x.ravel()
x.transpose(2, 0, 1)
x.swapaxes(0, -1)
x[0].T
np.broadcast_to(x[:, :1], (5, 2, 3, 4))
np.squeeze(x[:1, :, :1])
np.squeeze(x[:1], 0)
np.expand_dims(x, -1)
np.concatenate([x, x[:, :1]], 1)
np.stack([x[0], x[1]], -1)
np.split(x, 2, 2)[1]
np.split(x, [1], 1)[1]
np.pad(x, [(1, 0), (0, 2), (0, 0)], constant_values=FILL)
np.tile(x, (2, 1, 3))
np.tile(x, (2, 1, 1, 1))
np.tile(x, (2,))
np.flip(x)
np.flip(x, (0, 2))
np.roll(x, 3, 2)
np.roll(x, -1, 1)
np.tril(x + 0)
np.triu(x + 0, 2)
np.tril(x + 0, -1)
np.take_along_axis(x, np.array([[[0], [2], [1]]]), 2)
np.take(x, [2, 0, 2], 1)
np.take_along_axis(x, np.argsort(np.sin(X), 1), 1)
np.take_along_axis(x, np.argsort(-np.sin(X), 2)[..., :2], 2)
""".strip().split("\n")

WRITES = """
x[0] = V()
x[1, 2, 3] = V()
x[...] = V()
x[...] = V(4)
x[-1, 1:] = V(2, 4)
x[:, 0] = V(4)
x[..., ::2] = V(2)
x[:, ::-1] = V(2, 3, 4)
x[:, 1:1] = V()
x[:, None, 0] = V(2, 1, 4)
x[[1, 0]] = V(2, 3, 4)
x[[0, 1], [1, 2]] = V(4)
x[0, :, [1, 3]] = V(2, 3)
x[[0, 1], :, [1, 3]] = V(3)
x[:, [0, 2], 1:3] = V(2, 1, 2)
x[X > 2] = V()
x[X > 2] = V(9)
x[X[..., 0] > 0] = V(4)
x[X[..., 0] > 0] = V(3, 4)
x[0, X[0] > -4] = V(9)
""".strip().split("\n")


def numbers(array):
    return [float(number) for number in np.asarray(array).ravel()]


def weights(array):
    return np.arange(1, array.size + 1, dtype=np.float64).reshape(array.shape)


def read(code):
    result = eval(code, {"np": np, "x": X, "X": X, "FILL": -1.5})
    places = eval(code, {"np": np, "x": PLACES + 1, "X": X, "FILL": 0}) - 1
    gradient = np.zeros(25)
    np.add.at(gradient, places.ravel(), weights(result).ravel())  # place -1 is the last
    return {"name": code, "shape": list(result.shape), "numbers": numbers(result),
            "gradient": numbers(gradient[:24])}


def write(code):
    sizes = []

    def v(*shape):
        sizes.append(shape)
        return 100 + np.arange(np.prod(shape, dtype=int), dtype=np.float64).reshape(shape)

    def run(x, delta):
        x = x.copy()
        exec(code, {"np": np, "x": x, "X": X, "V": lambda *shape: v(*shape) + delta})
        return x

    result = run(X, 0)
    w = weights(result)
    kept = run(np.ones_like(X), np.nan)
    gradient = np.where(np.isnan(kept), 0, w)
    value = v(*sizes[0])
    ofvalue = []
    for place in np.ndindex(value.shape):
        delta = np.zeros_like(value)
        delta[place] = 1
        ofvalue.append(float(((run(X, delta) - result) * w).sum()))
    return {"name": code, "shape": list(result.shape), "numbers": numbers(result),
            "gradient": numbers(gradient), "valueShape": list(value.shape),
            "valueGradient": ofvalue}


def line(case):
    return json.dumps(case)


print("{")
print('"command": "python Tests/Reference/indexing.py > '
      'Tests/BlitzTensorTests/Reference/indexing.json",')
print(f'"numpy": "{np.__version__}", "python": "{sys.version.split()[0]}",')
print('"reads": [')
print(",\n".join(line(read(code)) for code in READS))
print('],\n"writes": [')
print(",\n".join(line(write(code)) for code in WRITES))
print("]\n}")
