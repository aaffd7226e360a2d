"""Trains the PyTorch twin of a network by assay's recipe, on the inputs that assay made.

    train_twin.py FOLDER FAMILY [--hidden 64] [--seeds 1 2 3] [--threads 2] [--epochs 60]

The folder holds meta.json, {"points": P, "inputs": I, "classes": K}, and the folders train,
validation and test, each with x.f32, little-endian float32 [N, P, I] as the scaler made them,
and y.i32, int32 [N]. It prints one JSON line a seed, and one with the mean of the macro F1s.

The recipe: AdamW, rate 2e-3, decay 0.05 of matrices alone, batches of 64, a rise over 5 % of the
steps and then a cosine down to 0, gradients clipped at norm 1, targets smoothed by 0.05, classes
weighted by n^-1/2 with a mean of 1 over the training windows, dropout 0.3, and each window
without 10 % of its inputs. The best of at most 60 epochs by the macro F1 of the validation part
counts; training stops 20 epochs after it.
"""

import argparse
import copy
import json
import math
import pathlib
import time

import numpy as np
import torch

import twins

RATE, DECAY, BATCH, WARMUP, CLIP, SMOOTHING, DROPOUT, DROP, PATIENCE = 2e-3, 0.05, 64, 0.05, 1.0, 0.05, 0.3, 0.1, 20


def read(folder, points, inputs):
    """The windows and classes of a part."""
    x = torch.from_numpy(np.fromfile(folder / "x.f32", "<f4")).reshape(-1, points, inputs)
    y = torch.from_numpy(np.fromfile(folder / "y.i32", "<i4").astype(np.int64))
    if len(x) != len(y) or len(y) == 0:
        raise SystemExit(f"{folder}: {len(x)} windows and {len(y)} classes")
    return x, y


def macro_f1(predicted, y, classes):
    """The mean F1 of the classes that occur, as truth or as prediction."""
    counts = torch.bincount(y * classes + predicted, minlength=classes * classes).reshape(classes, classes).double()
    both = counts.sum(0) + counts.sum(1)
    seen = both > 0
    return (2 * counts.diagonal()[seen] / both[seen]).mean().item()


def score(net, part, classes):
    net.eval()
    with torch.no_grad():
        predicted = torch.cat([net(x).argmax(1) for x in part[0].split(256)])
    return macro_f1(predicted, part[1], classes)


def optimiser_of(net, steps):
    """AdamW and its schedule. Biases, norms and positions do not shrink."""
    norms = tuple(n for n, m in net.named_modules() if isinstance(m, (torch.nn.LayerNorm, torch.nn.BatchNorm1d)))
    learned = [(n, p) for n, p in net.named_parameters() if p.requires_grad]
    small = {n for n, _ in learned if "bias" in n or n == "position" or n.rpartition(".")[0] in norms}
    groups = [{"params": [p for n, p in learned if n not in small], "weight_decay": DECAY},
              {"params": [p for n, p in learned if n in small], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, fused=True)
    rising = math.ceil(WARMUP * steps)

    def share(done):
        t = done + 1
        return t / rising if t <= rising else (1 + math.cos(math.pi * (t - rising) / max(1, steps - rising))) / 2

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, share), [p for _, p in learned]


def train(family, meta, parts, hidden, seed, epochs):
    torch.manual_seed(seed)
    classes = meta["classes"]
    net = twins.build(family, meta["inputs"], meta["points"], hidden, classes, DROPOUT)
    x, y = parts["train"]
    counts = torch.bincount(y, minlength=classes).float()
    weights = torch.where(counts > 0, counts.clamp(min=1).rsqrt(), torch.zeros(()))
    weights *= len(y) / (weights * counts).sum()
    optimiser, schedule, learned = optimiser_of(net, epochs * math.ceil(len(y) / BATCH))
    best, kept, at = -1.0, None, 0
    for epoch in range(epochs):
        net.train()
        for rows in torch.randperm(len(y)).split(BATCH):
            there = (torch.rand(len(rows), 1, meta["inputs"]) >= DROP).float()
            optimiser.zero_grad()
            twins.loss(net(x[rows] * there), y[rows], weights, SMOOTHING).backward()
            torch.nn.utils.clip_grad_norm_(learned, CLIP)
            optimiser.step()
            schedule.step()
        f1 = score(net, parts["validation"], classes)
        if f1 > best:
            best, kept, at = f1, copy.deepcopy(net.state_dict()), epoch
        if epoch - at >= PATIENCE:
            break
    net.load_state_dict(kept)
    return {"seed": seed, "epochs": epoch + 1, "best_epoch": at + 1, "validation_macro_f1": best,
            "test_macro_f1": score(net, parts["test"], classes)}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("family", choices=twins.FAMILIES)
    p.add_argument("--hidden", type=int, help="64, or 256 for the mlp")
    p.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--epochs", type=int, default=60)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.backends.mkldnn.set_flags(a.family not in ("gru", "lstm"))  # slower for these two
    meta = json.loads((a.folder / "meta.json").read_text())
    parts = {part: read(a.folder / part, meta["points"], meta["inputs"]) for part in ("train", "validation", "test")}
    hidden = a.hidden or (256 if a.family == "mlp" else 64)
    found = []
    for seed in a.seeds:
        began = time.perf_counter()
        r = train(a.family, meta, parts, hidden, seed, a.epochs)
        found.append(r["test_macro_f1"])
        print(json.dumps({"family": a.family, **r, "seconds": round(time.perf_counter() - began, 1)}), flush=True)
    print(json.dumps({"family": a.family, "seeds": a.seeds, "test_macro_f1_mean": float(np.mean(found)),
                      "test_macro_f1": found}), flush=True)


if __name__ == "__main__":
    main()
