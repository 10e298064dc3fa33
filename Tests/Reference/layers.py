"""Writes what PyTorch's layers compute, for LayerTableTests.swift.

    python Tests/Reference/layers.py > Tests/BlitzNNTests/Reference/layers.json
    python Tests/Reference/layers.py images > Tests/BlitzNNTests/Reference/images.json
    python Tests/Reference/layers.py stacks > Tests/BlitzNNTests/Reference/stacks.json
    python Tests/Reference/layers.py more > Tests/BlitzNNTests/Reference/more.json

A case names its row (the Swift expression that makes the layer), PyTorch's initial weights after
`torch.manual_seed(seed)`, and, in float64 from these weights on: the inputs, the outputs, and the
gradients with respect to inputs and parameters of the sum over all outputs of output[i] * weight(i),
where i counts an output's elements in row-major order. Then three updates by that gradient,
p -= 0.1 * grad, and what parameters and buffers are after them. `eval` cases run in use, from
weights and statistics that are stored too; they have no updates. Cases with dropout set the seed
again before each call. `drawn` says how near the initial weights of the same seed are: equal to
the last `bits`, `close` (normal numbers), or not to be compared, since PyTorch makes `copies` of
one layer.
"""

import json
import sys
import warnings

import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

warnings.simplefilter("ignore")
SEED = 7
cases = []


def weight(i):
    return ((i * 37 + 11) % 19 - 9) / 8


def draw(seed, *shape):
    """Numbers in no order that are not equal to each other, between -2 and 2."""
    count = 1
    for size in shape:
        count *= size
    i = torch.arange(count, dtype=torch.float64)
    return (((i * 0.6180339887 + 0.137 * (seed + 1)) % 1) * 4 - 2).round(decimals=3).reshape(shape)


def store(tensor):
    tensor = tensor.detach()
    digits = "%.9g" if tensor.dtype == torch.float32 else "%.12g"
    return {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape),
            "values": [float(digits % v) if tensor.dtype.is_floating_point else int(v)
                       for v in tensor.reshape(-1).tolist()]}


def stored(module):
    return [{"name": n, "tensor": store(t)} for n, t in module.state_dict().items()]


def total(outputs):
    sum = 0
    for output in outputs:
        weights = torch.tensor([weight(i) for i in range(output.numel())], dtype=output.dtype)
        sum = sum + (output.reshape(-1) * weights).sum()
    return sum


def flat(outputs):
    """The tensors of nested tuples, in order."""
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [t for part in outputs if part is not None for t in flat(part)]


def case(row, make, inputs, call=lambda module, *inputs: module(*inputs), eval=False,
         prepare=None, seeded=False, drawn="bits"):
    torch.manual_seed(SEED)
    module = make()
    initial = stored(module)
    if prepare:
        prepare(module)
    start = stored(module) if prepare else None
    module.double().train(not eval)
    inputs = [t.detach().clone().requires_grad_(t.dtype.is_floating_point) for t in inputs]

    def run():
        if seeded:
            torch.manual_seed(SEED)
        return flat(call(module, *inputs))

    outputs = run()
    total(outputs).backward()
    entry = {
        "row": row, "seed": SEED, "eval": eval, "seeded": seeded, "drawn": drawn,
        "initial": initial, "start": start, "inputs": [store(t) for t in inputs],
        "outputs": [store(t) for t in outputs],
        "inputGradients": [None if t.grad is None else store(t.grad)["values"] for t in inputs],
        "gradients": [{"name": n, "tensor": store(p.grad)} for n, p in module.named_parameters()],
        "updated": [],
    }
    if not eval:
        for step in range(3):
            if step:
                module.zero_grad()
                total(run()).backward()
            with torch.no_grad():
                for p in module.parameters():
                    p -= 0.1 * p.grad
        entry["updated"] = stored(module)
    cases.append(entry)


