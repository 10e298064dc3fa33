"""How the peers' rows are timed."""

import statistics
import time


def median(count, body):
    """The median time of `count` calls, in seconds."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return {"seconds": statistics.median(times)}


def duration(seconds):
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
