#!/bin/bash
# PyTorch: with one seed, dropout of two equal tensors drops different elements if they lie differently in
# memory: the mask is drawn in the order of memory. A .contiguous() that "changes nothing", or
# batch_first=True, whose layers transpose inside, is another run.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch
from torch.nn import functional as F

x = torch.ones(2, 3).t()
y = x.contiguous()
assert torch.equal(x, y)
torch.manual_seed(1)
a = F.dropout(x, 0.5)
torch.manual_seed(1)
b = F.dropout(y, 0.5)
print("torch", torch.__version__)
print("transposed:", a.tolist())
print("contiguous:", b.tolist())
assert not torch.equal(a, b) and torch.equal(a, b.flatten().reshape(2, 3).t())
EOF
