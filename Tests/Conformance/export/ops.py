"""Writes the samples with which PyTorch tests its operators, and what it computes of them.

For each operator, its variant and a dtype: inputs, arguments, results and the gradients of
sum(result * fixed weights) with respect to each differentiable input. One safetensors file and one
JSON file for each, an index, and a list of all names. Written with torch 2.15.0; needs expecttest.

    ops.py --out FOLDER [--only NAME,...] [--kinds samples,reference,second,errors]
           [--dtypes float32,float64,int64,bool]
"""
import argparse, json, math, os, re, sys, time, warnings, zlib
warnings.filterwarnings('ignore')
import torch
from torch.utils._pytree import tree_flatten, tree_map
from safetensors.torch import save_file
from torch.testing._internal.common_methods_invocations import op_db

DATA = ''  # where the files go: --out
OK = {torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool, torch.float16, torch.bfloat16}
PAIRS = {torch.complex64, torch.complex128}
MOST = {"second": 20_000, "samples": 300_000, "reference": 5_000, "errors": 300_000}

class Skip(Exception): pass

def add_to_index(folder, units):
    """Adds units to a folder's index, in the place of older ones of their names; answers all."""
    path = f'{folder}/index.json'
    known = {r['unit']: r for r in json.load(open(path))} if os.path.exists(path) else {}
    known.update({r['unit']: r for r in units})
    index = sorted(known.values(), key=lambda r: r['unit'])
    json.dump(index, open(path, 'w'), indent=0)
    return index

# Eigenvectors and their kin are given but for their signs. PyTorch's samples say what it compares of
# them; the row is told the function's name.
UP_TO_SIGNS = {"linalg.eig", "linalg.eigh", "linalg.svd", "svd", "svd_lowrank", "pca_lowrank"}

def processed(op, s):
    """The operator, and behind it what the sample makes of the result; and that function's name."""
    process = s.output_process_fn_grad
    return (lambda *a, **k: process(op(*a, **k))), getattr(process, '__name__', '')

class Writer:
    def __init__(self): self.tensors = {}; self.ids = {}
    def begin(self, prefix): self.prefix = prefix; self.n = 0; self.ids = {}; self.keep = []
    def tensor(self, t):
        if id(t) in self.ids: return {'Z' if t.dtype in PAIRS else 'T': self.ids[id(t)]}
        if t.layout != torch.strided: return {'u': f'{t.layout} tensor'}
        if t.dtype in PAIRS:   # stored as pairs of reals
            real = torch.view_as_real(t.detach().resolve_conj().resolve_neg())
            stored = self.tensor(real)
            if 'T' not in stored: return stored
            self.ids[id(t)] = stored['T']; self.keep.append(t)
            return {'Z': stored['T']}
        if t.dtype not in OK: return {'u': f'{str(t.dtype)[6:]} tensor'}
        if t.dim() > 16: return {'u': f'rank {t.dim()} tensor'}
        if t.numel() > MOST[self.kind]: raise Skip('large')
        name = f'{self.prefix}.{self.n}'; self.n += 1
        self.tensors[name] = t.detach().clone(memory_format=torch.contiguous_format).contiguous()
        self.ids[id(t)] = name; self.keep.append(t)
        return {'T': name}
    def value(self, v):
        if isinstance(v, torch.Tensor): return self.tensor(v)
        if v is None: return {'n': 1}
        if isinstance(v, bool): return {'b': int(v)}
        if isinstance(v, (int,)) : return {'i': int(v)} if abs(v) < 2**63 else {'u': 'big int'}
        if isinstance(v, float): return {'f': v if math.isfinite(v) else repr(v)}
        if isinstance(v, complex): return {'c': [v.real, v.imag]} if math.isfinite(v.real) and math.isfinite(v.imag) else {'u': 'complex number'}
        if isinstance(v, str): return {'s': v}
        if isinstance(v, torch.dtype): return {'d': str(v)[6:]}
        if isinstance(v, slice): return {'sl': [self.value(v.start), self.value(v.stop), self.value(v.step)]}
        if v is Ellipsis: return {'e': 1}
        if isinstance(v, list): return {'l': [self.value(x) for x in v]}
        if isinstance(v, (tuple, torch.Size)): return {'l': [self.value(x) for x in v], 't': 1}
        if isinstance(v, dict): return {'m': {str(k): self.value(x) for k, x in v.items()}}
        if hasattr(v, 'item') and hasattr(v, 'dtype'):   # numpy scalar
            return self.value(v.item())
        return {'u': type(v).__name__ + ' ' + repr(v)[:60]}

