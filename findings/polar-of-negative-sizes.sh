#!/bin/bash
# PyTorch 2.15: torch.polar takes a negative size and gives the number that the formula gives, on the other side
# of 0, but the gradient of the size has the wrong sign there, and is 0 at 0: it is taken along the number
# that came out, not along the angle. A parameter that crosses 0 is pushed back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch

print("torch", torch.__version__)
angle = torch.tensor(0.5, dtype=torch.float64)
found = []
for start in (2.0, 0.0, -2.0):
    size = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    torch.polar(size, angle).real.backward()
    step = torch.tensor(1e-6, dtype=torch.float64)
    slope = (torch.polar(size + step, angle) - torch.polar(size - step, angle)).real / (2 * step)
    found.append((round(size.grad.item(), 6), round(slope.item(), 6)))
    print(f"size {start}: gradient {found[-1][0]}, by differences {found[-1][1]}")
assert found == [(0.877583, 0.877583), (0.0, 0.877583), (-0.877583, 0.877583)], found
EOF
