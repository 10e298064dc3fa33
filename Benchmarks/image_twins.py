"""The examples that learn from images of digits, in PyTorch; see examples.py."""

import torch
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.nn import functional as F

from twin_data import IMAGES, LABELS, epochs


def gan():
    generator = nn.Sequential(
        nn.Linear(32, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 64),
        nn.Sigmoid())
    discriminator = nn.Sequential(
        nn.Linear(64, 128), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(128, 128),
        nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(128, 1))
    draws, tells = (torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.999))
                    for net in (generator, discriminator))
    known, written = IMAGES[:1400].flatten(1), IMAGES[1400:].flatten(1)

    def loss(logits, target):
        return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))

    def step(rows):
        tells.zero_grad()
        drawn = generator(torch.randn(len(rows), 32)).detach()
        (loss(discriminator(known[rows]), 0.9) + loss(discriminator(drawn), 0)).backward()
        tells.step()
        draws.zero_grad()
        loss(discriminator(generator(torch.randn(len(rows), 32))), 1).backward()
        draws.step()

    epochs(150, 100, 1400, step)
    with torch.no_grad():
        distances = torch.cdist(generator(torch.randn(len(written), 32)), known)
    kinds = LABELS[distances.argmin(1)].bincount(minlength=10)
    near = torch.cdist(written, known).min(1).values.mean()
    return (kinds > 3).sum().item(), (distances.min(1).values.mean() / near).item()


def siamese_net():
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(256, 16))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    def pairs(start, end, count):
        labels = LABELS[start:end]
        first = torch.randint(len(labels), (count,))
        same = torch.arange(count) % 2 == 0
        fits = (labels[first][:, None] == labels) == same[:, None]
        second = torch.multinomial(fits.float(), 1).squeeze(1)
        return IMAGES[start + first], IMAGES[start + second], same

    def distance(left, right):
        return F.pairwise_distance(F.normalize(net(left)), F.normalize(net(right)))

    for _ in range(20 * 20):
        left, right, same = pairs(0, 1300, 128)
        optimizer.zero_grad()
        targets = torch.where(same, 1, -1)
        F.hinge_embedding_loss(distance(left, right).square(), targets, margin=1).backward()
        optimizer.step()
    left, right, same = pairs(1300, len(LABELS), 2000)
    with torch.no_grad():
        return roc_auc_score(same, -distance(left, right))


def super_resolution():
    correction = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 4, 3, padding=1), nn.PixelShuffle(2))
    optimizer = torch.optim.Adam(correction.parameters(), lr=2e-3)
    count = len(IMAGES) * 5 // 6

    def enlarged(small):
        return F.interpolate(small, scale_factor=2, mode="bicubic")

    def sharp(small):
        return enlarged(small) + correction(small)

    def step(rows):
        optimizer.zero_grad()
        F.mse_loss(sharp(F.avg_pool2d(IMAGES[rows], 2)), IMAGES[rows]).backward()
        optimizer.step()

    def decibels(images, truth):
        return -10 * F.mse_loss(images.clamp(0, 1), truth).log10()

    epochs(30, 50, count, step)
    large = IMAGES[count:]
    small = F.avg_pool2d(large, 2)
    with torch.no_grad():
        return (decibels(sharp(small), large) - decibels(enlarged(small), large)).item()


def neighbours_and_svm():
    order = torch.randperm(len(IMAGES))
    count = int(0.8 * len(IMAGES))
    x, y = IMAGES[order[:count]].flatten(1), LABELS[order[:count]]
    new_x, new_y = IMAGES[order[count:]].flatten(1), LABELS[order[count:]]

    def share(distances, labels, truth, k):
        nearest = labels[distances.topk(k, largest=False).indices]
        return (F.one_hot(nearest, 10).sum(1).argmax(1) == truth).float().mean().item()

    def across(k):
        found = []
        for fold in torch.arange(count).tensor_split(5):
            rest = torch.ones(count, dtype=torch.bool).index_fill(0, fold, False)
            found.append(share(torch.cdist(x[fold], x[rest]), y[rest], y[fold], k))
        return sum(found)

    best = max([1, 3, 5, 9, 15], key=across)
    svm = nn.Linear(64, 10)
    optimizer = torch.optim.SGD(svm.parameters(), lr=0.5, momentum=0.9, weight_decay=1e-4)

    def step(rows):
        optimizer.zero_grad()
        F.multi_margin_loss(svm(x[rows]), y[rows]).backward()
        optimizer.step()

    epochs(50, 100, count, step)
    told = (svm(new_x).argmax(1) == new_y).float().mean().item()
    return share(torch.cdist(new_x, x), y, new_y, best), told
