#!/bin/bash
# PyTorch 2.15: the gradient of hardtanh, relu6, hardshrink, softshrink, elu, selu and celu at NaN depends on
# where in the tensor the NaN lies. A tensor of nine NaN has two answers: one for the elements that fill a
# vector register, and the other for the last, which is computed alone. The values are NaN everywhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch
from torch.nn import functional as F

print("torch", torch.__version__, torch.backends.cpu.get_cpu_capability())
functions = [F.hardtanh, F.relu6, F.hardshrink, F.softshrink, F.elu, F.selu, F.celu]
for function in functions:
    x = torch.full([9], float("nan"), dtype=torch.float64, requires_grad=True)
    y = function(x)
    y.sum().backward()
    first, last = x.grad[0].item(), x.grad[8].item()
    print(f"{function.__name__}: the first gradient is {first}, the last {last}")
    assert y.isnan().all() and first != last
EOF
