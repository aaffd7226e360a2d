"""Trains XGBoost on a windows table, as somebody does who knows nothing of assay's models.

usage: xgboost_train.py WINDOWS MODEL.json

Classes are the phases in their order; features are some that exist where a model is deployed.
The file cmd/assay/testdata/xgboost.json was made so, of the corpus.
"""

import os
import sys

# The folder of this file must not be searched: it would be found as xgboost.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import pyarrow.parquet as pq
import xgboost

PHASES = ["clean", "armed", "infecting", "infected_running", "dormant", "failed"]


def main(windows, model):
    table = pq.read_table(windows)
    deployed = [c for c in table.column_names if c.startswith(("guest.", "netflow."))]
    names = deployed[::-7]  # some, in another order than the table's
    x = np.column_stack([table[c].to_numpy() for c in names]).astype(np.float32)
    x[~np.isfinite(x)] = np.nan
    y = [PHASES.index(p) for p in table["phase"].to_pylist()]
    params = {"objective": "multi:softprob", "num_class": len(PHASES), "max_depth": 2, "nthread": 1}
    xgboost.train(params, xgboost.DMatrix(x, y, feature_names=names), 3).save_model(model)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
