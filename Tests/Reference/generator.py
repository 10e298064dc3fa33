"""Writes the random numbers that PyTorch makes on the CPU, for GeneratorTests.swift.

    python Tests/Reference/generator.py > Tests/BlitzTensorTests/Reference/random.json

A case is a list of steps on one generator. A step "seed" restarts it; every other step draws n
numbers. Numbers are stored as the hexadecimal digits of their bits. Up to 17 are stored in full;
of more, the first and last eight, with the 64-bit FNV-1a hash of all bytes (little endian) and,
for normals, the sum in double.

The file is not called random.py: Python would then import it in place of its own module `random`.
"""

import json
import math
import sys

import numpy as np
import torch

SEEDS = [0, 1, 2, 42, 1234, 20240229, 67280421310721, 2**32 - 1, 2**32 + 7, 2**64 - 1]
SIZES = [1, 5, 15, 16, 17, 70, 1000]
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32,
          "int64": torch.int64}


def draw(op, dtype, n, a, b):
    kind = DTYPES[dtype]
    if op == "uniform":
        return torch.empty(n, dtype=kind).uniform_(a, b)
    if op == "normal":
        return torch.empty(n, dtype=kind).normal_(a, b)
    if op == "rand":
        return torch.rand(n, dtype=kind)
    if op == "randn":
        return torch.randn(n, dtype=kind)
    if op == "integers":
        return torch.randint(a, b, (n,), dtype=kind)
    if op == "permutation":
        return torch.randperm(n, dtype=kind)
    if op == "bernoulli":
        return torch.empty(n, dtype=kind).bernoulli_(a)
    raise ValueError(op)


