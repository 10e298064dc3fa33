"""Writes the rates, and where they are cycled the momenta, that PyTorch's schedules give.

Of each schedule some settings, over forty steps from a rate of 0.1. A function is named by its
formula. ReduceLROnPlateau is told figures, its first argument. The parts of SequentialLR and
ChainedScheduler are settings with a name.

    schedules.py --out FOLDER        adds to the index that is there
"""
import argparse
import json
import os

import torch
from safetensors.torch import save_file
from torch.optim import lr_scheduler

from ops import Writer, add_to_index

STEPS, RATE = 40, 0.1
FUNCTIONS = {"1 / (1 + n)": lambda n: 1 / (1 + n), "0.9": lambda n: 0.9}
FIGURES = [1 - 0.1 * min(i, 4) - 0.001 * (i % 3) + 0.02 * (i // 20) for i in range(STEPS)]

SETTINGS = {
    "LambdaLR": [dict(lr_lambda="1 / (1 + n)")],
    "MultiplicativeLR": [dict(lr_lambda="0.9")],
    "StepLR": [dict(step_size=7), dict(step_size=3, gamma=0.5)],
    "MultiStepLR": [dict(milestones=[3, 10, 11]), dict(milestones=[5, 30], gamma=0.3)],
    "ConstantLR": [dict(), dict(factor=0.7, total_iters=11)],
    "LinearLR": [dict(), dict(start_factor=0.1, total_iters=6),
                 dict(start_factor=1.0, end_factor=0.2, total_iters=9)],
    "ExponentialLR": [dict(gamma=0.9)],
    "PolynomialLR": [dict(), dict(total_iters=30, power=2.0)],
    "CosineAnnealingLR": [dict(T_max=15), dict(T_max=50, eta_min=0.02)],
    "CosineAnnealingWarmRestarts": [dict(T_0=7), dict(T_0=3, T_mult=2, eta_min=0.02)],
    "OneCycleLR": [dict(max_lr=0.3, total_steps=STEPS + 1, cycle_momentum=False),
                   dict(max_lr=0.3, total_steps=STEPS + 1, pct_start=0.5, div_factor=10.0,
                        final_div_factor=100.0),
                   dict(max_lr=0.3, total_steps=STEPS + 1, anneal_strategy="linear"),
                   dict(max_lr=0.3, total_steps=STEPS + 1, three_phase=True)],
    "CyclicLR": [dict(base_lr=0.1, max_lr=0.9, step_size_up=6),
                 dict(base_lr=0.1, max_lr=0.9, step_size_up=3, step_size_down=8,
                      mode="triangular2", base_momentum=0.5),
                 dict(base_lr=0.1, max_lr=0.9, step_size_up=6, mode="exp_range", gamma=0.95,
                      cycle_momentum=False)],
    "ReduceLROnPlateau": [dict(), dict(factor=0.5, patience=1, threshold=0.01, cooldown=3,
                                       min_lr=0.03), dict(mode="max", patience=2)],
    "SequentialLR": [dict(schedulers=[dict(name="LinearLR", start_factor=0.1, total_iters=6),
                                      dict(name="CosineAnnealingLR", T_max=34)],
                          milestones=[6])],
    "ChainedScheduler": [dict(schedulers=[dict(name="ConstantLR", factor=0.1, total_iters=4),
                                          dict(name="ExponentialLR", gamma=0.9)])],
}


class ScheduleWriter(Writer):
    kind = "samples"


def make(name, optimizer, settings):
    settings = dict(settings)
    if "lr_lambda" in settings:
        settings["lr_lambda"] = FUNCTIONS[settings["lr_lambda"]]
    if "schedulers" in settings:
        settings["schedulers"] = [
            make(part["name"], optimizer, {k: v for k, v in part.items() if k != "name"})
            for part in settings["schedulers"]]
        if name == "ChainedScheduler":
            return lr_scheduler.ChainedScheduler(settings["schedulers"], optimizer)
    return getattr(lr_scheduler, name)(optimizer, **settings)


def run(w, name, settings, i):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE, momentum=0.9)
    schedule = make(name, optimizer, settings)
    rates, momenta, cycles = [], [], name == "OneCycleLR" or name == "CyclicLR"
    for step in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if name == "ReduceLROnPlateau":
            schedule.step(FIGURES[step])
        else:
            schedule.step()
    found = [torch.tensor(rates, dtype=torch.float64)]
    if cycles and settings.get("cycle_momentum", True):
        found.append(torch.tensor(momenta, dtype=torch.float64))
    figures = [torch.tensor(FIGURES, dtype=torch.float64)] if name == "ReduceLROnPlateau" else []
    return {"i": i, "in": {"n": 1}, "args": [w.value(f) for f in figures],
            "kw": {k: w.value(v) for k, v in settings.items()},
            "out": [w.value(f) for f in found], "w": []}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    units = []
    missing = [n for n in lr_scheduler.__all__ if n not in SETTINGS and n != "LRScheduler"]
    assert not missing, f"no settings for {missing}"
    for name, settings in SETTINGS.items():
        w, rows = ScheduleWriter(), []
        for i, chosen in enumerate(settings):
            w.begin(str(i))
            rows.append(run(w, name, chosen, i))
        unit = f"schedule.{name}"
        save_file(w.tensors, f"{a.out}/{unit}.safetensors")
        json.dump(rows, open(f"{a.out}/{unit}.json", "w"))
        units.append({"unit": unit, "op": name, "dtype": "float64", "kind": "schedules",
                      "count": len(rows)})
    add_to_index(a.out, units)
    print(sum(len(s) for s in SETTINGS.values()), "samples of schedules")


if __name__ == "__main__":
    main()
