#!/bin/bash
# PyTorch, CPU: BatchNorm1d in training is off in the third digit for a column around 1e6, where LayerNorm
# gives the same four numbers, as a row, to seven digits. The mean is rounded to float32 before it is
# subtracted, although both compute their variances so that they keep it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch
from torch import nn

x = torch.tensor([[1000000], [1000000.5], [1000001], [1000003]])
exact = nn.BatchNorm1d(1).double()(x.double())
batch = (nn.BatchNorm1d(1)(x) - exact).abs().max().item()
layer = (nn.functional.layer_norm(x.T, [4]).T - exact).abs().max().item()
print("torch", torch.__version__)
print(f"farthest from float64: BatchNorm1d {batch:.2g}, layer_norm {layer:.2g}")
assert batch > 5e-3 and layer < 1e-6, (batch, layer)
EOF