def tensors_in(tree):
    flat, _ = tree_flatten(tree)
    return [t for t in flat if isinstance(t, torch.Tensor)]

def pairs(t): return torch.view_as_real(t.resolve_conj()) if t.is_complex() else t

def weights_for(t, seed):
    t = pairs(t)
    g = torch.Generator().manual_seed(seed)
    return (torch.rand(t.shape, generator=g, dtype=torch.float64) * 2 - 1).to(t.dtype)

def is_float(t): return t.dtype in PAIRS or t.dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16)

def outs_of(result):
    if isinstance(result, torch.Tensor): return [result]
    if isinstance(result, (list, tuple)):
        r = []
        for x in result:
            if isinstance(x, torch.Tensor): r.append(x)
            elif isinstance(x, (list, tuple)): r += outs_of(x)
            else: r.append(x)
        return r
    return [result]

def run(fn, inp, args, kwargs, seed, want_grad):
    res = fn(inp, *args, **kwargs)
    outs = outs_of(res)
    wrt = []
    seen = set()
    for t in tensors_in((inp, args, kwargs)):
        if t.requires_grad and t.is_leaf is not None and id(t) not in seen and is_float(t):
            seen.add(id(t)); wrt.append(t)
    ws, terms = [], []
    for k, o in enumerate(outs):
        if want_grad and isinstance(o, torch.Tensor) and is_float(o) and o.requires_grad:
            w = weights_for(o, seed + k); ws.append(w); terms.append((pairs(o) * w).sum())
        else: ws.append(None)
    grads = None
    if terms and wrt:
        grads = torch.autograd.grad(sum(t.to(terms[0].dtype) for t in terms), wrt, allow_unused=True)
    return outs, ws, wrt, grads

def slug(name, variant): return re.sub(r'[^A-Za-z0-9_.]', '_', name + ('~' + variant if variant else '')).replace('~', '-')

def transform(tree, f): return tree_map(lambda t: f(t) if isinstance(t, torch.Tensor) else t, tree)

def fresh(tree):
    """Leaves of the same values, so that one run does not disturb another."""
    memo = {}
    def f(t):
        if id(t) in memo: return memo[id(t)][1]
        r = t.requires_grad
        n = t.detach().clone()
        if r: n.requires_grad_(True)
        memo[id(t)] = (t, n)
        return n
    return transform(tree, f)

