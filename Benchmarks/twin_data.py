"""What the PyTorch twins of the examples share: their data, and a loop over batches."""

import os
import re

import torch
from sklearn.datasets import load_digits

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
digits = load_digits()
IMAGES = torch.tensor(digits.images / 16, dtype=torch.float32).unsqueeze(1)
LABELS = torch.tensor(digits.target)


def epochs(count, size, total, body):
    """Calls `body` with the places of each batch, in a new order in each epoch."""
    for _ in range(count):
        for rows in torch.randperm(total).split(size):
            body(rows)


def source(path):
    """The text of a file of the examples, for the data that stand in it."""
    with open(os.path.join(ROOT, "Examples/Sources", path), encoding="utf-8") as file:
        return file.read()


def fables():
    text = re.search(r'"""\n(.*?)  """', source("ExampleSupport/Fables.swift"), re.S)[1]
    text = "\n".join(line.removeprefix("  ") for line in text.split("\n"))
    letters = sorted(set(text))
    return torch.tensor([letters.index(letter) for letter in text]), len(letters)
