"""The peers' side of the rows on a device: JAX or PyTorch doing the work of Accelerators.swift.

    python device_peers.py jax|torch cpu|cuda|cuda:N

Reads the name of a row per line and answers each with one line of JSON, times in seconds. The
device is idle before and after each row.
"""

import json
import os
import sys
import time

from timing import median

SIDE, DEVICE = sys.argv[1:3]
KIND, INDEX = DEVICE.split(":")[0], int(DEVICE.split(":")[1]) if ":" in DEVICE else 0
STEPS, RATE = 500, 1e-6
SMALL = os.environ.get("BLITZ_BENCH_SMALL") == "1"
ROWS, INPUTS, HIDDEN, CLASSES = (256, 128, 128, 100) if SMALL else (8192, 4096, 4096, 1000)


def jax_rows():
    # All sides are there at once: none is to take most of the GPU's memory for later.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax
    import jax.numpy as jnp
    import numpy as np

    device = jax.devices(KIND)[INDEX]
    # One device in both; Blitz asks its products for all digits of float32 unless told otherwise.
    jax.config.update("jax_default_matmul_precision", "highest")

    def put(array):
        return jax.device_put(array, device)

    def page():
        rng = np.random.default_rng(0)
        return [put(rng.standard_normal(shape, dtype=np.float32))
                for shape in [(64, 1000), (64, 10), (1000, 100), (100, 10)]]

    def loss_of(weights, x, y):
        return jnp.square(jnp.maximum(x @ weights[0], 0) @ weights[1] - y).sum()

    def update(weights, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return [w - RATE * g for w, g in zip(weights, gradients)], loss

    step = jax.jit(update, donate_argnums=0)

    def compiled():
        """The loss is read in each step."""
        x, y, *weights = page()
        state = [weights]

        def body():
            state[0], loss = step(state[0], x, y)
            float(loss)
        return median(STEPS, body)

    def steps():
        """The losses are read when all steps are on their way."""
        x, y, *weights = page()
        jax.block_until_ready((x, y, weights))
        start, losses = time.perf_counter(), []
        for _ in range(STEPS):
            weights, loss = step(weights, x, y)
            losses.append(loss)
        for loss in losses:
            float(loss)
        return {"seconds": (time.perf_counter() - start) / STEPS}

    def wide():
        rng = np.random.default_rng(0)
        x = put(jnp.asarray(rng.standard_normal((ROWS, INPUTS), dtype=np.float32), jnp.bfloat16))
        labels = put(rng.integers(0, CLASSES, ROWS))
        weights = [put(0.02 * rng.standard_normal(shape, dtype=np.float32))
                   for shape in [(INPUTS, HIDDEN), (HIDDEN, CLASSES)]]

        def loss_of(weights):
            first, second = [w.astype(jnp.bfloat16) for w in weights]
            logits = (jnp.maximum(x @ first, 0) @ second).astype(jnp.float32)
            chosen = jnp.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
            return (jax.nn.logsumexp(logits, axis=1) - chosen).mean()

        def update(weights):
            loss, gradients = jax.value_and_grad(loss_of)(weights)
            return [w - 0.01 * g for w, g in zip(weights, gradients)], loss
        step, state = jax.jit(update, donate_argnums=0), [weights]

        def body():
            state[0], loss = step(state[0])
            float(loss)
        body()
        return lambda: median(20, body)

    return {"compiled": lambda: compiled, "steps": lambda: steps, "wide": wide,
            "versions": lambda: lambda: {"JAX": jax.__version__, "device": str(device.device_kind)}}


def torch_rows():
    import torch

    if KIND == "cpu":
        torch.set_num_threads(int(os.environ["BLITZ_NUM_THREADS"]))
    torch.backends.cuda.matmul.allow_tf32 = False

    def autograd():
        """A step as in Justin Johnson's examples, the loss read."""
        torch.manual_seed(0)
        x, y = torch.randn(64, 1000, device=DEVICE), torch.randn(64, 10, device=DEVICE)
        w1 = torch.randn(1000, 100, device=DEVICE, requires_grad=True)
        w2 = torch.randn(100, 10, device=DEVICE, requires_grad=True)

        def body():
            loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
            loss.item()
            loss.backward()
            with torch.no_grad():
                w1.sub_(RATE * w1.grad)
                w2.sub_(RATE * w2.grad)
                w1.grad.zero_()
                w2.grad.zero_()
        return median(STEPS, body)

    def wide():
        torch.manual_seed(0)
        x = torch.randn(ROWS, INPUTS, device=DEVICE, dtype=torch.bfloat16)
        labels = torch.randint(CLASSES, (ROWS,), device=DEVICE)
        weights = [(0.02 * torch.randn(shape, device=DEVICE)).requires_grad_()
                   for shape in [(INPUTS, HIDDEN), (HIDDEN, CLASSES)]]

        def loss_of(first, second):
            with torch.autocast(KIND, torch.bfloat16):
                logits = x.mm(first).clamp(min=0).mm(second)
            return torch.nn.functional.cross_entropy(logits.float(), labels)
        fast = torch.compile(loss_of)

        def body():
            loss = fast(*weights)
            loss.backward()
            with torch.no_grad():
                for weight in weights:
                    weight.sub_(0.01 * weight.grad)
                    weight.grad = None
            loss.item()
        body()
        return lambda: median(20, body)

    name = torch.cuda.get_device_name(INDEX) if KIND == "cuda" else "cpu"
    return {"autograd": lambda: autograd, "wide": wide,
            "versions": lambda: lambda: {"PyTorch": torch.__version__, "device": name}}


def main():
    rows, made = {"jax": jax_rows, "torch": torch_rows}[SIDE](), {}
    for line in sys.stdin:
        name = line.strip()
        if name not in made:
            made[name] = rows[name]()
        print(json.dumps(made[name]()), flush=True)


main()
