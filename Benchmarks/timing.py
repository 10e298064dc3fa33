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
