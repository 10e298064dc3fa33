"""The convolutional network of the benchmarks in PyTorch. As a program: trains it for some steps on
Fashion-MNIST, images kept as bytes, so that its memory can be measured.

    python Benchmarks/conv.py [STEPS]
"""

import gzip
import os
import sys

import torch

FOLDER = os.environ.get("BLITZ_FASHION_MNIST", "/usr/share/datasets/fashion-mnist")


def network():
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))


def read(name, head):
    with gzip.open(os.path.join(FOLDER, name)) as file:
        return torch.frombuffer(bytearray(file.read()[head:]), dtype=torch.uint8)


def main(steps):
    threads = os.environ.get("BLITZ_NUM_THREADS")
    if threads:
        torch.set_num_threads(int(threads))
    images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    labels = read("train-labels-idx1-ubyte.gz", 8)
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    order = torch.randperm(len(images))
    for step in range(steps):
        rows = order[128 * step:128 * (step + 1)]
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            model(images[rows].float() / 255), labels[rows].long())
        loss.backward()
        optimizer.step()
        loss.item()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
