"""Writes what PyTorch's distributions draw, and compute of given values, with the gradients.

A sample's arguments are the quantity's name and what it takes; by name come the parameters, those
of another distribution behind `other_`. Each quantity of each distribution and parameters is a
sample: draws with the seed 42, log_prob, entropy, mean, variance and kl.

    distributions.py --out FOLDER        adds to the index that is there
"""
import argparse
import json
import os

import torch
from safetensors.torch import save_file
from torch import distributions as D

from ops import Writer, add_to_index, is_float, weights_for


class DistributionWriter(Writer):
    kind = "samples"


def t(*numbers):
    return torch.tensor(numbers)


LOWER = torch.tensor([[0.8, 0.0], [-0.3, 1.2]])
# The parameters of two distributions of each kind, and values.
SETTINGS = {
    "Normal": [(dict(loc=t(0.3, -1.0), scale=t(0.5, 2.0)), dict(loc=t(0.0, 1.0), scale=t(1.0, 0.7)),
                t([0.1, 2.0], [-3.0, 0.5]))],
    "Uniform": [(dict(low=t(0.0, -1.0), high=t(1.0, 3.0)), dict(low=t(-0.5, -2.0), high=t(2.0, 4.0)),
                 t([0.1, 2.0], [0.9, -0.5]))],
    "Exponential": [(dict(rate=t(0.5, 2.0)), dict(rate=t(1.0, 0.3)), t([0.1, 2.0], [3.0, 0.5]))],
    "Laplace": [(dict(loc=t(0.3, -1.0), scale=t(0.5, 2.0)),
                 dict(loc=t(0.0, 1.0), scale=t(1.0, 0.7)), t([0.1, 2.0], [-3.0, 0.5]))],
    "Gumbel": [(dict(loc=t(0.3, -1.0), scale=t(0.5, 2.0)), dict(loc=t(0.0, 1.0), scale=t(1.0, 0.7)),
                t([0.1, 2.0], [-1.0, 0.5]))],
    "Gamma": [(dict(concentration=t(0.5, 3.0), rate=t(1.0, 0.7)),
               dict(concentration=t(1.5, 2.0), rate=t(0.4, 2.0)), t([0.1, 2.0], [3.0, 0.5]))],
    "Beta": [(dict(concentration1=t(0.5, 3.0), concentration0=t(1.0, 0.7)),
              dict(concentration1=t(1.5, 2.0), concentration0=t(0.4, 2.0)),
              t([0.1, 0.7], [0.4, 0.5]))],
    "Dirichlet": [(dict(concentration=t(0.5, 3.0, 1.0)), dict(concentration=t(1.5, 2.0, 0.6)),
                   t([0.1, 0.7, 0.2], [0.4, 0.5, 0.1]))],
    "Bernoulli": [(dict(probs=t(0.2, 0.7)), dict(probs=t(0.5, 0.4)), t([0.0, 1.0], [1.0, 1.0])),
                  (dict(logits=t(-1.0, 0.4)), dict(logits=t(0.5, -2.0)), t(1.0, 0.0))],
    "Categorical": [(dict(probs=t([0.2, 0.3, 0.5], [1.0, 1.0, 2.0])),
                     dict(probs=t([0.4, 0.4, 0.2], [1.0, 2.0, 1.0])), torch.tensor([2, 0])),
                    (dict(logits=t(0.1, -1.0, 2.0)), dict(logits=t(1.0, 0.0, 0.3)),
                     torch.tensor([1, 2, 0]))],
    "Poisson": [(dict(rate=t(0.5, 6.0)), dict(rate=t(1.0, 3.0)), t([0.0, 4.0], [2.0, 9.0]))],
    "MultivariateNormal": [
        (dict(loc=t(0.3, -1.0), scale_tril=LOWER), dict(loc=t(0.0, 0.5), scale_tril=torch.eye(2)),
         t([0.1, 2.0], [-3.0, 0.5])),
        (dict(loc=t(0.3, -1.0), covariance_matrix=LOWER @ LOWER.mT),
         dict(loc=t(0.0, 0.5), covariance_matrix=2 * torch.eye(2)), t(0.1, 2.0))],
    "MixtureSameFamily": [(dict(probs=t(0.2, 0.3, 0.5), loc=t(0.0, 2.0, -1.0),
                                scale=t(0.5, 1.0, 2.0)), None, t(0.1, 2.0, -3.0))],
}


def make(name, parameters):
    if name == "MixtureSameFamily":
        return D.MixtureSameFamily(D.Categorical(probs=parameters["probs"]),
                                   D.Normal(parameters["loc"], parameters["scale"]))
    return getattr(D, name)(**parameters)


def quantities(name, other, value):
    """The names of quantities, what they take, and what computes them of a distribution."""
    yield "sample", (), lambda d, o: (torch.manual_seed(42), d.sample((4,)))[1]
    if make(name, SETTINGS[name][0][0]).has_rsample:
        yield "rsample", (), lambda d, o: (torch.manual_seed(42), d.rsample((4,)))[1]
    yield "log_prob", (value,), lambda d, o: d.log_prob(value)
    if name not in ("Poisson", "MixtureSameFamily"):
        yield "entropy", (), lambda d, o: d.entropy()
    if name != "Categorical":
        yield "mean", (), lambda d, o: d.mean
        yield "variance", (), lambda d, o: d.variance
    if other:
        yield "kl", (), D.kl_divergence


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    units = []
    total = 0
    for name, settings in SETTINGS.items():
        w, rows = DistributionWriter(), []
        for parameters, other, value in settings:
            for quantity, given, compute in quantities(name, other, value):
                own = {k: v.clone().requires_grad_() for k, v in parameters.items()}
                others = {k: v.clone().requires_grad_() for k, v in (other or {}).items()}
                w.begin(str(len(rows)))
                kw = {k: w.value(v) for k, v in own.items()}
                if quantity == "kl":
                    kw.update({"other_" + k: w.value(v) for k, v in others.items()})
                row = {"i": len(rows), "in": {"n": 1},
                       "args": [{"s": quantity}] + [w.value(v) for v in given], "kw": kw}
                found = compute(make(name, own), make(name, others) if other else None)
                row["out"], row["w"] = [w.value(found)], [{"n": 1}]
                if found.requires_grad and is_float(found):
                    weights = weights_for(found, len(rows))
                    leaves = list(own.values()) + (list(others.values()) if quantity == "kl" else [])
                    slopes = torch.autograd.grad((found * weights).sum(), leaves, allow_unused=True)
                    row["w"] = [w.value(weights)]
                    row["wrt"] = [v["T"] for v in kw.values()]
                    row["grads"] = [w.value(g) for g in slopes]
                rows.append(row)
        unit = f"distribution.{name}"
        save_file(w.tensors, f"{a.out}/{unit}.safetensors")
        json.dump(rows, open(f"{a.out}/{unit}.json", "w"))
        units.append({"unit": unit, "op": name, "dtype": "float32", "kind": "distributions",
                      "count": len(rows)})
        total += len(rows)
    add_to_index(a.out, units)
    print(total, "samples of distributions")


if __name__ == "__main__":
    main()
