"""Runs torchvision's and Hugging Face's networks, for NetworkTests.swift and TokenizerTests.swift.

    python Tests/Reference/pretrained.py > Tests/BlitzModelsTests/Reference/networks.json

Run with PyTorch 2.15.0, torchvision 0.29.2 and transformers 5.24.0. Weights and inputs are made by
`filled`, which the tests do in the same way, so that only outputs are stored: of small sizes all,
of the published sizes (see Tests/Pretrained) the first numbers.
"""

import json
import math

import torch
import torch.nn.functional as F
import torchvision
import transformers
from torchvision.models import efficientnet, mobilenetv3, resnet, vision_transformer


def numbers(count, key):
    """`count` numbers from -1 to 1, others for each key."""
    i = torch.arange(count)
    return ((i * i % 65537 * 31 + i * 48271 + key * 69621) % 65537).double() / 32768.5 - 1


def filled(model, skip=()):
    """Sets each parameter and buffer by its place among the sorted names; gives the names."""
    state = {n: t for n, t in model.state_dict().items() if n not in skip}
    for key, (name, tensor) in enumerate(sorted(state.items()), 1):
        u = numbers(tensor.numel(), key).reshape(tensor.shape)
        if name.endswith("num_batches_tracked"):
            u = torch.tensor(3)
        elif name.endswith("running_var") or (tensor.dim() == 1 and name.endswith("weight")):
            u = 1 + 0.3 * u
        elif tensor.dim() < 2:
            u = 0.2 * u
        else:
            u = u * math.sqrt(3 * tensor.shape[0] / tensor.numel())
        tensor.copy_(u)
    return [f"{name} {list(tensor.shape)}" for name, tensor in sorted(state.items())]


def pictures(*shape):
    return numbers(math.prod(shape), 99).reshape(shape).float() * 2


def words(count, *shape):
    return ((numbers(math.prod(shape), 7) + 1) / 2 * count).long().reshape(shape)


def stored(tensor, limit=600):
    return {"shape": list(tensor.shape),
            "values": [float("%.9g" % v) for v in tensor.detach().reshape(-1)[:limit].tolist()]}


class SmallResNet(resnet.ResNet):
    """A ResNet whose stages have an eighth of the channels."""

    def __setattr__(self, name, value):
        if name == "inplanes" and "inplanes" not in self.__dict__:
            value //= 8
        super().__setattr__(name, value)

    def _make_layer(self, block, planes, *rest, **options):
        return super()._make_layer(block, planes // 8, *rest, **options)


def small_resnet(block, blocks):
    model = SmallResNet(block, blocks, num_classes=5)
    model.fc = torch.nn.Linear(64 * block.expansion, 5)
    return model


def small_mobilenet(arch):
    settings, last = mobilenetv3._mobilenet_v3_conf(arch, width_mult=0.25)
    return mobilenetv3.MobileNetV3(settings, last, num_classes=5)


def small_efficientnet():
    settings, last = efficientnet._efficientnet_conf("efficientnet_b0", width_mult=0.25, depth_mult=0.4)
    return efficientnet.EfficientNet(settings, 0.2, num_classes=5, last_channel=last)


def bert(config, **options):
    return transformers.BertModel(config, **options)


cases = []


def case(name, model, *inputs, full=False, call=None):
    model.eval()
    with torch.no_grad():
        names = filled(model)
        outputs = (call or (lambda *x: [model(*x)]))(*inputs)
    cases.append({"name": name, "full": full, "names": [] if full else names,
                  "parameters": sum(p.numel() for p in model.parameters()),
                  "outputs": [stored(o, 16 if full else 600) for o in outputs]})
    return model


def hidden(model, tokens, mask=None, types=None):
    out = model(tokens, attention_mask=mask, token_type_ids=types)
    return [out.last_hidden_state] + ([out.pooler_output] if model.pooler else [])


torch.manual_seed(0)
image = pictures(2, 3, 40, 40)
model = case("resnet", small_resnet(resnet.BasicBlock, [1, 1, 1, 2]), image)
case("resnet bottleneck", small_resnet(resnet.Bottleneck, [1, 2, 1, 1]), image)
case("mobilenet large", small_mobilenet("mobilenet_v3_large"), image)
case("mobilenet small", small_mobilenet("mobilenet_v3_small"), image)
case("efficientnet", small_efficientnet(), image)
case("vit", vision_transformer.VisionTransformer(16, 8, 2, 4, 32, 48, num_classes=5), pictures(2, 3, 16, 16))

mask = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
types = torch.tensor([[0] * 3 + [1] * 4, [0] * 7])
config = transformers.BertConfig(vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                                 intermediate_size=48, max_position_embeddings=16)
model_of_text = bert(config)
case("bert", model_of_text, words(50, 2, 7), call=lambda t: hidden(model_of_text, t, mask, types))
plain = bert(config, add_pooling_layer=False)
case("bert without pooler", plain, words(50, 2, 7), call=lambda t: hidden(plain, t))
gpt_config = transformers.GPT2Config(vocab_size=50, n_embd=32, n_layer=2, n_head=4, n_positions=16)
gpt = transformers.GPT2LMHeadModel(gpt_config)


class Inner(torch.nn.Module):
    """GPT-2 by the names without the head, whose weights are the table's."""

    def __init__(self, gpt):
        super().__init__()
        self.__dict__["gpt"] = gpt

    def state_dict(self):
        return self.gpt.transformer.state_dict()

    def parameters(self):
        return self.gpt.parameters()

    def forward(self, tokens):
        return self.gpt(tokens).logits


gpt.eval()
case("gpt2", Inner(gpt), words(50, 2, 7))

# Three steps of training: cross entropy, SGD with a rate of 0.05.
model.train()
with torch.no_grad():
    filled(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
losses = []
for _ in range(3):
    loss = F.cross_entropy(model(image), torch.tensor([1, 3]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
model.eval()
with torch.no_grad():
    training = {"losses": losses, "after": stored(model(image))}

large = pictures(1, 3, 224, 224)
for name in ["resnet18", "resnet34", "resnet50", "mobilenet_v3_large", "mobilenet_v3_small",
             "efficientnet_b0", "vit_b_16"]:
    case(name, getattr(torchvision.models, name)(), large, full=True)
for name, config in {
        "bert-base": transformers.BertConfig(),
        "minilm-l6": transformers.BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)}.items():
    one = bert(config)
    case(name, one, words(30522, 1, 16), full=True, call=lambda t: hidden(one, t))
gpt = transformers.GPT2LMHeadModel(transformers.GPT2Config())
gpt.eval()
case("gpt2 small", Inner(gpt), words(50257, 1, 16), full=True)

print(json.dumps({
    "command": "python Tests/Reference/pretrained.py",
    "versions": {"torch": torch.__version__, "torchvision": torchvision.__version__,
                 "transformers": transformers.__version__},
    "training": training, "cases": cases}))
