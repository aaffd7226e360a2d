"""Measures PyTorch and onnxruntime on the networks of assay, one JSON line a call.

    peer.py step FAMILY THREADS SECONDS     a training step: batch 256, 100 points,
                                            46 inputs, hidden 64; mlp 230 inputs, hidden 256
    peer.py window FAMILY SECONDS [FILE]    one window through onnxruntime, one thread: scaler
                                            and twin as torch.onnx exports them, or an .onnx file

Times are milliseconds. cpu is processor time of the whole process, wall is the clock.
"""

import io
import json
import sys
import time
import warnings

import torch

import twins

BATCH, POINTS, CHANNELS, FEATURES, CLASSES = 256, 100, 46, 230, 6


def sizes(family):
    """Inputs, points and hidden width that are measured."""
    return (FEATURES, 1, 256) if family == "mlp" else (CHANNELS, POINTS, 64)


def measure(once, seconds, at_least=5):
    """Calls once for so many seconds, and tells the times of a call."""
    cpu, wall = [], []
    end = time.perf_counter() + seconds
    while len(wall) < at_least or time.perf_counter() < end:
        w, c = time.perf_counter(), time.process_time()
        once()
        cpu.append((time.process_time() - c) * 1e3)
        wall.append((time.perf_counter() - w) * 1e3)
    cpu.sort()
    wall.sort()
    return {"cpu_best": cpu[0], "cpu_median": cpu[len(cpu) // 2],
            "wall_best": wall[0], "wall_median": wall[len(wall) // 2], "calls": len(wall)}


def training(family):
    """A training step of the twin: forward, loss, backward, clip and AdamW."""
    torch.manual_seed(1)
    inputs, points, hidden = sizes(family)
    net = twins.build(family, inputs, points, hidden, CLASSES)
    x, y = torch.randn(BATCH, points, inputs), torch.randint(0, CLASSES, (BATCH,))
    weights = torch.linspace(0.5, 1.5, CLASSES)
    learned = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=2e-3, weight_decay=0.05, fused=True)
    net.train()

    def step():
        optimiser.zero_grad()
        twins.loss(net(x), y, weights, 0.05).backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()

    return step


def step(family, threads, seconds):
    """Measures the step with oneDNN or without, whichever is faster."""
    torch.set_num_threads(threads)
    once = training(family)
    tried = {}
    for onednn in (True, False):
        with torch.backends.mkldnn.flags(enabled=onednn):
            measure(once, 0.2)
            tried[onednn] = measure(once, 0.5)["wall_median"]
    onednn = min(tried, key=tried.get)
    with torch.backends.mkldnn.flags(enabled=onednn):
        found = measure(once, seconds)
    return {"peer": f"PyTorch {torch.__version__}", "family": family, "threads": threads, "onednn": onednn, **found}


def exported(family):
    """The twin as torch.onnx writes it, between its scaler and softmax."""
    torch.manual_seed(1)
    inputs, points, hidden = sizes(family)
    net = torch.nn.Sequential(
        twins.Scaler([1.0] * inputs, [0.5] * inputs),
        twins.build(family, inputs, points, hidden, CLASSES),
        torch.nn.Softmax(1)).eval()
    torch.backends.mha.set_fastpath_enabled(False)
    file = io.BytesIO()
    torch.onnx.export(net, (torch.randn(1, points, inputs),), file, dynamo=False, opset_version=17,
                      input_names=["x"], output_names=["probabilities"])
    return file.getvalue()


def window(family, seconds, path=None):
    """Measures one window. Inputs and outputs are bound once, so that little of Python is measured."""
    import numpy as np
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path or exported(family), options, providers=["CPUExecutionProvider"])
    shape = [d if isinstance(d, int) else 1 for d in session.get_inputs()[0].shape]
    x = np.random.default_rng(1).standard_normal(shape, np.float32)
    binding = session.io_binding()
    binding.bind_cpu_input(session.get_inputs()[0].name, x)
    for output in session.get_outputs():
        binding.bind_output(output.name)
    repeats = 20

    def once():
        for _ in range(repeats):
            session.run_with_iobinding(binding)

    measure(once, 0.2)
    found = measure(once, seconds)
    found = {k: v if k == "calls" else v / repeats for k, v in found.items()}
    return {"peer": f"onnxruntime {onnxruntime.__version__}", "family": family, "threads": 1,
            "file": path or "torch.onnx", **found}


def main(arguments):
    warnings.simplefilter("ignore")  # of exporters that are old and options that are for others
    match arguments:
        case ["step", family, threads, seconds]:
            found = step(family, int(threads), float(seconds))
        case ["window", family, seconds, *path] if len(path) < 2:
            found = window(family, float(seconds), *path)
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
