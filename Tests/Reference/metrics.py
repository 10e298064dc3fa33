"""Stores what scikit-learn makes of answers of networks.

    python Tests/Reference/metrics.py > Tests/BlitzNNTests/Reference/metrics.json
"""

import json
import platform
import warnings

import numpy
import sklearn
from sklearn import metrics as M

warnings.simplefilter("ignore")
random = numpy.random.default_rng(0)


def classes(name, rows, count, used):
    """Scores without ties, with labels of only some of the classes."""
    labels = random.integers(0, used, rows)
    scores = random.normal(size=(rows, count)) + 1.5 * numpy.eye(count)[labels]
    scores[:, used + 1:] -= 10
    answers = scores.argmax(1)
    figures = {"accuracy": M.accuracy_score(labels, answers)}
    for k in [2, 3]:
        figures[f"top {k}"] = M.top_k_accuracy_score(labels, scores, k=k, labels=range(count))
    for average in ["macro", "weighted"]:
        for word, function in [("precision", M.precision_score), ("recall", M.recall_score),
                               ("f1", M.f1_score)]:
            figures[f"{average} {word}"] = function(labels, answers, average=average)
    each = {word: list(function(labels, answers, average=None, labels=range(count)))
            for word, function in [("precision", M.precision_score), ("recall", M.recall_score),
                                   ("f1", M.f1_score)]}
    return {"name": name, "classes": count, "scores": scores.ravel().tolist(),
            "labels": labels.tolist(), "figures": figures, "each": each,
            "confusion": M.confusion_matrix(labels, answers, labels=range(count)).ravel().tolist()}


def binary(name, scores, labels):
    scores, labels = numpy.asarray(scores, float), numpy.asarray(labels)
    answers = (scores > 0.5).astype(int)
    falses, trues, _ = M.roc_curve(labels, scores, drop_intermediate=False)
    return {"name": name, "scores": scores.tolist(), "labels": labels.tolist(), "figures": {
        "accuracy": M.accuracy_score(labels, answers),
        "precision": M.precision_score(labels, answers), "recall": M.recall_score(labels, answers),
        "f1": M.f1_score(labels, answers), "roc auc": M.roc_auc_score(labels, scores)},
        "falsePositives": falses.tolist(), "truePositives": trues.tolist()}


def regression(name, predictions, targets):
    return {"name": name, "predictions": list(map(float, predictions)),
            "targets": list(map(float, targets)), "figures": {
        "mean absolute": M.mean_absolute_error(targets, predictions),
        "mean squared": M.mean_squared_error(targets, predictions),
        "root": M.root_mean_squared_error(targets, predictions),
        "r2": M.r2_score(targets, predictions)}}


labels = random.integers(0, 2, 60)
noisy = 1 / (1 + numpy.exp(-random.normal(size=60) - labels))
targets = 1e6 + random.normal(size=50)
print(json.dumps({
    "command": "python Tests/Reference/metrics.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__,
                 "python": platform.python_version()},
    "classes": [classes("all classes", 40, 5, 5), classes("classes that no row has", 30, 6, 3)],
    "binary": [binary("noisy", noisy, labels), binary("ties", noisy.round(1), labels),
               binary("no yes told", noisy / 2, labels),
               binary("all right", [0.1, 0.9, 0.2, 0.8], [0, 1, 0, 1])],
    "regression": [
        regression("far from zero", targets + 0.5 * random.normal(size=50), targets),
        regression("worse than the mean", [3, 1, 2], [1, 2, 3]),
        regression("equal targets", [1, 2], [1, 1]), regression("equal and right", [1, 1], [1, 1])],
}, separators=(",", ":")))
