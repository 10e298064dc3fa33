"""Articles of the documentation compiler, from notebooks and other Markdown."""

import base64
import glob
import json
import os
import re
import shutil

import mathematics

def outside_code(text, change):
    """Changes what is not in a block of code or between backticks."""
    parts, last = [], 0
    for match in re.finditer(r"^(```|~~~).*?^\1[`~]*$|`[^`\n]+`", text, re.M | re.S):
        parts += [change(text[last:match.start()]), match[0]]
        last = match.end()
    return "".join(parts + [change(text[last:])])


def formulas(text):
    """TeX between dollar signs as text: blocks as blocks of code, the rest as code."""
    def block(match):
        return f"\n```text\n{mathematics.plain(match[1].strip())}\n```\n"

    def inline(match):
        return f"`{' '.join(mathematics.plain(match[1]).split())}`"

    text = outside_code(text, lambda part: re.sub(r"\$\$(.+?)\$\$", block, part, flags=re.S))
    return outside_code(text, lambda part: re.sub(r"(?<![\\\w])\$([^$\n]+?)\$(?!\d)", inline, part))


def links(text, pages):
    """Links to notebooks lead to their articles; those to files of the repository say their name."""
    def change(match):
        words, target = match[1], match[2]
        if re.match(r"https?:|doc:|#", target):
            return match[0]
        name = os.path.basename(target.partition("#")[0])
        return f"[{words}](doc:{pages[name]})" if name in pages else words

    return outside_code(text, lambda part: re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", change, part))


def demoted(text):
    """All headings but the first one level down, if there is more than one of the first level."""
    return outside_code(text, lambda part: re.sub(r"^# ", "## ", part, flags=re.M))


def output(value, name, number, title, folder):
    """What a cell put out, as Markdown; pictures go to files in a folder."""
    kind = value["output_type"]
    if kind == "error":
        return block("\n".join(value.get("traceback") or [value.get("evalue", "")]))
    if kind == "stream":
        return block("".join(value["text"]))
    data = {key: "".join(text) if isinstance(text, list) else text
            for key, text in value.get("data", {}).items()}
    place = os.path.join(folder, f"{name}-{number}")
    if svg := data.get("image/svg+xml") or (
            data.get("text/html", "").lstrip().startswith("<svg") and data["text/html"]):
        both_themes(svg, place)
        found = re.search(r'aria-label="([^"]+)"', svg) or re.search(r"<title>([^<]+)", svg)
        return f"![{words(found[1]) if found else title}]({name}-{number})\n"
    if png := data.get("image/png"):
        with open(f"{place}.png", "wb") as file:
            file.write(base64.b64decode(png))
        return f"![A picture that the code above makes, in {words(title)}]({name}-{number})\n"
    return block(data.get("text/plain", ""))


def both_themes(svg, place):
    """Writes a picture for light and for dark pages: they have a switch of their own for that, beside
    the reader's screen."""
    dark = "@media (prefers-color-scheme: dark)"
    for name, media in [("", "@media not all"), ("~dark", "@media all")]:
        with open(f"{place}{name}.svg", "w", encoding="utf-8") as file:
            file.write(svg.replace(dark, media))


def words(text):
    """Text as it may stand in the brackets of a picture."""
    for mark, letter in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "'"),
                         ("&#39;", "'"), ("[", "("), ("]", ")")]:
        text = text.replace(mark, letter)
    return " ".join(text.split())