def export_unit(op, dtype, kind, fn=None, most=None):
    uid = slug(op.name, op.variant_test_name) + '.' + str(dtype)[6:] + ('' if kind == 'samples' else '.' + kind)
    w = Writer(); w.kind = kind; rows = []; left = {'large': 0, 'torch error': 0}
    torch.manual_seed(0)
    import random, numpy as np
    random.seed(0); np.random.seed(0)
    grad = op.supports_autograd and is_float(torch.empty(0, dtype=dtype))
    if kind in ('samples', 'second', 'large'): it = op.sample_inputs('cpu', dtype, requires_grad=grad)
    elif kind == 'reference': it = op.reference_inputs('cpu', dtype, requires_grad=grad)
    else: it = op.error_inputs('cpu')
    i = -1
    def safe(it):
        it = iter(it)
        while True:
            try: yield next(it)
            except StopIteration: return
            except ValueError as e:   # PyTorch's own generators ask for gradients of integers in places
                left[str(e)[:60]] = 1; return
    for s in safe(it):
        i += 1
        if most and i >= most: left['over the limit'] = left.get('over the limit', 0) + 1; continue
        err = None
        if kind == 'errors':
            err = s; s = s.sample_input
            if not hasattr(s, 'input'): continue
        inp, args, kwargs = fresh((s.input, tuple(s.args), dict(s.kwargs)))
        n0 = len(w.tensors)
        w.begin(str(i))
        try:
            row = {'i': i}
            row['in'] = w.value(inp); row['args'] = [w.value(a) for a in args]; row['kw'] = {k: w.value(v) for k, v in kwargs.items()}
        except Skip as e:
            for k in list(w.tensors)[n0:]: del w.tensors[k]
            left[str(e)] += 1; continue
        call = fn or op
        if op.name in UP_TO_SIGNS and kind != 'errors':
            call, name = processed(op, s)
            row['kw']['process'] = {'s': name}
        if op.name == 'linalg.lstsq' and op.variant_test_name:
            row['kw']['variant'] = {'s': op.variant_test_name}
        seed = zlib.crc32(f'{uid}{i}'.encode()) & 0x7fffffff
        call_in = (inp, args, kwargs)
        if kind == 'errors':
            row['type'] = getattr(err.error_type, '__name__', str(err.error_type)); row['regex'] = str(err.error_regex)[:300]
            try:
                op(*[inp], *args, **kwargs); row['torch'] = 'no error'
            except Exception as e: row['torch'] = str(e).split('\n')[0][:200]
            row['out'] = []; row['w'] = []
            rows.append(row); continue
        try:
            torch.manual_seed(1)
            outs, ws, wrt, grads = run(call, inp, args, kwargs, seed, grad)
        except Exception as e:
            left['torch error'] += 1
            for k in list(w.tensors)[n0:]: del w.tensors[k]
            continue
        try:
            # Results that are the input itself (views, in-place) get tensors of their own.
            w.ids = {k: v for k, v in w.ids.items() if False}
            row['out'] = [w.value(o) for o in outs]
            row['w'] = [w.value(x) for x in ws]
            if grads is not None:
                names = []
                # names of the inputs, by their order of appearance
                flat = tensors_in((inp, args, kwargs))
                vals, _ = [], None
                def names_in(v, acc):
                    if isinstance(v, dict):
                        if 'T' in v or 'Z' in v: acc.append(v.get('T', v.get('Z')))
                        elif 'u' in v and 'tensor' in v['u']: acc.append(None)
                        else:
                            for x in v.values(): names_in(x, acc)
                    elif isinstance(v, list):
                        for x in v: names_in(x, acc)
                acc = []
                names_in(row['in'], acc); names_in(row['args'], acc); names_in(row['kw'], acc)
                lookup = {id(t): n for t, n in zip(flat, acc)}
                row['wrt'] = [lookup.get(id(t)) for t in wrt]
                row['grads'] = [w.value(g) for g in grads]
                if kind == 'second':
                    # Gradients of sum(gradients * other weights): a run of its own, with a graph of the gradients.
                    torch.manual_seed(1)
                    o2 = outs_of(call(inp, *args, **kwargs))
                    loss = sum((o * x).sum() for o, x in zip(o2, ws) if x is not None)
                    g1 = torch.autograd.grad(loss, wrt, create_graph=True, allow_unused=True)
                    w2 = [weights_for(g, seed + 100 + k) if g is not None and g.requires_grad else None for k, g in enumerate(g1)]
                    terms2 = [(g * x).sum() for g, x in zip(g1, w2) if x is not None]
                    row['w2'] = [w.value(x) for x in w2]
                    if terms2:
                        g2 = torch.autograd.grad(sum(terms2), wrt, allow_unused=True)
                        row['grads2'] = [w.value(g) for g in g2]
            if dtype in (torch.float32, torch.complex64):
                def up(t):
                    r = t.requires_grad
                    n = t.detach().to({torch.float32: torch.float64, torch.complex64: torch.complex128}.get(t.dtype, t.dtype), copy=True)
                    return n.requires_grad_(True) if r else n
                try:
                    memo = {}
                    def upm(t):
                        if id(t) not in memo: memo[id(t)] = (t, up(t))
                        return memo[id(t)][1]
                    i64, a64, k64 = transform((inp, args, kwargs), upm)
                    torch.manual_seed(1)
                    if any(v is torch.float32 or v is torch.complex64 for v in list(a64) + list(k64.values())): raise Skip('dtype argument')
                    o64, w64, _, g64 = run(call, i64, a64, k64, seed, grad)
                    # the float32 weights, so that both answer the same question
                    if grads is not None:
                        terms = [(pairs(o) * x.double()).sum() for o, x in zip(o64, ws) if x is not None]
                        res = call(i64, *a64, **k64); o64 = outs_of(res)
                        terms = [(pairs(o) * x.double()).sum() for o, x in zip(o64, ws) if x is not None]
                        flat64 = [memo[id(t)][1] for t in wrt]
                        g64 = torch.autograd.grad(sum(terms), flat64, allow_unused=True)
                        row['grads64'] = [w.value(g) for g in g64]
                    row['out64'] = [w.value(o) if isinstance(o, torch.Tensor) and o.dtype in (torch.float64, torch.complex128) else {'n': 1} for o in o64]
                except Exception: pass
            row['req'] = [bool(isinstance(o, torch.Tensor) and o.requires_grad) for o in outs]
        except Skip as e:
            for k in list(w.tensors)[n0:]: del w.tensors[k]
            left[str(e)] = left.get(str(e), 0) + 1; continue
        rows.append(row)
    if not rows: return None
    save_file(w.tensors or {'empty': torch.zeros(1)}, os.path.join(DATA, uid + '.safetensors'))
    json.dump(rows, open(os.path.join(DATA, uid + '.json'), 'w'))
    return {'unit': uid, 'op': op.name, 'variant': op.variant_test_name, 'dtype': str(dtype)[6:], 'kind': kind, 'count': len(rows), 'left': {k: v for k, v in left.items() if v}}