def simple_rows():
    x = draw(0, 3, 4)
    case("Linear(4, 5)", lambda: nn.Linear(4, 5), [x])
    case("Linear(4, 5, bias: false)", lambda: nn.Linear(4, 5, bias=False), [draw(1, 2, 3, 4)])
    case("Linear(7, 3)", lambda: nn.Linear(7, 3), [draw(2, 7)])
    case("Flatten()", nn.Flatten, [draw(0, 2, 3, 2)])
    case("Identity()", nn.Identity, [x])
    case("Dropout(0.25)", lambda: nn.Dropout(0.25), [draw(0, 5, 7)], seeded=True)
    case("Dropout(0.25)", lambda: nn.Dropout(0.25), [draw(0, 5, 7)], eval=True)
    ids = torch.tensor([[1, 4, 2], [0, 4, 4]])
    case("Embedding(5, 4)", lambda: nn.Embedding(5, 4), [ids], drawn="close")
    case("Embedding(6, 3, paddingIndex: 4)", lambda: nn.Embedding(6, 3, padding_idx=4), [ids],
         drawn="close")
    for row, make in [
        ("ReLU()", nn.ReLU), ("LeakyReLU()", nn.LeakyReLU),
        ("LeakyReLU(slope: 0.2)", lambda: nn.LeakyReLU(0.2)), ("ELU()", nn.ELU),
        ("ELU(alpha: 0.5)", lambda: nn.ELU(0.5)), ("GELU()", nn.GELU),
        ("GELU(approximate: .tanh)", lambda: nn.GELU("tanh")), ("SiLU()", nn.SiLU),
        ("Tanh()", nn.Tanh), ("Sigmoid()", nn.Sigmoid), ("Softplus()", nn.Softplus),
        ("Softplus(beta: 2, threshold: 3)", lambda: nn.Softplus(2, 3)),
        ("Softmax(axis: 1)", lambda: nn.Softmax(1)),
        ("LogSoftmax(axis: -1)", lambda: nn.LogSoftmax(-1)), ("Hardtanh()", nn.Hardtanh),
    ]:
        case(row, make, [draw(3, 3, 5)])
    case("Sequential(Linear(4, 6), Tanh(), Linear(6, 2))",
         lambda: nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2)), [x])


def norm_rows():
    def statistics(m):
        with torch.no_grad():
            for seed, (name, tensor) in enumerate(m.state_dict().items()):
                if tensor.dtype.is_floating_point:
                    tensor.copy_(draw(seed, *tensor.shape).abs() + 0.3)

    def affine(m):
        with torch.no_grad():
            for seed, (name, tensor) in enumerate(m.named_parameters()):
                tensor.copy_(draw(seed, *tensor.shape))

    for eval in [False, True]:
        case("BatchNorm1d(4)", lambda: nn.BatchNorm1d(4), [draw(0, 5, 4)], eval=eval,
             prepare=statistics)
        case("BatchNorm1d(4)", lambda: nn.BatchNorm1d(4), [draw(0, 2, 4, 3)], eval=eval,
             prepare=statistics)
        case("BatchNorm2d(3)", lambda: nn.BatchNorm2d(3), [draw(0, 2, 3, 2, 4)], eval=eval,
             prepare=statistics)
    case("BatchNorm1d(4, momentum: nil)", lambda: nn.BatchNorm1d(4, momentum=None), [draw(0, 5, 4)])
    case("BatchNorm2d(2, epsilon: 0.1, momentum: 0.3, affine: false)",
         lambda: nn.BatchNorm2d(2, eps=0.1, momentum=0.3, affine=False), [draw(0, 2, 2, 3, 3)])
    case("BatchNorm1d(4, trackRunningStats: false)",
         lambda: nn.BatchNorm1d(4, track_running_stats=False), [draw(0, 5, 4)])
    case("BatchNorm1d(4, trackRunningStats: false)",
         lambda: nn.BatchNorm1d(4, track_running_stats=False), [draw(0, 5, 4)], eval=True)
    case("LayerNorm(6)", lambda: nn.LayerNorm(6), [draw(0, 2, 3, 6)], prepare=affine)
    case("LayerNorm([3, 6], epsilon: 0.01)", lambda: nn.LayerNorm([3, 6], eps=0.01),
         [draw(0, 2, 3, 6)], prepare=affine)
    case("LayerNorm(6, affine: false)", lambda: nn.LayerNorm(6, elementwise_affine=False),
         [draw(0, 6)])
    case("LayerNorm(6, bias: false)", lambda: nn.LayerNorm(6, bias=False), [draw(0, 4, 6)],
         prepare=affine)
    case("GroupNorm(groups: 2, channels: 4)", lambda: nn.GroupNorm(2, 4), [draw(0, 3, 4)],
         prepare=affine)
    case("GroupNorm(groups: 2, channels: 4)", lambda: nn.GroupNorm(2, 4), [draw(0, 2, 4, 3, 2)],
         prepare=affine)
    case("GroupNorm(groups: 4, channels: 4, affine: false)",
         lambda: nn.GroupNorm(4, 4, affine=False), [draw(0, 2, 4, 5)])
    case("RMSNorm(6)", lambda: nn.RMSNorm(6), [draw(0, 2, 3, 6)], prepare=affine)
    case("RMSNorm([3, 6], epsilon: 0.1)", lambda: nn.RMSNorm([3, 6], eps=0.1),
         [draw(0, 2, 3, 6)], prepare=affine)


