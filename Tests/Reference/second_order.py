"""Writes what PyTorch computes with gradients of gradients, for SecondOrderTests.swift.

    python Tests/Reference/second_order.py > Tests/BlitzNNTests/Reference/second_order.json

All in float64. Parameter `k` of a network is filled with `fill(k)`. A `product` case has, for a
layer's input and parameters, the gradient of the sum of sin(output[i] * weight(i)) and the product
of its Hessian with a direction; `penalty` and `meta` cases have the losses of some steps of a WGAN
critic with gradient penalty and of MAML, and the parameters after them.
"""

import json
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)


def numbers(count, a, b, modulus, divisor):
    return torch.tensor([((i * a + b) % modulus - modulus // 2) / divisor for i in range(count)])


def weight(tensor):
    return numbers(tensor.numel(), 37, 11, 19, 8).reshape(tensor.shape)


def fill(k, shape):
    return numbers(shape.numel(), 37, 11 * (k + 1), 19, 16).reshape(shape)


def direction(k, shape):
    return numbers(shape.numel(), 29, 7 * (k + 1), 17, 8).reshape(shape)


def draw(seed, *shape):
    i = torch.arange(torch.Size(shape).numel())
    return (((i * 0.6180339887 + 0.137 * (seed + 1)) % 1) * 4 - 2).round(decimals=3).reshape(shape)


def filled(module):
    for k, parameter in enumerate(module.parameters()):
        parameter.data = fill(k, parameter.shape)
    return module


def store(tensor):
    return {"dtype": "float64", "shape": list(tensor.shape),
            "values": ["%.15g" % v for v in tensor.detach().reshape(-1).tolist()]}


def product(row, layer, x):
    module = filled(layer)
    x.requires_grad_()
    result = module(x, x, x) if isinstance(layer, nn.MultiheadAttention) else module(x)
    output = result[0] if isinstance(result, tuple) else result
    wrt = [x] + list(module.parameters())
    first = torch.autograd.grad((output * weight(output)).sin().sum(), wrt, create_graph=True)
    slope = sum((g * direction(k, g.shape)).sum() for k, g in enumerate(first))
    second = torch.autograd.grad(slope, wrt, allow_unused=True)
    second = [torch.zeros_like(t) if g is None else g for t, g in zip(wrt, second)]
    return {"row": row, "input": store(x), "gradients": [store(g) for g in first],
            "products": [store(g) for g in second]}


def penalty():
    critic = filled(nn.Sequential(
        nn.Linear(4, 6), nn.LayerNorm(6), nn.LeakyReLU(0.2), nn.Linear(6, 1)))
    optimizer = torch.optim.Adam(critic.parameters(), lr=0.05, betas=(0.5, 0.9))
    real, fake, share = draw(1, 5, 4), draw(2, 5, 4), (draw(3, 5, 1) + 2) / 4
    losses = []
    for _ in range(6):
        mixed = (share * real + (1 - share) * fake).requires_grad_()
        slope, = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)
        loss = critic(fake).mean() - critic(real).mean()
        loss = loss + 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append("%.15g" % loss.item())
    return {"losses": losses, "parameters": [store(p) for p in critic.parameters()]}


def meta():
    w = [fill(k, torch.Size(s)).requires_grad_() for k, s in enumerate([[8, 3], [8], [4, 8], [4]])]
    labels = torch.tensor([0, 1, 2, 3, 1, 0])

    def loss(w, x):
        h = nn.functional.layer_norm(x @ w[0].T + w[1], [8]).tanh()
        return nn.functional.cross_entropy(h @ w[2].T + w[3], labels)

    losses = []
    for step in range(4):
        total = 0
        for task in range(2):
            fast = w
            for _ in range(2):
                slopes = torch.autograd.grad(loss(fast, draw(task, 6, 3)), fast, create_graph=True)
                fast = [p - 0.4 * g for p, g in zip(fast, slopes)]
            total = total + loss(fast, draw(task + 5, 6, 3))
        slopes = torch.autograd.grad(total, w)
        w = [(p - 0.1 * g).detach().requires_grad_() for p, g in zip(w, slopes)]
        losses.append("%.15g" % total.item())
    return {"losses": losses, "parameters": [store(p) for p in w]}


print(json.dumps({
    "command": "python Tests/Reference/second_order.py", "versions": {"torch": torch.__version__},
    "products": [
        product("LayerNorm(6)", nn.LayerNorm(6), draw(1, 3, 6)),
        product("GroupNorm(2, 4)", nn.GroupNorm(2, 4), draw(2, 3, 4, 2)),
        product("BatchNorm1d(4)", nn.BatchNorm1d(4), draw(3, 5, 4)),
        product("BatchNorm2d(2)", nn.BatchNorm2d(2), draw(4, 2, 2, 2, 3)),
        product("RNN(3, 2)", nn.RNN(3, 2), draw(5, 4, 2, 3)),
        product("GRU(3, 2)", nn.GRU(3, 2), draw(6, 4, 2, 3)),
        product("LSTM(3, 2)", nn.LSTM(3, 2), draw(7, 4, 2, 3)),
        product("MultiHeadAttention(4, 2)", nn.MultiheadAttention(4, 2), draw(8, 3, 2, 4)),
    ],
    "penalty": penalty(), "meta": meta()}, separators=(",", ":")))
