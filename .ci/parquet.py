"""Reads the tables of a run with DuckDB, pandas and pyarrow and compares.

usage: parquet.py FOLDER, which holds a folder NODE.OUTPUT for each artifact; see
parquet.sh. Exits with 1 at the first thing that is not as it should be.
"""

import csv
import glob
import json
import os
import sys

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

KEY = ["host_id", "episode_id"]
TEXT, DOUBLE, FLOAT, COUNT = "VARCHAR", "DOUBLE", "FLOAT", "INTEGER"

# The columns that a table has at least, as DuckDB calls their types.
TABLES = {
    "index.parquet": {
        "host_id": TEXT, "episode_id": TEXT, "status": TEXT, "reasons": "VARCHAR[]", "profile": TEXT,
        "sample_name": TEXT, "sample_kind": TEXT, "sample_sha256": TEXT, "started_at": "TIMESTAMP WITH TIME ZONE",
        "duration_s": DOUBLE, "vm_uptime_s": DOUBLE, "rows_proc": COUNT, "rows_guest": COUNT, "rows_qmp": COUNT,
        "rows_netflow": COUNT, "bad_rows_proc": COUNT, "labels": COUNT, "phases": "VARCHAR[]"},
    "windows.parquet": {
        "host_id": TEXT, "episode_id": TEXT, "profile": TEXT, "sample": TEXT, "t_center_s": DOUBLE, "phase": TEXT,
        "guest.load_1m.mean": FLOAT, "qmp.kvm_pages_4k.p50": FLOAT},
    "vectors.parquet": {
        "host_id": TEXT, "episode_id": TEXT, "profile": TEXT, "sample": TEXT, "guest.load_1m.mean": FLOAT},
    "assignment.parquet": {
        "host_id": TEXT, "episode_id": TEXT, "part": TEXT, "why": TEXT, "boot": TEXT, "profile": TEXT, "sample": TEXT},
    "predictions.parquet": {
        "host_id": TEXT, "episode_id": TEXT, "profile": TEXT, "part": TEXT, "t_center_s": DOUBLE, "phase": TEXT,
        "predicted": TEXT, "p_clean": FLOAT, "p_failed": FLOAT},
}

# What pandas may call these.
PANDAS = {
    TEXT: {"object", "string", "str"}, DOUBLE: {"float64"}, FLOAT: {"float32"}, COUNT: {"int32"},
    "VARCHAR[]": {"object"}, "TIMESTAMP WITH TIME ZONE": {"datetime64[ns, UTC]"},
}


def need(ok, *what):
    if not ok:
        sys.exit(" ".join(str(w) for w in what))


class Table:
    """The parts of one table, read three times."""

    def __init__(self, folder, name):
        self.about = f"{os.path.basename(folder)}/{name}"
        self.files = sorted(glob.glob(os.path.join(glob.escape(folder), "**", name), recursive=True))
        self.arrow = pa.concat_tables([pq.read_table(f) for f in self.files])
        self.pandas = pd.concat([pd.read_parquet(f) for f in self.files], ignore_index=True)
        self.duck = duckdb.read_parquet([glob.escape(f) for f in self.files])
        self.same_shape(TABLES[name])
        self.same_values()

    def same_shape(self, want):
        names = self.arrow.column_names
        need(list(self.pandas.columns) == names and self.duck.columns == names, self.about, "the columns differ")
        types = dict(zip(names, (str(t) for t in self.duck.types)))
        types = {n: t.replace("TIMESTAMP_NS", "TIMESTAMP") for n, t in types.items()}
        for name, kind in want.items():
            need(name in types, self.about, "has no column", name)
            need(types[name] == kind or kind.startswith("TIMESTAMP") and types[name].startswith("TIMESTAMP"),
                 self.about, name, "is", types[name], "in DuckDB, want", kind)
            need(str(self.pandas[name].dtype) in PANDAS[kind], self.about, name, "is", self.pandas[name].dtype, "in pandas")
        rows = len(self.pandas), self.arrow.num_rows, self.duck.count("*").fetchone()[0]
        need(len(set(rows)) == 1, self.about, "has", rows, "rows in pandas, pyarrow and DuckDB")

    def same_values(self):
        """Every null and every number is the same in all three."""
        duck = self.duck.arrow().read_all() if hasattr(self.duck.arrow(), "read_all") else self.duck.arrow()
        for name in self.arrow.column_names:
            a, d, p = self.arrow[name], duck[name], self.pandas[name]
            need(a.null_count == d.null_count, self.about, name, "has", a.null_count, "nulls in pyarrow,", d.null_count, "in DuckDB")
            if pa.types.is_floating(a.type) and a.null_count == 0:
                x, y, z = a.to_numpy(), d.to_numpy(), p.to_numpy()
                need(np.array_equal(x, y, equal_nan=True) and np.array_equal(x, z, equal_nan=True), self.about, name, "differs")
            elif pa.types.is_string(a.type) or pa.types.is_integer(a.type) or pa.types.is_list(a.type):
                need(a.to_pylist() == d.to_pylist(), self.about, name, "differs in DuckDB")
                if not pa.types.is_list(a.type):
                    need(a.to_pylist() == [None if x is None else x for x in p.tolist()], self.about, name, "differs in pandas")
            else:
                need(int(p.isna().sum()) == a.null_count, self.about, name, "has other nulls in pandas")

    def ask(self, sql):
        t = self.duck
        return t.query("t", sql).fetchall()


