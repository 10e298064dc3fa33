"""Writes the letters that a BERT tokenizer takes apart, as Hugging Face's tokenizers 0.23.3 has them.

    python Tests/Reference/decompositions.py > Sources/BlitzModels/Tokenizers/Decomposition.gen.swift
"""

from tokenizers.normalizers import NFD

normal = NFD()
words = []
for code in range(0x80, 0x110000):
    # Surrogates, and Hangul's syllables, which are computed.
    if 0xD800 <= code < 0xE000 or 0xAC00 <= code <= 0xD7A3:
        continue
    parts = normal.normalize_str(chr(code))
    if parts != chr(code):
        words.append("%x=%s" % (code, "+".join("%x" % ord(part) for part in parts)))
lines = [""]
for word in words:
    if len(lines[-1]) + len(word) > 93:
        lines.append("")
    lines[-1] = (lines[-1] + " " + word).strip()
print('''/// Letters that stand for a letter and its marks, without Hangul's: `c0=41+300` is À.
///
/// Tests/Reference/decompositions.py wrote them.
extension Decomposition {
  static let table: StaticString = """''')
print("\n".join("    " + line for line in lines))
print('''    """
}''')