def fnv(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def digits(values):
    width = values.itemsize
    words = values.view({4: np.uint32, 8: np.uint64}[width])
    return " ".join(f"{int(w):0{2 * width}x}" for w in words)


def seed(value):
    torch.manual_seed(value)
    # As text: not every reader of JSON keeps 64 bits of an integer.
    return {"op": "seed", "seed": str(value)}


def step(op, dtype, n, a=0, b=1):
    values = draw(op, dtype, n, a, b).numpy()
    row = {"op": op, "dtype": dtype, "n": n}
    if op in ("uniform", "normal"):
        row["floats"] = digits(np.array([a, b], dtype=np.float64))
    elif op == "bernoulli":
        row["floats"] = digits(np.array([a], dtype=np.float64))
    elif op == "integers":
        row["low"], row["high"] = str(a), str(b)
    if n <= 17:
        row["all"] = digits(values)
        return row
    row["first"], row["last"] = digits(values[:8]), digits(values[-8:])
    if op in ("normal", "randn"):
        row["sum"] = math.fsum(values.astype(np.float64))
    else:
        row["hash"] = f"{fnv(values.tobytes()):016x}"
    return row


def cases():
    # Every kind of number, for ten seeds and seven sizes; the number after each draw shows how
    # many bits it took.
    kinds = [("rand", "float32"), ("rand", "float64"), ("randn", "float32"), ("randn", "float64"),
             ("uniform", "float32", -0.1, 0.3), ("uniform", "float64", -0.1, 0.3),
             ("integers", "int64", -7, 1000), ("integers", "int32", 0, 10),
             ("integers", "int64", -2**40, 2**41), ("permutation", "int64")]
    for kind in kinds:
        for s in SEEDS:
            steps = []
            for n in SIZES:
                steps.append(seed(s))
                steps.append(step(kind[0], kind[1], n, *kind[2:]))
                steps.append(step("rand", "float32", 1))
            name = " ".join(str(part) for part in kind)
            yield {"name": f"{name}, seed {s}", "steps": steps}

    # The generator that nobody seeded.
    torch.random.default_generator.set_state(torch.Generator().get_state())
    yield {"name": "no seed", "steps": [step("rand", "float32", 3), step("randn", "float32", 20)]}

    # The waiting second normal of a pair.
    mixes = [
        [("randn", "float32", 5), ("randn", "float32", 3), ("rand", "float32", 2),
         ("randn", "float32", 20), ("randn", "float32", 1), ("randn", "float32", 16),
         ("randn", "float64", 3), ("randn", "float64", 40), ("randn", "float32", 2)],
        [("randn", "float64", 1), ("randn", "float32", 1), ("randn", "float64", 15),
         ("permutation", "int64", 9), ("randn", "float32", 1), ("randn", "float32", 1)],
        [("normal", "float32", 3, 2.0, 0.5), ("randn", "float32", 1), ("rand", "float64", 4),
         ("randn", "float32", 1), ("normal", "float64", 1, -1.0, 3.0),
         ("integers", "int64", 3, 0, 10), ("normal", "float64", 2, 0.1, 0.7)],
        [("rand", "float32", 623), ("rand", "float64", 2), ("rand", "float32", 1),
         ("rand", "float64", 1000), ("integers", "int64", 1, 0, 2**40), ("randn", "float32", 1)],
    ]
    for i, mix in enumerate(mixes):
        for s in (0, 7):
            steps = [seed(s)] + [step(*call) for call in mix]
            steps += [seed(s), step("randn", "float32", 2)]
            yield {"name": f"mixed calls {i}, seed {s}", "steps": steps}

    # Where 64 bits take the place of 32, and the widest ranges.
    for low, high in [(5, 6), (-1, 1), (0, 2**28 - 1), (0, 2**28), (-1, 2**28 - 1),
                      (0, 2**31 - 1), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1),
                      (0, 2**63 - 1), (-2**63, 2**63 - 1)]:
        yield {"name": f"integers from {low} to {high}", "steps": [
            seed(3), step("integers", "int64", 17, low, high), step("rand", "float32", 1)]}
    for n in (0, 1, 2, 5, 16, 17, 70, 1000, 100000):
        for dtype in ("int32", "int64"):
            yield {"name": f"permutation of {n} {dtype}", "steps": [
                seed(11), step("permutation", dtype, n), step("rand", "float32", 1)]}

    # One rounding or two, and numbers rounded to the upper bound: bounds that no float holds,
    # tiny and huge ones, close ones; a tiny one that decides a tie.
    for a, b in [(2, 5), (-1 / 3, 1 / 7), (0, 3), (0, 1 / 3), (5, 5), (-1e30, 1e30),
                 (1e-38, 3e-38), (0, 1e-39), (-1, 1e-9), (16777216, 16777219), (-1000.0001, -1000),
                 (2.0**53, 2.0**53 + 4), (1e-30, 3), (-1e-30, 3), (-3, 1e-30)]:
        for dtype in ("float32", "float64"):
            yield {"name": f"uniform {dtype} from {a} to {b}", "steps": [
                seed(13), step("uniform", dtype, 2000, a, b)]}
    for a, b in [(3, 2), (-0.5, 0.01), (7, 0), (0, 100), (0.3, 1.7)]:
        for dtype in ("float32", "float64"):
            yield {"name": f"normal {dtype}, mean {a}, deviation {b}", "steps": [
                seed(17), step("normal", dtype, 5, a, b), step("normal", dtype, 50, a, b)]}
    for p in (0, 0.3, 0.5, 0.9, 1):
        yield {"name": f"bernoulli {p}", "steps": [
            seed(19), step("bernoulli", "float32", 2000, p), step("rand", "float32", 1)]}


def main():
    head = {
        "command": "python Tests/Reference/generator.py > Tests/BlitzTensorTests/Reference/random.json",
        "torch": torch.__version__, "numpy": np.__version__,
        "python": sys.version.split()[0], "cpu": torch.backends.cpu.get_cpu_capability(),
    }
    text = json.dumps(head, indent=0)[:-2]
    print(text + ',\n"cases": [')
    print(",\n".join(json.dumps(case) for case in cases()))
    print("]}")


main()
