"""Checks, runs and writes the notebooks of Docs/walkthrough; Scripts/walkthrough calls it.

Tags of cells:
  lesson           the cell is part of the lesson's code, which Sources/BlitzLessons holds too
  time, varies     what it shows depends on the machine's speed, or on its last bits: not compared
  measured         its numbers are from Benchmarks/RESULTS.md
  raises-exception it shows an error (the tag is Jupyter's)
  warns            it writes to standard error, which no other cell may
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "Docs/walkthrough"
LESSONS = {
    "01": "Vectorized", "02": "Arrays", "03": "Tensors", "04": "Autograd", "05": "CustomReLU",
    "06": "Compiled", "07": "Network", "08": "Optimizer", "09": "CustomModule", "10": "Dynamic",
    "11": "WhatItLacks",
}  # fmt: skip
LARGEST = 300_000
# Outputs are numbers of float32, rounded otherwise on another processor: how far they may be
# apart, relative to the larger, or absolutely if both are below 1.
TOLERANCE = 1e-3
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


class Wrong(Exception):
    """Something about a notebook that a person must mend."""


def text(source):
    return source if isinstance(source, str) else "".join(source)


def tags(cell):
    return cell["metadata"].get("tags", [])


def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def statements(lines):
    """The lines that are code, without indentation."""
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("//")]


def lesson_body(path):
    """A lesson file's code: all but the import, and the line that opens its function."""
    lines = statements(path.read_text().splitlines())
    openings = [line for line in lines if re.match(r"func \w+\(_ run: LessonRun\)", line)]
    if len(openings) != 1 or lines[-1] != "}":
        raise Wrong(f"{path.name}: a lesson file ends with one function of a LessonRun")
    return [line for line in lines[:-1] if line not in ("import Blitz", openings[0])]


def check_lesson(name, cells):
    """The cells tagged `lesson`, one after the other, are the lesson file's code."""
    lesson = LESSONS.get(name[:2])
    tagged = [cell for cell in code(cells) if "lesson" in tags(cell)]
    if lesson is None:
        if tagged:
            raise Wrong(f"{name}: no lesson belongs to it, but a cell is tagged lesson")
        return
    path = ROOT / f"Sources/BlitzLessons/{lesson}.swift"
    found = [line for cell in tagged for line in statements(text(cell["source"]).splitlines())]
    difference = list(
        difflib.unified_diff(
            lesson_body(path), found, path.name, name + ", cells tagged lesson", lineterm="", n=1))
    if difference:
        raise Wrong("\n  ".join([f"{name} and {path.name} are not the same code:", *difference]))