def block(text):
    """Text that a program printed, without the colours of terminals; a progress bar as it ended."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip()
    lines = [line.rsplit("\r", 1)[-1].rstrip() for line in text.split("\n")]
    if not text:
        return ""
    return "```output\n" + "\n".join(lines) + "\n```\n"


def article(path, name, pages, folder):
    """The article of a notebook; answers its title and text."""
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    parts, number = [], 0
    title = None
    for cell in notebook["cells"]:
        source = "".join(cell["source"]).strip("\n")
        if not source.strip():
            continue
        if cell["cell_type"] == "markdown":
            if title is None:
                match = re.match(r"# (.+)\n?", source)
                if not match:
                    raise SystemExit(f"{path}: the first cell does not begin with a title")
                title = match[1].strip()
                source = source[match.end():].strip("\n")
            text = links(formulas(demoted(source)), pages)
            # What begins with an at sign would be a directive.
            parts.append(outside_code(text, lambda part: re.sub(r"^@", r"\\@", part, flags=re.M)))
        elif cell["cell_type"] == "code":
            parts.append(f"```swift\n{source}\n```\n")
            for value in cell["outputs"]:
                number += 1
                parts.append(output(value, name, number, title, folder))
    return title, f"# {title}\n\n" + "\n\n".join(part for part in parts if part) + "\n"


def shown(text, folder):
    """Puts files, or the lines of one from a text on until another, where an article says so.

        <!-- show: Sources/BlitzTensor/Ops/Functions/Tanh.swift -->
        <!-- show: step-plan.txt from `plan:` until `3:` -->

    What BlitzPictures wrote to `folder` goes before files of the repository.
    """
    def change(match):
        path = os.path.join(folder, match[1])
        path = path if os.path.exists(path) else match[1]
        start, end = match.group(2, 3)
        with open(path, encoding="utf-8") as file:
            lines = file.read().rstrip("\n").split("\n")
        if start is not None:
            starts = [i for i, line in enumerate(lines) if start in line]
            ends = [i for i in range(starts[0] + 1, len(lines)) if end in lines[i]
                    ] if starts else []
            if not ends:
                raise SystemExit(f"{path} has no lines from '{start}' until '{end}'")
            lines = lines[starts[0]:ends[0]]
            if path.endswith(".md"):
                # Up to the end of the block of code.
                lines = lines[:lines.index("```")] if "```" in lines else lines
            while not lines[-1].strip():
                lines.pop()
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        kind = {".swift": "swift", ".md": "swift", ".py": "python", ".h": "c", ".c": "c"}.get(
            os.path.splitext(path)[1], "output")
        return f"```{kind}\n" + "\n".join(line[indent:] for line in lines) + "\n```"

    pattern = r'^<!-- show: (\S+)(?: from `([^`]+)` until `([^`]+)`)? -->$'
    return re.sub(pattern, change, text, flags=re.M)


def copy_pictures(names, folder):
    """The pictures of Docs that articles of a catalog show."""
    os.makedirs(folder, exist_ok=True)
    for name in names:
        if name.endswith(".svg"):
            with open(f"Docs/{name}", encoding="utf-8") as file:
                place = os.path.join(folder, os.path.basename(name).removesuffix(".svg"))
                both_themes(file.read(), place)
        else:
            shutil.copy(f"Docs/{name}", folder)


def write(notebooks, catalog):
    """Writes the articles of notebooks to a catalog, and fills in what others show."""
    folder = os.path.join(catalog, "Pictures")
    names = {os.path.basename(path): "walkthrough-" + re.sub(
        r"[^a-z0-9]+", "-", os.path.basename(path).removesuffix(".ipynb").lower()).strip("-")
        for path in notebooks}
    listed = ""
    for path in notebooks:
        name = names[os.path.basename(path)]
        _, text = article(path, name, names, folder)
        with open(os.path.join(catalog, name + ".md"), "w", encoding="utf-8") as file:
            file.write(text)
        listed += f"- <doc:{name}>\n"
    with open("Docs/scale.md", encoding="utf-8") as file:
        scale = links(file.read(), names)
    with open(os.path.join(catalog, "Scale.md"), "w", encoding="utf-8") as file:
        file.write(scale)
    for path in glob.glob(f"{catalog}/**/*.md", recursive=True):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        topics = f"## Topics\n\n### Notebooks\n\n{listed}" if listed else ""
        with open(path, "w", encoding="utf-8") as file:
            file.write(shown(text, folder).replace("<!-- notebooks -->", topics))
    # The compiler could take the listing of a name for the picture of that name.
    for path in glob.glob(f"{folder}/*.txt"):
        os.remove(path)


def lost(catalog, archive):
    """The pictures that articles name and pages do not have: the compiler drops some silently."""
    found = []
    for path in glob.glob(f"{catalog}/**/*.md", recursive=True):
        name = os.path.basename(path).removesuffix(".md")
        with open(path, encoding="utf-8") as file:
            wanted = []
            outside_code(file.read(), lambda part: wanted.extend(
                re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", part)) or part)
        page = f"{archive}/data/documentation/blitz/{name.lower()}.json"
        if wanted:
            with open(page, encoding="utf-8") as file:
                references = json.load(file)["references"]
            found += [f"{name}: {picture}" for picture in wanted
                      if references.get(picture, {}).get("type") != "image"]
    return found