def main():
    global DATA
    p = argparse.ArgumentParser()
    p.add_argument('--out', required=True)
    p.add_argument('--only'); p.add_argument('--skip', default='')
    p.add_argument('--kinds', default='samples'); p.add_argument('--dtypes', default='float32,float64,int64,bool')
    p.add_argument('--most', type=int); p.add_argument('--names')
    a = p.parse_args()
    DATA = a.out
    os.makedirs(DATA, exist_ok=True)
    with open(os.path.join(DATA, 'names.txt'), 'w') as names:
        names.write('\n'.join(sorted({op.name for op in op_db})) + '\n')
    only = set(a.only.split(',')) if a.only else None
    if a.names: only = {l.strip() for l in open(a.names) if l.strip()}
    skip = set(a.skip.split(','))
    units = []
    for op in op_db:
        if (only is not None and op.name not in only) or op.name in skip: continue
        for kind in a.kinds.split(','):
            for d in a.dtypes.split(','):
                dtype = getattr(torch, d)
                if kind == 'errors' and (d != a.dtypes.split(',')[0] or op.error_inputs_func is None): continue
                if kind != 'errors' and dtype not in op.dtypes: continue
                if kind == 'second' and not (op.supports_gradgrad and dtype == torch.float64): continue
                t = time.time()
                try:
                    row = export_unit(op, dtype, kind, most=a.most)
                except Exception as e:
                    print('!!', op.name, op.variant_test_name, d, kind, type(e).__name__, str(e)[:150], flush=True); continue
                if row: units.append(row)
                if time.time() - t > 5: print(op.name, op.variant_test_name, d, kind, row and row['count'], f'{time.time()-t:.1f}s', flush=True)
    index = add_to_index(DATA, units)
    print(len(index), 'units', sum(r['count'] for r in index), 'samples')
if __name__ == '__main__': main()
