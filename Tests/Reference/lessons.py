"""Writes the losses of the two-layer network in PyTorch, for the tests of the lessons.

    python Tests/Reference/lessons.py > Tests/BlitzLessonsTests/Reference/lessons.json

The network of Justin Johnson's "PyTorch examples", in the order in which they draw: x, y, w1, w2
of the normal distribution; relu(x w1) w2 against y; the sum of squared errors; 500 steps of
gradient descent. float32, on the CPU, by autograd. The losses are those before each step's
update: of steps 0 to 99, then of every 50th. Runs that name a lesson are those of the later
examples: layers, an optimizer, a module, a dynamic network. Their `rounding` is the largest relative
difference so far of these losses to those of the same run in float64: with momentum and
changing depths, a seed can come to where the last bits of float32 decide.
"""

import json
import sys

import torch

N, D_IN, H, D_OUT = 64, 1000, 100, 10
RATE = 1e-6
STEPS = 500
SEEDS = [0, 1, 2, 42, 1234]


def train(seed):
    torch.manual_seed(seed)
    x = torch.randn(N, D_IN)
    y = torch.randn(N, D_OUT)
    w1 = torch.randn(D_IN, H, requires_grad=True)
    w2 = torch.randn(H, D_OUT, requires_grad=True)
    losses = {}
    for step in range(STEPS):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        if step < 100 or step % 50 == 0:
            losses[step] = loss.item()
        loss.backward()
        with torch.no_grad():
            w1 -= RATE * w1.grad
            w2 -= RATE * w2.grad
            w1.grad = None
            w2.grad = None
    return losses


def layered(model, optimizer):
    """The losses of a model of layers, with the squared error summed."""
    def run(seed, dtype=torch.float32):
        torch.manual_seed(seed)
        x = torch.randn(N, D_IN).to(dtype)
        y = torch.randn(N, D_OUT).to(dtype)
        net = model().to(dtype)
        step = optimizer(net)
        losses = {}
        for index in range(STEPS):
            loss = torch.nn.functional.mse_loss(net(x), y, reduction="sum")
            if index < 100 or index % 50 == 0:
                losses[index] = loss.item()
            step.zero_grad()
            loss.backward()
            step.step()
        return losses
    return run


def sequential():
    return torch.nn.Sequential(
        torch.nn.Linear(D_IN, H), torch.nn.ReLU(), torch.nn.Linear(H, D_OUT))


class DynamicNet(torch.nn.Module):
    """The depths are drawn by the generator that drew all else, a number from 0 to 3 each step."""

    def __init__(self):
        super().__init__()
        self.input_linear = torch.nn.Linear(D_IN, H)
        self.middle_linear = torch.nn.Linear(H, H)
        self.output_linear = torch.nn.Linear(H, D_OUT)

    def forward(self, x):
        h = self.input_linear(x).clamp(min=0)
        for _ in range(int(torch.randint(0, 4, ()))):
            h = self.middle_linear(h).clamp(min=0)
        return self.output_linear(h)


# With momentum the dynamic network leaves the middle layer alone where it was not used: its
# gradient is None there, which zero_grad() makes it.
LAYERED = {
    "nn": layered(sequential, lambda net: torch.optim.SGD(net.parameters(), lr=1e-4)),
    "optim": layered(sequential, lambda net: torch.optim.Adam(net.parameters(), lr=1e-4)),
    "module": layered(sequential, lambda net: torch.optim.SGD(net.parameters(), lr=1e-4)),
    "dynamic": layered(
        DynamicNet, lambda net: torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9)),
}


def main():
    runs = []
    for seed in SEEDS:
        losses = train(seed)
        runs.append({"seed": seed, "steps": list(losses), "losses": list(losses.values())})
        for lesson, run in LAYERED.items():
            losses = run(seed)
            exact = run(seed, torch.float64)
            worst, rounding = 0.0, []
            for index in losses:
                worst = max(worst, abs(losses[index] - exact[index]) / exact[index])
                rounding.append(float(f"{worst:.2g}"))
            runs.append({"lesson": lesson, "seed": seed, "steps": list(losses),
                         "losses": list(losses.values()), "rounding": rounding})
    head = {
        "command": "python Tests/Reference/lessons.py > Tests/BlitzLessonsTests/Reference/lessons.json",
        "torch": torch.__version__, "python": sys.version.split()[0],
        "cpu": torch.backends.cpu.get_cpu_capability(), "threads": torch.get_num_threads(),
        "dtype": "float32", "rate": RATE,
        "shapes": {"x": [N, D_IN], "y": [N, D_OUT], "w1": [D_IN, H], "w2": [H, D_OUT]},
    }
    print(json.dumps(head, indent=0)[:-2] + ',\n"runs": [')
    print(",\n".join(json.dumps(run) for run in runs))
    print("]}")


main()
