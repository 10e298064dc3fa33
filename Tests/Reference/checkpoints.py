"""Writes checkpoints that hold more than a state dict, and what is in them, for CheckpointTests.swift.

    python Tests/Reference/checkpoints.py > Tests/BlitzDataTests/Reference/checkpoints.json

Run with PyTorch 2.15.0, NumPy 2.4.6 and Python 3.11.7. Files are base64; values are texts, as
formats.py has them.
"""

import argparse
import base64
import collections
import io
import json
import pathlib
import sys
import unicodedata

import numpy as np
import safetensors.torch
import torch

files, expected = {}, {}


def put(name, data, tensors):
    files[name] = base64.b64encode(data).decode()
    expected[name] = {
        key: {"dtype": dtype, "shape": list(tensor.shape),
              "values": ["%.17g" % v if tensor.dtype.is_floating_point else str(int(v))
                         for v in tensor.detach().resolve_neg().contiguous().reshape(-1).tolist()]}
        for key, (dtype, tensor) in tensors.items()}


def torch_file(name, value, tensors=(), **options):
    data = io.BytesIO()
    torch.save(value, data, **options)
    put(name, data.getvalue(), dict(tensors))


def named(tensors):
    return {k: (str(t.dtype).removeprefix("torch."), t) for k, t in tensors.items()}


ones = torch.ones(2)
neg = torch.tensor([1 + 2j, 3 - 4j]).conj().imag
assert neg.is_neg()
torch_file("neg.pt", {"x": neg, "y": torch._neg_view(torch.tensor([1, -2, 3]))},
           named({"x": neg, "y": torch._neg_view(torch.tensor([1, -2, 3])).resolve_neg()}))

torch.serialization.set_crc32_options(False)
torch_file("no-checksums.pt", {"x": torch.arange(4.0)}, named({"x": torch.arange(4.0)}))
torch.serialization.set_crc32_options(True)

values = {
    "numpy": np.float64(1.5), "counter": collections.Counter("aab"), "set": {1, 2}, "bytes": b"ab",
    "complex": 1 + 2j, "namespace": argparse.Namespace(lr=0.1), "path": pathlib.PurePosixPath("/a"),
    "large": 2**63, "epoch": 3, "class": collections.Counter,
    "keys": {None: 1, 1.5: 2, True: 3, (1, "a"): 4, ("b",): torch.ones(1)},
    "default": collections.defaultdict(int, {"k": 5}), "w": ones,
}
tensors = named({"w": ones, "keys.('b',)": torch.ones(1)})
for protocol in [1, 2, 3, 4, 5]:
    torch_file(f"values-{protocol}.pt", values, tensors, pickle_protocol=protocol)

parameter = torch.nn.Parameter(ones)
parameter.note = "frozen"
with_note = torch.ones(3)
with_note.note = 1
base = torch.arange(6.0)
holders = {
    "parameter": parameter, "buffer": torch.nn.Buffer(ones * 2), "attribute": with_note,
    "expanded": torch.tensor([7.0, 8.0]).reshape(2, 1).expand(2, 3),
} | {f"view{i}": base[i:] for i in range(6)} | {
    "windows": base.unfold(0, 4, 1), "int8": torch.tensor([-128, 127], dtype=torch.int8),
    "int16": torch.tensor([-32768, 32767], dtype=torch.int16),
    "uint16": torch.tensor([0, 65535], dtype=torch.uint16),
    "uint32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
    "uint64": torch.tensor([0, 2**63 - 1], dtype=torch.uint64),
}
torch_file("holders.pt", holders, named(holders))
torch_file("large.pt", {"x": torch.tensor([1, 2**63], dtype=torch.uint64), "w": ones}, named({"w": ones}))

torch_file("refused.pt", {
    "quantised": torch.quantize_per_tensor(ones, 0.1, 0, torch.qint8), "sparse": torch.eye(2).to_sparse(),
    "meta": torch.ones(2, device="meta"), "nested": torch.nested.nested_tensor([ones, torch.ones(3)]),
    "complex": torch.ones(2, dtype=torch.complex64), "float8": ones.to(torch.float8_e4m3fn), "w": ones,
}, named({"w": ones}))

model = torch.nn.Linear(2, 1)
data = io.BytesIO()
torch.jit.save(torch.jit.script(model), data)
put("script.pt", data.getvalue(), {})
data = io.BytesIO()
torch.export.save(torch.export.export(model, (torch.ones(1, 2),)), data)
put("exported.pt2", data.getvalue(), {})
for protocol in [2, 4]:
    torch_file(f"old-{protocol}.pt", {"w": ones}, pickle_protocol=protocol,
               _use_new_zipfile_serialization=False)

names = [unicodedata.normalize(form, "h\u00e4") for form in ["NFC", "NFD"]]
twins = {name: torch.full((1,), float(i)) for i, name in enumerate(names)}
torch_file("twins.pt", twins, named(twins))
put("twins.safetensors", safetensors.torch.save(twins), named(twins))

# Of every dtype that safetensors names, one element or eight.
sizes = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
         "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
         "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "NEW": 24}
header, body = {}, b""
for dtype, bits in sizes.items():
    header[dtype] = {"dtype": dtype, "shape": [8], "data_offsets": [len(body), len(body) + bits]}
    body += bytes([1] + [0] * (bits - 1))
text = json.dumps(header).encode()
put("dtypes.safetensors", len(text).to_bytes(8, "little") + text + body, {})

arrays = {name: np.array([0, 1, 100], dtype=name) for name in
          ["i1", "<i2", ">i2", "<u2", ">u4", "<u8"]}
arrays["text"] = np.array(["a"])
arrays["complex"] = np.ones(2, np.complex64)
data = io.BytesIO()
np.savez(data, **{k.replace("<", "little-").replace(">", "big-"): v for k, v in arrays.items()})
put("dtypes.npz", data.getvalue(), {
    k.replace("<", "little-").replace(">", "big-"): (
        v.dtype.name, torch.tensor([0, 1, 100]))
    for k, v in arrays.items() if k not in ("text", "complex")})

json.dump({"command": "python Tests/Reference/checkpoints.py", "torch": torch.__version__,
           "numpy": np.__version__, "safetensors": "0.8.0", "python": sys.version.split()[0],
           "files": files, "expected": expected}, sys.stdout, separators=(",", ":"))
