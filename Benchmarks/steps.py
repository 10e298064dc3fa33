"""The training steps of `Benchmarks/run`: beside PyTorch, beside the processor's multiply-add limit as
measured in the same round and, where another checkout's Worker is given, beside that build.
"""

import dataclasses
import statistics

from timing import duration


@dataclasses.dataclass
class Step:
    what: str
    row: str
    peer: str
    # Multiplications and additions of its products and convolutions, forward and backward.
    flop: float
    # At least this share of the limit; at most so much of the other build's and of PyTorch's time.
    share: float
    over_other: float
    over_peer: float | None = None


# Products of m x k with k x n count 2mkn. The first layers need no gradient of their input; the LSTM is
# counted as three times its forward pass, the GPT with the half of its scores that looks back.
PAGE = 2 * 64 * (2 * 1000 * 100 + 3 * 100 * 10)
PERCEPTRON = 2 * 128 * (2 * 784 * 256 + 3 * 256 * 10)
CONVOLUTIONAL = 2 * 128 * (
    2 * 28 * 28 * 9 * 32 + 3 * 14 * 14 * 9 * 32 * 64 + 3 * 3136 * 128 + 3 * 128 * 10)
RECURRENT = 3 * 2 * 32 * 64 * (64 + 128) * 512
PROJECTIONS = 3 * 2 * 16 * 128 * (4 * 256 * 256 + 2 * 256 * 1024)
SCORES = 3 * 2 * 16 * 2 * 128 * 128 * 256
WORDS = 3 * 2 * 16 * 128 * 256 * 5000

STEPS = [
    Step("page's step (64, 1000-100-10), compiled", "compiled", "autograd", PAGE, 0.80, 0.80),
    Step("page's step, define-by-run", "autograd", "autograd", PAGE, 0.76, 0.77),
    Step("784-256-10, batch 128, Adam, compiled", "mlp-compiled", "mlp", PERCEPTRON, 0.80, 0.82),
    Step("784-256-10, define-by-run", "mlp", "mlp", PERCEPTRON, 0.76, 0.79),
    Step("conv net 32-64, batch 128, Adam, compiled", "conv-compiled", "conv", CONVOLUTIONAL,
         0.70, 0.75, 0.50),
    Step("conv net, define-by-run", "conv", "conv", CONVOLUTIONAL, 0.70, 0.75, 0.50),
    Step("LSTM 64 -> 128, 64 x 32, compiled, with a step of descent", "lstm-compiled", "lstm",
         RECURRENT, 0.80, 0.87, 0.85),
    Step("LSTM, define-by-run", "lstm", "lstm", RECURRENT, 0.70, 0.73, 0.95),
    Step("encoder layer, d 256, 128 x 16", "transformer", "transformer", PROJECTIONS + SCORES,
         0.92, 0.93),
    Step("GPT of 4 layers, d 256, 5,000 words, AdamW, compiled", "gpt", "gpt",
         4 * (PROJECTIONS + SCORES / 2) + WORDS, 0.80, 0.81, 0.65),
]


def measure(rounds, ours, theirs, other=None, only=None):
    """The rows of the table. The first round of each warms up and does not count."""
    found = []
    for step in STEPS:
        if only and not any(part in step.row for part in only):
            continue
        sides = []
        for _ in range(rounds + 1):
            # Each side's step after the limit, so that all meet the same state of the machine.
            limit = ours.ask("limit")["flops"]
            before = other.ask(step.row)["seconds"] if other and other.has(step.row) else None
            sides.append((limit, ours.ask(step.row), before, theirs.seconds(step.peer)))
        found.append(row(step, sides[1:]))
    return found


def row(step, sides):
    def median(values):
        return statistics.median(values)

    seconds = median(answer["seconds"] for _, answer, _, _ in sides)
    share = median(step.flop / answer["seconds"] / limit for limit, answer, _, _ in sides)
    over_peer = median(answer["seconds"] / peer for _, answer, _, peer in sides)
    known = all(before is not None for _, _, before, _ in sides)
    over_other = median(
        answer["seconds"] / before for _, answer, before, _ in sides) if known else None
    misses = []
    if share < step.share:
        misses.append(f"share {step.share:.2f}")
    if over_other is not None and over_other > step.over_other:
        misses.append(f"other build {step.over_other:.2f}")
    if step.over_peer and over_peer > step.over_peer:
        misses.append(f"PyTorch {step.over_peer:.2f}")
    return {
        "what": step.what, "row": step.row, "seconds": seconds, "share": share,
        "low": median(answer["low"] for _, answer, _, _ in sides),
        "high": median(answer["high"] for _, answer, _, _ in sides),
        "limit": median(limit for limit, _, _, _ in sides),
        "peer": median(peer for _, _, _, peer in sides), "over_peer": over_peer,
        "over_other": over_other, "misses": misses}


def cells(rows):
    """The table's cells, the head first."""
    lines = [["step", "Blitz", "10 to 90 %", "of the limit", "PyTorch", "over it",
              "over the other build", "misses"]]
    for found in rows:
        other = "" if found["over_other"] is None else f"{found['over_other']:.2f}"
        lines.append([
            found["what"], duration(found["seconds"]),
            f"{duration(found['low'])} to {duration(found['high'])}",
            f"{100 * found['share']:.0f} %", duration(found["peer"]),
            f"{found['over_peer']:.2f}", other, ", ".join(found["misses"])])
    return lines
