#!/bin/bash
# PyTorch: the gradient of prod() is infinite where the product is out of range, although the gradient
# itself, the product of the other factors, is not: it is computed as the product divided by the factor.
# The same factors multiplied with * have the right gradient.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch

print("torch", torch.__version__)


def gradient(numbers):
    x = torch.tensor(numbers, requires_grad=True)
    x.prod().backward()
    print(f"prod of {numbers}: gradient {x.grad.tolist()}")
    return x.grad.tolist()


assert all(value < 2e20 for value in gradient([1e20, 1e18]))
assert gradient([1e20, 1e20]) == [float("inf")] * 2  # Right: 1e20, 1e20.
x = torch.tensor([1e20, 1e20], requires_grad=True)
(x[0] * x[1]).backward()
print("x[0] * x[1]: gradient", x.grad.tolist())
assert x.grad.isfinite().all()
EOF
