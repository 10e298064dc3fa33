"""Formulas in TeX as text, for pages that show none: the parts of TeX that the notebooks use."""

import re
import unicodedata

WORDS = {
    "times": "×", "cdot": "·", "cdots": "⋯", "ldots": "…", "dots": "…", "pm": "±", "odot": "⊙",
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "infty": "∞", "sqrt": "√",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈",
    "equiv": "≡", "sim": "∼", "in": "∈", "notin": "∉", "to": "→", "rightarrow": "→", "gets": "←",
    "leftarrow": "←", "Rightarrow": "⇒", "mapsto": "↦", "top": "ᵀ", "intercal": "ᵀ", "ell": "ℓ",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "psi": "ψ", "omega": "ω",
    "Delta": "Δ", "Sigma": "Σ", "Omega": "Ω", "Theta": "Θ", "Phi": "Φ", "lVert": "‖", "rVert": "‖",
    "Vert": "‖", "|": "‖", "lvert": "|", "rvert": "|", "mid": "|", "prime": "′", "quad": "  ",
    "qquad": "\n", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "{": "{", "}": "}",
    "%": "%", "_": "_", "#": "#", "&": "&", "left": "", "right": "", "big": "", "Big": "",
    "bigl": "", "bigr": "", "displaystyle": "", "limits": "", "odots": "⊙", "circ": "∘",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "star": "⋆", "ast": "∗",
    "forall": "∀", "exists": "∃", "propto": "∝", "ll": "≪", "gg": "≫",
}
# Signs between two things.
BETWEEN = set("×·⋯±⊙≤≥≠≈≡∼∈∉→←⇒↦∘∗⋆∝≪≫")
# Functions, which are set upright in TeX and look the same here.
NAMES = {"log", "exp", "max", "min", "sin", "cos", "tanh", "arg", "argmax", "lim"}
# What only says how letters look.
FACES = {"text", "textbf", "textit", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "texttt",
         "boldsymbol", "operatorname", "mathcal"}
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307"}
DOUBLE = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "E": "𝔼", "1": "𝟙"}
UP = dict(zip("0123456789+-=()niTkxyjlmt′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵏˣʸʲˡᵐᵗ′")) | {"ᵀ": "ᵀ", ",": ","}
DOWN = dict(zip("0123456789+-=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ")) | {",": ","}


def tokens(text):
    return re.findall(r"\\[A-Za-z]+\s?|\\.|[{}^_&]|\s+|.", text, re.S)


class Reader:
    """Reads tokens one after the other."""

    def __init__(self, text):
        self.tokens = tokens(text)

    def group(self):
        """What the next token or group in braces says."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        if not self.tokens:
            return ""
        token = self.tokens.pop(0)
        return self.until("}") if token == "{" else self.word(token)

    def until(self, end):
        found = ""
        while self.tokens:
            token = self.tokens.pop(0)
            if token == end:
                break
            found += self.until("}") if token == "{" else self.word(token)
        return found

    def raw(self):
        """The letters between braces."""
        self.tokens.pop(0)
        found = ""
        while self.tokens and (token := self.tokens.pop(0)) != "}":
            found += token
        return found

    def word(self, token):
        if token == "^":
            return shifted(self.group(), UP, "^")
        if token == "_":
            # Names stay whole.
            if self.tokens[:1] == ["{"] and self.tokens[1].strip().lstrip("\\") in FACES:
                return "_" + self.group().strip()
            return shifted(self.group(), DOWN, "_")
        if token == "&":
            return ""
        if token == "\\\\":
            return "\n"
        if not token.startswith("\\"):
            return token
        name, space = token[1:].strip() or " ", token[-1:].isspace()
        if name in ("frac", "dfrac", "tfrac"):
            return part(self.group()) + "/" + part(self.group())
        if name == "sqrt":
            return "√" + part(self.group())
        if name == "mathbb":
            letter = self.group()
            return DOUBLE.get(letter, letter)
        if name in FACES:
            return self.group()
        if name in ACCENTS:
            return self.group() + ACCENTS[name]
        if name == "underbrace":
            # What stands below the brace, a shape mostly, goes behind.
            over = self.group()
            if self.tokens and self.tokens[0] == "_":
                self.tokens.pop(0)
                over += f"[{''.join(self.group().split())}] "
            return over
        if name == "begin":
            return self.environment(self.raw())
        if name in NAMES:
            return name + (" " if space else "")
        if name not in WORDS:
            raise ValueError(f"\\{name} is not known; add it to Docs/Site/mathematics.py")
        word = WORDS[name]
        return f" {word} " if word and word in BETWEEN else word

    def environment(self, kind):
        """What is between \\begin and \\end, line by line."""
        inside = []
        while self.tokens:
            token = self.tokens.pop(0)
            if token.strip() == "\\end":
                self.raw()
                break
            inside.append(token)
        lines = [line.strip() for line in re.split(r"\\\\", "".join(inside))]
        rows = [[Reader(cell).until(None).strip() for cell in line.split("&")]
                for line in lines if line]
        if kind == "cases":
            width = max(len(row[0]) for row in rows)
            return "\n" + "\n".join("  " + row[0].ljust(width) + "   " + "  ".join(row[1:])
                             for row in rows)
        if kind.endswith("matrix"):
            return "[" + "; ".join(", ".join(row) for row in rows) + "]"
        return "\n".join(" ".join(cell for cell in row if cell) for row in rows)


def part(text):
    """A part of a fraction, in brackets if it is more than one factor."""
    alone = r"[\d.]+|[∂∇]?\w\u0302?[′ᵀ₀-₉⁰-⁹²³ᵢⱼₖₙ]*|[a-z]+\([^()]*\)|\w\^\([^()]*\)|\([^()]*\)"
    text = text.strip()
    return text if re.fullmatch(alone, text) else f"({text})"


def shifted(text, letters, sign):
    """Raised or lowered, with Unicode's letters where it has all of them."""
    text = text.strip()
    if text and all(letter in letters for letter in text):
        return "".join(letters[letter] for letter in text)
    return sign + (text if len(text) <= 1 else f"({text})")


def plain(formula):
    """A formula as text, lines where it has several."""
    text = unicodedata.normalize("NFC", Reader(formula).until(None))
    # Lines that begin with spaces are columns.
    lines = [line.rstrip() if line.startswith("  ")
             else re.sub(r" (?=[.,;])", "", " ".join(line.split()))
             for line in text.strip().split("\n")]
    return "\n".join(line for line in lines if line)
