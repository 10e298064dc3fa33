"""Reference results for BlitzNNTests: losses, optimizers and schedules.

Run from the root of the repository:
    python Tests/Reference/training.py Tests/BlitzNNTests/Reference
writes losses.json, optimizers.json, lbfgs.json and schedules.json there.
"""
import inspect
import json
import math
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
HEADER = {
    "command": "python Tests/Reference/training.py Tests/BlitzNNTests/Reference",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
}


def draw(start, shape, scale=1.0, shift=0.0):
    """Numbers that look drawn, the same everywhere."""
    count = math.prod(shape)
    values = [math.sin(1.7 * (start + i) + 0.3) * scale + shift for i in range(count)]
    return torch.tensor(values).reshape(shape)


def text(x):
    return {"shape": list(x.shape), "dtype": str(x.dtype).split(".")[1],
            "values": [repr(float(v)) for v in x.detach().flatten()]}


losses = []


def loss(call, function, *inputs, tracked=1):
    """A call of a loss: its value, and the gradients of the first inputs of its sum."""
    leaves = [x.clone().requires_grad_(i < tracked) for i, x in enumerate(inputs)]
    value = function(*leaves)
    value.sum().backward()
    losses.append({"call": call, "inputs": [text(x) for x in inputs], "value": text(value),
                   "gradients": [text(x.grad) for x in leaves[:tracked]]})


def reductions(call, function, *inputs, tracked=1, names=("mean", "sum", "none")):
    for name in names:
        loss(f"{call} {name}", lambda *x: function(*x, reduction=name), *inputs, tracked=tracked)
    # PyTorch has it for kl_div only.
    loss(f"{call} batchMean",
         lambda *x: function(*x, reduction="sum") / len(inputs[0]), *inputs, tracked=tracked)


p, t = draw(0, [3, 4], 2), draw(30, [3, 4], 2)
t[0, 0] = p[0, 0]  # a kink
reductions("meanSquaredError", F.mse_loss, p, t, tracked=2)
reductions("l1", F.l1_loss, p, t, tracked=2)
reductions("huber", F.huber_loss, p, t, tracked=2)
reductions("huber(delta: 0.3)", lambda a, b, reduction: F.huber_loss(a, b, reduction, 0.3), p, t)
reductions("smoothL1", F.smooth_l1_loss, p, t, tracked=2)
reductions("smoothL1(beta: 0.3)",
           lambda a, b, reduction: F.smooth_l1_loss(a, b, reduction=reduction, beta=0.3), p, t)
rows = {"mean": lambda x: x.mean(), "sum": lambda x: x.sum(), "none": lambda x: x}
reductions("squaredError",
           lambda a, b, reduction: rows[reduction](((a - b) ** 2).sum(1)), p, t, tracked=2)

x = draw(5, [4, 3], 3)
y = torch.tensor([2, 0, 1, 1])
w = torch.tensor([0.5, 2.0, 1.25])
deep, deep_y = draw(9, [2, 3, 2, 2], 3), torch.tensor([[[0, 1], [2, 1]], [[1, 1], [0, 2]]])
q = draw(11, [4, 3], 2).softmax(1)
deep_q = draw(13, [2, 3, 2, 2], 2).softmax(1)
log = x.log_softmax(1)
reductions("crossEntropy", F.cross_entropy, x, y)
reductions("crossEntropy", F.cross_entropy, x * 300, y)
reductions("crossEntropy", F.cross_entropy, deep, deep_y)


def ce(**settings):
    return lambda a, b, *c, reduction: F.cross_entropy(
        a, b, weight=c[0] if c else None, reduction=reduction, **settings)


for data, labels in [(x, y), (deep, deep_y)]:
    reductions("crossEntropy(labelSmoothing: 0.1)", ce(label_smoothing=0.1), data, labels)
    reductions("crossEntropy(classWeights)", ce(), data, labels, w)
    reductions("crossEntropy(ignoredLabel: 1)", ce(ignore_index=1), data, labels)
    reductions("crossEntropy(all)", ce(ignore_index=1, label_smoothing=0.2), data, labels, w)
