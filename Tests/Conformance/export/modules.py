"""Writes the samples with which PyTorch tests its modules, and what it computes of them.

Of each module, dtype and mode: arguments of the constructor and of the call, the state before, the
results, the buffers after, and the gradients of sum(result * fixed weights) of inputs and
parameters. Of bad input (`module errors`): which of the two refuses it, with what type.

    modules.py --out FOLDER [--only NAME,...]        adds to the index that is there
"""
import argparse
import inspect
import json
import os
import warnings
import zlib

warnings.filterwarnings("ignore")
import torch
from safetensors.torch import save_file
from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

from ops import Skip, Writer, add_to_index, fresh, is_float, outs_of, tensors_in, weights_for
from part import names_in


class ModuleWriter(Writer):
    kind = "samples"

    def value(self, v):
        if isinstance(v, torch.nn.TransformerEncoderLayer):
            return self.value({
                "d_model": v.linear1.in_features, "nhead": v.self_attn.num_heads,
                "dim_feedforward": v.linear1.out_features, "dropout": v.dropout.p,
                "activation": getattr(v.activation, "__name__", type(v.activation).__name__),
                "layer_norm_eps": v.norm1.eps, "batch_first": v.self_attn.batch_first,
                "norm_first": v.norm_first, "bias": v.linear1.bias is not None})
        if isinstance(v, torch.nn.Module):
            return {"u": "module " + type(v).__name__}
        if callable(v) and not isinstance(v, (torch.Tensor, type)):
            return {"s": "function " + getattr(v, "__name__", type(v).__name__)}
        return super().value(v)

    def call(self, args, kwargs):
        return [self.value(a) for a in args], {k: self.value(v) for k, v in kwargs.items()}


def made(info, built, dtype, training, args, kwargs):
    """The module, its weights and statistics at random places, far from their first values."""
    module = info.module_cls(*built[0], **built[1]).to(dtype)
    module.train(training)
    lazy = torch.nn.parameter.UninitializedParameter
    if any(isinstance(p, lazy) for p in module.parameters()):
        with torch.no_grad():
            module(*args, **kwargs)
    with torch.no_grad():
        for p in module.parameters():
            if p.numel():
                p.copy_(torch.rand_like(p) - 0.5)
        for name, b in module.named_buffers():
            if "running_var" in name:
                b.copy_(torch.rand_like(b) + 0.5)
            elif "running_mean" in name:
                b.copy_(torch.rand_like(b) - 0.5)
    return module


def sample(w, info, made_of, i, dtype, training, uid):
    torch.manual_seed(i)
    built = fresh((tuple(made_of.constructor_input.args), dict(made_of.constructor_input.kwargs)))
    args, kwargs = fresh((tuple(made_of.forward_input.args), dict(made_of.forward_input.kwargs)))
    module = made(info, built, dtype, training, args, kwargs)
    row = {"i": i}
    row["made"], row["madeBy"] = w.call(*built)
    row["args"], row["kw"] = w.call(args, kwargs)
    row["in"] = row["args"].pop(0) if row["args"] else {"n": 1}
    row["state"] = {k: w.value(v.detach().clone()) for k, v in module.state_dict().items()}
    torch.manual_seed(1)
    outs = outs_of(module(*args, **kwargs))
    weights, terms = [], []
    seed = zlib.crc32(f"{uid}{i}".encode()) & 0x7FFFFFFF
    for k, o in enumerate(outs):
        if isinstance(o, torch.Tensor) and is_float(o) and o.requires_grad:
            weights.append(weights_for(o, seed + k))
            terms.append((o * weights[-1]).sum())
        else:
            weights.append(None)
    w.ids = {}
    row["out"] = [w.value(o) for o in outs]
    row["buffers"] = {k: w.value(v.detach().clone()) for k, v in module.named_buffers()}
    row["w"] = [w.value(x) for x in weights]
    names = []
    for part in (row["in"], row["args"], row["kw"]):
        names_in(part, names)
    flat = tensors_in((args, kwargs))
    leaves = [(n, t) for n, t in zip(names, flat) if t.requires_grad and n]
    parameters = list(module.named_parameters())
    if terms and (leaves or parameters):
        found = torch.autograd.grad(
            sum(terms), [t for _, t in leaves + parameters], allow_unused=True)
        row["wrt"] = [n for n, _ in leaves]
        row["grads"] = [w.value(g) for g in found[:len(leaves)]]
        row["slopes"] = {n: w.value(g) for (n, _), g in zip(parameters, found[len(leaves):])}
    return row


