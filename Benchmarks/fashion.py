"""The test accuracy of `blitz train --data fashion-mnist --model mlp --epochs 5` over seeds, beside the
same network, optimizer, schedule and batches in PyTorch.

    python Benchmarks/fashion.py --blitz .build/release/blitz --seeds 20

Each side draws its own weights and order from the seed; the figure is the share of the 10,000 test
pictures that are told right after the fifth epoch.
"""

import argparse
import gzip
import json
import math
import statistics
import subprocess

import numpy
import torch
from torch import nn

FOLDER = "/usr/share/datasets/fashion-mnist"


def read(name, skip):
    with gzip.open(f"{FOLDER}/{name}.gz") as file:
        return numpy.frombuffer(file.read(), numpy.uint8)[skip:]


def pictures(name):
    images = torch.tensor(read(f"{name}-images-idx3-ubyte", 16)).reshape(-1, 784) / 255
    labels = torch.tensor(read(f"{name}-labels-idx1-ubyte", 8)).long()
    return (images - 0.2860) / 0.3530, labels


def torch_accuracy(seed, training, test, epochs=5, batch=128):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images, labels = training
    steps = epochs * math.ceil(len(labels) / batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(batch):
            loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        return (model(test[0]).argmax(1) == test[1]).float().mean().item()


def blitz_accuracy(blitz, seed, options):
    command = [blitz, "train", "--data", "fashion-mnist", "--model", "mlp", "--epochs", "5", "--json",
               "--seed", str(seed), *options]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return json.loads(lines[-1])["test_accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blitz", required=True, help="the command blitz, built in release")
    parser.add_argument("--seeds", type=int, default=20, help="seeds 0 to this less one")
    parser.add_argument("options", nargs="*", help="more options of blitz train, after --")
    arguments = parser.parse_args()
    training, test = pictures("train"), pictures("t10k")
    found = {"Blitz": [], "PyTorch": []}
    for seed in range(arguments.seeds):
        found["Blitz"].append(blitz_accuracy(arguments.blitz, seed, arguments.options))
        found["PyTorch"].append(torch_accuracy(seed, training, test))
        print(f"seed {seed:2}: Blitz {100 * found['Blitz'][-1]:.2f} %, "
              f"PyTorch {100 * found['PyTorch'][-1]:.2f} %", flush=True)
    for side, values in found.items():
        print(f"{side}: mean {100 * statistics.mean(values):.2f} %, "
              f"worst {100 * min(values):.2f} %, best {100 * max(values):.2f} %")


main()
