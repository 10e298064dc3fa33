"""Writes what torch.distributions computes, for DistributionTests.swift.

    python Tests/Reference/distributions.py > \
        Tests/BlitzDistributionsTests/Reference/distributions.json

A case names its row. `draws` are samples for seed 3, of float64 and of float32. In float64: the
logarithms of the probabilities of `values`, and the gradients of their sum with respect to the
parameters; entropy, mean and variance; the divergence from a second distribution, and its
gradients; and the gradients of the sum of smooth samples for seed 5 times 1, 2, 3 and so on.
"""
import json
import sys

import torch
from torch import distributions as D

SEED = 3
cases = []


def store(x):
    x = x.detach()
    return {"shape": list(x.shape), "dtype": str(x.dtype).removeprefix("torch."),
            "values": [repr(float(v)) for v in x.reshape(-1)]}


def grads(value, leaves):
    found = torch.autograd.grad(value.sum(), leaves, allow_unused=True, retain_graph=True)
    return [store(torch.zeros_like(x) if g is None else g) for g, x in zip(found, leaves)]


def case(row, make, parameters, values, other=None, smooth=True, moments=True, entropy=True,
         path=True):
    """`other` are the parameters of the second distribution."""
    def leaves(list, dtype=torch.float64):
        return [torch.tensor(p, dtype=dtype).requires_grad_() for p in list]

    entry = {"row": row, "parameters": [store(p) for p in leaves(parameters)], "draws": []}
    for dtype in [torch.float64, torch.float32]:
        for shape in [(), (5,), (3, 2), (40,)]:
            torch.manual_seed(SEED)
            drawn = make(*leaves(parameters, dtype)).sample(shape)
            entry["draws"].append({"dtype": str(dtype).removeprefix("torch."),
                                   "shape": list(shape), "sample": store(drawn)})
    p = leaves(parameters)
    d = make(*p)
    values = torch.tensor(values, dtype=torch.float64)
    log = d.log_prob(values)
    entry["values"], entry["log"], entry["logGradients"] = store(values), store(log), grads(log, p)
    if moments:
        entry["mean"], entry["variance"] = store(d.mean), store(d.variance)
    if entropy:
        entry["entropy"] = store(d.entropy())
    if other:
        q = leaves(other)
        kl = D.kl_divergence(d, make(*q))
        entry["other"], entry["kl"] = [store(x) for x in q], store(kl)
        entry["klGradients"] = grads(kl, p + q)
    if smooth and path:
        torch.manual_seed(5)
        sample = d.rsample((4,))
        weights = torch.arange(1, sample.numel() + 1, dtype=torch.float64).reshape(sample.shape)
        entry["path"] = grads(sample * weights, p)
    cases.append(entry)


case("Normal", D.Normal, [[0.5, -1.0, 3.0], [1.0, 0.25, 2.0]], [[0.0, -1.1, 5.0]],
     [[0.0, -0.5, 2.0], [2.0, 0.5, 1.0]])
case("Uniform", D.Uniform, [[0.5, -1.0], [1.0, 2.0]], [[0.75, 1.0]], [[0.25, 0.0], [1.5, 3.0]])
case("Exponential", D.Exponential, [[0.5, 2.0, 9.0]], [[0.0, 1.5, 0.1]], [[1.0, 1.5, 3.0]])
case("Laplace", D.Laplace, [[0.5, -1.0], [1.0, 0.25]], [[0.0, -1.1]], [[0.0, -0.5], [2.0, 0.5]])
case("Gumbel", D.Gumbel, [[0.5, -1.0], [1.0, 0.25]], [[0.0, -1.1]], [[0.0, -0.5], [2.0, 0.5]])
case("Bernoulli(probabilities)", lambda p: D.Bernoulli(probs=p), [[0.25, 0.5, 0.9]],
     [[0.0, 1.0, 1.0]], [[0.5, 0.1, 0.7]], smooth=False)
case("Bernoulli(logits)", lambda p: D.Bernoulli(logits=p), [[-3.0, 0.5, 2.0]], [[0.0, 1.0, 1.0]],
     [[0.5, 0.1, 0.7]], smooth=False)
case("Categorical(probabilities)", lambda p: D.Categorical(probs=p),
     [[[1.0, 2.0, 3.0, 4.0], [4.0, 0.5, 0.25, 1.0]]], [2.0, 1.0],
     [[[0.5, 1.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]]], smooth=False, moments=False)
case("Categorical(logits)", lambda p: D.Categorical(logits=p), [[0.5, -1.0, 2.0]],
     [0.0, 2.0, 1.0, 1.0], [[0.0, 1.0, 1.0]], smooth=False, moments=False)
case("Gamma", D.Gamma, [[0.3, 1.0, 4.5], [1.0, 0.5, 3.0]], [[0.25, 3.0, 1.5]],
     [[0.5, 2.0, 4.0], [2.0, 1.0, 2.0]])
case("Beta", D.Beta, [[0.5, 2.0], [1.5, 4.0]], [[0.25, 0.75]], [[1.0, 1.0], [2.0, 0.5]],
     path=False)
case("Dirichlet", D.Dirichlet, [[[0.5, 2.0, 1.0], [3.0, 3.0, 0.8]]],
     [[0.25, 0.25, 0.5], [0.6, 0.3, 0.1]], [[[1.0, 1.0, 1.0], [2.0, 0.5, 1.0]]], path=False)
case("Poisson", D.Poisson, [[0.5, 4.0, 30.0]], [[0.0, 3.0, 31.0]], [[1.0, 3.0, 25.0]],
     smooth=False, entropy=False)
case("MultivariateNormal(scaleTril)", lambda m, t: D.MultivariateNormal(m, scale_tril=t),
     [[0.5, -1.0, 2.0], [[1.0, 0.0, 0.0], [0.5, 2.0, 0.0], [-0.3, 0.2, 0.7]]],
     [[0.0, 0.0, 0.0], [1.0, -1.0, 2.5]],
     [[0.0, 0.0, 1.0], [[2.0, 0.0, 0.0], [0.1, 1.0, 0.0], [0.4, -0.2, 1.5]]])
case("MultivariateNormal(covariance)", D.MultivariateNormal,
     [[[0.5, -1.0], [0.0, 1.0]], [[2.0, 0.5], [0.5, 1.0]]], [[0.0, 0.0], [1.0, -1.0]],
     [[[0.0, 0.0], [0.5, 0.5]], [[1.0, -0.25], [-0.25, 3.0]]])
case("Mixture of Normal", lambda w, m, s: D.MixtureSameFamily(
    D.Categorical(probs=w), D.Normal(m, s)),
     [[0.3, 0.7], [-1.0, 2.0], [0.5, 1.0]], [0.0, 2.0, -4.0], smooth=False, entropy=False)
case("Mixture of MultivariateNormal", lambda w, m, t: D.MixtureSameFamily(
    D.Categorical(logits=w), D.MultivariateNormal(m, scale_tril=t)),
     [[0.3, 0.7], [[-1.0, 0.0], [2.0, 1.0]], [[[1.0, 0.0], [0.5, 2.0]], [[0.5, 0.0], [0.0, 0.5]]]],
     [[0.0, 0.0], [2.0, 1.5]], smooth=False, entropy=False)

json.dump({
    "command": "python Tests/Reference/distributions.py > "
               "Tests/BlitzDistributionsTests/Reference/distributions.json",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "cases": cases,
}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
