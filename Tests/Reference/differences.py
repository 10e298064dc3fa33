"""PyTorch's values on the site's page "Where Blitz differs from PyTorch", row by row.

    python Tests/Reference/differences.py [Docs/Site/Blitz.docc/Differences.md]
prints each row with PyTorch's value; with the page it fails if the page says another.
"""
import io
import math
import re
import sys
import warnings

import numpy as np
import safetensors.torch
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

warnings.simplefilter("ignore")
nan, inf = math.nan, math.inf


def slope(function, x):
    x = torch.tensor(x, requires_grad=True)
    return torch.autograd.grad(function(x).sum(), x)[0]


def bend(function, x):
    x = torch.tensor(x, requires_grad=True)
    first, = torch.autograd.grad(function(x).sum(), x, create_graph=True)
    return torch.autograd.grad(first.sum(), x)[0]


def clipped():
    weight = nn.Parameter(torch.zeros(100))
    weight.grad = torch.full([100], 1e20)
    return nn.utils.clip_grad_norm_([weight], 1), weight.grad[0]


def attention():
    x = torch.randn(1, 3, 4)
    layer = nn.MultiheadAttention(4, 2, batch_first=True)
    return layer(x, x, x, key_padding_mask=torch.ones(1, 3, dtype=torch.bool))[1][0, 0, 0]


def encoder():
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval()
    with torch.no_grad():
        y = layer(torch.randn(1, 3, 4), src_key_padding_mask=torch.ones(1, 3, dtype=torch.bool))
    return y.isnan().sum()


def seeded(function):
    torch.manual_seed(0)
    return function()


def divisor():
    x, y = torch.tensor([inf]), torch.tensor([1.0], requires_grad=True)
    return torch.autograd.grad((x % y).sum(), y)[0]


def sampled():
    generator = torch.Generator().manual_seed(0)
    places = iter(torch.utils.data.RandomSampler(
        range(1000), replacement=True, num_samples=64, generator=generator))
    for _ in range(32):
        next(places)
    torch.rand(1, generator=generator)
    return next(places)


def grey(picture):
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Image.open(file).convert("L").getpixel((0, 0))


def int8():
    file = safetensors.torch.save({"x": torch.zeros(1, dtype=torch.int8)})
    return safetensors.torch.load(file)["x"].element_size()


