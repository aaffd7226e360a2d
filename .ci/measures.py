"""Writes what scikit-learn, scipy and statsmodels compute on random and degenerate inputs, as JSON.

Usage: measures.py FILE [CASES]
"""
import json
import sys
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
rng = np.random.default_rng(14)


def number(x):
    return float(x) if np.isfinite(x) else None


def case(name, truth, p, predicted=None):
    """The measures of one set of windows; those that scikit-learn cannot compute are null."""
    k = p.shape[1]
    predicted = p.argmax(1) if predicted is None else predicted
    labels = list(range(k))
    scores = {
        "macro_f1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "log_loss": metrics.log_loss(truth, p, labels=labels),
        "brier": metrics.brier_score_loss(truth, p, labels=labels) if k > 2 else None,
    }
    by_class = {"precision": [], "recall": [], "f1": [], "auroc": [], "auprc": []}
    pr, re, f1, _ = metrics.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    by_class["precision"], by_class["recall"], by_class["f1"] = map(list, (pr, re, f1))
    for c in labels:
        y = truth == c
        both = 0 < y.sum() < len(y)
        by_class["auroc"].append(metrics.roc_auc_score(y, p[:, c]) if both else float("nan"))
        by_class["auprc"].append(metrics.average_precision_score(y, p[:, c]) if both else float("nan"))
    if len(set(truth)) == k > 2:
        scores["auroc"] = metrics.roc_auc_score(truth, p, multi_class="ovr", average="macro")
        scores["auprc"] = metrics.average_precision_score(np.eye(k)[truth], p, average="macro")
    return {
        "name": name, "classes": k, "truth": truth.tolist(), "predicted": predicted.tolist(), "p": p.ravel().tolist(),
        "scores": {n: number(v) for n, v in scores.items() if v is not None},
        "by_class": {n: [number(x) for x in v] for n, v in by_class.items()},
    }


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def cases(n):
    for i in range(n):
        k, size = int(rng.integers(2, 7)), int(rng.integers(3, 60))
        truth = rng.integers(0, k, size)
        x = rng.normal(size=(size, k)) * rng.choice([0.1, 1, 5])
        x[np.arange(size), truth] += rng.choice([0, 1, 4])
        p = softmax(x)
        if i % 3 == 0:  # many ties
            p = np.maximum(np.round(p, 1), 0.05)
            p /= p.sum(1, keepdims=True)
        yield case(f"random {i}", truth, p)
    k = 4
    one = np.eye(k)
    yield case("all right and sure", np.arange(8) % k, one[np.arange(8) % k])
    yield case("all wrong and sure", np.arange(8) % k, one[(np.arange(8) + 1) % k])
    yield case("one window", np.array([1]), np.array([[0.2, 0.3, 0.4, 0.1]]))
    yield case("one class", np.zeros(5, int), softmax(rng.normal(size=(5, k))))
    yield case("one class predicted", np.arange(9) % 3, np.tile([0.7, 0.1, 0.1, 0.1], (9, 1)))
    yield case("all equal", np.arange(9) % 3, np.full((9, k), 0.25))
    yield case("a class that is only predicted", np.array([0, 0, 1, 1]), one[[0, 3, 1, 3]])


def bca(n):
    for i in range(n):
        data = rng.exponential(size=int(rng.integers(3, 40)))
        statistic = [np.mean, np.var, np.median][i % 3]
        values = np.array([statistic(rng.choice(data, len(data))) for _ in range(int(rng.integers(20, 400)))])
        if i % 4 == 0:
            values = np.round(values, 1)  # ties with the estimate's neighbours
        level = [0.9, 0.95, 0.99][i % 3]
        seed = stats.bootstrap((data,), statistic, n_resamples=1, method="percentile", vectorized=False)
        seed.bootstrap_distribution = values
        ends = {}
        for method in ("BCa", "percentile"):
            got = stats.bootstrap((data,), statistic, n_resamples=0, bootstrap_result=seed, method=method,
                                  confidence_level=level, vectorized=False).confidence_interval
            ends[method] = [number(got.low), number(got.high)]
        yield {
            "estimate": float(statistic(data)), "values": values.tolist(), "level": level,
            "without": [float(statistic(np.delete(data, j))) for j in range(len(data))],
            "bca": ends["BCa"], "percentile": ends["percentile"],
        }


def holm(n):
    for _ in range(n):
        p = np.round(rng.random(int(rng.integers(1, 12))) ** 3, 3)
        yield {"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()}


count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
with open(sys.argv[1], "w") as f:
    json.dump({"cases": list(cases(count)), "intervals": list(bca(count)), "holm": list(holm(count))}, f)
