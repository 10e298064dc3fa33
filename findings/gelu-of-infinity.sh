#!/bin/bash
# PyTorch, x86-64: gelu of plus infinity is infinity for one element, for float64 and for a strided view,
# and NaN for two or more contiguous float32: these alone go to oneDNN, whose formula multiplies infinity by
# what it takes for 0. Without oneDNN all are infinity.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch
from torch.nn import functional as F

inf = float("inf")
calls = {
    "one": torch.tensor([inf]),
    "two": torch.tensor([inf, inf]),
    "two, strided": torch.tensor([inf, 0, inf, 0])[::2],
    "two, float64": torch.tensor([inf, inf], dtype=torch.float64),
}
print("torch", torch.__version__)
found = {name: F.gelu(x).tolist() for name, x in calls.items()}
with torch.backends.mkldnn.flags(enabled=False):
    found["two, without oneDNN"] = F.gelu(calls["two"]).tolist()
for name, values in found.items():
    print(f"gelu of {name}: {values}")
assert all(v != v for v in found.pop("two"))
assert all(v == inf for values in found.values() for v in values)
EOF
