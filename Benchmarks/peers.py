"""The peers' side of the benchmarks: PyTorch and NumPy doing the work of Sources/Worker.

Reads the name of a row per line and answers each with one line of JSON, times in seconds.
`compare.py` holds one such process and one Worker, and asks them in turn.
"""

import json
import os
import resource
import sys

import numpy as np
import torch

from timing import median

torch.set_num_threads(int(os.environ["BLITZ_NUM_THREADS"]))
STEPS, RATE = 500, 1e-6
COUNT, ROUNDS = 10_000_000, 15


def network():
    torch.manual_seed(0)
    x, y = torch.randn(64, 1000), torch.randn(64, 10)
    return x, y, torch.randn(1000, 100, requires_grad=True), torch.randn(100, 10, requires_grad=True)


def training_step(forward, x, y, w1, w2):
    """A step as in Justin Johnson's examples, the loss read."""
    loss = forward(x, y, w1, w2)
    loss.item()
    loss.backward()
    with torch.no_grad():
        w1 -= RATE * w1.grad
        w2 -= RATE * w2.grad
        w1.grad.zero_()
        w2.grad.zero_()


def forward(x, y, w1, w2):
    return (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()


def autograd():
    def run():
        tensors = network()
        return median(STEPS, lambda: training_step(forward, *tensors))
    return run


def compiled():
    """The forward pass and its gradients by torch.compile, the update as before."""
    fast = torch.compile(forward)
    training_step(fast, *network())

    def run():
        tensors = network()
        return median(STEPS, lambda: training_step(fast, *tensors))
    return run


def masked_arrays():
    rng = np.random.default_rng(0)
    return (rng.standard_normal(COUNT, dtype=np.float32), rng.standard_normal(COUNT, dtype=np.float32))


def mask():
    h, grad = masked_arrays()

    def body():
        masked = grad.copy()
        masked[h < 0] = 0
    return lambda: median(ROUNDS, body)


def mask_in_place():
    h, grad = masked_arrays()

    def body():
        grad[h < 0] = 0
    return lambda: median(ROUNDS, body)


def expression(x):
    return ((x * 2 + 1).tanh() * x).sigmoid()


def chain():
    fast = torch.compile(expression)
    x = torch.randn(COUNT)
    fast(x)
    return lambda: median(ROUNDS, lambda: fast(x))


def chain_eager():
    x = torch.randn(COUNT)
    return lambda: median(ROUNDS, lambda: expression(x))


def image_training(model, steps):
    """Steps with Adam on one batch of random images, the loss read."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    x, y = torch.rand(128, 1, 28, 28), torch.randint(10, (128,))

    def body():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()
    return lambda: median(steps, body)


def mlp():
    nn = torch.nn
    return image_training(
        nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)), 200)


def conv():
    from conv import network
    return image_training(network(), 10)


def walks(module, forward, steps):
    """The forward pass, and the gradients of all parameters."""
    def body():
        module.zero_grad()
        forward().sum().backward()
    return lambda: median(steps, body)


def transformer():
    layer = torch.nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, batch_first=True)
    x = torch.randn(16, 128, 256)
    return walks(layer, lambda: layer(x), 5)


class GPT(torch.nn.Module):
    """Embeddings of words and places, encoder layers that look back only, a layer to words."""

    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.words, self.places = nn.Embedding(5000, 256), nn.Embedding(128, 256)
        layer = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.to_words = nn.Linear(256, 5000)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(128))

    def forward(self, tokens):
        x = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
        return self.to_words(self.encoder(x, mask=self.mask, is_causal=True))


def gpt():
    model = GPT()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    tokens = torch.randint(5000, (16, 129))
    inputs, labels = tokens[:, :128], tokens[:, 1:]

    def body():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            model(inputs).reshape(-1, 5000), labels.reshape(-1))
        loss.backward()
        optimizer.step()
        loss.item()
    return lambda: median(3, body)


def lstm():
    layer = torch.nn.LSTM(64, 128, batch_first=True)
    x = torch.randn(32, 64, 64)
    return walks(layer, lambda: layer(x)[0], 20)


def attention_memory():
    """By how much attention raises the most bytes that the process ever had, as in the Worker."""
    def run(length):
        tensors = [torch.randn(1, 8, length, 64, requires_grad=i < 3) for i in range(4)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        torch.nn.functional.scaled_dot_product_attention(*tensors[:3]).backward(tensors[3])
        return 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    run(64)
    grown = run(4096)
    return lambda: {"bytes": grown}


ROWS = {
    "autograd": autograd, "compiled": compiled, "mask": mask, "mask-in-place": mask_in_place,
    "chain": chain, "chain-eager": chain_eager,
    "mlp": mlp, "conv": conv, "transformer": transformer, "lstm": lstm, "gpt": gpt,
    "attention-memory": attention_memory,
    "versions": lambda: lambda: {
        "Python": sys.version.split()[0], "PyTorch": torch.__version__, "NumPy": np.__version__,
        "capability": torch.backends.cpu.get_cpu_capability()},
}


def main():
    made = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in made:
            made[name] = ROWS[name]()
        print(json.dumps(made[name]()), flush=True)


main()
