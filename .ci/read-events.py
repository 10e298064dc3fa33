#!/usr/bin/env python3
"""Reads the TensorBoard event files of a training run with TensorBoard's own reader.

    .ci/read-events.py EVENTS [METRICS.csv]

Prints what it finds in the folder EVENTS, and fails unless each column of METRICS.csv (by default
the one in the same folder) is there under its tag, with the same steps and the same values as
float32. Needs `pip install tensorboard` (seen with 2.21.0).
"""

import csv
import glob
import math
import os
import struct
import sys
import time

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.util import tensor_util

# What each column is called in TensorBoard. The step is the column `epoch`.
TAGS = {
    "loss": "loss/training", "training_loss": "loss/training", "test_loss": "loss/test",
    "training_accuracy": "accuracy/training", "test_accuracy": "accuracy/test",
    "rate": "rate", "seconds": "seconds",
}
# Columns that have no curve.
OTHERS = {"epoch", "steps"}


def as_float32(value):
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def expected(path):
    """The (step, value) pairs of each tag."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        sys.exit(f"{path}: has no rows")
    curves = {}
    for column in rows[0]:
        if column in OTHERS:
            continue
        if column not in TAGS:
            sys.exit(f"{path}: no tag is known for the column {column}")
        pairs = [(int(row["epoch"]), as_float32(float(row[column])))
                 for row in rows if row[column]]
        if pairs:
            curves[TAGS[column]] = pairs
    return curves


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = sys.argv[1]
    metrics = sys.argv[2] if len(sys.argv) == 3 else os.path.join(folder, "metrics.csv")
    failures = []
    files = sorted(glob.glob(os.path.join(glob.escape(folder), "events.out.tfevents.*")))
    if not files:
        sys.exit(f"{folder}: has no event files")
    for path in files:
        events = list(EventFileLoader(path).Load())
        with open(path, "rb") as file:
            data = file.read()
        print(f"{os.path.basename(path)}: {len(data)} bytes, {len(events)} events")
        # The reader stops silently at a damaged record: all bytes must have been events.
        place, count = 0, 0
        while place < len(data):
            place += 16 + struct.unpack_from("<Q", data, place)[0]
            count += 1
        if place != len(data) or count != len(events):
            failures.append(f"{path}: TensorBoard reads {len(events)} of {count} events")
        versions = [event.HasField("file_version") for event in events]
        if versions[:1] != [True] or any(versions[1:]):
            failures.append(f"{path}: does not start with the one version of the file")
        times = [event.wall_time for event in events]
        if times != sorted(times) or times[-1:] > [time.time() + 1]:
            failures.append(f"{path}: the times do not rise, or lie in the future")

    everything = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0, "images": 0})
    everything.Reload()
    tags = everything.Tags()
    found = {}
    for tag in tags["scalars"]:
        found[tag] = [(event.step, event.value) for event in everything.Scalars(tag)]
    for tag in tags["tensors"]:
        values = [(event.step, tensor_util.make_ndarray(event.tensor_proto))
                  for event in everything.Tensors(tag)]
        if all(value.shape == () for _, value in values):
            found[tag] = [(step, float(value)) for step, value in values]
        else:
            text = values[-1][1].ravel()[0]
            print(f"{tag}: {len(values)} x {values[-1][1].shape}, {text[:60]}")
    for tag in tags["images"]:
        images = everything.Images(tag)
        print(f"{tag}: {len(images)} images, {images[-1].width} x {images[-1].height}")
        if any(image.encoded_image_string[:8] != b"\x89PNG\r\n\x1a\n" for image in images):
            failures.append(f"{tag}: is not a PNG")
    for tag, pairs in sorted(found.items()):
        print(f"{tag}: {len(pairs)} steps, {pairs[0][0]} to {pairs[-1][0]}, "
              f"last value {pairs[-1][1]:.7g}")

    curves = expected(metrics)
    for tag, pairs in curves.items():
        values = found.get(tag)
        if values is None:
            failures.append(f"{tag}: is missing; there are {', '.join(sorted(found))}")
        elif [step for step, _ in values] != [step for step, _ in pairs]:
            failures.append(f"{tag}: has the steps {[step for step, _ in values]}, but {metrics} "
                            f"{[step for step, _ in pairs]}")
        else:
            for (step, value), (_, wanted) in zip(values, pairs):
                if not same(value, wanted):
                    failures.append(f"{tag}, step {step}: is {value}, but {metrics} has {wanted}")
    for failure in failures:
        print(failure)
    if not failures:
        print(f"all {sum(map(len, curves.values()))} values of {metrics} are there")
    sys.exit(1 if failures else 0)


main()