def recurrent_rows():
    x = draw(0, 4, 3, 5)  # T, N, inputSize
    h = lambda seed, n: draw(seed, n, 3, 2)
    case("RNN(5, 2)", lambda: nn.RNN(5, 2), [x])
    case("RNN(5, 2, layers: 2, nonlinearity: .relu, bidirectional: true)",
         lambda: nn.RNN(5, 2, 2, nonlinearity="relu", bidirectional=True), [x, h(1, 4)])
    case("RNN(5, 2, bias: false, batchFirst: true)",
         lambda: nn.RNN(5, 2, bias=False, batch_first=True), [draw(2, 3, 4, 5)])
    case("GRU(5, 2)", lambda: nn.GRU(5, 2), [x])
    case("GRU(5, 2, layers: 2, bidirectional: true)",
         lambda: nn.GRU(5, 2, 2, bidirectional=True), [x, h(1, 4)])
    case("GRU(5, 2, bias: false, batchFirst: true)",
         lambda: nn.GRU(5, 2, bias=False, batch_first=True), [draw(2, 3, 4, 5)])
    state = lambda m, x, h, c: m(x, (h, c))
    case("LSTM(5, 2)", lambda: nn.LSTM(5, 2), [x])
    case("LSTM(5, 2)", lambda: nn.LSTM(5, 2), [draw(0, 1, 3, 5)])
    case("LSTM(5, 2)", lambda: nn.LSTM(5, 2), [draw(0, 4, 5)])
    case("LSTM(5, 2)", lambda: nn.LSTM(5, 2), [x, h(1, 1), h(2, 1)], state)
    case("LSTM(5, 2, layers: 2, bidirectional: true)",
         lambda: nn.LSTM(5, 2, 2, bidirectional=True), [x, h(1, 4), h(2, 4)], state)
    case("LSTM(5, 2, bias: false, batchFirst: true)",
         lambda: nn.LSTM(5, 2, bias=False, batch_first=True), [draw(2, 3, 4, 5)])
    case("LSTM(5, 2, layers: 2, dropout: 0.5)", lambda: nn.LSTM(5, 2, 2, dropout=0.5), [x],
         seeded=True)


