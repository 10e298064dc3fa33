"""Reads the files that Blitz wrote with the formats' own libraries, and compares every number.

    BLITZ_FORMATS_OUT=FOLDER swift test --filter FilesForPython
    python Tests/Reference/check_formats.py FOLDER

Needs NumPy, PyTorch and safetensors; passed with 2.4.6, 2.15.0 and 0.8.0.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch

folder = Path(sys.argv[1])
inf, nan = float("inf"), float("nan")
numbers = torch.tensor([1.5, -2.0, 0.1, inf, -inf, nan, -0.0, 65504.0])
expected = {
    "float32": numbers.reshape(2, 4),
    "float64": torch.tensor([0.1, -1e300], dtype=torch.float64),
    "float16": numbers.half(),
    "bfloat16": numbers.bfloat16(),
    "int64": torch.tensor([-(2**63), 2**63 - 1]),
    "int32": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    "uint8": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([[True], [False]]),
    "scalar": torch.tensor(3.25),
    "empty": torch.zeros(0, 3),
    "layers.0.weight": torch.full((2, 3), 2.0),
    'hä "q"\n😀': torch.ones(1),
    "transposed": torch.tensor([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]),
}


def check(where, got, wanted):
    assert got.dtype == wanted.dtype, (where, got.dtype, wanted.dtype)
    assert got.shape == wanted.shape, (where, got.shape, wanted.shape)
    both = [t.contiguous().reshape(-1).view(torch.uint8).numpy() for t in (got, wanted)] \
        if not got.dtype.is_floating_point else \
        [torch.nan_to_num(t.double(), nan=123.0).numpy() for t in (got, wanted)]
    assert np.array_equal(*both), (where, got, wanted)
    if got.dtype.is_floating_point:
        assert torch.equal(torch.signbit(got) | got.isnan(), torch.signbit(wanted) | wanted.isnan())


def from_numpy(name, array):
    if name == "bfloat16":
        assert array.dtype == np.dtype("V2"), array.dtype
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(np.ascontiguousarray(array)).reshape(array.shape)


def check_all(where, tensors):
    assert sorted(tensors) == sorted(expected), (where, sorted(tensors))
    for name, wanted in expected.items():
        check((where, name), tensors[name], wanted)


check_all("safetensors", safetensors.torch.load_file(folder / "a.safetensors"))
with safetensors.safe_open(folder / "a.safetensors", "pt") as file:
    assert file.metadata() == {"by": "Blitz"}, file.metadata()
# The library itself writes the same bytes.
tensors = dict(safetensors.torch.load_file(folder / "a.safetensors"))
assert safetensors.torch.save(tensors, {"by": "Blitz"}) == (folder / "a.safetensors").read_bytes()

for name in ["stored.npz", "deflated.npz", "wide.npz"]:
    with zipfile.ZipFile(folder / name) as file:
        assert file.testzip() is None, name
    with np.load(folder / name, allow_pickle=False) as file:
        check_all(name, {key: from_numpy(key, file[key]) for key in file.files})
for name in ["transposed", "bool", "scalar", "int64", "float16", "empty"]:
    check(name, from_numpy(name, np.load(folder / f"{name}.npy")), expected[name])
    # NumPy writes the same bytes.
    np.save(folder / "numpy.npy", np.load(folder / f"{name}.npy"))
    assert (folder / "numpy.npy").read_bytes() == (folder / f"{name}.npy").read_bytes(), name
print("NumPy, PyTorch and safetensors read what Blitz wrote")
