"""The rows of `Benchmarks/ops`: what each op is in PyTorch, and at which sizes it is timed.

A row's name is that of `Operation` in Sources/Worker/Ops, which has the same op of Blitz.
"""

import torch
import torch.nn.functional as F
from torch import nn

FLAT = ["4096", "262144", "10000000"]
PLANES = ["64x64", "1000x1000", "8192x1000"]
IMAGES = ["8x16x14x14", "16x32x28x28", "32x64x28x28"]

# What is not differentiable, or is not differentiated by anybody.
FORWARD_ONLY = {"less", "argmaxLast", "argmaxFirst", "anyLast", "argsort", "nonzero", "oneHot", "tile"}


class Op:
    """Operands, and what is computed of them; parameters of a layer get gradients, too."""

    def __init__(self, apply, inputs, parameters=()):
        self.apply, self.inputs, self.parameters = apply, inputs, list(parameters)


def normal(*sizes):
    return torch.randn(sizes)


def unary(apply):
    return lambda *sizes: Op(apply, [normal(*sizes)])


def positive(apply):
    return lambda *sizes: Op(apply, [normal(*sizes).abs() + 0.1])


def binary(apply):
    return lambda *sizes: Op(apply, [normal(*sizes), normal(*sizes)])


def row(apply):
    return lambda *sizes: Op(apply, [normal(*sizes), normal(sizes[-1])])


def layer(make):
    def op(*sizes):
        module = make(*sizes)
        return Op(module, [normal(*sizes)], module.parameters())
    return op


def product(dtype=torch.float32):
    return lambda m, k, n: Op(
        torch.matmul, [normal(m, k).to(dtype), normal(k, n).to(dtype)])


def gather(rows, columns):
    index = torch.randint(columns, (rows, columns))
    return Op(lambda x: x.gather(1, index), [normal(rows, columns)])


def index_select(rows, columns):
    index = torch.randint(rows, (rows,))
    return Op(lambda x: x.index_select(0, index), [normal(rows, columns)])


def scatter_add(count, places):
    index = torch.randint(places, (count,))
    return Op(lambda x, y: x.scatter_add(0, index, y), [normal(places), normal(count)])


def scatter_add_rows(count, places, width):
    index = torch.randint(places, (count, 1)).expand(count, width)
    return Op(lambda x, y: x.scatter_add(0, index, y), [normal(places, width), normal(count, width)])


def embedding(words, width, ids):
    module = nn.Embedding(words, width)
    return Op(module, [torch.randint(words, (ids,))], module.parameters())


def boolean_select(*sizes):
    mask = normal(*sizes) > 0
    return Op(lambda x: x[mask], [normal(*sizes)])


def one_hot(rows, classes):
    return Op(lambda x: F.one_hot(x, classes), [torch.randint(classes, (rows,))])


def cross_entropy(rows, classes):
    labels = torch.randint(classes, (rows,))
    return Op(lambda x: F.cross_entropy(x, labels), [normal(rows, classes)])


def binary_cross_entropy(*sizes):
    targets = normal(*sizes).sigmoid()
    return Op(lambda x: F.binary_cross_entropy_with_logits(x, targets), [normal(*sizes)])


HEADS = ["4x4x64x32", "2x8x512x64", "1x8x4096x64"]


def attention(causal=False):
    def make(n, h, l, d):
        return Op(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=causal),
                  [normal(n, h, l, d) for _ in range(3)])
    return make