def attention_rows():
    q, k, v = draw(0, 3, 2, 4), draw(1, 5, 2, 4), draw(2, 5, 2, 4)  # L or S, N, size
    out = lambda **o: lambda m, q, k, v: m(q, k, v, need_weights=False, **o)
    make = lambda **o: lambda: nn.MultiheadAttention(4, 2, **o)
    alone = lambda m, x: m(x, x, x, need_weights=False)
    case("MultiHeadAttention(4, heads: 2) weights", make(), [q, k, v])
    case("MultiHeadAttention(4, heads: 2) self", make(), [q], alone)
    case("MultiHeadAttention(4, heads: 2, bias: false, batchFirst: true) self",
         make(bias=False, batch_first=True), [draw(3, 2, 3, 4)], alone)
    case("MultiHeadAttention(4, heads: 2) self", make(), [draw(3, 3, 4)], alone)
    masked = torch.tensor([[0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [1, 0, 1, 0, 0]]) == 1
    case("MultiHeadAttention(4, heads: 2) bool mask", make(), [q, k, v], out(attn_mask=masked))
    case("MultiHeadAttention(4, heads: 2) mask", make(), [q, k, v, draw(4, 4, 3, 5)],
         lambda m, q, k, v, mask: m(q, k, v, attn_mask=mask, need_weights=False))
    padding = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]) == 1
    case("MultiHeadAttention(4, heads: 2) padding", make(), [q, k, v],
         out(key_padding_mask=padding))
    ahead = torch.triu(torch.ones(3, 3), 1) == 1
    case("MultiHeadAttention(4, heads: 2) causal", make(), [q],
         lambda m, x: m(x, x, x, attn_mask=ahead, is_causal=True, need_weights=False))
    case("MultiHeadAttention(4, heads: 2, dropout: 0.4) self", make(dropout=0.4), [q], alone,
         seeded=True)
    layer = lambda **o: lambda: nn.TransformerEncoderLayer(4, 2, 6, **o)
    case("TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0)", layer(dropout=0), [q])
    case("TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, "
         "batchFirst: true, normFirst: true)",
         layer(dropout=0, activation="gelu", batch_first=True, norm_first=True), [draw(3, 2, 3, 4)])
    case("TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: 0) causal",
         layer(dropout=0), [q],
         lambda m, x: m(x, src_mask=nn.Transformer.generate_square_subsequent_mask(
             3, dtype=torch.float64), is_causal=True))
    case("TransformerEncoderLayer(4, heads: 2, feedForward: 6)", layer(), [q], seeded=True)
    two = lambda: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(4, 2, 6, dropout=0), 2, nn.LayerNorm(4),
        enable_nested_tensor=False)
    case("TransformerEncoder", two, [q], drawn="copies")


def image_rows():
    x = draw(0, 2, 2, 4, 5)
    case("Conv2d(2, 3, size: 3)", lambda: nn.Conv2d(2, 3, 3), [x])
    case("Conv2d(2, 3, size: 3, padding: 1, bias: false)",
         lambda: nn.Conv2d(2, 3, 3, padding=1, bias=False), [x])
    case("Conv2d(2, 4, size: [2, 3], stride: [2, 1], padding: [0, 2], dilation: [1, 2], groups: 2)",
         lambda: nn.Conv2d(2, 4, (2, 3), (2, 1), (0, 2), (1, 2), 2), [x])
    case("Conv1d(2, 3, size: 3, padding: 1)", lambda: nn.Conv1d(2, 3, 3, padding=1),
         [draw(1, 2, 2, 6)])
    case("Conv1d(2, 4, size: 2, stride: 2, dilation: 2, groups: 2)",
         lambda: nn.Conv1d(2, 4, 2, 2, dilation=2, groups=2), [draw(1, 2, 2, 7)])
    case("ConvTranspose2d(2, 3, size: 2)", lambda: nn.ConvTranspose2d(2, 3, 2), [draw(2, 2, 2, 3, 2)])
    case("ConvTranspose2d(2, 4, size: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)",
         lambda: nn.ConvTranspose2d(2, 4, 3, 2, 1, 1, 2), [draw(2, 1, 2, 3, 2)])
    case("MaxPool2d(2)", lambda: nn.MaxPool2d(2), [x])
    case("MaxPool2d(3, stride: 2, padding: 1, ceil: true)",
         lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True), [x])
    case("AvgPool2d(2)", lambda: nn.AvgPool2d(2), [x])
    case("AvgPool2d([3, 2], stride: 2, padding: 1, countsPadding: false)",
         lambda: nn.AvgPool2d((3, 2), 2, 1, count_include_pad=False), [x])
    case("AdaptiveAvgPool2d(1)", lambda: nn.AdaptiveAvgPool2d(1), [x])
    case("AdaptiveAvgPool2d([3, 2])", lambda: nn.AdaptiveAvgPool2d((3, 2)), [x])


