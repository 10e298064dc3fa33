"""The examples that learn from tables, texts, graphs and trying, in PyTorch; see examples.py."""

import math
import random
import re

import torch
from torch import nn
from torch.nn import functional as F

from twin_data import epochs, source


def word_embedding():
    text = source("WordEmbedding/main.swift")
    kinds = [re.findall(r'"(\w+)"', line) for line in
             re.findall(r"^  (\[.*\]),$", re.search(r"kinds = \[\n(.*?)\n\]", text, re.S)[1], re.M)]
    patterns = re.findall(r'"([^"]*\d[^"]*)"', re.search(r"patterns = \[(.*?)\]", text, re.S)[1])
    words = sum(kinds, []) + "the a eats in near lives goes to".split()
    draw = random.Random(0)
    pairs = []
    for _ in range(5000):
        line = [draw.choice(kinds[int(word)]) if word.isdigit() else word
                for word in draw.choice(patterns).split()]
        line = [words.index(word) for word in line]
        pairs += [(line[place], line[near]) for place in range(len(line))
                  for near in range(max(place - 2, 0), min(place + 2, len(line) - 1) + 1)
                  if near != place]
    pairs = torch.tensor(pairs)
    vectors, contexts = nn.Embedding(len(words), 16), nn.Embedding(len(words), 16)
    nn.init.zeros_(contexts.weight)
    optimizer = torch.optim.Adam([vectors.weight, contexts.weight], lr=1e-2)

    def step(rows):
        word, neighbour = pairs[rows].T
        vector, others = vectors(word), contexts(torch.randint(len(words), (len(rows), 5)))
        near, far = (vector * contexts(neighbour)).sum(1), (vector[:, None] * others).sum(2)
        optimizer.zero_grad()
        (-F.logsigmoid(near).mean() - F.logsigmoid(-far).sum(1).mean()).backward()
        optimizer.step()

    epochs(3, 256, len(pairs), step)
    directions = F.normalize(vectors.weight.detach())
    nearest = (directions @ directions.T).topk(4).indices
    right = count = 0
    for kind in kinds:
        for word in kind:
            found = [words[place] for place in nearest[words.index(word)] if words[place] != word][:3]
            count += len(found)
            right += sum(other in kind for other in found)
    return right / count


def time_series():
    hours = torch.arange(2500, dtype=torch.float32)
    day, week = (hours * (2 * math.pi / 24)).sin(), (hours * (2 * math.pi / 168)).cos()
    series = day * (1 + 0.5 * week) + 0.3 * week + hours * 0.0005 + 0.15 * torch.randn(2500)
    windows = series.unfold(0, 120, 1)
    x, y = windows[:, :96], windows[:, 96:]
    count = len(windows) * 4 // 5
    gru, head = nn.GRU(1, 32, batch_first=True), nn.Linear(32, 24)
    parameters = [*gru.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=5e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20 * -(-count // 128))

    def forecast(hours):
        shape = hours - hours.mean(1, keepdim=True)
        return hours.reshape(-1, 4, 24).mean(1) + head(gru(shape[:, :, None])[1][-1])

    def step(rows):
        optimizer.zero_grad()
        F.mse_loss(forecast(x[rows]), y[rows]).backward()
        nn.utils.clip_grad_norm_(parameters, 1)
        optimizer.step()
        scheduler.step()

    epochs(20, 128, count, step)
    x, y = x[count + 120:], y[count + 120:]
    with torch.no_grad():
        return (F.mse_loss(forecast(x), y) / F.mse_loss(x[:, 72:], y)).sqrt().item()


def play(policy, count):
    """States, pushes and whether the carts stood, until all have fallen or 200 steps are over."""
    state, stands = torch.empty(count, 4).uniform_(-0.05, 0.05), torch.ones(count)
    steps = []
    with torch.no_grad():
        for _ in range(200):
            push = torch.multinomial(policy(state).softmax(1), 1).squeeze(1)
            steps.append((state, push, stands))
            place, speed, angle, spin = state.T
            sine, cosine, force = angle.sin(), angle.cos(), (2.0 * push - 1) * 10
            pull = (force + 0.05 * spin.square() * sine) / 1.1
            turn = (9.8 * sine - cosine * pull) / (0.5 * (4 / 3 - 0.1 * cosine.square() / 1.1))
            change = torch.stack([speed, pull - 0.05 * turn * cosine / 1.1, spin, turn], 1)
            state = state + 0.02 * change
            inside = (state[:, 0].abs() < 2.4) & (state[:, 2].abs() < 12 * math.pi / 180)
            stands = stands * inside
            if stands.sum() == 0:
                break
    return (torch.stack(part) for part in zip(*steps))


def cart_pole():
    policy = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 2))
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
    for _ in range(60):
        states, pushes, stands = play(policy, 64)
        left = stands.flip(0).cumsum(0).flip(0)
        alive = stands.sum(1, keepdim=True).clamp(min=1)
        better = (left - (left * stands).sum(1, keepdim=True) / alive) * stands
        scale = (better.square().sum() / stands.sum()).sqrt() + 1e-6
        chosen = policy(states).log_softmax(2).gather(2, pushes[:, :, None]).squeeze(2)
        optimizer.zero_grad()
        (-(chosen * (better / scale)).sum() / stands.sum()).backward()
        nn.utils.clip_grad_norm_(policy.parameters(), 1)
        optimizer.step()
    _, _, stands = play(policy, 100)
    return stands.sum(0).mean().item() / 200


