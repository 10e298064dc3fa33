"""Compares the vectors of `blitz embed` with the stored ones: compare.py BLITZ MODEL."""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

stored = json.loads((pathlib.Path(__file__).parent / "embeddings.json").read_text())
with tempfile.TemporaryDirectory() as folder:
    text = pathlib.Path(folder) / "sentences.txt"
    text.write_text("".join(s + "\n" for s in stored["sentences"]), encoding="utf-8", newline="\n")
    subprocess.run([sys.argv[1], "embed", str(text), "--model", sys.argv[2], "--out", f"{folder}/out.npz"], check=True)
    found = np.load(f"{folder}/out.npz")["embeddings"]
expected = np.array(stored["vectors"])
assert found.shape == expected.shape, (found.shape, expected.shape)
distance = np.abs(found - expected).max(axis=1)
print(f"{len(distance)} sentences, at most {distance.max():.2g} from the reference (1e-5 is allowed)")
sys.exit(distance.max() > 1e-5)