for data, labels in [(x, q), (deep, deep_q)]:
    reductions("crossEntropy", ce(), data, labels, tracked=2)
    reductions("crossEntropy(labelSmoothing: 0.1)", ce(label_smoothing=0.1), data, labels)
    reductions("crossEntropy(classWeights)", ce(), data, labels, w)
reductions("negativeLogLikelihood", F.nll_loss, log, y)
reductions("negativeLogLikelihood", F.nll_loss, deep, deep_y)
reductions("negativeLogLikelihood(classWeights)",
           lambda a, b, c, reduction: F.nll_loss(a, b, c, reduction=reduction), log, y, w)
reductions("negativeLogLikelihood(ignoredLabel: 1)",
           lambda a, b, reduction: F.nll_loss(a, b, ignore_index=1, reduction=reduction), log, y)

s = draw(17, [2, 3], 0.4, 0.5)
b = torch.tensor([[1.0, 0.0, 1.0], [0.25, 1.0, 0.0]])
edges = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.5, 1e-30]])
edge_t = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.5, 1.0]])
reductions("binaryCrossEntropy(probabilities)", F.binary_cross_entropy, s, b, tracked=2)
reductions("binaryCrossEntropy(probabilities)", F.binary_cross_entropy, edges, edge_t)
z = torch.tensor([[-50.0, 0.0, 800.0], [3.0, -0.5, -800.0]])
reductions("binaryCrossEntropy(logits)", F.binary_cross_entropy_with_logits, z, b)
reductions("binaryCrossEntropy(logits, positiveWeight)",
           lambda a, c, d, reduction: F.binary_cross_entropy_with_logits(
               a, c, pos_weight=d, reduction=reduction), z, b, torch.tensor([3.0, 0.5, 2.0]))
each = torch.tensor([[0.5, 2.0, 1.5], [0.0, 1.0, 3.0]])
reductions("binaryCrossEntropy(probabilities, weights)",
           lambda a, c, d, reduction: F.binary_cross_entropy(a, c, weight=d, reduction=reduction),
           s, b, each)
reductions("binaryCrossEntropy(logits, positiveWeight, weights)",
           lambda a, c, d, e, reduction: F.binary_cross_entropy_with_logits(
               a, c, pos_weight=d, weight=e, reduction=reduction),
           z, b, torch.tensor([3.0, 0.5, 2.0]), each[:, 0:1])
reductions("binaryCrossEntropy(logits, weights)",
           lambda a, c, d, reduction: F.binary_cross_entropy_with_logits(
               a, c, weight=d, reduction=reduction), z, b, each)

deep_in, deep_w, deep_b = draw(51, [4, 5]), draw(57, [3, 5]), draw(63, [3])
reductions("linearCrossEntropy", lambda a, c, d, e, reduction: F.linear_cross_entropy(
    a, c, e, linear_bias=d, reduction=reduction), deep_in, deep_w, deep_b, y, tracked=3)
reductions("linearCrossEntropy(all)", lambda a, c, d, e, reduction: F.linear_cross_entropy(
    a, c, d, weight=e, ignore_index=1, label_smoothing=0.2, reduction=reduction),
           deep_in, deep_w, y, w, tracked=2)

# Six steps of three sequences and four classes; the first has equal neighbours, the second needs
# all its steps, the third has no targets.
spoken = draw(71, [6, 3, 4], 2).log_softmax(2)
words = torch.tensor([[1, 1, 3], [2, 3, 0], [0, 0, 0]])
row = torch.tensor([1, 1, 3, 2, 3])


