"""Writes PyTorch's names of modules, optimizers and schedules, for VocabularyTests.swift.

    python Tests/Reference/names.py > Tests/BlitzNNTests/Reference/names.json

The modules are those with which PyTorch tests its own (`module_db`), the optimizers those of
`optim_db`, the schedules the classes of `torch.optim.lr_scheduler`. Needs expecttest.
"""
import inspect
import json
import sys

import torch
from torch.optim import lr_scheduler
from torch.testing._internal.common_modules import module_db
from torch.testing._internal.common_optimizers import optim_db

schedules = [name for name, value in vars(lr_scheduler).items()
             if inspect.isclass(value) and issubclass(value, lr_scheduler.LRScheduler)
             and not name.startswith("_") and value is not lr_scheduler.LRScheduler]
json.dump({
    "command": "python Tests/Reference/names.py > Tests/BlitzNNTests/Reference/names.json",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "modules": sorted({m.name.removeprefix("nn.") for m in module_db}),
    "optimizers": sorted({o.optim_cls.__name__ for o in optim_db}),
    "schedules": sorted(set(schedules)),
}, sys.stdout, indent=0)
sys.stdout.write("\n")
