"""Writes pictures of every kind that ImageFormatTests.swift reads, and the pixels that Pillow reads.

    python Tests/Reference/pictures.py > Tests/BlitzDataTests/Reference/pictures.json

Run with Pillow 13.0.0 (libjpeg-turbo 3.2.0, libwebp 1.6.0, libtiff 4.7.2), NumPy 2.4.6 and Python 3.11.7.
Pillow writes no interlaced PNG and few bit depths: those files are made here, byte by byte. JPEG files of
unusual sampling come from cjpeg (libjpeg-turbo 2.1.5). Files and pixels are base64.
"""

import base64
import io
import json
import struct
import subprocess
import sys
import zlib

import numpy as np
import PIL
from PIL import Image

draws = np.random.default_rng(0)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(rows, depth):
    """Rows of samples as PNG scanlines without a filter."""
    out = b""
    for row in rows:
        flat = row.reshape(-1)
        if depth == 16:
            line = flat.astype(">u2").tobytes()
        else:
            bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth:]
            line = np.packbits(bits.reshape(-1)).tobytes()
        out += b"\0" + line
    return out


def png(depth, kind, interlaced, extra=(), width=11, height=9):
    samples = draws.integers(0, 1 << depth, (height, width, CHANNELS[kind]))
    if interlaced:
        data = b"".join(
            packed(samples[y0::dy, x0::dx], depth)
            for x0, y0, dx, dy in PASSES if samples[y0::dy, x0::dx].size)
    else:
        data = packed(samples, depth)
    file = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced)))
    for name, bytes_ in extra:
        if name == b"gAMA":
            file += chunk(name, bytes_)
    if kind == 3:
        file += chunk(b"PLTE", draws.integers(0, 256, 3 << depth, dtype=np.uint8).tobytes())
    for name, bytes_ in extra:
        if name != b"gAMA":
            file += chunk(name, bytes_(samples, depth) if callable(bytes_) else bytes_)
    return file + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def colour_key(samples, depth):
    """A tRNS chunk with a colour that is in the picture."""
    return b"".join(struct.pack(">H", int(v)) for v in samples[2, 3])


def shown(data):
    """The pixels that Pillow shows, laid on white."""
    image = Image.open(io.BytesIO(data))
    # Pillow opens grey with alpha of 16 bits as colour. The 16 bits of grey without, which it cuts off
    # at 255 in convert("L"), are shown as it shows those of colour: by the high ones.
    is_grey = image.mode in ("1", "L", "LA", "I;16") or data[:4] == b"\x89PNG" and data[25] in (0, 4)
    if image.mode == "I;16":
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("L" if is_grey else "RGB")


def entry(name, data, image=None):
    image = image or shown(data)
    array = np.asarray(image)
    return {"name": name, "file": base64.b64encode(data).decode(), "width": image.width,
            "height": image.height, "channels": 1 if array.ndim == 2 else 3,
            "pixels": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(), "grey": ""}


def saved(image, **options):
    data = io.BytesIO()
    image.save(data, **options)
    return data.getvalue()


def smooth(width=40, height=24):
    y, x = np.mgrid[0:height, 0:width]
    array = np.stack([x * 6, y * 10, 255 - x * 3 - y * 4], axis=2).astype(np.uint8)
    array[5:12, 8:16] = (250, 20, 60)
    return Image.fromarray(array)


def pngs():
    rows = []
    for kind, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
        for depth in depths:
            for interlaced in [False, True]:
                word = f"png, type {kind}, {depth} bits" + (", interlaced" if interlaced else "")
                rows.append(entry(word, png(depth, kind, interlaced)))
                gamma = [(b"gAMA", struct.pack(">I", 100000))]
                rows.append(entry(word + ", gamma", png(depth, kind, interlaced, gamma)))
    for depth in [2, 4, 8]:
        alpha = bytes(draws.integers(0, 256, 3, dtype=np.uint8))
        rows.append(entry(f"png, palette of {depth} bits with alpha", png(depth, 3, False, [(b"tRNS", alpha)])))
    for depth, kind in [(8, 0), (8, 2)]:
        data = png(depth, kind, False, [(b"tRNS", colour_key)])
        rows.append(entry(f"png, type {kind}, {depth} bits with a transparent colour", data))
    return rows


def jpegs():
    picture = smooth()
    rows = [entry(f"jpeg, {name}", saved(picture, format="JPEG", quality=90, subsampling=name))
            for name in ["4:4:4", "4:2:2", "4:2:0"]]
    rows.append(entry("jpeg, cmyk", saved(picture.convert("CMYK"), format="JPEG", quality=95)))
    # Samplings that have no name in TurboJPEG, and some that do, by libjpeg-turbo's own encoder.
    for factors in ["2x2,2x1,2x1", "2x2,1x2,1x2", "4x1,1x1,1x1", "1x4,1x1,1x1", "2x1,2x1,2x1", "2x1,1x1,2x1",
                    "3x1,1x1,1x1", "4x2,1x1,1x1"]:
        data = subprocess.run(["cjpeg", "-quality", "90", "-sample", factors], input=saved(picture, format="PPM"),
                              stdout=subprocess.PIPE, check=True).stdout
        rows.append(entry(f"jpeg, sampled {factors}", data))
    return rows