def ctc(call, function, *inputs):
    for name in ["mean", "sum", "none"]:
        loss(f"{call} {name}", lambda *v: function(*v, name), *inputs)
    loss(f"{call} batchMean", lambda *v: function(*v, "sum") / 3, *inputs)


ctc("ctc", lambda a, c, r: F.ctc_loss(a, c, (6, 2, 4), (3, 2, 0), reduction=r), spoken, words)
ctc("ctc(in a row)", lambda a, c, r: F.ctc_loss(
    a, c, (5, 6, 1), (3, 2, 0), reduction=r), spoken, row)
ctc("ctc(blank: 3, zeroInfinity: true)", lambda a, c, r: F.ctc_loss(
    a, c, (6, 2, 3), (3, 2, 0), blank=3, zero_infinity=True, reduction=r), spoken,
    torch.tensor([[1, 0, 2], [2, 2, 1], [0, 0, 0]]))
loss("ctc none", lambda a, c: F.ctc_loss(a, c, (6,), (2,), reduction="none"), spoken[:, 0],
     torch.tensor([1, 2]))

zeros = torch.tensor([[0.0, 0.25, 0.75], [1.0, 0.0, 0.0]])
logs = draw(21, [2, 3], 2).log_softmax(1)
for kind in ["mean", "batchmean", "sum", "none"]:
    name = "batchMean" if kind == "batchmean" else kind
    loss(f"klDivergence {name}", lambda a, c: F.kl_div(a, c, reduction=kind), logs, zeros)
    loss(f"klDivergence(logTargets: true) {name}",
         lambda a, c: F.kl_div(a, c, reduction=kind, log_target=True),
         logs, draw(23, [2, 3], 2).log_softmax(1), tracked=2)
reductions("multiClassHinge", F.multi_margin_loss, x, y)
reductions("multiClassHinge(margin: 0.5)",
           lambda a, c, reduction: F.multi_margin_loss(a, c, margin=0.5, reduction=reduction), x, y)
reductions("multiClassHinge(p: 2, classWeights)",
           lambda a, c, d, reduction: F.multi_margin_loss(
               a, c, p=2, margin=0.7, weight=d, reduction=reduction), x, y, w)
several = torch.tensor([[1, -1, 0], [0, 2, -1], [-1, 0, 1], [2, 1, 0]])
reductions("multiLabelMargin", F.multilabel_margin_loss, x, several)
sign = torch.tensor([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
reductions("hinge", lambda a, c, reduction: rows[reduction]((1 - a * c).relu()),
           draw(25, [2, 3], 2), sign)
u, v = draw(27, [4, 3]), draw(41, [4, 3])
pair = torch.tensor([1, -1, -1, 1])
reductions("cosineEmbedding", F.cosine_embedding_loss, u, v, pair, tracked=2)
reductions("cosineEmbedding(margin: 0.2)",
           lambda a, c, d, reduction: F.cosine_embedding_loss(
               a, c, d, margin=0.2, reduction=reduction), u, v, pair, tracked=2)
loss("cosineSimilarity none", F.cosine_similarity, u, v, tracked=2)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch has none."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for weight in group["params"]:
                m = self.state[weight].setdefault("exp_avg", torch.zeros_like(weight))
                update = (b1 * m + (1 - b1) * weight.grad).sign()
                weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * update)
                m.mul_(b2).add_(weight.grad, alpha=1 - b2)


O = torch.optim
optimizers = []


def network():
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    for index, weight in enumerate(net.parameters()):
        weight.data = draw(7 * index, list(weight.shape), 0.8)
    return net


def optimizer(name, make, updates=5, clip=None, groups=None, dtype=torch.float64):
    net = network().to(dtype)
    data, target = draw(50, [6, 3]).to(dtype), draw(70, [6, 2]).to(dtype)
    used = make(groups(net) if groups else net.parameters())
    steps = []
    for _ in range(updates):
        used.zero_grad()
        value = F.mse_loss(net(data), target)
        value.backward()
        if clip:
            clip(net.parameters())
        used.step()
        steps.append({"loss": repr(value.item()),
                      "weights": [text(w) for w in net.parameters()]})
    state = {}
    for (path, weight) in net.named_parameters():
        for key, kept in used.state.get(weight, {}).items():
            # Single numbers follow from the number of the step.
            if kept is not None and key not in ("step", "mu_product", "eta", "mu"):
                state[f"{path}.{key}"] = text(kept)
    optimizers.append({"name": name, "dtype": str(dtype).split(".")[1], "steps": steps,
                       "state": state})


optimizer("SGD", lambda p: O.SGD(p, lr=0.1))
optimizer("SGD momentum", lambda p: O.SGD(p, lr=0.1, momentum=0.9))
optimizer("SGD dampening", lambda p: O.SGD(p, lr=0.1, momentum=0.9, dampening=0.3))
optimizer("SGD nesterov",
          lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01))
