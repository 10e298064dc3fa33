"""Varied lines of text, always the same ones: words, markup, code, scripts, odd spaces, odd bytes."""

import random
import unicodedata

WORDS = """the of and to in a is that for it was on are as with his they at be this from I have or by one
had not but what all were when we there can an your which their said if do will each about how up out them then
she many some so these would other into has more her two like him see time could no make than first been its who
now people my made over did down only way find use may water long little very after called just where most know
network tensor learning gradient transformer attention tokenisation unbelievable internationalisation
antidisestablishmentarianism don't I'm we've they'll he'd it's CAN'T rock'n'roll 'tis naïve café Ångström résumé
Straße İstanbul ŐŰ ﬁne ﬂow Ǆ ǅ ΌΣΟΣ ςσ Привет мир Ёлка שלום عربي مَرْحَبًا हिन्दी नमस्ते ภาษาไทย
日本語 東京都 中文字符 漢字 한국어 안녕하세요 ㄱㄴ カタカナ ひらがな がぎぐ ḍ̣ q̣̇ e\u0301 a\u0323\u0302 o\u031b\u0323
😀 👍🏽 👨‍👩‍👧‍👦 🇩🇪 ☃ ℃ № ½ ² ³ x₂ Ⅷ ٣ ４２ 1,000.50 3.14e-10 0xFF 2026-11-30 12:34:56
https://example.org/a?b=c&d=%20 user@example.com #hashtag @name C++ C# a_b_c snake_case camelCase
<div> </div> {"key": [1, 2]} \\n \\t $x^2$ `code` ~tilde~ |pipe| “quotes” ‘single’ — – … • § ¶ † ® ™ © € £ ¥ ¿ ¡
[MASK] [CLS] [SEP] [UNK] [mask] <|endoftext|> <s> ##ing zzzzzzzzzzzzzzzzzzzzzzzzzzzzz""".split()
SPACES = [" "] * 30 + ["  ", "   ", "\t", "\u00a0", "\u2003", "\u3000", "\u200b", "\u200d", "\u0085", "\u000b",
                       "\u2028", "\ufeff", "\u00ad", "", "\u0000", "\ufffd", "\u0007"]
MARKS = list(".,;:!?-'\"()[]{}…·、。！？，：") + ["...", "--", "'s", "'ll", "' ", "''", "?!", " ."]


def scalar(random):
    """Any character, most of them of the first planes; no surrogate and no end of a line."""
    while True:
        top = random.choice([0x80, 0x250, 0x600, 0x1100, 0x3000, 0x10000, 0x20000, 0x110000])
        code = random.randrange(top)
        if not 0xD800 <= code < 0xE000 and code not in (10, 13):
            return chr(code)


def line(random):
    kind = random.random()
    if kind < 0.04:
        return "".join(scalar(random) for _ in range(random.randrange(1, 40)))
    if kind < 0.06:
        return random.choice(["", " ", "   ", "a" * random.randrange(90, 120), "\t", "'", "é" * 101])
    if kind < 0.08:
        return random.choice(SPACES).join(random.choice(WORDS) for _ in range(400))
    text = ""
    for _ in range(random.randrange(1, 30)):
        word = random.choice(WORDS)
        change = random.random()
        if change < 0.08:
            word = word.upper()
        elif change < 0.16:
            word = word.capitalize()
        elif change < 0.2:
            word = unicodedata.normalize(random.choice(["NFC", "NFD", "NFKC", "NFKD"]), word)
        elif change < 0.24:
            word += scalar(random)
        elif change < 0.27:
            word += random.choice(WORDS)
        elif change < 0.3:
            word = str(random.randrange(10 ** random.randrange(1, 12)))
        text += word
        if random.random() < 0.25:
            text += random.choice(MARKS)
        text += random.choice(SPACES)
    return text if random.random() < 0.5 else text.rstrip(" ")


def lines(count=10_000, seed=0):
    chance = random.Random(seed)
    # What ends a line of a file ends one here.
    return [line(chance).replace("\n", " ").replace("\r", " ") for _ in range(count)]