def bmp_header(width, height, bits, packing=0, size=40, extra=b"", palette=b"", data=b"", used=0):
    start = 14 + size + len(palette) + (len(extra) if size == 40 else 0)
    core = struct.pack("<iiHHIIiiII", width, height, 1, bits, packing, len(data), 0, 0, used, 0)
    header = struct.pack("<I", size) + core + extra
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + palette + data


def bmps():
    colour = smooth(13, 7)
    rows = [entry("bmp, colour", saved(colour, format="BMP")),
            entry("bmp, grey", saved(colour.convert("L"), format="BMP")),
            entry("bmp, 1 bit", saved(colour.convert("1"), format="BMP")),
            entry("bmp, palette", saved(colour.quantize(16), format="BMP")),
            entry("bmp, alpha", saved(colour.convert("RGBA"), format="BMP"))]
    palette = draws.integers(0, 256, 64, dtype=np.uint8).tobytes()
    # 13 pixels of 4 bits: 7 bytes, padded to 8.
    line = draws.integers(0, 256, 8 * 5, dtype=np.uint8).tobytes()
    rows.append(entry("bmp, 4 bits", bmp_header(13, 5, 4, palette=palette, data=line)))
    top = draws.integers(0, 256, 16 * 5, dtype=np.uint8).tobytes()
    rows.append(entry("bmp, top down", bmp_header(5, -5, 24, data=top)))
    words = draws.integers(0, 65536, 6 * 4, dtype=np.uint16).astype("<u2").tobytes()
    rows.append(entry("bmp, 16 bits", bmp_header(6, 4, 16, data=words)))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    rows.append(entry("bmp, 16 bits with masks", bmp_header(6, 4, 16, 3, extra=masks, data=words)))
    runs = bytes([3, 7, 0, 5, 1, 2, 3, 4, 9, 0, 0, 0, 2, 1, 0, 2, 1, 1, 1, 5, 0, 0, 8, 2, 0, 1])
    big = draws.integers(0, 256, 1024, dtype=np.uint8).tobytes()
    rows.append(entry("bmp, runs of 8 bits", bmp_header(8, 4, 8, 1, palette=big, data=runs)))
    runs = bytes([5, 0x12, 3, 0x40, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 3, 0x77, 0, 0, 8, 0x21, 0, 1])
    rows.append(entry("bmp, runs of 4 bits", bmp_header(8, 3, 4, 2, palette=palette, data=runs)))
    return rows


def others():
    colour = smooth(13, 7)
    soft = colour.convert("RGBA")
    soft.putalpha(Image.fromarray(draws.integers(0, 256, (7, 13), dtype=np.uint8)))
    small = (np.asarray(colour.convert("L")) // 3).astype(np.uint8)
    rows = [entry("ppm", saved(colour, format="PPM")), entry("pgm", saved(colour.convert("L"), format="PPM")),
            entry("pgm, 100 levels", b"P5 # a comment\n13 7\n100\n" + np.minimum(small, 100).tobytes())]
    for name, options in {"webp": {"quality": 80}, "webp, lossless": {"lossless": True}}.items():
        rows.append(entry(name, saved(colour, format="WebP", **options)))
    rows.append(entry("webp, alpha", saved(soft, format="WebP", lossless=True, exact=True)))
    for packing in ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"]:
        rows.append(entry(f"tiff, {packing}", saved(colour, format="TIFF", compression=packing)))
    rows.append(entry("tiff, grey", saved(colour.convert("L"), format="TIFF")))
    rows.append(entry("tiff, 1 bit", saved(colour.convert("1"), format="TIFF", compression="group4")))
    rows.append(entry("tiff, palette", saved(colour.quantize(16), format="TIFF")))
    rows.append(entry("tiff, alpha", saved(soft, format="TIFF")))
    return rows


def resize(width, height, mode, new_width, new_height):
    array = draws.integers(0, 256, (height, width) + ((3,) if mode == "RGB" else ()), dtype=np.uint8)
    new = Image.fromarray(array).resize((new_width, new_height), Image.Resampling.BILINEAR)
    return {"width": width, "height": height, "channels": 3 if mode == "RGB" else 1,
            "pixels": base64.b64encode(array.tobytes()).decode(), "newWidth": new_width,
            "newHeight": new_height, "values": np.asarray(new).reshape(-1).tolist()}


json.dump({
    "command": "python Tests/Reference/pictures.py", "pillow": PIL.__version__,
    "numpy": np.__version__, "python": sys.version.split()[0],
    "images": pngs() + jpegs() + bmps() + others(),
    "resizes": [resize(60, 44, "RGB", 7, 5), resize(9, 61, "L", 9, 13), resize(5, 4, "RGB", 14, 11),
                resize(64, 3, "L", 5, 8)],
}, sys.stdout, separators=(",", ":"))
