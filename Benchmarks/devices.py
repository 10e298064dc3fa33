"""Times Blitz on a device beside JAX and PyTorch; `Benchmarks/xla` and `Benchmarks/gpu.sh` call it.

Both sides take turns round by round, as in compare.py. A side whose Python is not given has no
cells: an empty one was not measured.
"""

import argparse
import datetime
import os
import statistics
import subprocess

from compare import Side, alternate, compare, duration, machine, table

HERE = os.path.dirname(os.path.abspath(__file__))


def measure(options):
    """The rows, and the peers' versions."""
    os.environ["BLITZ_DEVICE"] = options.device
    ours = Side(options.worker)
    on_cpu = not options.device.startswith("cuda")
    device = "cpu" if on_cpu else options.device
    peers = {name: Side(python, os.path.join(HERE, "device_peers.py"), name, device)
             for name, python in (("jax", options.jax), ("torch", options.torch)) if python}
    versions = {}
    for side in peers.values():
        versions.update(side.ask("versions"))
    rows = []

    def pair(what, row, peer, peer_row, must=None):
        if peer not in peers:
            rows.append(empty(what, must))
            return
        a, b = alternate(options.rounds, lambda: ours.seconds(row),
                         lambda: peers[peer].seconds(peer_row))
        rows.append(compare(what, a, b, must))

    pair("page's network, a compiled step, loss read in each, over JAX jit",
         "compiled", "jax", "compiled", 1.0 if on_cpu else None)
    pair("the same define-by-run, over JAX jit", "autograd", "jax", "compiled")
    pair("compiled steps, losses read at the end, over JAX jit", "steps", "jax", "steps",
         1.0 if on_cpu else None)
    pair("500 steps as one program, a step, over JAX jit with the losses read at the end",
         "loop", "jax", "steps", 0.8 if on_cpu else None)
    pair("500 steps as one program, a step, over JAX jit with the loss read in each",
         "loop", "jax", "compiled", None)
    pair("page's network, define-by-run, over PyTorch eager", "autograd", "torch", "autograd",
         None if on_cpu else 0.5)
    pair("500 steps as one program, a step, over PyTorch eager", "loop", "torch", "autograd",
         None if on_cpu else 0.15)
    for row, what in [("dispatch-compiled", "compiled, page's network"),
                      ("dispatch-compiled-tiny", "compiled, tiny"),
                      ("dispatch", "define-by-run, page's network"),
                      ("dispatch-tiny", "define-by-run, tiny")]:
        found = alternate(options.rounds, lambda: ours.seconds(row))[0]
        seconds = statistics.median(found)
        rows.append({"what": f"host time to dispatch a step, {what}, device idle",
                     "blitz": duration(seconds), "peer": "", "ratio": seconds, "shown": "",
                     "must": "at most 15 us", "holds": seconds <= 15e-6})
    small = os.environ.get("BLITZ_BENCH_SMALL") == "1"
    size = "256 x 128 -> 128 -> 100" if small else "8192 x 4096 -> 4096 -> 1000"
    if not on_cpu or small:
        what = f"{size}, bfloat16, a training step, over "
        pair(what + "JAX", "wide", "jax", "wide", None if on_cpu else 1.05)
        pair(what + "torch.compile", "wide", "torch", "wide", None if on_cpu else 1.0)
    for side in [ours, *peers.values()]:
        side.close()
    return rows, versions


def empty(what, must):
    sign = f"at most {must:g}" if must else ""
    return {"what": what, "blitz": "", "peer": "", "ratio": None, "shown": "", "must": sign,
            "holds": None}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--jax", help="a Python with jax")
    parser.add_argument("--torch", help="a Python with torch")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    rows, versions = measure(options)
    device = versions.pop("device", options.device)
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    versions["Swift"] = swift.split("Swift version ")[-1].split()[0]
    print(f"- machine: {machine()}, {os.cpu_count()} cores")
    print(f"- device: {options.device} ({device})")
    print("- versions: " + ", ".join(f"{k} {v}" for k, v in sorted(versions.items())))
    print(f"- date: {datetime.date.today().isoformat()}")
    print(f"- load: {load:.1f} before, {os.getloadavg()[0]:.1f} after (one-minute averages)")
    print(f"- rounds: {options.rounds} of each row; ratios are medians of the rounds' ratios\n")
    print(table(rows))


main()
