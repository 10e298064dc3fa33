"""The blocks of code in Markdown."""

import re


def blocks(text):
    """The language, text and first line of every fenced block."""
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield match[1], match[2], text.count("\n", 0, match.start()) + 1
