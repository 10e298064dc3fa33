"""Writes the losses of whole PyTorch scripts with dropout, samplers' orders and draws by weight.

    python Tests/Reference/scripts.py > Tests/BlitzNNTests/Reference/scripts.json

Needs torch 2.15, the CPU. The Swift of each script is in WholeScriptTests.swift.
"""

import json

import torch
from torch import nn
from torch.utils.data import (BatchSampler, DataLoader, RandomSampler, SubsetRandomSampler,
                              TensorDataset, WeightedRandomSampler, random_split)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 16)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(16, 4, 32, dropout=0.1, batch_first=True), 2)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x)).mean(1))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 8, batch_first=True)
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.dropout(self.lstm(x)[0]))[:, -1]


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True), 2,
            enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(8, 2, 16, batch_first=True), 2)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.decoder(x, self.encoder(x)))[:, -1]


def train(make, inputs, optimizer, steps):
    torch.manual_seed(3)
    model = make()
    x = inputs()
    y = torch.randint(0, 3, (x.shape[0],))
    update = optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model(x), y)
        update.zero_grad()
        loss.backward()
        update.step()
        losses.append(loss.item())
    return losses


def walk(loader, epochs=2):
    return [[batch[0].tolist() for batch in loader] for _ in range(epochs)]


def loaders():
    data = TensorDataset(torch.arange(10))
    own = lambda: torch.Generator().manual_seed(5)
    weights = [0.1, 3, 0, 1, 1, 7, 0.5, 2, 0.2, 1]
    make = {
        "weighted": lambda g: WeightedRandomSampler(weights, 12, generator=g),
        "weighted once": lambda g: WeightedRandomSampler(weights, 6, False, generator=g),
        "replacement": lambda g: RandomSampler(data, True, 40, generator=g),
        "more": lambda g: RandomSampler(data, False, 25, generator=g),
        "twice": lambda g: RandomSampler(data, False, 20, generator=g),
        "subset": lambda g: SubsetRandomSampler([9, 3, 4, 1, 7], generator=g),
    }
    rows = {}
    for name, sampler in make.items():
        g = own()
        epochs = walk(DataLoader(data, 4, sampler=sampler(g), generator=g))
        rows[name] = {"epochs": epochs, "next": torch.randint(0, 1 << 20, (1,), generator=g).item()}
    g = own()
    batches = BatchSampler(RandomSampler(data, generator=g), 3, True)
    rows["batches"] = {"epochs": walk(DataLoader(data, batch_sampler=batches, generator=g)),
                       "next": torch.randint(0, 1 << 20, (1,), generator=g).item()}
    torch.manual_seed(0)
    six = TensorDataset(torch.arange(6))
    pairs = [(a[0].tolist(), b[0].tolist()) for a, b in zip(
        DataLoader(six, 6, shuffle=True), DataLoader(six, 6, shuffle=True))]
    parts = random_split(range(10), [7, 3], generator=own())
    return {"samplers": rows, "inStep": list(pairs[0]), "lengths": [list(p.indices) for p in parts]}


def draws():
    rows = []
    for dtype in (torch.float32, torch.float64):
        weights = (torch.arange(60, dtype=dtype) % 7 + 0.25).reshape(3, 20)
        for view in ("rows", "columns"):
            w = weights if view == "rows" else weights.reshape(20, 3).t()
            for count, replacement in [(1, False), (5, False), (20, False), (9, True), (1, True)]:
                torch.manual_seed(9)
                places = torch.multinomial(w, count, replacement).tolist()
                rows.append({"dtype": str(dtype)[6:], "view": view, "count": count,
                             "replacement": replacement, "places": places,
                             "next": torch.randint(0, 1 << 20, (1,)).item()})
    return rows


def main():
    print(json.dumps({
        "command": "python Tests/Reference/scripts.py > Tests/BlitzNNTests/Reference/scripts.json",
        "versions": {"torch": torch.__version__},
        "losses": {
            "encoder": train(Classifier, lambda: torch.randint(0, 20, (6, 7)),
                             lambda p: torch.optim.AdamW(p, 1e-3), 48),
            "lstm": train(Tagger, lambda: torch.randn(6, 7, 5),
                          lambda p: torch.optim.Adam(p, 1e-2), 30),
            "decoder": train(Translator, lambda: torch.randn(6, 5, 8),
                             lambda p: torch.optim.SGD(p, 0.05), 20),
        },
        "multinomial": draws(),
    } | loaders()))


main()
