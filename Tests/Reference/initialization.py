"""Writes the numbers that PyTorch's initialisations draw, for InitializationTests.swift.

    python Tests/Reference/initialization.py > Tests/BlitzNNTests/Reference/initialization.json

A case names its row (the Swift expression that draws), the shape and the seed.
"""

import json
import sys

import torch
from torch.nn import init

cases = []


def case(row, shape, fill, exact=False):
    torch.manual_seed(5)
    tensor = torch.empty(shape)
    fill(tensor)
    cases.append({"row": row, "shape": shape, "seed": 5, "exact": exact,
                  "values": [float("%.9g" % v) for v in tensor.reshape(-1).tolist()]})


for shape in [[4, 5], [5, 4], [3, 2, 2, 3]]:
    case("kaimingUniform", shape, lambda t: init.kaiming_uniform_(t, nonlinearity="relu"), True)
    case("kaimingUniform tanh fanOut", shape,
         lambda t: init.kaiming_uniform_(t, mode="fan_out", nonlinearity="tanh"), True)
    case("kaimingUniform leaky", shape, lambda t: init.kaiming_uniform_(t, a=0.3), True)
    case("kaimingNormal", shape, lambda t: init.kaiming_normal_(t, nonlinearity="relu"))
    case("kaimingNormal linear fanOut", shape,
         lambda t: init.kaiming_normal_(t, mode="fan_out", nonlinearity="linear"))
    case("xavierUniform", shape, init.xavier_uniform_, True)
    case("xavierUniform selu", shape,
         lambda t: init.xavier_uniform_(t, gain=init.calculate_gain("selu")), True)
    case("xavierNormal", shape, init.xavier_normal_)
    case("orthogonal", shape, init.orthogonal_)
    case("orthogonal gain 2", shape, lambda t: init.orthogonal_(t, gain=2))
case("orthogonal", [30, 20], init.orthogonal_)
case("truncatedNormal", [6, 7], init.trunc_normal_)
case("truncatedNormal narrow", [6, 7], lambda t: init.trunc_normal_(t, 0.5, 2, -1, 1.5))

json.dump({
    "command": "python Tests/Reference/initialization.py "
               "> Tests/BlitzNNTests/Reference/initialization.json",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "cases": cases,
}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
