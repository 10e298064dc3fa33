#!/bin/bash
# PyTorch 2.15: the gradient of clamp at its bound is 0 if the bound is a number, and 0.5 if it is a tensor
# of that number. The values are the same; a model that is rewritten from one form to the other trains
# differently where weights or activations lie on the bound, as after a projection.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$folder/bin/python" -W ignore - <<'EOF'
import torch

zero = torch.tensor(0.0)
forms = {
    "clamp(min=0)": lambda x: x.clamp(min=0),
    "clamp(min=tensor(0))": lambda x: x.clamp(min=zero),
}
print("torch", torch.__version__)
found = []
for name, form in forms.items():
    x = torch.tensor(0.0, requires_grad=True)
    y = form(x)
    y.backward()
    found.append(x.grad.item())
    print(f"{name}: at 0 the value is {y.item()}, the gradient {x.grad.item()}")
assert found == [0.0, 0.5], found
EOF
