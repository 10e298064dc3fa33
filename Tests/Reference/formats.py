"""Writes files of tensors with the formats' own libraries, and what is in them, for FormatTests.swift.

    python Tests/Reference/formats.py Tests/BlitzDataTests/Reference

Run with PyTorch 2.15.0, NumPy 2.4.6, safetensors 0.8.0 and Python 3.11.7. `formats.json` has, for each
file, its tensors: dtype, shape and values, as strings so that NaN and the infinities survive.
"""

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
expected = {}
torch.manual_seed(0)


def note(file, tensors):
    rows = {}
    for name, tensor in tensors.items():
        if isinstance(tensor, np.ndarray):
            tensor = torch.as_tensor(tensor.astype(tensor.dtype.newbyteorder("="), order="C"))
        flat = tensor.detach().contiguous().reshape(-1)
        if tensor.dtype == torch.bool:
            values = ["1" if v else "0" for v in flat.tolist()]
        elif tensor.dtype.is_floating_point:
            values = ["%.17g" % v for v in flat.double().tolist()]
        else:
            values = [str(v) for v in flat.tolist()]
        rows[name] = {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "values": values,
        }
    expected[file] = rows


FLOATS = [1.5, -2.0, 0.1, float("inf"), float("-inf"), float("nan"), -0.0, 65504.0]
arrays = {
    "float32": torch.tensor(FLOATS, dtype=torch.float32).reshape(2, 4),
    "float64": torch.tensor(FLOATS, dtype=torch.float64).reshape(2, 2, 2),
    "float16": torch.tensor(FLOATS, dtype=torch.float16),
    "bfloat16": torch.tensor(FLOATS, dtype=torch.bfloat16).reshape(4, 2),
    "int64": torch.tensor([2**53, -(2**53), 7]),
    "int32": torch.tensor([2**31 - 1, -(2**31)], dtype=torch.int32),
    "uint8": torch.tensor([[0, 255, 7]], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(3.25),
    "empty": torch.zeros(0, 3),
    "layers.0.weight": torch.arange(6.0).reshape(2, 3),
}

# safetensors
safetensors.torch.save_file(arrays, folder / "all.safetensors", metadata={"format": "pt"})
note("all.safetensors", arrays)
safetensors.torch.save_file(
    {"good": torch.ones(2), "small": torch.ones(2, dtype=torch.int8)}, folder / "int8.safetensors"
)

# npy
numbers = {k: v.numpy() for k, v in arrays.items() if k != "bfloat16"}
matrix = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


def npy(name, array, version=None):
    with open(folder / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    note(name, {"arr_0": array})


npy("row.npy", matrix)
npy("column.npy", np.asfortranarray(matrix))
npy("big-endian.npy", matrix.astype(">f4"))
npy("big-endian-column.npy", np.asfortranarray(np.arange(6).reshape(2, 3).astype(">i8")))
npy("version-2.npy", matrix, (2, 0))
npy("version-3.npy", matrix, (3, 0))
npy("scalar.npy", numbers["scalar"])
npy("empty.npy", numbers["empty"])
npy("half.npy", numbers["float16"])
np.save(folder / "int16.npy", np.arange(3, dtype=np.int16))
np.save(folder / "records.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))

# npz
np.savez(folder / "stored.npz", **numbers)
note("stored.npz", numbers)
deflated = numbers | {"column": np.asfortranarray(matrix)}
np.savez_compressed(folder / "deflated.npz", **deflated)
note("deflated.npz", deflated)

# PyTorch
model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
torch.save(model.state_dict(), folder / "state.pt")
note("state.pt", model.state_dict())
torch.save(model.state_dict(), folder / "protocol-4.pt", pickle_protocol=4)
note("protocol-4.pt", model.state_dict())
torch.save(arrays, folder / "dtypes.pt")
note("dtypes.pt", arrays)
torch.save(torch.arange(4.0), folder / "tensor.pt")
note("tensor.pt", {"tensor": torch.arange(4.0)})

optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model(torch.randn(5, 2)).square().sum().backward()
optimizer.step()
base = torch.arange(24.0).reshape(2, 3, 4)
checkpoint = {
    "model": model.state_dict(),
    "optimizer": optimizer.state_dict(),
    "epoch": 3,
    "best": 0.9375,
    "big": 2**40,
    "negative": -(2**40),
    "name": "hä\n",
    "nothing": None,
    "done": True,
    "dtype": torch.float16,
    "size": torch.Size([1, 2]),
    "list": [1, ("x", torch.ones(1))],
    "parameter": torch.nn.Parameter(base[0, 0]),
    "views": {
        "base": base,
        "transposed": base.permute(2, 0, 1),
        "slice": base[:, 1:, ::2],
        "last": base[1, 2, 3],
        "same": base,
        "row": torch.arange(5).expand(1, 5),
    },
}
torch.save(checkpoint, folder / "checkpoint.pt")
named = {f"model.{k}": v for k, v in checkpoint["model"].items()}
for index, state in checkpoint["optimizer"]["state"].items():
    named |= {f"optimizer.state.{index}.{k}": v for k, v in state.items()}
named["list.1.1"] = checkpoint["list"][1][1]
named["parameter"] = checkpoint["parameter"]
named |= {f"views.{k}": v for k, v in checkpoint["views"].items()}
note("checkpoint.pt", named)

torch.save({"good": torch.ones(2), "small": torch.ones(2, dtype=torch.int8)}, folder / "int8.pt")
torch.save({"good": torch.ones(2), "wide": torch.ones(2, dtype=torch.uint16)}, folder / "uint16.pt")
torch.save(model, folder / "whole-model.pt")
torch.save({"x": torch.ones(1).expand(1000)}, folder / "expanded.pt")
torch.save(model.state_dict(), folder / "old.pt", _use_new_zipfile_serialization=False)


class Evil:
    def __reduce__(self):
        return (__import__("os").system, ("touch /tmp/blitz-was-fooled",))


torch.save({"x": Evil()}, folder / "evil.pt")

# Small seeds for FuzzTests.swift: all tensors are views of one storage of 24 bytes.
base = torch.arange(6.0).reshape(2, 3)
seed = {
    "m": torch.nn.Linear(1, 1, bias=False).state_dict() | {"weight": base},
    "t": base.t(),
    "p": torch.nn.Parameter(base[1]),
    "l": [1, 2.5, "x", None, True, (2**40, torch.float32)],
}
for protocol in [2, 4]:
    torch.save(seed, folder / f"seed-{protocol}.pt", pickle_protocol=protocol)
    tensors = {"m.weight": base, "t": base.t(), "p": seed["p"]}
    note(f"seed-{protocol}.pt", tensors)

# The order of the bytes is PyTorch's own note; the numbers are swapped as a big-endian machine's.
with zipfile.ZipFile(folder / "tensor.pt") as source, zipfile.ZipFile(
    folder / "big-endian.pt", "w"
) as target:
    for name in source.namelist():
        data = source.read(name)
        if name.endswith("/byteorder"):
            data = b"big"
        if name.endswith("/data/0"):
            data = np.frombuffer(data, "<f4").astype(">f4").tobytes()
        target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
note("big-endian.pt", {"tensor": torch.arange(4.0)})

with open(folder / "formats.json", "w") as file:
    json.dump(expected, file, indent=0, sort_keys=True)
    file.write("\n")
