#!/bin/bash
# PyTorch 2.15: bessel_j0, bessel_j1, bessel_y0, bessel_y1 and airy_ai of float64 have all their digits near 0, and
# six or seven of them from 5 to 6 (airy_ai: from -3 to -2.1), where one formula gives way to another. SciPy, whose
# formulas come from the same library, has them everywhere. What is checked near 0 fails a little further out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.15.0 numpy==2.4.6 scipy==1.17.1
"$folder/bin/python" -W ignore - <<'EOF'
import numpy
import scipy
import torch

print("torch", torch.__version__, "scipy", scipy.__version__)
right = {
    "bessel_j0": scipy.special.j0,
    "bessel_j1": scipy.special.j1,
    "bessel_y0": scipy.special.y0,
    "bessel_y1": scipy.special.y1,
    "airy_ai": lambda x: scipy.special.airy(x)[0],
}
for name, function in right.items():
    near, beyond = ((-2, 5), (-3, -2.1)) if name == "airy_ai" else ((0.1, 1), (5.001, 6))
    worst = []
    for low, high in (near, beyond):
        x = numpy.linspace(low, high, 1001)
        found = getattr(torch.special, name)(torch.from_numpy(x)).numpy()
        worst.append(float(numpy.abs(found - function(x)).max()))
    print(f"{name}: at most {worst[0]:.1e} from SciPy from {near[0]} to {near[1]}, "
          f"{worst[1]:.1e} from {beyond[0]} to {beyond[1]}")
    assert worst[0] < 1e-12 and worst[1] > 1e-8, worst
EOF
