"""Runs ONNX files that assay wrote in ONNX Runtime, and compares the probabilities.

usage: onnx.py FOLDER

In the folder lies each NAME.onnx with NAME.x.f32 and NAME.p.f32, inputs and what the model itself
predicts for them. With NAME.json and NAME.safetensors, a network, it is computed here in float64,
too. onnx.sh makes such folders. Exits with 1 unless the files pass the checks of package onnx and
every probability agrees within 1e-5.
"""

import json
import os
import sys

# The folder of this file must not be searched: it would be found as onnx.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import onnx
import onnxruntime

CLOSE = 1e-5


def read_safetensors(path):
    """The tensors of a file, as float64."""
    raw = open(path, "rb").read()
    size = int.from_bytes(raw[:8], "little")
    data = raw[8 + size :]
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], "<f4").reshape(t["shape"]).astype(np.float64)
        for name, t in json.loads(raw[8 : 8 + size]).items()
        if name != "__metadata__"
    }


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Reference:
    """The five networks in float64, written from their description and from PyTorch's formulas."""

    def __init__(self, about, weights):
        self.network, self.scaler, self.w = about["network"], about["scaler"], weights

    def __call__(self, x):
        summary = getattr(self, self.network["family"])(self.scale(x.astype(np.float64)))
        return softmax(self.dense(summary, "head"))

    def scale(self, x):
        with np.errstate(invalid="ignore"):
            v = (np.sign(x) * np.log(1 + np.abs(x)) - self.scaler["mean"]) * self.scaler["inverse"]
            v = np.where(np.isnan(v), 0, np.clip(v, -6, 6))
        masks = np.isnan(x)[..., np.array(self.scaler["masks"] or [], int)]
        return np.concatenate([v, masks.astype(np.float64)], -1)

    def linear(self, x, weight, bias):
        return x @ self.w[weight].T + self.w[bias]

    def dense(self, x, layer):
        return self.linear(x, layer + ".weight", layer + ".bias")

    def mlp(self, x):
        for i in range(2):
            x = np.maximum(self.dense(x, f"dense.{i}"), 0)
        return x

    def cnn(self, x):
        for i in range(3):
            w, apart = self.w[f"conv.{i}.weight"], 2**i
            points = x.shape[1]
            wide = np.pad(x, ((0, 0), (2 * apart, 2 * apart), (0, 0)))
            x = sum(wide[:, k * apart : k * apart + points] @ w[:, :, k].T for k in range(5))
            mean, variance = self.w[f"norm.{i}.running_mean"], self.w[f"norm.{i}.running_var"]
            x = (x - mean) / np.sqrt(variance + 1e-5) * self.w[f"norm.{i}.weight"] + self.w[f"norm.{i}.bias"]
            x = np.maximum(x, 0)
        return np.concatenate([x.mean(1), x.max(1)], -1)

    def states(self, x, step):
        """The last state and the mean of all."""
        hidden = self.network["hidden"]
        h = c = np.zeros((len(x), hidden))
        total = 0
        for t in range(x.shape[1]):
            h, c = step(x[:, t], h, c)
            total = total + h
        return np.concatenate([h, total / x.shape[1]], -1)

    def gru(self, x):
        def step(x, h, c):
            ir, iz, new = np.split(self.linear(x, "rnn.weight_ih_l0", "rnn.bias_ih_l0"), 3, -1)
            hr, hz, hn = np.split(self.linear(h, "rnn.weight_hh_l0", "rnn.bias_hh_l0"), 3, -1)
            r, z = sigmoid(ir + hr), sigmoid(iz + hz)
            return (1 - z) * np.tanh(new + r * hn) + z * h, c

        return self.states(x, step)

    def lstm(self, x):
        def step(x, h, c):
            gates = self.linear(x, "rnn.weight_ih_l0", "rnn.bias_ih_l0") + h @ self.w["rnn.weight_hh_l0"].T
            i, f, g, o = np.split(gates, 4, -1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            return sigmoid(o) * np.tanh(c), c

        return self.states(x, step)

    def norm(self, x, layer):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)
        return x * self.w[layer + ".weight"] + self.w[layer + ".bias"]

    def attention(self, x, layer):
        def heads(y):
            return y.reshape(*y.shape[:2], -1, 16).swapaxes(1, 2)

        q, k, v = map(heads, np.split(self.linear(x, layer + "in_proj_weight", layer + "in_proj_bias"), 3, -1))
        y = softmax(q @ k.swapaxes(2, 3) / 4) @ v
        return self.dense(y.swapaxes(1, 2).reshape(x.shape), layer + "out_proj")

    def transformer(self, x):
        x = self.dense(x, "embed") + self.w["position"]
        for i in range(2):
            layer = f"layers.{i}."
            x = x + self.attention(self.norm(x, layer + "norm1"), layer + "self_attn.")
            wide = np.maximum(self.dense(self.norm(x, layer + "norm2"), layer + "linear1"), 0)
            x = x + self.dense(wide, layer + "linear2")
        return self.norm(x, "norm").mean(1)


def load(path):
    """A session with a file that passes the checks of package onnx."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def predict(session, x):
    """Probabilities; those of the first rows must not depend on the number of rows."""
    p = session.run(["probabilities"], {"x": x})[0]
    alone = session.run(None, {"x": x[:1]})[0]
    if not np.allclose(alone, p[:1], atol=CLOSE, rtol=0):
        sys.exit("a window by itself has other probabilities")
    return p


def compare(what, got, want):
    if got.shape != want.shape or not np.isfinite(got).all():
        sys.exit(f"{what}: {got.shape} probabilities, not all finite, want {want.shape}")
    apart = np.abs(got - want).max()
    print(f"{what}: {len(got)} windows, probabilities at most {apart:.2g} apart")
    return apart <= CLOSE


def folder(path):
    names = sorted(f[: -len(".onnx")] for f in os.listdir(path) if f.endswith(".onnx"))
    if not names:
        sys.exit(f"there is no ONNX file in {path}")
    good = True
    for name in names:
        base = os.path.join(path, name)
        session = load(base + ".onnx")
        shape = session.get_inputs()[0].shape[1:]
        classes = session.get_outputs()[0].shape[1]
        x = np.fromfile(base + ".x.f32", "<f4").reshape(-1, *shape)
        itself = np.fromfile(base + ".p.f32", "<f4").reshape(-1, classes)
        got = predict(session, x)
        good = compare(name, got, itself) and good
        if os.path.exists(base + ".json"):
            network = Reference(json.load(open(base + ".json")), read_safetensors(base + ".safetensors"))
            want = network(x)
            if want.std(0).max() < 0.01 or np.median(want.max(1)) > 0.999:
                sys.exit(f"{name}: these probabilities would hide a mistake; make other weights")
            good = compare(name + " in float64", got, want) and good
    return good


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not folder(sys.argv[1]):
        sys.exit("ONNX Runtime predicts otherwise")