def graph_convolution():
    text = source("GraphConvolution/main.swift")
    friends = eval(re.search(r"let friends: \[\[Int\]\] = (\[\n.*?\n\])\n", text, re.S)[1])
    sides = torch.tensor(eval(re.search(r"let sides = Tensor\((\[.*?\])\)", text, re.S)[1]))
    adjacency = torch.eye(34)
    for one, others in enumerate(friends):
        adjacency[one, others] = 1
        adjacency[others, one] = 1
    scale = adjacency.sum(1).rsqrt()
    adjacency = scale[:, None] * adjacency * scale
    first, second = nn.Linear(34, 16), nn.Linear(16, 2)
    optimizer = torch.optim.Adam([*first.parameters(), *second.parameters()], lr=1e-2,
                                 weight_decay=5e-4)

    def logits():
        return adjacency @ second((adjacency @ first(torch.eye(34))).relu())

    told = torch.tensor([0, 33])
    for _ in range(200):
        optimizer.zero_grad()
        F.cross_entropy(logits()[told], sides[told]).backward()
        optimizer.step()
    return (logits().argmax(1) == sides).float().mean().item()


def uncertainty():
    def noise(x):
        return 0.05 + 0.1 * (x + 3)

    def measured(x):
        return (2 * x).sin() + noise(x) * torch.randn(x.shape)

    x = torch.empty(2000).uniform_(-3, 3)
    y = measured(x)
    nets = [nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(),
                          nn.Linear(64, 2)) for _ in range(5)]

    def told(net, x):
        answers = net(x[:, None])
        return answers[:, 0], F.softplus(answers[:, 1]) + 1e-4

    for net in nets:
        optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)

        def step(rows):
            mean, variance = told(net, x[rows])
            optimizer.zero_grad()
            F.gaussian_nll_loss(mean, y[rows], variance).backward()
            optimizer.step()

        epochs(60, 200, 2000, step)
    new = torch.empty(5000).uniform_(-3, 3)
    with torch.no_grad():
        means, variances = (torch.stack(part) for part in zip(*(told(net, new) for net in nets)))
    y, mean = measured(new), means.mean(0)
    deviation = (variances.mean(0) + means.var(0, correction=0)).sqrt()
    inside = (y - mean).abs() < 1.96 * deviation

    def score(mean, deviation):
        beyond = F.relu((y - mean).abs() - 1.96 * deviation)
        return (2 * 1.96 * deviation + 40 * beyond).mean().item()

    return (abs(inside.float().mean().item() - 0.95),
            score(mean, deviation) / score((2 * new).sin(), noise(new)))


def recommender():
    people, films, noise = 300, 200, 0.3
    tastes = torch.randn(people, 3) @ (0.5 * torch.randn(3, films))
    opinions = 3 + tastes + 0.4 * torch.randn(films)
    person, film = (torch.rand(people, films) < 0.33).nonzero().T
    ratings = opinions[person, film] + noise * torch.randn(len(person))
    order = torch.randperm(len(person))
    count = int(0.9 * len(person))
    parts = [nn.Embedding(people, 4), nn.Embedding(films, 4), nn.Embedding(people, 1),
             nn.Embedding(films, 1)]
    mean = nn.Parameter(torch.tensor([3.0]))
    with torch.no_grad():
        for part in parts:
            part.weight *= 0.1
    optimizer = torch.optim.AdamW([part.weight for part in parts] + [mean], lr=1e-2,
                                  weight_decay=0.1)

    def told(rows):
        p, f = person[rows], film[rows]
        products = (parts[0](p) * parts[1](f)).sum(1)
        return mean + parts[2](p).squeeze(1) + parts[3](f).squeeze(1) + products

    def step(rows):
        rows = order[rows]
        optimizer.zero_grad()
        F.mse_loss(told(rows), ratings[rows]).backward()
        optimizer.step()

    epochs(20, 512, count, step)
    held = order[count:]
    return F.mse_loss(told(held), ratings[held]).sqrt().item() / noise
