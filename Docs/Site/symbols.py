"""The public symbols of the built modules, as the documentation compiler is to see them."""

import glob
import json
import os
import re
import subprocess

# What `import Blitz` brings is one module to who reads about it, wherever it is written.
SHOWN = {
    "Blitz": ["BlitzTensor", "BlitzNN", "BlitzData", "Blitz"],
    "BlitzPlot": ["BlitzPlot"],
    "BlitzDistributions": ["BlitzDistributions"],
    "BlitzLinearAlgebra": ["BlitzLinearAlgebra"],
    "BlitzONNX": ["BlitzONNX"],
    "BlitzModels": ["BlitzModels"],
    "BlitzXLA": ["BlitzXLA"],
    "BlitzProcesses": ["BlitzProcesses"],
    "BlitzLessons": ["BlitzLessons"],
}


def unshown():
    """The library products of the package that have no pages; those in C are for the benchmarks."""
    package = json.loads(subprocess.check_output(["swift", "package", "dump-package"]))
    return [product["name"] for product in package["products"]
            if "library" in product["type"] and product["name"] not in SHOWN
            and not re.match("C[A-Z]", product["name"])]


def target():
    """The triple that modules are built for."""
    info = json.loads(subprocess.check_output(["swift", "-print-target-info"]))
    return info["target"]["unversionedTriple"]


def clang_modules(built):
    """The folders of the C modules that the built ones import."""
    return [os.path.dirname(path) for path in sorted(
        glob.glob(f"{built}/C*.build/module.modulemap") + glob.glob("Sources/*/module.modulemap"))]


def extract(module, built, folder):
    """Has the compiler write the public symbols of a built module to files in a folder."""
    command = ["swift", "symbolgraph-extract", "-module-name", module, "-I", f"{built}/Modules",
               "-target", target(), "-minimum-access-level", "public",
               "-skip-synthesized-members", "-emit-extension-block-symbols",
               "-output-dir", folder]
    for path in clang_modules(built):
        command += ["-I", path]
    subprocess.run(command, check=True)


def undocumented(graph):
    """The symbols of a graph that have no documentation."""
    return [symbol for symbol in graph["symbols"]
            if symbol["kind"]["identifier"] != "swift.extension"
            and not any(line["text"].strip() for line in
                        symbol.get("docComment", {}).get("lines", []))]


def place(symbol):
    """A symbol as in an error of the compiler's: file, line and name."""
    location = symbol.get("location", {"uri": "", "position": {"line": -1}})
    path = os.path.relpath(location["uri"].removeprefix("file://") or ".")
    return f"{path}:{location['position']['line'] + 1}: {'.'.join(symbol['pathComponents'])}"


def emphasize(symbol):
    """Sets off the words before the colon of lists such as "- Gradient: ..."."""
    for line in symbol.get("docComment", {}).get("lines", []):
        line["text"] = re.sub(r"^- (Gradient|Error|Source|Shape|Shapes): ", r"- **\1:** ",
                              line["text"])


def shown(name, graphs):
    """Graphs of several modules as those of one: its own symbols, and what it adds to others.

    Answers a dictionary from the names of files to their contents.
    """
    own = set(SHOWN["Blitz"]) if name == "Blitz" else {name}
    files = {}
    for path, graph in graphs:
        extended = os.path.basename(path).removesuffix(".symbols.json").partition("@")[2]
        inside = not extended or extended in own
        if not inside and extended in SHOWN["Blitz"]:
            extended = "Blitz"
            for symbol in graph["symbols"]:
                if symbol.get("swiftExtension", {}).get("extendedModule") in SHOWN["Blitz"]:
                    symbol["swiftExtension"]["extendedModule"] = "Blitz"
        key = f"{name}.symbols.json" if inside else f"{name}@{extended}.symbols.json"
        if inside:
            join(graph)
        for symbol in graph["symbols"]:
            emphasize(symbol)
            if symbol.get("docComment", {}).get("module") in own:
                symbol["docComment"]["module"] = name
            if inside and "swiftExtension" in symbol:
                symbol["swiftExtension"]["extendedModule"] = name
        graph["module"]["name"] = name
        if key in files:
            files[key]["symbols"] += graph["symbols"]
            files[key]["relationships"] += graph["relationships"]
        else:
            files[key] = graph
    return files


def join(graph):
    """Gives the members of extensions to the extended types."""
    blocks = {symbol["identifier"]["precise"] for symbol in graph["symbols"]
              if symbol["kind"]["identifier"] == "swift.extension"}
    types = {edge["source"]: edge["target"] for edge in graph["relationships"]
             if edge["kind"] == "extensionTo"}
    graph["symbols"] = [symbol for symbol in graph["symbols"]
                        if symbol["identifier"]["precise"] not in blocks]
    graph["relationships"] = [edge for edge in graph["relationships"]
                              if edge["kind"] != "extensionTo"]
    for edge in graph["relationships"]:
        edge["source"] = types.get(edge["source"], edge["source"])
        edge["target"] = types.get(edge["target"], edge["target"])


def collect(built, scratch, out):
    """Writes the graphs of all shown modules to folders under `out`.

    Answers the places of symbols that have no documentation.
    """
    missing = []
    for name, parts in SHOWN.items():
        graphs = []
        for part in parts:
            folder = os.path.join(scratch, part)
            os.makedirs(folder)
            extract(part, built, folder)
            for path in sorted(glob.glob(f"{folder}/*.symbols.json")):
                with open(path, encoding="utf-8") as file:
                    graph = json.load(file)
                missing += map(place, undocumented(graph))
                graphs.append((path, graph))
        os.makedirs(os.path.join(out, name))
        for key, graph in shown(name, graphs).items():
            with open(os.path.join(out, name, key), "w", encoding="utf-8") as file:
                json.dump(graph, file)
    return missing