OPS = {
    "add": (binary(torch.add), FLAT), "multiply": (binary(torch.mul), FLAT),
    "divide": (binary(torch.div), FLAT), "maximum": (binary(torch.maximum), FLAT),
    "where": (binary(lambda x, y: torch.where(x < 0, x, y)), FLAT),
    "less": (binary(torch.lt), FLAT), "pow": (positive(lambda x: x.pow(1.5)), FLAT),
    "exp": (unary(torch.exp), FLAT), "log": (positive(torch.log), FLAT),
    "sqrt": (positive(torch.sqrt), FLAT), "sin": (unary(torch.sin), FLAT),
    "erf": (unary(torch.erf), FLAT), "tanh": (unary(torch.tanh), FLAT),
    "sigmoid": (unary(torch.sigmoid), FLAT), "gelu": (unary(F.gelu), FLAT),
    "relu": (unary(torch.relu), FLAT), "silu": (unary(F.silu), FLAT),
    "softplus": (unary(F.softplus), FLAT), "abs": (unary(torch.abs), FLAT),
    "clamp": (unary(lambda x: x.clamp(-1, 1)), FLAT), "square": (unary(torch.square), FLAT),
    "castHalf": (unary(lambda x: x.to(torch.bfloat16)), FLAT),
    "addRow": (row(torch.add), PLANES), "multiplyRow": (row(torch.mul), PLANES),

    "sum": (unary(torch.sum), FLAT), "mean": (unary(torch.mean), FLAT),
    "sumLast": (unary(lambda x: x.sum(-1)), PLANES), "sumFirst": (unary(lambda x: x.sum(0)), PLANES),
    "meanLast": (unary(lambda x: x.mean(-1)), PLANES),
    "maxLast": (unary(lambda x: x.amax(-1)), PLANES),
    "maxFirst": (unary(lambda x: x.amax(0)), PLANES),
    "argmaxLast": (unary(lambda x: x.argmax(-1)), PLANES),
    "argmaxFirst": (unary(lambda x: x.argmax(0)), PLANES),
    "prodLast": (unary(lambda x: x.prod(-1)), PLANES),
    "varianceLast": (unary(lambda x: x.var(-1)), PLANES),
    "varianceFirst": (unary(lambda x: x.var(0)), PLANES), "std": (unary(lambda x: x.std(-1)), PLANES),
    "normLast": (unary(lambda x: x.norm(dim=-1)), PLANES),
    "logSumExp": (unary(lambda x: x.logsumexp(-1)), PLANES),
    "anyLast": (unary(lambda x: (x > 2).any(-1)), PLANES),
    "softmax": (unary(lambda x: x.softmax(-1)), PLANES),
    "logSoftmax": (unary(lambda x: x.log_softmax(-1)), PLANES),
    "cumsumLast": (unary(lambda x: x.cumsum(-1)), PLANES),
    "cumsumFirst": (unary(lambda x: x.cumsum(0)), PLANES),
    "sort": (unary(lambda x: x.sort(-1).values), PLANES), "argsort": (unary(torch.argsort), PLANES),
    "topK": (unary(lambda x: x.topk(10).values), PLANES),

    "gather": (gather, PLANES), "indexSelect": (index_select, PLANES),
    "scatterAdd": (scatter_add, ["4096x100", "200000x1000", "200000x200000"]),
    "scatterAddRows": (scatter_add_rows, ["256x64x64", "8192x1000x256", "8192x50000x256"]),
    "embedding": (embedding, ["100x32x64", "5000x128x2048", "50000x256x8192"]),
    "booleanSelect": (boolean_select, PLANES),
    "nonzero": (unary(lambda x: (x > 0).nonzero()), PLANES), "oneHot": (one_hot, PLANES),
    "concatenate2": (binary(lambda x, y: torch.cat([x, y])), PLANES),
    "concatenateLast": (binary(lambda x, y: torch.cat([x, y], -1)), PLANES),
    "concatenate20": (unary(lambda x: torch.cat(x.chunk(20, 1)[::-1], 1)),
                      ["64x80", "1000x1000", "8192x1000"]),
    "stack": (binary(lambda x, y: torch.stack([x, y])), PLANES),
    "transposeCopy": (unary(lambda x: x.t().contiguous()), PLANES),
    "permuteCopy": (unary(lambda x: x.permute(0, 2, 1, 3).contiguous()),
                    ["4x16x4x16", "16x128x4x64", "32x256x8x64"]),
    "sliceCopy": (unary(lambda x: x[:, 1:-1].contiguous()), PLANES),
    "flip": (unary(lambda x: x.flip(1)), PLANES), "roll": (unary(lambda x: x.roll(3, 1)), PLANES),
    "tril": (unary(torch.tril), PLANES), "tile": (unary(lambda x: x.tile(2, 2)), PLANES),
    "pad": (unary(lambda x: F.pad(x, (1, 1, 1, 1))), PLANES),
    "matmul": (product(), ["64x64x64", "256x256x256", "1024x1024x1024"]),
    "matmulDouble": (product(torch.float64), ["64x64x64", "256x256x256", "512x512x512"]),
    "matmulHalf": (product(torch.bfloat16), ["64x64x64", "256x256x256", "1024x1024x1024"]),
    "matmulTransposed": (
        lambda m, k, n: Op(lambda x, y: y.t() @ x.t(), [normal(n, k), normal(k, m)]),
        ["64x64x64", "256x256x256", "1024x1024x1024"]),
    "outer": (lambda m, n: Op(torch.outer, [normal(m), normal(n)]), PLANES),
    "matmulBatched": (lambda b, m, k, n: Op(torch.matmul, [normal(b, m, k), normal(b, k, n)]),
                      ["16x16x16x16", "512x32x32x32", "64x128x64x128"]),
    "matvec": (lambda m, n: Op(torch.mv, [normal(m, n), normal(n)]), PLANES),

    "linear": (layer(lambda n, c: nn.Linear(c, c)), ["32x64", "128x256", "512x1024"]),
    "layerNorm": (layer(lambda n, c: nn.LayerNorm(c)), ["64x64", "2048x256", "8192x1000"]),
    "rmsNorm": (layer(lambda n, c: nn.RMSNorm(c)), ["64x64", "2048x256", "8192x1000"]),
    "groupNorm": (layer(lambda n, c, h, w: nn.GroupNorm(8, c)), IMAGES),
    "batchNorm": (layer(lambda n, c, h, w: nn.BatchNorm2d(c)), IMAGES),
    "batchNorm1d": (layer(lambda n, c: nn.BatchNorm1d(c)), ["64x64", "2048x256", "8192x1000"]),
    "conv3x3": (layer(lambda n, c, h, w: nn.Conv2d(c, c, 3, padding=1)), IMAGES),
    "conv1x1": (layer(lambda n, c, h, w: nn.Conv2d(c, c, 1)), IMAGES),
    "convDepthwise": (layer(lambda n, c, h, w: nn.Conv2d(c, c, 3, padding=1, groups=c)), IMAGES),
    "conv1d": (layer(lambda n, c, l: nn.Conv1d(c, c, 3, padding=1)),
               ["8x16x64", "16x64x128", "16x128x512"]),
    "maxPool": (unary(lambda x: F.max_pool2d(x, 2)), IMAGES),
    "avgPool": (unary(lambda x: F.avg_pool2d(x, 2)), IMAGES),
    "attention": (attention(), HEADS), "attentionCausal": (attention(True), HEADS),
    "crossEntropy": (cross_entropy, ["64x10", "1000x1000", "1024x30000"]),
    "squaredError": (binary(F.mse_loss), PLANES), "huber": (binary(F.huber_loss), PLANES),
    "binaryCrossEntropy": (binary_cross_entropy, PLANES),
    "cosineSimilarity": (binary(F.cosine_similarity), PLANES),
}