optimizer("SGD decay", lambda p: O.SGD(p, lr=0.1, weight_decay=0.1))
optimizer("Adam", lambda p: O.Adam(p, lr=0.01))
optimizer("Adam", lambda p: O.Adam(p, lr=0.01), dtype=torch.float32)
optimizer("Adam all", lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1,
                                       amsgrad=True))
optimizer("AdamW", lambda p: O.AdamW(p, lr=0.01))
optimizer("AdamW all", lambda p: O.AdamW(p, lr=0.01, weight_decay=0.3, amsgrad=True))
optimizer("RMSprop", lambda p: O.RMSprop(p, lr=0.01))
optimizer("RMSprop momentum", lambda p: O.RMSprop(p, lr=0.01, momentum=0.9, weight_decay=0.1))
optimizer("RMSprop centered", lambda p: O.RMSprop(p, lr=0.01, centered=True))
optimizer("RMSprop all", lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5, centered=True))
optimizer("Adagrad", lambda p: O.Adagrad(p, lr=0.1))
optimizer("Adagrad all", lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.1,
                                             initial_accumulator_value=0.5))
optimizer("Adadelta", lambda p: O.Adadelta(p))
optimizer("Adadelta all", lambda p: O.Adadelta(p, lr=0.5, rho=0.8, weight_decay=0.1))
optimizer("Lion", lambda p: Lion(p, lr=0.01))
optimizer("Lion decay", lambda p: Lion(p, lr=0.01, weight_decay=0.5))
optimizer("AdamW groups", lambda p: O.AdamW(p, lr=0.01, weight_decay=0.0),
          groups=lambda net: [{"params": net[0].parameters(), "weight_decay": 0.2},
                              {"params": net[2].parameters(), "lr": 0.1}])
optimizer("clip norm", lambda p: O.SGD(p, lr=0.1, momentum=0.9),
          clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.05))
optimizer("clip norm loose", lambda p: O.SGD(p, lr=0.1, momentum=0.9),
          clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 100.0))
optimizer("clip value", lambda p: O.Adam(p, lr=0.1),
          clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.02))
optimizer("SGD maximize", lambda p: O.SGD(p, lr=0.1, weight_decay=0.1, maximize=True))
optimizer("NAdam", lambda p: O.NAdam(p, lr=0.01))
optimizer("NAdam all", lambda p: O.NAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1,
                                         momentum_decay=0.3))
optimizer("NAdam decoupled", lambda p: O.NAdam(p, lr=0.01, weight_decay=0.3,
                                               decoupled_weight_decay=True, maximize=True))
optimizer("RAdam", lambda p: O.RAdam(p, lr=0.01), updates=8)
optimizer("RAdam all", lambda p: O.RAdam(p, lr=0.01, betas=(0.8, 0.9), eps=1e-6, weight_decay=0.1),
          updates=8)
optimizer("RAdam decoupled", lambda p: O.RAdam(p, lr=0.01, weight_decay=0.3,
                                               decoupled_weight_decay=True))
