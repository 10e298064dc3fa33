"""Keeps some samples of each name and dtype, spread evenly, with small tensors, for CI; what is in
the part already, of another folder, stays.

    part.py FOLDER PART [--each 5] [--elements 300]
"""
import argparse
import json
import os
import shutil

from safetensors import safe_open
from safetensors.torch import save_file


def names_in(value, found):
    """Appends the names of the tensors in a value; None for one that is not stored."""
    if isinstance(value, dict):
        if "T" in value or "Z" in value:
            found.append(value.get("T", value.get("Z")))
        elif "tensor" in value.get("u", ""):
            found.append(None)
        else:
            for part in value.values():
                names_in(part, found)
    elif isinstance(value, list):
        for part in value:
            names_in(part, found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("part")
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--elements", type=int, default=300)
    a = parser.parse_args()
    os.makedirs(a.part, exist_ok=True)
    path = f"{a.part}/index.json"
    units = {u["unit"]: u for u in json.load(open(path))} if os.path.exists(path) else {}
    for unit in json.load(open(f"{a.folder}/index.json")):
        rows = json.load(open(f"{a.folder}/{unit['unit']}.json"))
        with safe_open(f"{a.folder}/{unit['unit']}.safetensors", "pt") as file:
            sizes = {name: file.get_tensor(name).numel() for name in file.keys()}
            small = []
            for row in rows:
                names = []
                names_in(row, names)
                names = [name for name in names if name]
                if sum(sizes[name] for name in names) <= a.elements:
                    small.append((row, names))
            # All bad input is kept: each is another rule.
            each = len(small) if "errors" in unit["kind"] else a.each
            step = max(1, len(small) / each) if small else 1
            kept = [small[int(i * step)] for i in range(min(each, len(small)))]
            if not kept:
                continue
            tensors = {name: file.get_tensor(name) for _, names in kept for name in names}
        # A file without tensors is none to safetensors.
        save_file(tensors or {"none": __import__("torch").zeros(1)},
                  f"{a.part}/{unit['unit']}.safetensors")
        json.dump([row for row, _ in kept], open(f"{a.part}/{unit['unit']}.json", "w"))
        units[unit["unit"]] = {**unit, "count": len(kept)}
    rows = [units[name] for name in sorted(units)]
    json.dump(rows, open(path, "w"), indent=0)
    for names in ("names.txt", "modules.txt"):
        if os.path.exists(f"{a.folder}/{names}"):
            shutil.copy(f"{a.folder}/{names}", f"{a.part}/{names}")
    print(len(rows), "units", sum(unit["count"] for unit in rows), "samples")


if __name__ == "__main__":
    main()