t = torch.tensor
large = t([[1e30, 2e30, 3e30, 4e30]])
ROWS = {
    "Gradient of `x.clamp(min: 0)`, x = [-1, 0, 1]": lambda: slope(lambda x: x.clamp(min=0),
                                                                  [-1.0, 0, 1]),
    "Gradient of `x.max(axis: 0)`, x = [1, 3, 3]": lambda: slope(lambda x: x.max(0).values,
                                                                [1.0, 3, 3]),
    "Gradient of `x.max(axis: 0)`, x = [1, nan, 3, nan]": lambda: slope(lambda x: x.max(0).values,
                                                                       [1.0, nan, 3, nan]),
    "Second derivative of `x.elu()`, x = 0": lambda: bend(F.elu, 0.0),
    "Second derivative of `x.elu(alpha: 1.5)`, x = 0": lambda: bend(lambda x: F.elu(x, 1.5), 0.0),
    "Gradient of `x.elu()`, x = nan": lambda: slope(F.elu, nan),
    "Gradient of `x.variance()`, x = [1, 2, inf]":
        lambda: slope(lambda x: x.var(), [1.0, 2.0, inf]),
    "Gradient in y of `x % y`, x = inf, y = 1": divisor,
    "Second derivative in y of `x.pow(y)`, x = 0, y = 2": lambda: bend(lambda y: t(0.0) ** y, 2.0),
    "Second derivative of `x.norm()`, x = [0, 0]": lambda: bend(torch.linalg.vector_norm,
                                                               [0.0, 0]),
    "`binaryCrossEntropy(logits: -inf, targets: 1)`":
        lambda: F.binary_cross_entropy_with_logits(t(-inf), t(1.0)),
    "`binaryCrossEntropy(probabilities: 1.5, targets: 1)`":
        lambda: F.binary_cross_entropy(t(1.5), t(1.0)),
    "`multiClassHinge` of the scores [nan, nan], label 0":
        lambda: F.multi_margin_loss(t([[nan, nan]]), t([0])),
    "`multiClassHinge` of the scores [inf, inf], label 0":
        lambda: F.multi_margin_loss(t([[inf, inf]]), t([0])),
    "Gradient of `(x.square() * 0).sum()`, x = 3e38": lambda: slope(lambda x: x.square() * 0, 3e38),
    "`x.norm()`, x = [3e30, 4e30]": lambda: torch.linalg.vector_norm(t([3e30, 4e30])),
    "`x.norm()`, x = [3e-30, 4e-30]": lambda: torch.linalg.vector_norm(t([3e-30, 4e-30])),
    "`LayerNorm(4)(x)`, x = [1e30, 2e30, 3e30, 4e30]": lambda: F.layer_norm(large, [4]),
    "`RMSNorm(4)(x)`, x = [1e30, 2e30, 3e30, 4e30]": lambda: F.rms_norm(large, [4]),
    "`BatchNorm1d(1)(x)`, x = [[1e30], [2e30], [3e30], [4e30]]":
        lambda: F.batch_norm(large.T, None, None, training=True),
    "`cosineSimilarity(x, y)`, x = [[2.0775e38, 3.0262e38]], y = [[1, 1]]":
        lambda: F.cosine_similarity(t([[2.0775e38, 3.0262e38]]), t([[1.0, 1]])),
    "`cosineEmbedding(...)`, left = [[1e30, 2e30]], right = [[1, 1]], target 1":
        lambda: F.cosine_embedding_loss(t([[1e30, 2e30]]), t([[1.0, 1]]), t([1])),
    "`clipGradients(norm: 1)` of 100 gradients of 1e20: the length": lambda: clipped()[0],
    "`clipGradients(norm: 1)` of 100 gradients of 1e20: each, clipped": lambda: clipped()[1],
    "Gradient of `x.prod()`, x = [1e20, 1e20]": lambda: slope(torch.prod, [1e20, 1e20]),
    "`BatchNorm1d(1)(x)` in training, x = [[1000000], [1000000.5], [1000001], [1000003]]":
        lambda: F.batch_norm(t([[1000000], [1000000.5], [1000001], [1000003]]), None, None,
                             training=True),
    "`binaryCrossEntropy(logits: -20, targets: 0)`":
        lambda: F.binary_cross_entropy_with_logits(t(-20.0), t(0.0)),
    "`x.cast(to: .uint8)`, x = [300, -1]": lambda: t([300.0, -1]).to(torch.uint8),
    "`x.cast(to: .int32)`, x = [nan, 3e9, -3e9]": lambda: t([nan, 3e9, -3e9]).to(torch.int32),
    "`MultiHeadAttention.withWeights` of a sequence that is all padding: a weight": attention,
    "`TransformerEncoderLayer` after `eval()`, a sequence of 3 x 4 numbers that is all padding, "
    "without gradients: how many NaN": encoder,
    # Uninitialised memory: no value to compare.
    "`multiClassHinge` of no rows": lambda: "what was in memory",
    "`crossEntropy` of probabilities over no classes":
        lambda: F.cross_entropy(torch.zeros(2, 0), torch.zeros(2, 0)),
    "`multinomial(2)` of the weights [1, 0, 0], seed 0":
        lambda: seeded(lambda: torch.multinomial(t([1.0, 0, 0]), 2)),
    "`multinomial(2)` of the float16 weights [1, 2, 3], seed 0":
        lambda: seeded(lambda: torch.multinomial(t([1.0, 2, 3]).half(), 2)),
    "`RandomSampler` of 64 of 1000 with replacement, one number drawn from its generator after 32: "
    "the next": sampled,
    "A 16-bit grey PNG, Pillow's `convert(\"L\")`: 32768 of 65535":
        lambda: grey(Image.fromarray(np.array([[32768]], dtype=np.uint16))),
    "A PNG of grey and alpha, Pillow's `convert(\"L\")`: 0, wholly transparent":
        lambda: grey(Image.new("LA", (1, 1), (0, 0))),
    "A safetensors file of int8: bytes of an element": int8,
    "`x.argSort()`, x = 20 ones": lambda: torch.ones(20).argsort(),
    "`x.topK(2).indices`, x = [1, 1, 1, 1]": lambda: torch.ones(4).topk(2).indices,
    "`bytes + 300`, bytes = [1] of uint8": lambda: torch.ones(1, dtype=torch.uint8) + 300,
    "`multiClassHinge` of the float16 scores [1, 2], label 0":
        lambda: F.multi_margin_loss(t([[1.0, 2]]).half(), t([0])),
    "`crossEntropy` of the label -100": lambda: F.cross_entropy(t([[1.0, 2]]), t([-100])),
    "`adaptiveAvgPool2d` of one pixel to [134217729, 1]: elements":
        lambda: F.adaptive_avg_pool2d(torch.ones(1, 1, 1, 1), (134217729, 1)).numel(),
}


def value(function):
    try:
        found = function()
    except (RuntimeError, ValueError, IndexError):
        return "error"
    return found if isinstance(found, str) else torch.as_tensor(found).flatten().tolist()


def is_said(text, found):
    if isinstance(found, str):
        return text == found
    said = [float(word) for word in re.split(r"[\[\], ]+", text) if word]
    return len(said) == len(found) and all(
        a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 2e-5 * abs(b)
        for a, b in zip(said, found))


page = {}
if len(sys.argv) > 1:
    for line in open(sys.argv[1], encoding="utf-8"):
        cells = line.split(" | ")
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "| What":
            page[cells[0][2:]] = cells[1]
    if missing := set(page) ^ set(ROWS):
        sys.exit(f"not in both: {sorted(missing)}")
print(f"torch {torch.__version__}")
wrong = 0
for what, function in ROWS.items():
    found = value(function)
    print(what, "->", found)
    if page and not is_said(page[what], found):
        print("  the page says", page[what])
        wrong += 1
sys.exit(wrong != 0)
