"""Reference results for BlitzNNTests: mixed precision.

Run from the root of the repository:
    python Tests/Reference/mixed_precision.py Tests/BlitzNNTests/Reference
writes mixed_precision.json there: a training run with GradScaler, in which some gradients overflow; a
network in autocast; optimizers of half weights, by PyTorch's fused kernels.
"""
import json
import math
import sys

import torch
from torch.nn import functional as F


def draw(start, shape, scale=1.0):
    """Numbers that look drawn, the same everywhere."""
    count = math.prod(shape)
    return torch.tensor(
        [math.sin(1.7 * (start + i) + 0.3) * scale for i in range(count)]).reshape(shape)


def text(x):
    return {"shape": list(x.shape), "dtype": str(x.dtype).split(".")[1],
            "values": [repr(float(v)) for v in x.detach().flatten()]}


def scaling(name, make):
    """Steps with the gradient x, of which the steps in BAD have an infinity or a NaN."""
    w = draw(0, [3]).requires_grad_()
    optimizer = make([w])
    scaler = torch.amp.GradScaler("cpu", init_scale=8, growth_interval=3)
    steps = []
    for index in range(14):
        x = draw(10 + index, [3])
        if index in (1, 5, 6):
            x[index % 3] = math.inf if index != 6 else math.nan
        optimizer.zero_grad()
        scaler.scale((w * x).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
        steps.append({"x": text(x), "weight": text(w), "scale": scaler.get_scale(),
                      "goodSteps": scaler._get_growth_tracker()})
    return {"name": name, "steps": steps}


def network(dtype):
    """The loss and the gradients of a small network in autocast."""
    x, y = draw(3, [6, 5]), torch.tensor([0, 2, 1, 1, 0, 2])
    weights = [t.requires_grad_() for t in
               (draw(20, [8, 5], 0.7), draw(70, [8], 0.2), draw(90, [3, 8], 0.7), draw(130, [3], 0.2))]
    with torch.autocast("cpu", dtype=dtype):
        hidden = F.linear(x, weights[0], weights[1]).relu()
        logits = F.linear(hidden, weights[2], weights[3])
        loss = F.cross_entropy(logits.float(), y)
    loss.backward()
    return {"dtype": str(dtype).split(".")[1], "x": text(x), "y": text(y),
            "weights": [text(w) for w in weights], "logits": text(logits), "loss": text(loss),
            "gradients": [text(w.grad) for w in weights]}


def halves(name, dtype, make):
    w = draw(0, [6]).to(dtype).requires_grad_()
    optimizer = make([w])
    steps = []
    for index in range(6):
        w.grad = draw(10 + 6 * index, [6]).to(dtype)
        steps.append({"gradient": text(w.grad)})
        optimizer.step()
        steps[-1]["weight"] = text(w)
    state = optimizer.state[w]
    return {"name": name, "start": text(draw(0, [6]).to(dtype)), "steps": steps,
            "state": {k: text(v) for k, v in state.items()
                      if torch.is_tensor(v) and v.shape == w.shape}}


optim = torch.optim
stored = {
    "command":
        "python Tests/Reference/mixed_precision.py Tests/BlitzNNTests/Reference",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "scaling": [
        scaling("SGD", lambda p: optim.SGD(p, lr=0.1, momentum=0.9)),
        scaling("Adam", lambda p: optim.Adam(p, lr=0.1)),
    ],
    "networks": [network(torch.bfloat16), network(torch.float16)],
    "optimizers": [
        halves(name, dtype, make)
        for dtype in (torch.bfloat16, torch.float16)
        for name, make in [
            ("SGD", lambda p: optim.SGD(p, lr=0.1, momentum=0.9, fused=True)),
            ("Adam", lambda p: optim.Adam(p, lr=0.1, fused=True)),
            ("AdamW", lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.1, fused=True)),
        ]
    ],
}
with open(f"{sys.argv[1]}/mixed_precision.json", "w") as file:
    json.dump(stored, file, separators=(",", ":"))
    file.write("\n")
