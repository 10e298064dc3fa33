"""Runs Blitz and its peers in turn and prints the table; `Benchmarks/run` calls it.

Every round asks one side and then the other for the same row, so that both meet the same state of
the machine; a ratio is the median of the rounds' ratios. The first round only warms up.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import steps
from timing import duration

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 10_000_000


class Side:
    """A process that answers the name of a row with its measurements."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.known = {}

    def ask(self, row):
        answer = self._ask(row)
        if "error" in answer:
            sys.exit(answer["error"])
        return answer

    def has(self, row):
        """Whether it knows the row: a Worker of another checkout may not."""
        if row not in self.known:
            self.known[row] = "error" not in self._ask(row)
        return self.known[row]

    def _ask(self, row):
        self.process.stdin.write(row + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the process for row {row} ended early")
        return json.loads(line)

    def seconds(self, row):
        return self.ask(row)["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def alternate(rounds, *measures):
    """The rounds' measurements of each side, after one round that does not count."""
    found = [[measure() for measure in measures] for _ in range(rounds + 1)][1:]
    return list(zip(*found))


def process(command):
    """Seconds and peak resident bytes of a whole process whose output nobody reads."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return seconds, usage.ru_maxrss * 1024


def ratio(numerators, denominators):
    return statistics.median(a / b for a, b in zip(numerators, denominators))


def compare(what, ours, theirs, must, speedup=False):
    """A row of the table: medians of both sides and the median of the rounds' ratios."""
    value = ratio(theirs, ours) if speedup else ratio(ours, theirs)
    holds = None if must is None else (value >= must if speedup else value <= must)
    sign = ("at least {:g} x" if speedup else "at most {:g}").format(must) if must else ""
    return {"what": what, "blitz": duration(statistics.median(ours)),
            "peer": duration(statistics.median(theirs)), "ratio": value,
            "shown": f"{value:.1f} x" if speedup else f"{value:.2f}", "must": sign, "holds": holds}


def measure(options):
    python = sys.executable
    lesson = [options.blitz, "lesson", "autograd", "--seed", "0"]
    script = [python, os.path.join(HERE, "autograd.py")]
    ours, theirs = Side(options.worker), Side(python, os.path.join(HERE, "peers.py"))
    versions = theirs.ask("versions")
    rounds, rows = options.rounds, []

    other = Side(options.peer_worker) if options.peer_worker else None
    training = steps.measure(rounds, ours, theirs, other, options.steps)
    if other:
        other.close()
    if options.steps is not None:
        ours.close()
        theirs.close()
        return versions, training, rows

    c, fast = alternate(
        rounds, lambda: ours.seconds("compiled"), lambda: theirs.seconds("compiled"))
    rows.append(compare("lesson `compiled`, a step, over torch.compile", c, fast, None))

    mask, copy, numpy = alternate(
        rounds, lambda: ours.seconds("mask"), lambda: ours.seconds("copy"),
        lambda: theirs.seconds("mask"))
    rows.append(compare(
        "ReLU derivative by mask, 10 M float32, new array, against NumPy", mask, numpy, 10, True))
    # Two arrays read and one written, against one read and one written.
    share = statistics.median((120 / m) / (80 / c) for m, c in zip(mask, copy))
    rows.append({
        "what": "its bandwidth over a plain copy's", "ratio": share, "shown": f"{share:.2f}",
        "blitz": f"{12 * COUNT / statistics.median(mask) / 1e9:.1f} GB/s",
        "peer": f"{8 * COUNT / statistics.median(copy) / 1e9:.1f} GB/s", "must": "at least 0.6",
        "holds": share >= 0.6})
    mask, numpy = alternate(
        rounds, lambda: ours.seconds("mask-in-place"), lambda: theirs.seconds("mask-in-place"))
    rows.append(compare(
        "the same in place, against NumPy", mask, numpy, None, True))

    chain, fast, eager = alternate(
        rounds, lambda: ours.seconds("chain"), lambda: theirs.seconds("chain"),
        lambda: theirs.seconds("chain-eager"))
    text = "`((x*2+1).tanh()*x).sigmoid()`, 10 M float32, over "
    rows.append(compare(text + "torch.compile", chain, fast, 1.0))
    rows.append(compare(text + "PyTorch eager", chain, eager, None))
    theirs.close()
    rows += memory(options)
    rows.append(attention_memory(options))
    rows.append(mapped(options))

    blitz, torch = alternate(rounds, lambda: process(lesson), lambda: process(script))
    rows.append(compare(
        "process `blitz lesson autograd`, 500 steps, over the script in PyTorch",
        [p[0] for p in blitz], [p[0] for p in torch], 0.15))
    resident = max(p[1] for p in blitz)
    peer = statistics.median(p[1] for p in torch)
    rows.append({
        "what": "peak resident memory of that process", "blitz": f"{resident / 1e6:.1f} MB",
        "peer": f"{peer / 1e6:.0f} MB", "ratio": resident / peer,
        "shown": f"{resident / peer:.2f}", "must": "at most 80 MB", "holds": resident <= 80e6})

    live = ours.ask("live-bytes")
    ours.close()
    for name, size in (("page", "1000-100-10"), ("small", "16-8-4")):
        rows.append({
            "what": f"live bytes after 10,000 steps minus after 100, {size}",
            "blitz": f"{live[name]:.0f}", "peer": "", "ratio": live[name], "shown": "",
            "must": "0", "holds": live[name] == 0})
    if options.build:
        rows.append(clean_build())
    return versions, training, rows


def memory(options):
    """Peak resident memory of the conv net's training, if its data is here."""
    if not os.path.isdir(os.environ.get("BLITZ_FASHION_MNIST", "/usr/share/datasets/fashion-mnist")):
        return []
    _, ours = process([options.worker, "train-conv"])
    _, theirs = process([sys.executable, os.path.join(HERE, "conv.py"), "60"])
    return [{"what": "peak resident memory of the conv net's training on Fashion-MNIST",
             "blitz": f"{ours / 1e6:.0f} MB", "peer": f"{theirs / 1e6:.0f} MB",
             "ratio": ours / theirs, "shown": f"{ours / theirs:.2f}", "must": "at most 0.4",
             "holds": ours <= 0.4 * theirs}]


def attention_memory(options):
    """What attention over 4,096 places adds to the peak of a new process on each side."""
    sides = [Side(options.worker), Side(sys.executable, os.path.join(HERE, "peers.py"))]
    ours, theirs = (side.ask("attention-memory")["bytes"] for side in sides)
    for side in sides:
        side.close()
    return {"what": "memory that attention takes, 8 heads of 64, 4,096 places, forward and backward",
            "blitz": f"{ours / 1e6:.0f} MB", "peer": f"{theirs / 1e6:.0f} MB",
            "ratio": ours / theirs, "shown": f"{ours / theirs:.2f}", "must": "at most 0.5",
            "holds": ours <= 0.5 * theirs}


def mapped(options):
    """The time to the first tensor of a safetensors file of 1 GB."""
    count, size = 256, 4 << 20
    entries = {f"layers.{i}.weight": {"dtype": "F32", "shape": [1024, size // 4096],
                                      "data_offsets": [i * size, (i + 1) * size]}
               for i in range(count)}
    head = json.dumps(entries).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.safetensors")
        with open(path, "wb") as file:
            file.write(len(head).to_bytes(8, "little") + head)
            block = os.urandom(size)
            for _ in range(count):
                file.write(block)
        worker = subprocess.run(
            [options.worker], input="safetensors\n", capture_output=True, text=True, check=True,
            env={**os.environ, "BLITZ_BENCH_SAFETENSORS": path})
    seconds = json.loads(worker.stdout)["seconds"]
    return {"what": "safetensors file of 1 GB, to the first tensor (4 MB)",
            "blitz": duration(seconds), "peer": "", "ratio": seconds, "shown": "",
            "must": "at most 50 ms", "holds": seconds <= 0.05}


def clean_build():
    """The time of a release build in a fresh clone of what is committed."""
    with tempfile.TemporaryDirectory() as folder:
        clone = os.path.join(folder, "blitz")
        subprocess.run(["git", "clone", "-q", os.path.dirname(HERE), clone], check=True)
        start = time.perf_counter()
        subprocess.run(
            ["swift", "build", "-c", "release", "--package-path", clone], check=True,
            stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
    return {"what": "release build from a clean clone", "blitz": f"{seconds:.0f} s", "peer": "",
            "ratio": seconds, "shown": "", "must": "at most 180 s", "holds": seconds <= 180}


def machine():
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        fields = {key.strip(): value.strip() for key, value in fields.items()}
        name = fields.get("model name", name)
        family = [fields[key] for key in ("cpu family", "model") if key in fields]
        name += f" (family {', model '.join(family)})" if family else ""
    return name


def table(rows):
    cells = [["what", "Blitz", "peer", "ratio", "must", "holds"]]
    for row in rows:
        holds = {True: "yes", False: "**no**", None: ""}[row["holds"]]
        cells.append([row["what"], row["blitz"], row["peer"], row["shown"], row["must"], holds])
    return grid(cells)


def grid(cells):
    """A table in Markdown whose columns stand below each other; the first line is the head."""
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", required=True)
    parser.add_argument("--blitz", required=True)
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count, for each row")
    parser.add_argument("--build", action="store_true", help="time a release build of a clean clone")
    parser.add_argument(
        "--peer-worker", metavar="WORKER", help="another checkout's Worker, for its times")
    parser.add_argument(
        "--steps", nargs="*", metavar="ROW",
        help="only the training steps, or those whose rows' names contain one of these")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds takes 1 or more")
    names = [step.row for step in steps.STEPS]
    for part in options.steps or []:
        if not any(part in name for name in names):
            parser.error(f"--steps: no row has {part!r} in its name; there are {', '.join(names)}")
    peer = options.peer_worker
    if peer and not (os.path.isfile(peer) and os.access(peer, os.X_OK)):
        parser.error(f"--peer-worker: {peer} is no program; give .build/release/Worker of a checkout")
    if not shutil.which("g++"):
        sys.exit("torch.compile needs g++; install it (Debian: g++) and run this again")

    load = os.getloadavg()[0]
    versions, training, rows = measure(options)
    capability = versions.pop("capability")
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    versions["Swift"] = swift.split("Swift version ")[-1].split()[0]
    head = {
        "machine": f"{machine()}, {os.environ['BLITZ_NUM_THREADS']} threads on both sides"
        f" of {os.cpu_count()} cores, {capability}",
        "versions": ", ".join(f"{k} {v}" for k, v in sorted(versions.items())),
        "date": datetime.date.today().isoformat(),
        "load": f"{load:.1f} before, {os.getloadavg()[0]:.1f} after (one-minute averages)",
        "limit": f"{statistics.median(row['limit'] for row in training) / 1e9:.0f} GFLOP/s, the"
        " multiply-add units with as many threads" if training else "no row measured it",
        "rounds": f"{options.rounds} of each row; ratios are medians of the rounds' ratios",
    }
    if options.json:
        print(json.dumps({"head": head, "steps": training, "rows": rows}, indent=1))
    else:
        print("\n".join(f"- {key}: {value}" for key, value in head.items()))
        print("\n" + grid(steps.cells(training)))
        if rows:
            print("\n" + table(rows))


if __name__ == "__main__":
    main()