def check_index(t):
    """Controls have no digest of a sample; every verdict but accepted has reasons."""
    (n, bad), = t.ask("select count(*), count(*) filter (status not in ('accepted', 'degraded', 'rejected', 'errored')) from t")
    need(n > 0 and bad == 0, t.about, bad, "rows have an unknown status")
    (bare,), = t.ask("select count(*) from t where status <> 'accepted' and len(reasons) = 0")
    need(bare == 0, t.about, bare, "verdicts have no reason")
    (bad,), = t.ask("select count(*) from t where sample_sha256 is not null and not regexp_full_match(sample_sha256, '[0-9a-f]{64}')")
    need(bad == 0, t.about, bad, "digests of samples are none")
    (wrong,), = t.ask("select count(*) from t where status = 'accepted' and (started_at is null or year(started_at) not between 2000 and 2100)")
    need(wrong == 0, t.about, wrong, "starts make no sense")


def check_matrix(t):
    """Features are never null; NaN is missing. Rows have a key each."""
    features = [c for c in t.arrow.column_names if c.count(".") == 2]
    need(len(features) == 230, t.about, "has", len(features), "features, want 230")
    need(all(t.arrow[c].null_count == 0 for c in features), t.about, "has nulls among the features")
    key = KEY + (["t_center_s"] if "t_center_s" in t.arrow.column_names else [])
    need(not t.pandas.duplicated(key).any(), t.about, "has a row twice")


def check_assignment(t, folder):
    """The reason is there for excluded episodes and null for the others."""
    (bad,), = t.ask("select count(*) from t where (why is not null) <> (part = 'excluded')")
    need(bad == 0, t.about, bad, "reasons are missing or too many")
    told = {}
    with open(os.path.join(folder, "counts.csv"), newline="") as f:
        for row in csv.DictReader(f):
            if row["phase"] == "any":
                told[row["part"], row["profile"]] = int(row["episodes"])
    found = {(part, profile): n for part, profile, n in t.ask("select part, profile, count(*) from t group by all")}
    need(found == told, t.about, "counts.csv says", told, "DuckDB counts", found)
    with open(os.path.join(folder, "split.json")) as f:
        info = json.load(f)
    found = dict(t.ask("select part, count(*) from t group by all"))
    need(found == {p: n for p, n in info["episodes"].items() if n}, t.about, "split.json says", info["episodes"], "DuckDB counts", found)


def check_predictions(t, evals):
    """The accuracy that DuckDB computes is the one of eval."""
    (off,), = t.ask("select count(*) from t where abs(p_clean + p_armed + p_infecting + p_infected_running + p_dormant + p_failed - 1) > 1e-4")
    need(off == 0, t.about, off, "rows of probabilities do not add up to 1")
    if evals is None:
        return
    with open(os.path.join(evals, "metrics.json")) as f:
        told = json.load(f)
    accuracy = next(m["value"] for m in told["measures"] if m["name"] == "accuracy")
    (n, right), = t.ask("select count(*), count(*) filter (phase = predicted) from t where part = 'test'")
    need(n == told["windows"] and abs(right / n - accuracy) < 1e-12,
         t.about, "metrics.json says", told["windows"], accuracy, "DuckDB", n, right / n)


def point(folder):
    """The point of a node's matrix, "[hold=sample]" of "split[hold=sample].assignment"."""
    name = os.path.basename(folder)
    return name[name.index("["):name.rindex("]") + 1] if "[" in name else ""


def main(root):
    folders = sorted(f for f in glob.glob(os.path.join(glob.escape(root), "*")) if os.path.isdir(f))
    evals = {point(f): f for f in folders if os.path.exists(os.path.join(f, "metrics.json"))}
    seen = {}
    for folder in folders:
        for name in TABLES:
            if not glob.glob(os.path.join(glob.escape(folder), "**", name), recursive=True):
                continue
            t = Table(folder, name)
            if name == "index.parquet":
                check_index(t)
            elif name == "assignment.parquet":
                check_assignment(t, folder)
            elif name == "predictions.parquet":
                check_predictions(t, evals.get(point(folder)))
            else:
                check_matrix(t)
            seen.setdefault(name, []).append(t)
            print(f"{t.about}: {t.arrow.num_rows} rows, {t.arrow.num_columns} columns, {len(t.files)} files")
    need("index.parquet" in seen and "windows.parquet" in seen, "there is no index or no windows in", root)
    usable = {(h, e) for h, e in seen["index.parquet"][0].ask("select host_id, episode_id from t where status in ('accepted', 'degraded')")}
    for name in ("windows.parquet", "vectors.parquet", "assignment.parquet", "predictions.parquet"):
        for t in seen.get(name, []):
            found = set(t.ask("select distinct host_id, episode_id from t"))
            need(found <= usable, t.about, "has episodes that the index does not: ", sorted(found - usable)[:3])
            need(name != "assignment.parquet" or found == usable, t.about, "lacks usable episodes")
    print(f"as they should be in DuckDB {duckdb.__version__}, pandas {pd.__version__}, pyarrow {pa.__version__}")


if __name__ == "__main__":
    main(sys.argv[1])
