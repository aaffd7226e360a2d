"""Compares the predictions of train/gbt with those of XGBoost on its model.

usage: xgboost.py MODEL PREDICTIONS WINDOWS, all folders; see xgboost.sh.
Exits with 1 unless every probability agrees within 1e-6 and every row has the
same most probable class.
"""

import os
import sys

# The folder of this file must not be searched: it would be found as xgboost.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import pyarrow.parquet as pq
import xgboost

CLOSE = 1e-6
KEY = ["host_id", "episode_id", "t_center_s"]


def keys(table):
    return list(zip(*(table[c].to_pylist() for c in KEY)))


def matrix(table, columns):
    return np.column_stack([table[c].to_numpy() for c in columns]).astype(np.float32)


def main(model_dir, predictions_dir, windows_dir):
    booster = xgboost.Booster()
    booster.load_model(os.path.join(model_dir, "model.json"))
    ours = pq.read_table(os.path.join(predictions_dir, "predictions.parquet"))
    windows = pq.read_table(windows_dir)
    classes = [c.removeprefix("p_") for c in ours.column_names if c.startswith("p_")]
    assert (booster.attr("assay_classes") or ",".join(classes)).split(",") == classes

    row = {k: i for i, k in enumerate(keys(windows))}
    rows = [row[k] for k in keys(ours)]
    if not rows:
        sys.exit("there are no predictions to compare")
    x = matrix(windows.select(booster.feature_names), booster.feature_names)[rows]
    x[~np.isfinite(x)] = np.nan  # XGBoost refuses infinities; assay takes them as missing
    want = booster.predict(xgboost.DMatrix(x, feature_names=booster.feature_names))
    got = matrix(ours, ["p_" + c for c in classes])

    apart = np.abs(got - want).max()
    same = (got.argmax(1) == want.argmax(1)).mean()
    named = (np.array(ours["predicted"].to_pylist()) == np.array(classes)[want.argmax(1)]).mean()
    print(f"xgboost {xgboost.__version__}: {len(rows)} windows, {booster.num_boosted_rounds()} rounds, "
          f"probabilities at most {apart:.2g} apart, same class in {100 * min(same, named):.2f} %")
    if not apart <= CLOSE or same < 1 or named < 1:
        sys.exit("XGBoost predicts otherwise")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
