"""Writes what PyTorch and Pillow answer, for the tests of loaders, splits, spirals and images.

    python Tests/Reference/loading.py > Tests/BlitzDataTests/Reference/loading.json

Needs torch, numpy and pillow. A loader's epochs are the examples' numbers in the order in which
DataLoader hands them out; "next" is the number that the generator draws after the last epoch, which
tells whether as many bits were taken. Images are files, in base64, with the pixels that Pillow reads.
"""

import base64
import io
import json
import sys

import numpy as np
import PIL
import torch
from PIL import Image
from torch.utils.data import DataLoader, TensorDataset, random_split


def loader(count, size, seed, shuffle, own, drop=False, epochs=3):
    data = TensorDataset(torch.arange(count))
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed) if own else None
    batches = DataLoader(
        data, batch_size=size, shuffle=shuffle, generator=generator, drop_last=drop)
    orders = [[batch[0].tolist() for batch in batches] for _ in range(epochs)]
    following = torch.randint(0, 1 << 20, (1,), generator=generator).item()
    return {"count": count, "batchSize": size, "seed": seed, "shuffles": shuffle, "own": own,
            "dropLast": drop, "epochs": orders, "next": following}


def split(count, fractions, seed, own):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed) if own else torch.default_generator
    parts = random_split(range(count), fractions, generator=generator)
    return {"count": count, "fractions": fractions, "seed": seed, "own": own,
            "parts": [list(part.indices) for part in parts]}


def spirals(arms, points, noise, seed):
    generator = torch.Generator().manual_seed(seed)
    rows = []
    for arm in range(arms):
        r = np.linspace(0.0, 1, points)
        t = (np.linspace(arm * 4, (arm + 1) * 4, points)
             + torch.randn(points, dtype=torch.float64, generator=generator).numpy() * noise)
        rows += np.c_[r * np.sin(t), r * np.cos(t)].ravel().tolist()
    return {"arms": arms, "points": points, "noise": noise, "seed": seed,
            "rows": [round(x, 9) for x in rows]}


def pixels(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def resize(width, height, channels, new_width, new_height):
    draws = np.random.default_rng(width * 1000 + new_width)
    image = draws.integers(0, 256, (height, width, channels), dtype=np.uint8)
    planes = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    out = torch.nn.functional.interpolate(
        planes, size=(new_height, new_width), mode="bilinear", antialias=True)
    return {"width": width, "height": height, "channels": channels, "pixels": pixels(image),
            "newWidth": new_width, "newHeight": new_height,
            "values": [round(x, 3) for x in out[0].permute(1, 2, 0).flatten().tolist()]}


def picture():
    """24 by 10 pixels: smooth, so that JPEG keeps it, with an edge."""
    y, x = np.mgrid[0:10, 0:24]
    red, green, blue = x * 10, y * 25, 255 - x * 5 - y * 10
    array = np.stack([red, green, blue], axis=2).astype(np.uint8)
    array[3:6, 8:16] = (250, 20, 60)
    return Image.fromarray(array)


def file(name, image, shown=None, **options):
    data = io.BytesIO()
    image.save(data, **options)
    bytes_ = data.getvalue()
    if shown is None:
        shown = Image.open(io.BytesIO(bytes_))
        if shown.mode not in ("L", "RGB"):
            shown = shown.convert("L" if shown.mode in ("1", "I;16") else "RGB")
    array = np.asarray(shown)
    return {"name": name, "file": base64.b64encode(bytes_).decode(), "width": shown.width,
            "height": shown.height, "channels": 1 if array.ndim == 2 else 3,
            "pixels": pixels(array), "grey": pixels(np.asarray(shown.convert("L")))}


def files():
    colour = picture()
    grey = colour.convert("L")
    cut_out = colour.convert("RGBA")
    mask = np.zeros((10, 24), np.uint8)
    mask[2:8, 4:20] = 255
    cut_out.putalpha(Image.fromarray(mask))
    on_white = Image.new("RGB", colour.size, "white")
    on_white.paste(colour, mask=Image.fromarray(mask))
    deep = np.asarray(grey).astype(np.uint16) * 257
    return [
        file("png, grey", grey, format="PNG"),
        file("png, colour", colour, format="PNG"),
        file("png, palette", colour.quantize(16), format="PNG"),
        file("png, transparent", cut_out, shown=on_white, format="PNG"),
        file("png, 1 bit", grey.convert("1"), format="PNG"),
        file("png, 16 bits", Image.fromarray(deep), shown=grey, format="PNG"),
        file("jpeg, grey", grey, format="JPEG", quality=90),
        file("jpeg, colour", colour, format="JPEG", quality=90),
        file("jpeg, colour, 4:4:4", colour, format="JPEG", quality=95, subsampling=0),
        file("jpeg, progressive", colour, format="JPEG", quality=85, progressive=True),
    ]


def cmyk():
    data = io.BytesIO()
    picture().convert("CMYK").save(data, format="JPEG")
    return base64.b64encode(data.getvalue()).decode()


def normalised():
    x = torch.arange(256, dtype=torch.uint8).float().div(255)
    y = (x - 0.286) / 0.353
    return pixels(y.numpy())


json.dump({
    "command": "python Tests/Reference/loading.py",
    "torch": torch.__version__, "numpy": np.__version__, "pillow": PIL.__version__,
    "python": sys.version.split()[0],
    "loaders": [
        loader(10, 3, 0, True, True), loader(10, 3, 0, True, False),
        loader(10, 5, 7, True, True, drop=True), loader(11, 4, 1234, True, False, drop=True),
        loader(7, 3, 3, False, False), loader(1, 4, 5, True, True),
        loader(700, 100, 2**32 + 7, True, True), loader(700, 128, 42, True, False, epochs=2),
    ],
    "splits": [
        split(150, [0.8, 0.2], 0, True), split(10, [0.33, 0.33, 0.34], 5, True),
        split(7, [0.5, 0.25, 0.25], 1, False), split(5, [1.0], 9, True),
    ],
    "spirals": [spirals(3, 100, 0.2, 0), spirals(2, 5, 0.0, 1)],
    "resizes": [
        resize(5, 4, 1, 10, 9), resize(17, 13, 3, 5, 4), resize(8, 8, 1, 28, 28),
        resize(40, 3, 3, 7, 3), resize(3, 2, 1, 1, 1), resize(1, 1, 3, 4, 2),
    ],
    "images": files(), "cmyk": cmyk(), "normalised": normalised(),
}, sys.stdout, separators=(",", ":"))