optimizer("Adamax", lambda p: O.Adamax(p, lr=0.01))
optimizer("Adamax all", lambda p: O.Adamax(p, lr=0.01, betas=(0.8, 0.9), eps=1e-6,
                                           weight_decay=0.1))
optimizer("Rprop", lambda p: O.Rprop(p, lr=0.05), updates=8)
optimizer("Rprop all", lambda p: O.Rprop(p, lr=0.2, etas=(0.3, 1.5), step_sizes=(0.1, 0.5)),
          updates=8)
optimizer("ASGD", lambda p: O.ASGD(p, lr=0.1))
optimizer("ASGD all", lambda p: O.ASGD(p, lr=0.1, lambd=0.2, alpha=0.5, t0=2, weight_decay=0.1))
optimizer("Adafactor", lambda p: O.Adafactor(p, lr=0.1))
optimizer("Adafactor all", lambda p: O.Adafactor(
    p, lr=0.5, beta2_decay=-0.5, eps=(1e-3, 0.05), d=1.5, weight_decay=0.1))

# Muon's iteration in the weights' dtype instead of bfloat16, so that it can be compared.
muon = O._muon
exec(inspect.getsource(muon._zeropower_via_newtonschulz).replace("torch.bfloat16", "grad.dtype"),
     muon.__dict__)
matrices = lambda net: [w for w in net.parameters() if w.ndim == 2]
optimizer("Muon", lambda p: O.Muon(p, lr=0.05), groups=matrices)
optimizer("Muon all", lambda p: O.Muon(p, lr=0.05, weight_decay=0.5, momentum=0.8, nesterov=False,
                                       ns_steps=3, adjust_lr_fn="match_rms_adamw"),
          groups=matrices)

lbfgs = []


def limited(name, count=3, **settings):
    net, data, target = network(), draw(50, [6, 3]), draw(70, [6, 2])
    used = O.LBFGS(net.parameters(), **settings)

    def closure():
        used.zero_grad()
        value = F.mse_loss(net(data), target)
        value.backward()
        return value

    steps = [{"loss": repr(used.step(closure).item()),
              "weights": [text(w) for w in net.parameters()]} for _ in range(count)]
    kept = used.state[next(net.parameters())]
    lbfgs.append({"name": name, "steps": steps, "iterations": kept["n_iter"],
                  "evaluations": kept["func_evals"]})


limited("LBFGS", lr=0.3, max_iter=4)
limited("LBFGS history", lr=0.3, max_iter=6, history_size=2)
limited("LBFGS strongWolfe", max_iter=5, line_search_fn="strong_wolfe")
limited("LBFGS strongWolfe long", lr=3, max_iter=12, max_eval=40, history_size=3,
        line_search_fn="strong_wolfe")

S = O.lr_scheduler
schedules = []


def schedule(name, make, base=0.2, count=40, figures=None, cycles=False):
    weight = torch.nn.Parameter(torch.zeros(1))
    used = O.SGD([weight], lr=base, momentum=0.9)
    scheduler = make(used)
    rates = [used.param_groups[0]["lr"]]
    momenta = [used.param_groups[0]["momentum"]]
    for index in range(count - 1):
        used.step()
        if figures is None:
            scheduler.step()
        else:
            scheduler.step(figures[index])
        rates.append(used.param_groups[0]["lr"])
        momenta.append(used.param_groups[0]["momentum"])
    case = {"name": name, "base": base, "rates": [repr(r) for r in rates]}
    if cycles:
        case["momenta"] = [repr(m) for m in momenta]
    if figures is not None:
        case["figures"] = figures[:count - 1]
    schedules.append(case)


