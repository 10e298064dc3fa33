#!/bin/bash
# PyTorch, CPU: multi_margin_loss of no rows is not the NaN that the other losses give, nor 0, but a number
# that its answer had in memory: nothing is written. A last, empty batch adds it to the mean loss.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch
from torch.nn import functional as F

scores, labels = torch.zeros(0, 3), torch.zeros(0, dtype=torch.long)
print("torch", torch.__version__)
print("cross_entropy:", F.cross_entropy(scores, labels).item())
assert F.cross_entropy(scores, labels).isnan()
found = []
for number in range(1, 101):
    # Numbers that are given back just before.
    used = [torch.full([], float(number)) for _ in range(100)]
    del used
    found.append(F.multi_margin_loss(scores, labels).item())
print("multi_margin_loss, a hundred times:", len(set(found)), "numbers, for instance", found[-3:])
assert len({value for value in found if value == value}) > 1, set(found)
EOF