def stack_rows():
    x, memory = draw(8, 3, 2, 4), draw(9, 5, 2, 4)
    case("TransformerEncoderLayer(4, heads: 2, feedForward: 6, batchFirst: true)",
         lambda: nn.TransformerEncoderLayer(4, 2, 6, batch_first=True), [x], seeded=True)
    case("TransformerEncoder(layers: 2)",
         lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6), 2, nn.LayerNorm(4),
                                       enable_nested_tensor=False), [x], seeded=True)
    case("TransformerDecoderLayer(4, heads: 2, feedForward: 6)",
         lambda: nn.TransformerDecoderLayer(4, 2, 6), [x, memory], seeded=True)
    case("TransformerDecoderLayer(4, heads: 2, feedForward: 6, batchFirst: true, normFirst: true)",
         lambda: nn.TransformerDecoderLayer(4, 2, 6, batch_first=True, norm_first=True),
         [draw(8, 2, 3, 4), draw(9, 2, 5, 4)], seeded=True)
    case("TransformerDecoder(layers: 2)",
         lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6), 2, nn.LayerNorm(4)),
         [x, memory], seeded=True)


def more_rows():
    """The rest of PyTorch's layers, of one to three spatial axes."""
    x, lines = draw(3, 3, 6), draw(4, 2, 4, 7)
    images, volumes = draw(5, 2, 4, 5, 6), draw(6, 1, 4, 4, 3, 5)
    for row, make in [
        ("ReLU6()", nn.ReLU6), ("Hardsigmoid()", nn.Hardsigmoid), ("Hardswish()", nn.Hardswish),
        ("Hardshrink(0.7)", lambda: nn.Hardshrink(0.7)), ("Softshrink()", nn.Softshrink),
        ("Threshold(0.3, -1)", lambda: nn.Threshold(0.3, -1)), ("CELU()", nn.CELU),
        ("CELU(alpha: 0.6)", lambda: nn.CELU(0.6)), ("SELU()", nn.SELU), ("Mish()", nn.Mish),
        ("Softsign()", nn.Softsign), ("Tanhshrink()", nn.Tanhshrink),
        ("LogSigmoid()", nn.LogSigmoid), ("GLU()", nn.GLU), ("Softmin(axis: 1)", lambda: nn.Softmin(1)),
        ("PReLU()", nn.PReLU),
    ]:
        case(row, make, [x * 4 if row[:5] in ("ReLU6", "Hards") else x])
    case("PReLU(4, slope: 0.1)", lambda: nn.PReLU(4, 0.1), [lines])
    case("Softmax2d()", nn.Softmax2d, [images])
    for name, shape in [("Dropout1d", lines), ("Dropout2d", images), ("Dropout3d", volumes),
                        ("AlphaDropout", x), ("FeatureAlphaDropout", images)]:
        make = lambda: getattr(nn, name)(0.4)
        case(f"{name}(0.4)", make, [shape], seeded=True)
        case(f"{name}(0.4)", make, [shape], eval=True)
    case("Dropout1d(0.4)", lambda: nn.Dropout1d(0.4), [lines[0]], seeded=True)
    case("Unflatten(axis: 1, to: [2, 3])", lambda: nn.Unflatten(1, (2, 3)), [x])
    case("PixelShuffle(2)", lambda: nn.PixelShuffle(2), [images])
    case("PixelUnshuffle(2)", lambda: nn.PixelUnshuffle(2), [images[:, :, :4]])
    case("ChannelShuffle(2)", lambda: nn.ChannelShuffle(2), [images])
    case("Pad(1, axes: 2)", lambda: nn.ZeroPad2d(1), [images])
    case("Pad([(1, 2)], value: 0.5)", lambda: nn.ConstantPad1d((1, 2), 0.5), [lines])
    case("Pad([(1, 2), (2, 0)], mode: .reflect)", lambda: nn.ReflectionPad2d((2, 0, 1, 2)), [images])
    case("Pad(1, axes: 3, mode: .replicate)", lambda: nn.ReplicationPad3d(1), [volumes])
    case("Pad([(2, 3)], mode: .circular)", lambda: nn.CircularPad1d((2, 3)), [lines])
    case("Upsample(by: 2)", lambda: nn.Upsample(scale_factor=2), [images])
    case("Upsample(to: [8, 10], mode: .linear)",
         lambda: nn.Upsample((8, 10), mode="bilinear"), [images])
    case("Upsample(to: [9], mode: .linear, alignedCorners: true)",
         lambda: nn.Upsample(9, mode="linear", align_corners=True), [lines])
    case("LocalResponseNorm(3, alpha: 0.1)", lambda: nn.LocalResponseNorm(3, 0.1), [images])
    case("MaxPool1d(3, stride: 2, padding: 1)", lambda: nn.MaxPool1d(3, 2, 1), [lines])
    case("AvgPool1d(3, stride: 2, padding: 1)", lambda: nn.AvgPool1d(3, 2, 1), [lines])
    case("AdaptiveAvgPool1d(3)", lambda: nn.AdaptiveAvgPool1d(3), [lines])
    case("LPPool1d(2, 3)", lambda: nn.LPPool1d(2, 3), [lines])
    case("LPPool2d(3, [2, 3], stride: 2)", lambda: nn.LPPool2d(3, (2, 3), 2), [images.abs() + 0.1])
    samples = lambda n: ((draw(3, 2, 4, n) + 2) / 4)

    def unsaved(m):
        m._non_persistent_buffers_set.add("_random_samples")
        return m

    case("FractionalMaxPool2d([2, 3], output: [3, 2])",
         lambda: unsaved(nn.FractionalMaxPool2d((2, 3), (3, 2), _random_samples=samples(2))),
         [images])
    case("FractionalMaxPool3d(2, output: [2, 1, 3])",
         lambda: unsaved(
             nn.FractionalMaxPool3d(2, (2, 1, 3), _random_samples=samples(3)[:1])), [volumes])
    case("LPPool3d(2, 2)", lambda: nn.LPPool3d(2, 2), [volumes.abs() + 0.1])
    case("MaxPool3d(2)", lambda: nn.MaxPool3d(2), [volumes])
    case("MaxPool3d([2, 3, 2], stride: [2, 1, 2], padding: 1, ceil: true)",
         lambda: nn.MaxPool3d((2, 3, 2), (2, 1, 2), 1, ceil_mode=True), [volumes])
    case("AvgPool3d(2)", lambda: nn.AvgPool3d(2), [volumes])
    case("AvgPool3d(2, stride: [2, 1, 2], padding: 1, ceil: true, countsPadding: false)",
         lambda: nn.AvgPool3d(2, (2, 1, 2), 1, ceil_mode=True, count_include_pad=False), [volumes])
    case("AdaptiveAvgPool3d([3, 2, 4])", lambda: nn.AdaptiveAvgPool3d((3, 2, 4)), [volumes])
    case("AdaptiveMaxPool1d(3)", lambda: nn.AdaptiveMaxPool1d(3), [lines])
    case("AdaptiveMaxPool2d([2, 4])", lambda: nn.AdaptiveMaxPool2d((2, 4)), [images])
    case("AdaptiveMaxPool3d([3, 2, 4])", lambda: nn.AdaptiveMaxPool3d((3, 2, 4)), [volumes])
    case("Conv3d(4, 3, size: 2)", lambda: nn.Conv3d(4, 3, 2), [volumes])
    case("Conv3d(4, 4, size: [2, 1, 3], stride: [1, 2, 2], padding: [2, 0, 1], dilation: [2, 1, 1], "
         "groups: 2, bias: false)",
         lambda: nn.Conv3d(4, 4, (2, 1, 3), (1, 2, 2), (2, 0, 1), (2, 1, 1), 2, False), [volumes])
    case("ConvTranspose1d(4, 2, size: 3, stride: 2, padding: 1, outputPadding: 1)",
         lambda: nn.ConvTranspose1d(4, 2, 3, 2, 1, 1), [lines])
    case("ConvTranspose3d(4, 2, size: 2)", lambda: nn.ConvTranspose3d(4, 2, 2), [volumes])
    case("ConvTranspose3d(4, 2, size: [3, 2, 2], stride: [2, 1, 2], padding: [1, 0, 1], "
         "outputPadding: [1, 0, 0], dilation: [1, 2, 1], groups: 2)",
         lambda: nn.ConvTranspose3d(4, 2, (3, 2, 2), (2, 1, 2), (1, 0, 1), (1, 0, 0), 2,
                                    dilation=(1, 2, 1)), [volumes])
    case("BatchNorm3d(4)", lambda: nn.BatchNorm3d(4), [volumes])
    case("InstanceNorm1d(4)", lambda: nn.InstanceNorm1d(4), [lines])
    case("InstanceNorm2d(4, affine: true)", lambda: nn.InstanceNorm2d(4, affine=True), [images])
    case("InstanceNorm2d(4, affine: true)", lambda: nn.InstanceNorm2d(4, affine=True), [images[0]])

    def statistics(m):
        with torch.no_grad():
            m.running_mean.copy_(draw(1, 4))
            m.running_var.copy_(draw(2, 4).abs() + 0.3)

    for eval in [False, True]:
        case("InstanceNorm3d(4, momentum: 0.3, trackRunningStats: true)",
             lambda: nn.InstanceNorm3d(4, momentum=0.3, track_running_stats=True), [volumes],
             eval=eval, prepare=statistics)
    one, hidden, cell = draw(7, 3, 5), draw(8, 3, 2), draw(9, 3, 2)
    case("RNNCell(5, 2)", lambda: nn.RNNCell(5, 2), [one, hidden])
    case("RNNCell(5, 2, nonlinearity: .relu, bias: false)",
         lambda: nn.RNNCell(5, 2, False, "relu"), [one])
    case("GRUCell(5, 2)", lambda: nn.GRUCell(5, 2), [one, hidden])
    case("GRUCell(5, 2)", lambda: nn.GRUCell(5, 2), [one[0]])
    case("LSTMCell(5, 2)", lambda: nn.LSTMCell(5, 2), [one, hidden, cell],
         lambda m, x, h, c: m(x, (h, c)))
    case("LSTMCell(5, 2)", lambda: nn.LSTMCell(5, 2), [one])
    case("Bilinear(5, 2, 3)", lambda: nn.Bilinear(5, 2, 3), [one, hidden])
    bags = torch.tensor([[1, 4, 2], [0, 4, 4]])
    for mode in ["sum", "mean", "max"]:
        case(f"EmbeddingBag(5, 4, mode: .{mode})", lambda: nn.EmbeddingBag(5, 4, mode=mode), [bags],
             drawn="close")
    case("EmbeddingBag(5, 4, mode: .sum) weights", lambda: nn.EmbeddingBag(5, 4, mode="sum"),
         [bags, draw(1, 2, 3)], lambda m, x, w: m(x, per_sample_weights=w), drawn="close")
    case("Transformer(4, heads: 2, encoderLayers: 2, decoderLayers: 1, feedForward: 6)",
         lambda: nn.Transformer(4, 2, 2, 1, 6), [draw(8, 5, 2, 4), draw(9, 3, 2, 4)], seeded=True)
    case("Transformer(4, heads: 2, encoderLayers: 1, decoderLayers: 2, feedForward: 6, dropout: 0, "
         "batchFirst: true, normFirst: true) causal",
         lambda: nn.Transformer(4, 2, 1, 2, 6, 0.0, batch_first=True, norm_first=True),
         [draw(8, 2, 5, 4), draw(9, 2, 3, 4)],
         lambda m, s, t: m(s, t, tgt_mask=nn.Transformer.generate_square_subsequent_mask(
             3, dtype=torch.float64), tgt_is_causal=True))
    parametrized_rows(x[:, :4], images)
    packed_rows()


