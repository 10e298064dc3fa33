"""Trains small tokenizers of both kinds and stores what they make of lines, for TokenizerTests.swift.

    python Tests/Pretrained/train.py Tests/BlitzModelsTests/Reference

Run with tokenizers 0.23.3. Writes wordpiece.json, bytepairs.json (in the format of tokenizer.json),
vocab.txt, vocab.json, merges.txt, and tokens.json: lines, and their numbers and texts.
"""

import json
import sys
import unicodedata
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from lines import lines

out = Path(sys.argv[1])
# The version of Unicode is the reference's affair: letters that came later are left to the big check.
def is_old(text):
    return all(unicodedata.ucd_3_2_0.category(c) != "Cn" for c in text)


text = lines(3000, seed=1)
sample = [line for line in lines(400, seed=2) if is_old(line) and len(line) < 200][:110]

wordpiece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
wordpiece.normalizer = normalizers.BertNormalizer()
wordpiece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
wordpiece.decoder = decoders.WordPiece()
wordpiece.train_from_iterator(text, trainers.WordPieceTrainer(
    vocab_size=900, limit_alphabet=300, show_progress=False,
    special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
cls, sep = wordpiece.token_to_id("[CLS]"), wordpiece.token_to_id("[SEP]")
wordpiece.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])

bytepairs = Tokenizer(models.BPE())
bytepairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bytepairs.decoder = decoders.ByteLevel()
bytepairs.post_processor = processors.ByteLevel()
bytepairs.train_from_iterator(text, trainers.BpeTrainer(
    vocab_size=800, show_progress=False, special_tokens=["<|endoftext|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))

cases = []
for name, tokenizer in [("wordpiece", wordpiece), ("bytepairs", bytepairs)]:
    tokenizer.save(str(out / f"{name}.json"), pretty=False)
    for place, line in enumerate(sample):
        pair = sample[place - 1] if place % 4 == 3 else None
        limit = [None, None, 12, 5][place % 4]
        tokenizer.no_truncation()
        if limit:
            tokenizer.enable_truncation(limit)
        found = tokenizer.encode(line, pair)
        cases.append({"tokenizer": name, "text": line, "pair": pair, "maxLength": limit, "ids": found.ids,
                      "types": found.type_ids, "decoded": tokenizer.decode(found.ids)})
vocabulary = sorted(wordpiece.get_vocab().items(), key=lambda item: item[1])
(out / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in vocabulary), newline="\n")
state = json.loads(bytepairs.to_str())["model"]
(out / "vocab.json").write_text(json.dumps(state["vocab"]))
(out / "merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(m) + "\n" for m in state["merges"]))
(out / "tokens.json").write_text(json.dumps(
    {"command": "python Tests/Pretrained/train.py Tests/BlitzModelsTests/Reference",
     "versions": {"tokenizers": tokenizers.__version__}, "cases": cases}))
