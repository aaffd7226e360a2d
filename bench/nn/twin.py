"""Compares a network of assay with its twin in PyTorch.

    twin.py FOLDER [LOGITS GRADIENTS]

The folder holds what assay wrote, little-endian, row-major:

    network.json, model.safetensors   the model
    x.f32           windows [N, points, channels] as recorded, NaN where a value is missing;
                    or x.npy; or inputs.f32 [N, points, inputs], which the scaler has made
    logits.f32      [N, classes], or probabilities.f32; as in prediction, not in training
    y.i32, loss.json, gradients.safetensors   if gradients are to be compared: the classes,
                    {"weights": [K], "smoothing": share, "loss": mean loss}, and the gradients
                    of that loss of one batch of all windows, in training, with dropout 0
    statistics.safetensors            of a cnn: the running statistics behind that batch

It prints one JSON line: the largest difference of the logits (or probabilities), and the largest
difference of each gradient and statistic, relative to the largest number of that tensor. With limits, it exits
with status 1 if one is exceeded. Every name of the model must be there, and no other.
"""

import json
import pathlib
import sys

import numpy as np
import torch

import twins


def windows(folder, about):
    """The inputs of the network, [N, points, inputs]."""
    points = about["network"]["points"]
    scaler = about["scaler"]
    if (folder / "inputs.f32").exists():
        return torch.from_numpy(np.fromfile(folder / "inputs.f32", "<f4")).reshape(-1, points, about["network"]["inputs"])
    raw = np.load(folder / "x.npy") if (folder / "x.npy").exists() else np.fromfile(folder / "x.f32", "<f4")
    x = torch.from_numpy(raw.astype(np.float32)).reshape(-1, points, len(scaler["mean"]))
    return twins.Scaler(scaler["mean"], scaler["inverse"], scaler["masks"] or [])(x)


def outputs(folder, net, x):
    """The name of what assay predicted, and its largest difference from the twin's."""
    net.eval()
    with torch.no_grad():
        want = net(x)
    name = "logits"
    if not (folder / "logits.f32").exists():
        name, want = "probabilities", torch.softmax(want, 1)
    got = torch.from_numpy(np.fromfile(folder / f"{name}.f32", "<f4")).reshape(want.shape)
    return name, (got - want).abs().max().item()


def gradients(folder, net, x):
    """The relative difference of each gradient and statistic, by its name."""
    about = json.loads((folder / "loss.json").read_text())
    y = torch.from_numpy(np.fromfile(folder / "y.i32", "<i4").astype(np.int64))
    got = twins.tensors(folder / "gradients.safetensors")
    net.train()
    weights = torch.tensor(about["weights"], dtype=torch.float32)
    loss = twins.loss(net(x), y, weights, about["smoothing"])
    loss.backward()
    want = {name: p.grad.numpy() for name, p in net.named_parameters() if p.grad is not None}
    statistics = {name: b.numpy() for name, b in net.named_buffers() if "running" in name}
    if statistics:
        got.update(twins.tensors(folder / "statistics.safetensors"))
        want.update(statistics)
    if want.keys() != got.keys():
        raise SystemExit(f"{folder}: {sorted(want.keys() ^ got.keys())} are on one side only")
    if "loss" in about:
        got["loss"], want["loss"] = np.float32(about["loss"]), loss.detach().numpy()
    return {name: float(np.abs(got[name] - g).max() / max(np.abs(g).max(), 1e-30)) for name, g in want.items()}


def main(arguments):
    match arguments:
        case [folder]:
            limits = None
        case [folder, a, b]:
            limits = float(a), float(b)
        case _:
            raise SystemExit(__doc__)
    folder = pathlib.Path(folder)
    torch.set_num_threads(1)
    about = json.loads((folder / "network.json").read_text())
    family, points = about["network"]["family"], about["network"]["points"]
    net = twins.load(family, twins.tensors(folder / "model.safetensors"), points)
    x = windows(folder, about)
    name, difference = outputs(folder, net, x)
    found = {"family": family, "windows": len(x), name: difference}
    worst = 0.0
    if (folder / "gradients.safetensors").exists():
        found["gradients"] = gradients(folder, net, x)
        worst = max(found["gradients"].values())
        found["largest_gradient_difference"] = worst
    print(json.dumps(found), flush=True)
    if limits and not (difference <= limits[0] and worst <= limits[1]):
        raise SystemExit(f"{family}: {name} differ by {difference}, gradients by {worst}; allowed are {limits}")


if __name__ == "__main__":
    main(sys.argv[1:])