schedule("constant", lambda o: S.LambdaLR(o, lambda _: 1.0), count=3)
schedule("step", lambda o: S.StepLR(o, 7, gamma=0.5))
schedule("multiStep", lambda o: S.MultiStepLR(o, [3, 10, 11], gamma=0.3))
schedule("exponential", lambda o: S.ExponentialLR(o, 0.9))
schedule("cosine", lambda o: S.CosineAnnealingLR(o, 15, eta_min=0.02))
schedule("warmUp", lambda o: S.LinearLR(o, start_factor=0.1, total_iters=6))
schedule("warmUp default", lambda o: S.LinearLR(o))
schedule("oneCycle", lambda o: S.OneCycleLR(o, 0.2, total_steps=40, cycle_momentum=False))
schedule("oneCycle all", lambda o: S.OneCycleLR(
    o, 0.2, total_steps=40, pct_start=0.5, div_factor=10, final_div_factor=100,
    cycle_momentum=False))
schedule("warmUp then cosine", lambda o: S.SequentialLR(
    o, [S.LinearLR(o, start_factor=0.1, total_iters=6), S.CosineAnnealingLR(o, 34)], [6]))
schedule("three", lambda o: S.SequentialLR(
    o, [S.LinearLR(o, start_factor=0.5, total_iters=4), S.CosineAnnealingLR(o, 10, eta_min=0.1),
        S.ExponentialLR(o, 0.8)], [4, 14]))
schedule("held", lambda o: S.ConstantLR(o))
schedule("held all", lambda o: S.ConstantLR(o, factor=0.7, total_iters=11))
schedule("polynomial", lambda o: S.PolynomialLR(o))
schedule("polynomial square", lambda o: S.PolynomialLR(o, 30, power=2))
schedule("warmRestarts", lambda o: S.CosineAnnealingWarmRestarts(o, 7))
schedule("warmRestarts all", lambda o: S.CosineAnnealingWarmRestarts(o, 3, 2, eta_min=0.02))
schedule("cyclic", lambda o: S.CyclicLR(o, 0.2, 0.9, step_size_up=6), cycles=True)
schedule("cyclic halving", lambda o: S.CyclicLR(
    o, 0.2, 0.9, step_size_up=3, step_size_down=8, mode="triangular2", base_momentum=0.5),
         cycles=True)
schedule("cyclic falling", lambda o: S.CyclicLR(
    o, 0.2, 0.9, step_size_up=6, mode="exp_range", gamma=0.95), cycles=True)
schedule("oneCycle momentum", lambda o: S.OneCycleLR(o, 0.2, total_steps=40), cycles=True)
schedule("chained", lambda o: S.ChainedScheduler(
    [S.ConstantLR(o, 0.1, total_iters=4), S.ExponentialLR(o, 0.9), S.CosineAnnealingLR(o, 50)]))
schedule("lambda", lambda o: S.LambdaLR(o, lambda epoch: 1 / (1 + epoch)))
schedule("multiplicative", lambda o: S.MultiplicativeLR(o, lambda epoch: 0.9 + 0.01 * (epoch % 3)))
wave = [1.0 / (1 + i) + (0.3 if i % 3 == 0 else 0) for i in range(12)] + [0.1 + 0.01 * (i % 4)
                                                                        for i in range(30)]
schedule("plateau", lambda o: S.ReduceLROnPlateau(o, patience=2, factor=0.5), figures=wave)
schedule("plateau cooldown", lambda o: S.ReduceLROnPlateau(
    o, patience=1, factor=0.5, cooldown=3, min_lr=0.03, threshold=0.01), figures=wave)
schedule("plateau greater", lambda o: S.ReduceLROnPlateau(
    o, mode="max", patience=2), figures=[v / 2 for v in wave])

for name, cases in [("losses", losses), ("optimizers", optimizers), ("lbfgs", lbfgs),
                    ("schedules", schedules)]:
    with open(f"{sys.argv[1]}/{name}.json", "w", encoding="utf-8") as file:
        json.dump({**HEADER, "cases": cases}, file, separators=(",", ":"))
        file.write("\n")
