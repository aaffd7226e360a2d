"""Multiplies matrices when told to: reads lines "m k n seconds", answers with the
least processor time of one product, in seconds, within about so many seconds."""

import sys
import time

import numpy as np

rng = np.random.default_rng(1)
print("numpy", np.__version__, flush=True)
operands = {}
for line in sys.stdin:
    m, k, n, seconds = line.split()
    shape = int(m), int(k), int(n)
    if shape not in operands:
        a = rng.standard_normal(shape[:2], dtype=np.float32)
        b = rng.standard_normal(shape[1:], dtype=np.float32)
        operands[shape] = a, b, np.empty((shape[0], shape[2]), np.float32)
    a, b, c = operands[shape]
    end = time.perf_counter() + float(seconds)
    best = float("inf")
    repeats = max(1, int(2e8 / (2 * shape[0] * shape[1] * shape[2])))
    while time.perf_counter() < end:
        start = time.thread_time()
        for _ in range(repeats):
            np.matmul(a, b, out=c)
        best = min(best, (time.thread_time() - start) / repeats)
    print(best, flush=True)
