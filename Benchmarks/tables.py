"""Reads tables with Blitz's `CSV` and pandas' `read_csv` in turn, and prints both times and the ratio.

    swift build -c release --package-path Benchmarks --product Worker
    chrt -r 5 python Benchmarks/tables.py --worker Benchmarks/.build/release/Worker

A table has a million rows of 11 columns: numbers of 17 digits as Python writes a double, or of 4.
Blitz reads them correctly rounded, to float32 inputs and a label; pandas, as it does by itself, to
columns of float64. Both files are in the system's cache.
"""

import argparse
import os
import tempfile
import time

import numpy
import pandas

from compare import Side, alternate, duration, ratio


def write(path, digits, rows):
    """Eleven columns with names; ten thousand random rows, again and again: writing is slow."""
    generator = numpy.random.default_rng(0)
    numbers = generator.standard_normal((10_000, 11))
    cell = repr if digits == 17 else lambda x: f"{x:.3f}"
    lines = "".join(",".join(cell(float(x)) for x in row) + "\n" for row in numbers)
    with open(path, "w") as file:
        file.write(",".join(f"c{column}" for column in range(11)) + "\n")
        for _ in range(rows // 10_000):
            file.write(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", required=True, help="the product Worker, built in release")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()


    def read(path):
        start = time.perf_counter()
        table = pandas.read_csv(path)
        seconds = time.perf_counter() - start
        assert table.shape == (arguments.rows, 11)
        return seconds

    worker = Side(arguments.worker)
    print(f"pandas {pandas.__version__}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        for digits in 17, 4:
            path = os.path.join(folder, f"{digits}.csv")
            write(path, digits, arguments.rows)
            ours, theirs = alternate(
                arguments.rounds, lambda: worker.seconds(f"table {path}"), lambda: read(path))
            median = sorted(range(len(ours)), key=lambda i: ours[i] / theirs[i])[len(ours) // 2]
            print(f"{digits:2} digits, {os.path.getsize(path) / 1e6:.0f} MB: Blitz "
                  f"{duration(ours[median])}, pandas {duration(theirs[median])}, ratio "
                  f"{ratio(ours, theirs):.2f} (must be at most 1)", flush=True)
    worker.close()


if __name__ == "__main__":
    main()
