"""Trains the examples in PyTorch and in Blitz, and compares what they come to.

    swift build -c release --package-path Examples --scratch-path .build-users
    python Benchmarks/examples.py .build-users/release [EXAMPLE...]

Both sides have the same data, network, optimizer, number of steps and threads. Blitz's figure must
not be worse than 1.1 times PyTorch's. Needs torch, numpy and scikit-learn (for its copy of the digits).
"""

import os
import re
import subprocess
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional as F

sys.dont_write_bytecode = True
from image_twins import gan, neighbours_and_svm, siamese_net, super_resolution  # noqa: E402
from series_twins import (  # noqa: E402
    cart_pole, graph_convolution, recommender, time_series, uncertainty, word_embedding)
from twin_data import IMAGES, LABELS, epochs, fables  # noqa: E402


def image_classifier():
    order = torch.randperm(len(IMAGES))
    train, validation, test = order[:1257], order[1257:1527], order[1527:]
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(128, 10))
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    best, since, kept = float("inf"), 0, None
    for _ in range(30):
        net.train()
        for rows in train[torch.randperm(len(train))].split(64):
            optimizer.zero_grad()
            F.cross_entropy(net(IMAGES[rows]), LABELS[rows]).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            loss = F.cross_entropy(net(IMAGES[validation]), LABELS[validation]).item()
        since = 0 if loss < best else since + 1
        if loss < best:
            best, kept = loss, {name: value.clone() for name, value in net.state_dict().items()}
        if since >= 4:
            break
    net.load_state_dict(kept)
    return (net(IMAGES[test]).argmax(1) == LABELS[test]).float().mean().item()


def autoencoder():
    encoder, mean, log_variance = nn.Linear(64, 128), nn.Linear(128, 8), nn.Linear(128, 8)
    decoder = nn.Sequential(nn.Linear(8, 128), nn.ReLU(), nn.Linear(128, 64))
    parts = nn.ModuleList([encoder, mean, log_variance, decoder])
    optimizer = torch.optim.Adam(parts.parameters(), lr=2e-3)
    x = IMAGES.flatten(1)

    def loss(x):
        h = encoder(x).relu()
        m, v = mean(h), log_variance(h)
        codes = m + (0.5 * v).exp() * torch.randn_like(m)
        pixels = F.binary_cross_entropy_with_logits(decoder(codes), x, reduction="sum")
        return (pixels - 0.5 * (1 + v - m.square() - v.exp()).sum()) / len(x)

    def step(rows):
        optimizer.zero_grad()
        loss(x[rows]).backward()
        optimizer.step()

    epochs(100, 100, 1500, step)
    return loss(x[1500:]).item()


def pieces(text, length):
    starts = torch.randint(len(text) - length, (32,))
    rows = starts[:, None] + torch.arange(length + 1)
    return text[rows[:, :-1]], text[rows[:, 1:]]


def write(net, optimizer, text, length, steps, letters, scheduler=None):
    losses = []
    for _ in range(steps):
        x, y = pieces(text, length)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x).reshape(-1, letters), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return numpy.mean(losses[-50:])