def parametrized_rows(x, images):
    """Weights that are computed from what is trained."""
    weight_norm, spectral_norm = parametrizations.weight_norm, parametrizations.spectral_norm
    case("Linear(4, 3).weightNormed()", lambda: weight_norm(nn.Linear(4, 3)), [x])
    case("Conv2d(4, 3, size: 2).weightNormed(axis: nil)",
         lambda: weight_norm(nn.Conv2d(4, 3, 2), dim=None), [images])
    case("RNN(4, 2).weightNormed(weight_hh_l0, axis: 1)",
         lambda: weight_norm(nn.RNN(4, 2), "weight_hh_l0", 1), [draw(2, 3, 2, 4)])
    for eval in [False, True]:
        case("Linear(4, 3).spectralNormed()", lambda: spectral_norm(nn.Linear(4, 3)), [x],
             eval=eval, drawn="close")
    case("ConvTranspose2d(4, 3, size: 2).spectralNormed(iterations: 2)",
         lambda: spectral_norm(nn.ConvTranspose2d(4, 3, 2), n_power_iterations=2), [images],
         drawn="close")
    case("Linear(4, 3).spectralNormed(bias)", lambda: spectral_norm(nn.Linear(4, 3), "bias"), [x])
    case("Linear(4, 3).spectralNormed().weightNormed()",
         lambda: spectral_norm(weight_norm(nn.Linear(4, 3))), [x], drawn="close")