def check_measured(name, cells):
    """Every number of a cell tagged `measured`, and its date, stand in the table of results."""
    results = (ROOT / "Benchmarks/RESULTS.md").read_text()
    known = {float(number) for number in NUMBER.findall(results)}
    measured = [cell for cell in code(cells) if "measured" in tags(cell)]
    prose = "".join(text(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    dates = re.findall(r"\d{4}-\d\d-\d\d", prose)
    if measured and (not dates or any(date not in results for date in dates)):
        raise Wrong(f"{name}: says that it was measured on {dates}, Benchmarks/RESULTS.md does not")
    for cell in measured:
        lines = (re.sub(r'"[^"]*"', '""', line) for line in text(cell["source"]).splitlines())
        for line in statements(lines):
            for number in NUMBER.findall(line):
                if float(number) not in known:
                    raise Wrong(f"{name}: {number} is not in Benchmarks/RESULTS.md")


def check_table(name, cells):
    """The Swift in each row of a table `| PyTorch | Blitz |` is in the code cell below it."""
    rows = 0
    for cell, following in zip(cells, cells[1:]):
        if cell["cell_type"] != "markdown":
            continue
        lines = text(cell["source"]).splitlines()
        start = next((i for i, line in enumerate(lines) if line.startswith("| PyTorch")), None)
        if start is None:
            continue
        below = text(following["source"]) if following["cell_type"] == "code" else ""
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows += 1
            # A bar within code is written \|.
            columns = re.split(r"(?<!\\)\|", line)
            for piece in re.findall(r"`([^`]+)`", columns[2]):
                if piece.replace("\\|", "|") not in below:
                    raise Wrong(f"{name}: the cell below the table does not run `{piece}`")
    if name.startswith("13") and rows < 40:
        raise Wrong(f"{name}: {rows} rows of tables, there should be 40 or more")


def check_form(path, cells):
    """What readers and the makers of the site rely on."""
    first = text(cells[0]["source"])
    if cells[0]["cell_type"] != "markdown" or not re.match(r"# .+\n\n[^\n#]", first):
        raise Wrong(f"{path.name}: the first cell is a title, `# ...`, and a paragraph")
    for link in re.findall(r"\]\(([\w-]+\.ipynb)\)", text(cells[-1]["source"])):
        if not (FOLDER / link).exists():
            raise Wrong(f"{path.name}: links to {link}, which is not there")
    if path.stat().st_size > LARGEST:
        raise Wrong(f"{path.name}: {path.stat().st_size} bytes, more than {LARGEST}")


def words(output):
    """What a cell showed as text; nothing for pictures, whose text is for terminals."""
    if output["output_type"] == "stream":
        return f"{output['name']}: " + text(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    data = output["data"]
    return "picture" if "image/svg+xml" in data or "image/png" in data else text(data["text/plain"])


def same(old, new):
    """Whether two texts agree but for the rounding of their numbers."""
    if NUMBER.sub("0", old) != NUMBER.sub("0", new):
        return False
    pairs = zip(map(float, NUMBER.findall(old)), map(float, NUMBER.findall(new)))
    return all(abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1) for a, b in pairs)


def compare(name, old, new):
    for number, (before, after) in enumerate(zip(code(old), code(new)), 1):
        if {"time", "varies"} & set(tags(before)):
            continue
        stored, shown = ("\n".join(map(words, cell["outputs"])) for cell in (before, after))
        if not same(stored, shown):
            raise Wrong(f"{name}, In[{number}]: in the file\n{stored}\n--- but now\n{shown}")


def joined(outputs):
    """The outputs with text that was printed in pieces as one: how it arrived is chance."""
    result = []
    for output in outputs:
        if output["output_type"] == "stream" and result:
            last = result[-1]
            if last["output_type"] == "stream" and last["name"] == output["name"]:
                last["text"] = (text(last["text"]) + text(output["text"])).splitlines(True)
                continue
        result.append(output)
    return result


def run(path, notebook):
    """The notebook after a run from its first cell to its last."""
    import nbclient
    import nbformat

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    client = nbclient.NotebookClient(
        node, timeout=300, kernel_name="blitz", resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        raise Wrong(f"{path.name}: {error}") from None
    made = json.loads(nbformat.writes(node))
    cells = made["cells"]
    for cell in code(cells):
        cell["metadata"].pop("execution", None)
        cell["outputs"] = joined(cell["outputs"])
        if "raises-exception" in tags(cell):
            if not any(output["output_type"] == "error" for output in cell["outputs"]):
                raise Wrong(f"{path.name}: a cell tagged raises-exception raised none")
        streams = [o["name"] for o in cell["outputs"] if o["output_type"] == "stream"]
        if ("stderr" in streams) != ("warns" in tags(cell)):
            raise Wrong(
                f"{path.name}: only a cell tagged warns writes to standard error, and it does: "
                f"{cell['outputs']}")
    # What the kernel says of its language: JupyterLab takes a notebook that says anything else for
    # changed as soon as it is opened.
    metadata = {**notebook["metadata"], "language_info": made["metadata"]["language_info"]}
    return {**notebook, "cells": cells, "metadata": metadata}


def main():
    parser = argparse.ArgumentParser(prog="Scripts/walkthrough")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--source", action="store_true", help="run nothing")
    parser.add_argument("--from", dest="start", default=os.getcwd(), help=argparse.SUPPRESS)
    parser.add_argument("notebooks", nargs="*")
    options = parser.parse_args()
    # By path, or by name alone: 07-nn.ipynb.
    named = [
        path if path.exists() else FOLDER / path.name
        for path in (pathlib.Path(options.start, name).resolve() for name in options.notebooks)
    ]
    failures = 0
    for path in named or sorted(FOLDER.glob("*.ipynb")):
        start = time.monotonic()
        try:
            notebook = json.loads(path.read_text())
            cells = notebook["cells"]
            for check in (check_lesson, check_measured, check_table):
                check(path.stem, cells)
            if not options.source:
                made = run(path, notebook)
                if options.check:
                    compare(path.name, cells, made["cells"])
                    if made["metadata"] != notebook["metadata"]:
                        raise Wrong(f"{path.name}: its metadata are not the kernel's")
                else:
                    written = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
                    path.write_text(written + "\n")
            check_form(path, cells)
            print(f"{time.monotonic() - start:5.1f} s  {path.name}", flush=True)
        except Wrong as problem:
            failures += 1
            print(f"wrong    {problem}", file=sys.stderr, flush=True)
    if not named:
        missing = set(LESSONS) - {path.name[:2] for path in FOLDER.glob("*.ipynb")}
        if missing:
            failures += 1
            print(f"wrong    no notebook for lessons {sorted(missing)}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
