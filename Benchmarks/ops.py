"""Times ops of Blitz and of PyTorch in turn, and prints the ratios; `Benchmarks/ops` calls it.

    ops.py --worker WORKER             the table
    ops.py --serve                     PyTorch's side of it: answers rows as the Worker does

Every round asks one side and then the other for as many calls as fit in a twentieth of a second, and
takes the median of each; a ratio is the median of the rounds' ratios, and the spread its 10th and
90th percentile. The first round only warms up.
"""

import argparse
import json
import os
import statistics
import sys
import time

from compare import Side, alternate, duration, machine, ratio


def serve():
    """Answers "op NAME SIZES DIRECTION" with the seconds of a call."""
    import torch
    from ops_table import OPS

    torch.set_num_threads(int(os.environ["BLITZ_NUM_THREADS"]))

    def call(op, backward):
        if not backward:
            def body():
                with torch.no_grad():
                    op.apply(*op.inputs)
            return body
        tracked = [x.requires_grad_() for x in op.inputs if x.is_floating_point()]
        seed = torch.randn_like(op.apply(*op.inputs))

        def body():
            for leaf in tracked + op.parameters:
                leaf.grad = None
            op.apply(*op.inputs).backward(seed)
        return body

    def seconds(body):
        body()
        start = time.perf_counter()
        body()
        first = time.perf_counter() - start
        times = []
        for _ in range(min(2000, max(3, int(0.05 / max(first, 1e-9))))):
            start = time.perf_counter()
            body()
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    made = {}
    for line in sys.stdin:
        row = line.strip()
        if row == "versions":
            print(json.dumps({"PyTorch": torch.__version__,
                              "capability": torch.backends.cpu.get_cpu_capability()}), flush=True)
            continue
        if row not in made:
            _, name, sizes, direction = row.split()
            op = OPS[name][0](*map(int, sizes.split("x")))
            made = {row: call(op, direction == "backward")}
        print(json.dumps({"seconds": seconds(made[row])}), flush=True)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", help="the product Worker, built in release")
    parser.add_argument("--peer", help="another Worker in place of PyTorch")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count")
    parser.add_argument("--only", action="append", default=[], help="rows whose name has this")
    parser.add_argument("--serve", action="store_true", help="be PyTorch's side")
    options = parser.parse_args()
    if options.serve:
        return serve()
    from ops_table import FORWARD_ONLY, OPS

    peer = [options.peer] if options.peer else [sys.executable, os.path.abspath(__file__), "--serve"]
    about = "the Worker of another checkout"
    if not options.peer:
        side = Side(*peer)
        about = "PyTorch {PyTorch} ({capability})".format(**side.ask("versions"))
        side.close()
    print(f"- machine: {machine()}, {os.environ.get('BLITZ_NUM_THREADS', os.cpu_count())} threads")
    print(f"- peer: {about}; {options.rounds} rounds")
    print(f"- load: {os.getloadavg()[0]:.1f}\n")
    print("| op | sizes | | Blitz | peer | ratio | spread |\n|---|---|---|---|---|---|---|")
    found = []
    theirs = Side(*peer)
    for name, (_, all_sizes) in OPS.items():
        if options.only and not any(word in name for word in options.only):
            continue
        # A new Worker for each op: it keeps the tensors of its rows.
        ours = Side(options.worker)
        if options.peer:
            theirs.close()
            theirs = Side(*peer)
        for sizes in all_sizes:
            for direction in ["forward"] if name in FORWARD_ONLY else ["forward", "backward"]:
                row = f"op {name} {sizes} {direction}"
                a, b = alternate(
                    options.rounds, lambda: ours.seconds(row), lambda: theirs.seconds(row))
                ratios = [x / y for x, y in zip(a, b)]
                found.append((ratio(a, b), f"{name} {sizes} {direction}"))
                print(f"| {name} | {sizes} | {direction} | {duration(statistics.median(a))} "
                      f"| {duration(statistics.median(b))} | {found[-1][0]:.2f} "
                      f"| {percentile(ratios, 0.1):.2f} to {percentile(ratios, 0.9):.2f} |", flush=True)
        ours.close()
    theirs.close()
    slow = sorted((row for row in found if row[0] > 1), reverse=True)
    print(f"\n{len(found)} rows, {len(slow)} above 1:")
    for value, row in slow:
        print(f"- {row}: {value:.2f}")


if __name__ == "__main__":
    main()