def lstm():
    text, letters = fables()

    class Writer(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.lstm = nn.Embedding(letters, 32), nn.LSTM(32, 128, batch_first=True)
            self.head = nn.Linear(128, letters)

        def forward(self, x):
            return self.head(self.lstm(self.embedding(x))[0])

    net = Writer()
    return write(net, torch.optim.Adam(net.parameters(), lr=5e-3), text, 64, 300, letters)


def encoder(size, feed_forward, layers):
    layer = nn.TransformerEncoderLayer(size, 4, feed_forward, 0.1, "gelu", batch_first=True,
                                       norm_first=True)
    return nn.TransformerEncoder(layer, layers, nn.LayerNorm(size), enable_nested_tensor=False)


def warm_cosine(optimizer, steps):
    s = torch.optim.lr_scheduler
    return s.SequentialLR(optimizer, [s.LinearLR(optimizer, 0.1, total_iters=20),
                                      s.CosineAnnealingLR(optimizer, steps - 20)], [20])


def gpt():
    text, letters = fables()

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.letters, self.places = nn.Embedding(letters, 64), nn.Embedding(48, 64)
            self.blocks, self.head = encoder(64, 256, 2), nn.Linear(64, letters)
            with torch.no_grad():
                self.letters.weight *= 0.1
                self.places.weight *= 0.1

        def forward(self, x):
            mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
            h = self.letters(x) + self.places(torch.arange(x.shape[1]))
            return self.head(self.blocks(h, mask=mask, is_causal=True))

    net = GPT()
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    return write(net, optimizer, text, 48, 800, letters, warm_cosine(optimizer, 800))


def vision_transformer():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.patches = nn.Conv2d(1, 48, 2, 2)
            self.places = nn.Parameter(0.02 * torch.randn(1, 16, 48))
            self.encoder, self.head = encoder(48, 96, 2), nn.Linear(48, 10)

        def forward(self, x):
            words = self.patches(x).flatten(2).transpose(1, 2) + self.places
            return self.head(self.encoder(words).mean(1))

    net = Net()
    count = len(IMAGES) * 4 // 5
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    scheduler = warm_cosine(optimizer, 25 * -(-count // 64))

    def step(rows):
        optimizer.zero_grad()
        F.cross_entropy(net(IMAGES[rows]), LABELS[rows]).backward()
        optimizer.step()
        scheduler.step()

    epochs(25, 64, count, step)
    net.eval()
    return (net(IMAGES[count:]).argmax(1) == LABELS[count:]).float().mean().item()


# For each example the twin, and its figures: the name, and whether larger is better, smaller, or, of
# a share that should be 0, the rest of it.
TWINS = {
    "ImageClassifier": (image_classifier, [("test accuracy", "larger")]),
    "VariationalAutoencoder": (autoencoder, [("test loss", "smaller")]),
    "GAN": (gan, [
        ("kinds that are drawn", "larger"),
        ("distance to the nearest digit, relative to written ones", "smaller")]),
    "CharacterLSTM": (lstm, [("loss of a letter in nats", "smaller")]),
    "SmallGPT": (gpt, [("loss of a letter in nats", "smaller")]),
    "WordEmbedding": (word_embedding, [("neighbours of the same kind", "larger")]),
    "TimeSeries": (time_series, [("error relative to that of the day before", "smaller")]),
    "CartPole": (cart_pole, [("share of 200 steps that carts stand", "larger")]),
    "SiameseNet": (siamese_net, [("ROC AUC on other people's digits", "larger")]),
    "SuperResolution": (super_resolution, [("decibels gained over bicubic", "larger")]),
    "GraphConvolution": (graph_convolution, [("members on the right side", "larger")]),
    "VisionTransformer": (vision_transformer, [("test accuracy", "larger")]),
    "Uncertainty": (uncertainty, [
        ("how far that is from 0.95", "rest"),
        ("score of the band, relative to the true one", "smaller")]),
    "Recommender": (recommender, [
        ("root mean squared error, relative to the noise", "smaller")]),
    "NeighboursAndSVM": (neighbours_and_svm, [
        ("accuracy of the neighbours", "larger"), ("accuracy of the machine", "larger")]),
}
RATIOS = {
    "larger": lambda ours, theirs: theirs / ours,
    "smaller": lambda ours, theirs: ours / theirs,
    "rest": lambda ours, theirs: (1 - theirs) / (1 - ours),
}


def main():
    torch.set_num_threads(int(os.environ.get("BLITZ_NUM_THREADS", os.cpu_count())))
    failures = []
    print("| example | figure | Blitz | PyTorch | ratio |\n|---|---|---|---|---|")
    for name in sys.argv[2:] or TWINS:
        twin, figures = TWINS[name]
        torch.manual_seed(0)
        results = twin()
        output = subprocess.check_output([os.path.join(sys.argv[1], name)], text=True)
        pairs = zip(figures, results if isinstance(results, tuple) else [results])
        for (figure, kind), theirs in pairs:
            ours = float(re.search(rf"^{re.escape(figure)}: (\S+)$", output, re.M)[1])
            ratio = RATIOS[kind](ours, theirs)
            print(f"| {name} | {figure} | {ours:.3f} | {theirs:.3f} | {ratio:.2f} |", flush=True)
            if ratio > 1.1:
                failures.append(f"{name}, {figure}")
    if failures:
        sys.exit(f"worse than 1.1 times PyTorch's: {'; '.join(failures)}")


main()
