"""Runs the models of a folder that ONNXCheck wrote in onnxruntime, and compares.

    compare.py FOLDER [--refused FILE] [--least N]

Numbers may be apart by 1e-5, or 1e-5 of the number. Exits with 1 if one is further apart, or if
another case was refused than FILE lists, or fewer than N passed.
"""

import json
import sys
import time

import numpy as np
import onnxruntime

folder = sys.argv[1]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 4


def difference(found, expected):
    """Why two arrays are not the same; None if they are."""
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return f"{found.dtype}{list(found.shape)} instead of {expected.dtype}{list(expected.shape)}"
    if found.dtype.kind in "biu":
        return None if (found == expected).all() else "whole numbers differ"
    a, b = found.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        wrong = ~((a == b) | (np.isnan(a) & np.isnan(b))
                  | (np.abs(a - b) <= 1e-5 * np.maximum(1, np.abs(b))))
    if not wrong.any():
        return None
    place = np.unravel_index(np.argmax(wrong), a.shape)
    return f"{a[place]} instead of {b[place]} at {[int(i) for i in place]}"


start = time.time()
index = json.load(open(f"{folder}/index.json"))
passed = failed = 0
for place, name in sorted(index.items(), key=lambda item: int(item[0])):
    case = f"{folder}/{place}"
    reason = None
    try:
        session = onnxruntime.InferenceSession(
            f"{case}/model.onnx", options, providers=["CPUExecutionProvider"])
        given = np.load(f"{case}/inputs.npz")
        needed = {port.name for port in session.get_inputs()}
        names = [port.name for port in session.get_outputs()]
        found = session.run(names, {name: given[name] for name in given.files if name in needed})
        expected = np.load(f"{case}/outputs.npz")
        for output, array in zip(names, found):
            reason = reason or difference(np.asarray(array), expected[output])
    except Exception as error:  # onnxruntime has errors of many types
        reason = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    if reason:
        failed += 1
        print(f"{name}: {reason} ({case})")
    else:
        passed += 1
refused = json.load(open(f"{folder}/refused.json"))
if "--refused" in sys.argv:
    stored = json.load(open(sys.argv[sys.argv.index("--refused") + 1]))
    for name in sorted(set(refused) ^ set(stored)):
        failed += 1
        print(f"{name}: {refused.get(name, 'is stored as refused, but was exported')}")
if "--least" in sys.argv and passed < int(sys.argv[sys.argv.index("--least") + 1]):
    failed += 1
    print(f"only {passed} cases passed: some are missing")
print(f"{passed} passed, {failed} failed, {len(refused)} refused, onnxruntime "
      f"{onnxruntime.__version__}, {time.time() - start:.0f} s")
sys.exit(failed > 0)