def packed_rows():
    """Sequences of different lengths."""
    def packed(first):
        def call(m, x, *state):
            state = {0: None, 1: state and state[0]}.get(len(state), state)
            output, state = m(pack_padded_sequence(x, [3, 4, 1, 3], first, False), state)
            return pad_packed_sequence(output, first)[0], state
        return call

    x, state = draw(2, 4, 4, 5), [draw(3, 2, 4, 3), draw(4, 2, 4, 3)]
    case("LSTM(5, 3, bidirectional: true) packed", lambda: nn.LSTM(5, 3, bidirectional=True),
         [x] + state, packed(False))
    case("LSTM(5, 3, layers: 2, batchFirst: true, dropout: 0.4) packed",
         lambda: nn.LSTM(5, 3, 2, batch_first=True, dropout=0.4), [x], packed(True), seeded=True)
    case("LSTM(5, 3, projectionSize: 2) packed", lambda: nn.LSTM(5, 3, proj_size=2), [x],
         packed(False))
    case("GRU(5, 3, bidirectional: true) packed", lambda: nn.GRU(5, 3, bidirectional=True),
         [x, state[0]], packed(False))
    case("RNN(5, 3, layers: 2, nonlinearity: .relu) packed", lambda: nn.RNN(5, 3, 2, "relu"),
         [x], packed(False))


name = (sys.argv[1:] or ["layers"])[0]
for rows in {"images": [image_rows], "stacks": [stack_rows], "more": [more_rows]}.get(
        name, [simple_rows, norm_rows, recurrent_rows, attention_rows]):
    rows()
json.dump({
    "command": f"python Tests/Reference/layers.py{'' if name == 'layers' else ' ' + name} "
               f"> Tests/BlitzNNTests/Reference/{name}.json",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "cases": cases,
}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
