"""Measures XGBoost and LightGBM, one JSON line a call.

    peer.py PEER JOB     PEER is xgboost, lightgbm, or lightgbm-quantised, whose gradients are small
                         integers; JOB is a job of work_test.go as JSON

Times are milliseconds per round; cpu is processor time of the whole process, wall is the clock. Peak
is of the whole process, too. Loss is the mean cross-entropy of the rows that are held out.
"""

import json
import pathlib
import sys
import time

import numpy as np


def weights(job, y):
    """scikit-learn's balanced weights of the training rows by their classes, or none."""
    if not job["balanced"]:
        return None
    count = np.bincount(y)
    return (len(y) / (np.count_nonzero(count) * np.maximum(count, 1)))[y]


def xgboost(job, task, x, y):
    import xgboost as xgb
    params = dict(objective="multi:softprob", num_class=task["classes"], tree_method="hist", max_depth=6, eta=0.1,
                  max_bin=256, min_child_weight=1, reg_lambda=1, nthread=job["threads"], subsample=job["subsample"],
                  colsample_bytree=job["colsample"], seed=1)
    data = xgb.DMatrix(x, label=y, weight=weights(job, y), nthread=job["threads"])
    booster = xgb.Booster(params, [data])
    return f"xgboost {xgb.__version__}", lambda i: booster.update(data, i), lambda x: booster.predict(
        xgb.DMatrix(x, nthread=job["threads"]))


def lightgbm(job, task, x, y, quantised):
    """Its Hessians have a factor K/(K-1) where XGBoost's have 2, so its rate is lower for equal steps."""
    import lightgbm as lgb
    k = task["classes"]
    params = dict(objective="multiclass", num_class=k, max_depth=6, num_leaves=64, learning_rate=0.05 * k / (k - 1),
                  max_bin=255, min_data_in_leaf=1, min_sum_hessian_in_leaf=1, lambda_l2=1, num_threads=job["threads"],
                  bagging_fraction=job["subsample"], bagging_freq=1, feature_fraction=job["colsample"], seed=1,
                  use_quantized_grad=quantised, verbose=-1)
    booster = lgb.Booster(params, lgb.Dataset(x, label=y, weight=weights(job, y), params=params))
    return f"lightgbm {lgb.__version__}", lambda i: booster.update(), lambda x: booster.predict(
        x, num_threads=job["threads"])


def main(peer, text):
    job = json.loads(text)
    folder = pathlib.Path(job["dir"])
    task = json.loads((folder / "task.json").read_text())
    x = np.fromfile(folder / "x.f32", np.float32).reshape(-1, task["columns"])
    y = np.fromfile(folder / "y.i32", np.int32)
    n = task["train"]
    begin = time.process_time()
    if peer == "xgboost":
        name, step, predict = xgboost(job, task, x[:n], y[:n])
    else:
        name, step, predict = lightgbm(job, task, x[:n], y[:n], peer == "lightgbm-quantised")
    cpu, wall = [], []
    for i in range(job["rounds"]):
        w, c = time.perf_counter(), time.process_time()
        step(i)
        cpu.append((time.process_time() - c) * 1e3)
        wall.append((time.perf_counter() - w) * 1e3)
        if i == 0:
            setup = (time.process_time() - begin) * 1e3
    status = pathlib.Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024  # getrusage knows the parent's, too
    p = predict(x[n:])
    loss = -np.log(np.maximum(p[np.arange(len(p)), y[n:]], 1e-15)).mean()
    c = time.process_time()
    if job["predict"]:
        predict(x[:n])
    predicted = (time.process_time() - c) * 1e3
    cpu, wall = sorted(cpu[1:]), sorted(wall[1:])
    print(json.dumps({"peer": name, "cpu_best": cpu[0], "cpu_median": cpu[len(cpu) // 2], "wall_best": wall[0],
                      "wall_median": wall[len(wall) // 2], "calls": len(cpu), "setup": setup - cpu[len(cpu) // 2],
                      "peak": peak, "loss": float(loss), "predict": predicted}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
