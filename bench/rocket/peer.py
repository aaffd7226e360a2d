"""Measures MiniRocket of aeon, one JSON line.

    peer.py POINTS SECONDS    48 windows of 46 channels and so many points, one thread

ms is processor time per window: the best call counts.
"""

import json
import sys
import time

import numpy as np
from aeon.transformations.collection.convolution_based import MiniRocket

WINDOWS, CHANNELS = 48, 46

points, seconds = int(sys.argv[1]), float(sys.argv[2])
x = np.random.default_rng(1).standard_normal((WINDOWS, CHANNELS, points)).astype(np.float32)
rocket = MiniRocket(n_kernels=10_000, n_jobs=1, random_state=1).fit(x)
rocket.transform(x)  # compiles
best, calls, end = float("inf"), 0, time.perf_counter() + seconds
while calls < 3 or time.perf_counter() < end:
    begin = time.process_time()
    rocket.transform(x)
    best, calls = min(best, time.process_time() - begin), calls + 1
print(json.dumps({"ms": best * 1e3 / WINDOWS}))
