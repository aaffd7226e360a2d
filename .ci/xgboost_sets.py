"""Models that XGBoost trains in many ways, for TestXGBoost of steps/kit/model/gbt.

usage: xgboost_sets.py make DIR     trains, and writes models, rows and margins
       xgboost_sets.py check DIR    reads what assay saved of them, and compares margins

Rows and margins are float32, row by row. NAME.json (or .ubj) has its margins in
NAME.margins; NAME.refused.json is one that assay should refuse. See xgboost.sh.
"""

import json
import os
import sys

# The folder of this file must not be searched: it would be found as xgboost.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import xgboost as xgb

ROWS, COLUMNS, TRAINED, EXPLAINED = 20_000, 23, 1_500, 100
NAMES = [f"f{i}" for i in range(COLUMNS)]
VERSION = tuple(int(v) for v in xgb.__version__.split(".")[:2])


def data(classes):
    """Rows of heavy tails, few values and missing ones, and noisy classes."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    x[:, 1] = np.exp(3 * x[:, 1])
    x[:, 2] = np.round(x[:, 2])
    x[:, 3] = 4
    y = (3 * x[:, 0] + x[:, 2] + np.log(x[:, 1]) * x[:, 5] + rng.normal(size=ROWS)).argsort().argsort() * classes // ROWS
    x[rng.random(x.shape) < 0.15] = np.nan
    x[rng.random(ROWS) < 0.02] = np.nan
    return x, y.astype(np.int32)


def sets():
    soft = {"objective": "multi:softprob", "num_class": 6}
    binary = {"objective": "binary:logistic"}
    return {
        "defaults": soft,
        "exact, gamma": {**soft, "tree_method": "exact", "gamma": 2.0, "max_depth": 8},
        "approx": {**soft, "tree_method": "approx", "gamma": 1.0},
        "hist, depth 12": {**soft, "tree_method": "hist", "max_depth": 12, "min_child_weight": 0.1},
        "lossguide": {**soft, "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 40, "max_depth": 0},
        "samples": {**soft, "subsample": 0.6, "colsample_bytree": 0.5, "colsample_bynode": 0.7, "seed": 5},
        "monotone": {**soft, "monotone_constraints": "(1,-1" + ",0" * (COLUMNS - 2) + ")"},
        "base_score": {**soft, "base_score": -0.7},
        "penalties": {**soft, "alpha": 1.0, "lambda": 0.0, "max_delta_step": 0.3, "eta": 0.05},
        "weights": soft,
        "forest of 4": {**soft, "num_parallel_tree": 4, "subsample": 0.5, "colsample_bynode": 0.3},
        "softmax": {**soft, "objective": "multi:softmax"},
        "two classes": {**soft, "num_class": 2},
        "binary": binary,
        "binary, base_score": {**binary, "base_score": 0.03},
        "binary, forest of 3": {**binary, "num_parallel_tree": 3, "subsample": 0.5},
    }


def matrix(x, y=None, **more):
    return xgb.DMatrix(x, y, feature_names=NAMES, **more)


def keep(dir, name, booster, x, suffix=".json", rounds=0):
    booster.save_model(os.path.join(dir, name + suffix))
    got = booster.predict(matrix(x), output_margin=True, iteration_range=(0, rounds))
    got.astype(np.float32).tofile(os.path.join(dir, name + ".margins"))


def trained(name, params, x, y, rounds=8, **more):
    weight = np.linspace(0.1, 3, TRAINED) if name == "weights" else None
    params = {"nthread": 1, **params}
    return xgb.train(params, matrix(x[:TRAINED], y[:TRAINED], weight=weight), rounds, **more)


def special(dir, x, y):
    """Models that do not come of parameters alone."""
    soft = sets()["defaults"]
    plain = trained("", soft, x, y)
    keep(dir, "UBJSON", plain, x, ".ubj")
    with open(os.path.join(dir, "exact, gamma.json")) as f:
        trees = json.load(f)["learner"]["gradient_booster"]["model"]["trees"]
    assert any(t["tree_param"]["num_deleted"] != "0" for t in trees)
    held = [(matrix(x[TRAINED:3000], y[TRAINED:3000]), "held")]
    early = trained("", {**soft, "eta": 1.0, "max_depth": 8}, x, y, 30, evals=held, early_stopping_rounds=3, verbose_eval=False)
    assert early.best_iteration + 1 < early.num_boosted_rounds()
    keep(dir, "stopped early, Booster", early, x)
    for updater, name in (("prune", "pruned later"), ("refresh", "refreshed")):
        again = {**soft, "process_type": "update", "updater": updater, "gamma": 5.0, "refresh_leaf": 1, "max_depth": 6}
        keep(dir, name, trained("", again, x, y, xgb_model=plain), x)
    wrapper = xgb.XGBClassifier(n_estimators=30, learning_rate=1.0, max_depth=8, n_jobs=1, early_stopping_rounds=3)
    columns = type("Named", (np.ndarray,), {})
    wrapper.fit(x[:TRAINED].view(columns), y[:TRAINED], eval_set=[(x[TRAINED:3000], y[TRAINED:3000])], verbose=False)
    wrapper.get_booster().feature_names = NAMES
    wrapper.save_model(os.path.join(dir, "stopped early, sklearn.json"))
    margins = wrapper.get_booster().predict(matrix(x), output_margin=True, iteration_range=(0, wrapper.best_iteration + 1))
    assert (wrapper.predict_proba(x[:100]).argmax(1) == margins[:100].argmax(1)).all()
    margins.tofile(os.path.join(dir, "stopped early, sklearn.margins"))


def refused(dir, x, y):
    soft = sets()["defaults"]
    made = {
        "dart": trained("", {**soft, "booster": "dart", "rate_drop": 0.5}, x, y),
        "gblinear": trained("", {**soft, "booster": "gblinear"}, x, y),
        "regression": trained("", {"objective": "reg:squarederror"}, x, y),
        "ranking": xgb.train({"objective": "rank:pairwise"}, matrix(x[:1000], y[:1000], group=[500, 500]), 5),
        "no names": xgb.train(soft, xgb.DMatrix(x[:1000], y[:1000]), 3),
    }
    kinds = ["q"] * COLUMNS
    kinds[2] = "c"
    codes = x.copy()
    codes[:, 2] = np.abs(codes[:, 2])
    cats = xgb.DMatrix(codes[:TRAINED], y[:TRAINED], feature_names=NAMES, feature_types=kinds, enable_categorical=True)
    made["categories"] = xgb.train({**soft, "tree_method": "hist", "max_cat_to_onehot": 1}, cats, 5)
    if VERSION >= (2, 0):
        both = np.column_stack([y, -y])[:1000]
        params = {"objective": "reg:squarederror", "multi_strategy": "multi_output_tree", "tree_method": "hist"}
        made["several outputs"] = xgb.train(params, matrix(x[:1000], both), 3)
        made["leaves of vectors"] = trained("", {**soft, "multi_strategy": "multi_output_tree", "tree_method": "hist"}, x, y)
    for name, booster in made.items():
        booster.save_model(os.path.join(dir, name + ".refused.json"))


def make(dir):
    xgb.set_config(verbosity=0)
    x, y = data(6)
    x.tofile(os.path.join(dir, "rows.f32"))
    with open(os.path.join(dir, "about.json"), "w") as f:
        json.dump({"xgboost": xgb.__version__, "rows": ROWS, "features": NAMES}, f)
    for name, params in sets().items():
        classes = params.get("num_class", 2)
        keep(dir, name, trained(name, params, x, y * classes // 6), x)
    special(dir, x, y)
    refused(dir, x, y)
    explained(dir, x, y)


def explained(dir, x, y):
    """A model with its SHAP values of the first rows, and its importances."""
    booster = trained("", {**sets()["defaults"], "max_depth": 5}, x, y, 4)
    keep(dir, "explained", booster, x)
    shap = booster.predict(matrix(x[:EXPLAINED]), pred_contribs=True)
    shap.astype(np.float32).tofile(os.path.join(dir, "explained.shap"))
    kinds = ["weight", "gain", "total_gain", "cover", "total_cover"]
    with open(os.path.join(dir, "explained.scores"), "w") as f:
        json.dump({k: booster.get_score(importance_type=k) for k in kinds}, f)


def check(dir):
    """Compares the margins of NAME.ours with NAME.want, both of assay."""
    x = np.fromfile(os.path.join(dir, "rows.f32"), np.float32).reshape(ROWS, COLUMNS)
    wrong = 0
    for file in sorted(os.listdir(dir)):
        if not file.endswith(".ours"):
            continue
        name = file.removesuffix(".ours")
        booster = xgb.Booster(model_file=os.path.join(dir, file))
        got = booster.predict(matrix(x), output_margin=True).ravel()
        want = np.fromfile(os.path.join(dir, name + ".want"), np.float32)
        same = np.array_equal(got.view(np.int32), want.view(np.int32))
        note = "equal" if same else f"{np.abs(got - want).max():.3g} apart"
        with open(os.path.join(dir, file)) as f:
            score = json.load(f)["learner"]["learner_model_param"]["base_score"]
        if not same and VERSION < (3, 1) and score.startswith("["):
            note = "other starts, as known before 3.1"
        elif not same:
            wrong += 1
        print(f"{xgb.__version__:8} {name:28} read back: {note}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("make", "check"):
        sys.exit(__doc__)
    {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