def unit(folder, info, dtype, training):
    uid = f"{info.name}.{str(dtype)[6:]}.{'train' if training else 'eval'}"
    w, rows = ModuleWriter(), []
    torch.manual_seed(0)
    inputs = info.module_inputs_func(
        info, device="cpu", dtype=dtype, requires_grad=True, training=training)
    for i, made_of in enumerate(inputs):
        if made_of.forward_input is None:
            continue
        before = set(w.tensors)
        w.begin(str(i))
        try:
            rows.append(sample(w, info, made_of, i, dtype, training, uid))
        except Exception as error:
            if not isinstance(error, Skip):
                print(uid, i, type(error).__name__, str(error)[:80])
            for name in set(w.tensors) - before:
                del w.tensors[name]
    return saved(folder, uid, w, rows, info, dtype, "modules", training)


def errors(folder, info, dtype):
    uid = f"{info.name}.{str(dtype)[6:]}.errors"
    w, rows = ModuleWriter(), []
    inputs = info.module_error_inputs_func(
        info, device="cpu", dtype=dtype, requires_grad=False, training=True)
    for i, wrong in enumerate(inputs):
        w.begin(str(i))
        made_of = wrong.module_error_input
        row = {"i": i, "out": [], "w": []}
        built = (made_of.constructor_input.args, made_of.constructor_input.kwargs)
        row["made"], row["madeBy"] = w.call(*built)
        row["args"], row["kw"] = [], {}
        if wrong.error_on == ModuleErrorEnum.FORWARD_ERROR:
            row["args"], row["kw"] = w.call(
                made_of.forward_input.args, made_of.forward_input.kwargs)
        row["in"] = row["args"].pop(0) if row["args"] else {"n": 1}
        row["regex"] = str(wrong.error_regex)[:200]
        rows.append(row)
    return saved(folder, uid, w, rows, info, dtype, "module errors", True)


def saved(folder, uid, w, rows, info, dtype, kind, training):
    if not rows:
        return None
    tensors = {k: v.contiguous() for k, v in w.tensors.items()} or {"none": torch.zeros(1)}
    save_file(tensors, f"{folder}/{uid}.safetensors")
    json.dump(rows, open(f"{folder}/{uid}.json", "w"))
    return {"unit": uid, "op": info.name, "dtype": str(dtype)[6:], "kind": kind,
            "training": training, "count": len(rows)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--only")
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    only = set(a.only.split(",")) if a.only else None
    with open(f"{a.out}/modules.txt", "w") as names:
        names.write("\n".join(sorted(info.name for info in module_db)) + "\n")
    rows = []
    for info in module_db:
        if only is not None and info.name not in only:
            continue
        for dtype in (torch.float32, torch.float64):
            for training in (True, False):
                try:
                    rows.append(unit(a.out, info, dtype, training))
                except Exception as error:
                    print("!!", info.name, type(error).__name__, str(error)[:150])
        if info.module_error_inputs_func is not None:
            rows.append(errors(a.out, info, torch.float32))
    add_to_index(a.out, [r for r in rows if r])
    rows = [r for r in rows if r]
    print(len(rows), "units", sum(r["count"] for r in rows), "samples of modules")


if __name__ == "__main__":
    main()
