"""The five networks of assay as PyTorch modules, with the names that assay saves.

`build` makes one of given sizes, `load` one with the weights of a saved model. A
network takes x [N, points, inputs], which the `Scaler` has made, and gives logits
[N, classes]. `tensors` reads a safetensors file with numpy alone.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Mlp(nn.Module):
    def __init__(self, inputs, points, hidden, classes, dropout):
        super().__init__()
        self.dense = nn.ModuleList([nn.Linear(inputs, hidden), nn.Linear(hidden, hidden // 2)])
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(hidden // 2, classes)

    def forward(self, x):
        x = x[:, 0]
        for dense in self.dense:
            x = self.drop(torch.relu(dense(x)))
        return self.head(x)


class Cnn(nn.Module):
    def __init__(self, inputs, points, hidden, classes, dropout):
        super().__init__()
        self.conv = nn.ModuleList(
            nn.Conv1d(size, hidden, 5, padding=2 * dilation, dilation=dilation, bias=False)
            for size, dilation in ((inputs, 1), (hidden, 2), (hidden, 4)))
        self.norm = nn.ModuleList(nn.BatchNorm1d(hidden) for _ in range(3))
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, x):
        x = x.transpose(1, 2)
        for conv, norm in zip(self.conv, self.norm):
            x = torch.relu(norm(conv(x)))
        return self.head(self.drop(torch.cat([x.mean(2), x.amax(2)], 1)))


class Recurrent(nn.Module):
    """A GRU or an LSTM. That of an LSTM has no bias_hh, as it is the same as bias_ih."""

    def __init__(self, cell, inputs, points, hidden, classes, dropout):
        super().__init__()
        self.rnn = cell(inputs, hidden, batch_first=True)
        if cell is nn.LSTM:
            nn.init.zeros_(self.rnn.bias_hh_l0)
            self.rnn.bias_hh_l0.requires_grad_(False)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.head(self.drop(torch.cat([states[:, -1], states.mean(1)], 1)))


class Transformer(nn.Module):
    def __init__(self, inputs, points, hidden, classes, dropout):
        super().__init__()
        self.embed = nn.Linear(inputs, hidden)
        self.position = nn.Parameter(torch.empty(points, hidden).uniform_(-0.02, 0.02))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, hidden // 16, 2 * hidden, dropout, batch_first=True, norm_first=True)
            for _ in range(2))
        for layer in self.layers:
            layer.self_attn.dropout = 0.0  # where a point looks is never dropped
        self.norm = nn.LayerNorm(hidden)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x):
        x = self.embed(x) + self.position
        for layer in self.layers:
            x = layer(x)
        return self.head(self.drop(self.norm(x).mean(1)))


class Scaler(nn.Module):
    """What stands in front of a network: x [N, points, channels] as recorded, NaN where a
    value is missing, becomes the inputs of the network."""

    def __init__(self, mean, inverse, masks=()):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("inverse", torch.tensor(inverse, dtype=torch.float32))
        self.register_buffer("masks", torch.tensor(list(masks), dtype=torch.long))

    def forward(self, x):
        missing = torch.isnan(x)
        logs = torch.sign(x) * torch.log(1 + torch.abs(x))
        values = torch.clamp((logs - self.mean) * self.inverse, -6, 6)
        values = torch.where(missing, torch.zeros_like(values), values)
        if len(self.masks) == 0:
            return values
        return torch.cat([values, missing.float()[:, :, self.masks]], 2)


FAMILIES = {
    "mlp": Mlp,
    "cnn": Cnn,
    "gru": lambda *sizes: Recurrent(nn.GRU, *sizes),
    "lstm": lambda *sizes: Recurrent(nn.LSTM, *sizes),
    "transformer": Transformer,
}


def build(family, inputs, points, hidden, classes, dropout=0.0):
    """Makes a network as PyTorch initialises it."""
    if family not in FAMILIES:
        raise SystemExit(f"no family {family!r}; there are {', '.join(FAMILIES)}")
    return FAMILIES[family](inputs, points, hidden, classes, dropout)


def load(family, weights, points, dropout=0.0):
    """Makes the network whose weights are given, a dict of numpy arrays by name."""
    classes = weights["head.weight"].shape[0]
    inputs, hidden = {
        "mlp": lambda: weights["dense.0.weight"].shape[::-1],
        "cnn": lambda: (weights["conv.0.weight"].shape[1], weights["conv.0.weight"].shape[0]),
        "transformer": lambda: weights["embed.weight"].shape[::-1],
    }.get(family, lambda: (weights["rnn.weight_ih_l0"].shape[1], weights["rnn.weight_hh_l0"].shape[1]))()
    net = build(family, inputs, points, hidden, classes, dropout)
    state = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
    lacks = net.load_state_dict(state, strict=False)
    # assay keeps neither of these: one is zero, the other counts batches and is not used.
    needed = [n for n in lacks.missing_keys if not n.endswith(("bias_hh_l0", "num_batches_tracked"))]
    if family == "gru" and "rnn.bias_hh_l0" not in weights:
        needed.append("rnn.bias_hh_l0")
    if needed or lacks.unexpected_keys:
        raise SystemExit(f"the weights lack {needed} and have {lacks.unexpected_keys} that a {family} has not")
    return net


def loss(logits, y, weights, smoothing):
    """The mean over windows of smoothed cross-entropy, times the weight of the true class.
    PyTorch's own weights would be applied to the smoothed part class by class, and divided by
    the sum of the weights of the batch."""
    each = F.cross_entropy(logits, y, reduction="none", label_smoothing=smoothing)
    return (weights[y] * each).mean()


def tensors(path):
    """Reads a safetensors file of float32: a dict of arrays by name."""
    raw = open(path, "rb").read()
    size = int.from_bytes(raw[:8], "little")
    header, data = json.loads(raw[8:8 + size]), raw[8 + size:]
    out = {}
    for name, t in header.items():
        if name == "__metadata__":
            continue
        if t["dtype"] != "F32":
            raise SystemExit(f"{path}: {name} is {t['dtype']}, want F32")
        begin, end = t["data_offsets"]
        out[name] = np.frombuffer(data[begin:end], "<f4").reshape(t["shape"])
    return out
