"""Writes runs of PyTorch's optimizers with the settings with which it tests them.

Of each optimizer and dtype: two parameters, their gradients at each of twelve steps, and what the
parameters are after each step. A sample's arguments are the two parameters and the gradients, two
for each step; its results are the parameters, two for each step. The loss is sum(g * p), and for
LBFGS, which asks for it several times a step, sum(g * p + p * p / 2), minus if it maximizes.

    optim.py --out FOLDER        adds to the index that is there
"""
import argparse
import json
import os
import warnings

warnings.filterwarnings("ignore")
import torch
from safetensors.torch import save_file
from torch.testing._internal.common_optimizers import optim_db

from ops import Writer, add_to_index

STEPS = 12


class OptimizerWriter(Writer):
    kind = "samples"


def run(w, info, settings, i, dtype):
    generator = torch.Generator().manual_seed(i)

    def draw(shape, shift):
        numbers = torch.rand(shape, generator=generator, dtype=torch.float64)
        return (numbers - shift).to(dtype)

    shapes = ((3, 4), (5, 2)) if info.optim_cls.__name__ == "Muon" else ((3, 4), (5,))
    parameters = [torch.nn.Parameter(draw(shape, 0.5)) for shape in shapes]
    optimizer = info.optim_cls(parameters, **settings)
    curved = info.optim_cls.__name__ == "LBFGS"
    given, found = [w.value(p) for p in parameters], []
    w.ids = {}
    slopes = None
    for _ in range(STEPS):
        # LBFGS remembers the loss, which must stay the same.
        if slopes is None or not curved:
            slopes = [draw(p.shape, 0.4) for p in parameters]

        def closure():
            optimizer.zero_grad()
            loss = sum((p * g).sum() for p, g in zip(parameters, slopes))
            if curved:
                # Such that there is a least, or a greatest, value.
                bend = -0.5 if settings.get("maximize") else 0.5
                loss = loss + bend * sum(p.square().sum() for p in parameters)
            loss.backward()
            return loss

        optimizer.step(closure)
        given += [w.value(g) for g in slopes]
        found += [w.value(p) for p in parameters]
        w.ids = {}
    kw = {k: w.value(v.item() if isinstance(v, torch.Tensor) else v) for k, v in settings.items()}
    return {"i": i, "in": {"n": 1}, "args": given, "kw": kw, "out": found, "w": []}


def unit(folder, info, dtype):
    name = info.optim_cls.__name__
    uid = f"optim.{name}.{str(dtype)[6:]}"
    w, rows = OptimizerWriter(), []
    for i, given in enumerate(info.optim_inputs_func(device="cpu", dtype=dtype)):
        settings = dict(given.kwargs)
        # Choices of a program for a device, which Blitz makes itself.
        if any(settings.pop(k, None) for k in ("fused", "capturable", "differentiable")):
            continue
        settings = {k: v for k, v in settings.items() if k != "foreach"}
        w.begin(str(i))
        try:
            rows.append(run(w, info, settings, i, dtype))
        except Exception as error:
            print(uid, i, type(error).__name__, str(error)[:100])
    if not rows:
        return None
    save_file(w.tensors, f"{folder}/{uid}.safetensors")
    json.dump(rows, open(f"{folder}/{uid}.json", "w"))
    return {"unit": uid, "op": name, "dtype": str(dtype)[6:], "kind": "optimizers",
            "count": len(rows)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    rows = [unit(a.out, info, d) for info in optim_db for d in (torch.float32, torch.float64)]
    add_to_index(a.out, [r for r in rows if r])
    print(sum(r["count"] for r in rows if r), "samples of optimizers")


if __name__ == "__main__":
    main()
