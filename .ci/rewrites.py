"""Rewrites tables in many ways and scores each; see rewrites.sh.

usage: rewrites.py ASSAY FOLDER, which holds index/ and windows/
"""

import os
import shutil
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

RECIPE = """name: rewritten
sources: {{index: {work}/{index}, windows: {work}/{windows}, said: {work}/{said}}}
steps:
  split: {{uses: split, in: {{index: index}}, with: {{hold: {{by: host, test: [lab-d4]}}, seed: 7}}}}
  gbt: {{uses: train/gbt, in: {{windows: windows, split: split.assignment}}, with: {{rounds: 25, view: oracle}}}}
  eval: {{uses: eval, in: {{predictions: {predictions}, split: split.assignment, windows: windows}}}}
"""


def pandas_index(t, to):
    """Shuffled and filtered by pandas, which leaves its index behind."""
    t.to_pandas().sample(frac=1, random_state=1).query("host_id != ''").to_parquet(to)


def pandas_categories(t, to):
    d = t.to_pandas()
    for c in d.columns:
        if c in ("host_id", "profile", "sample", "phase", "status", "part", "predicted"):
            d[c] = d[c].astype("category")
    d.to_parquet(to, index=False, compression="gzip")


def pandas_wide(t, to):
    """Wider numbers, and times of another zone."""
    d = t.to_pandas()
    for c in d.columns:
        if d[c].dtype == np.float32:
            d[c] = d[c].astype("float64")
        elif d[c].dtype == np.int32:
            d[c] = d[c].astype("int64")
        elif isinstance(d[c].dtype, pd.DatetimeTZDtype):
            d[c] = d[c].dt.tz_convert("America/St_Johns")
    d.to_parquet(to, index=False)


def polars_default(t, to):
    pl.from_arrow(t).write_parquet(to)


def polars_turned(t, to):
    """Columns and rows the other way round, small row groups, LZ4."""
    d = pl.from_arrow(t)
    d.select(d.columns[::-1]).reverse().write_parquet(to, row_group_size=100, compression="lz4", statistics=False)


def duckdb_default(t, to):
    duckdb.sql(f"copy (select * from t) to '{to}' (format parquet)")


def duckdb_v2(t, to):
    duckdb.sql(f"copy (select * from t order by episode_id desc) to '{to}' (format parquet, parquet_version v2, row_group_size 2048)")


def arrow_v2(t, to):
    """Version 2 pages, plain values, rows in a random order, one empty row group."""
    t = t.take(np.random.default_rng(3).permutation(t.num_rows))
    with pq.ParquetWriter(to, t.schema, use_dictionary=False, data_page_version="2.0", compression="zstd") as w:
        w.write_table(t.slice(0, 0))
        w.write_table(t, row_group_size=333)


def arrow_odd(t, to):
    """Dictionaries of everything, small pages, and columns that nobody asks for."""
    n = t.num_rows
    t = t.append_column("a_struct", pa.array([{"x": i} for i in range(n)])).append_column("guest.leak.mean", pa.array(np.arange(n, dtype=np.float32)))
    pq.write_table(t, to, use_dictionary=True, data_page_size=256, compression="snappy")


WAYS = [pandas_index, pandas_categories, pandas_wide, polars_default, polars_turned, duckdb_default, duckdb_v2, arrow_v2, arrow_odd]


def score(assay, work, name, **sources):
    """The bytes of metrics.json, with the predictions of a model or those said."""
    sources.setdefault("said", "index")
    predictions = "said" if sources["said"] != "index" else "gbt.predictions"
    recipe = os.path.join(work, name + ".yaml")
    with open(recipe, "w") as f:
        f.write(RECIPE.format(work=work, predictions=predictions, **sources))
    run = lambda *args: subprocess.run([assay, *args, "--store", os.path.join(work, "store")], check=True, capture_output=True, cwd=work).stdout
    run("run", recipe)
    return run("show", recipe, "eval.report/metrics.json"), lambda artifact, to: run("export", recipe, artifact, to)


def rewrite(work, table, way, source):
    """A folder with one file: the table of another folder, rewritten."""
    to = os.path.join(work, f"{table}-{way.__name__}")
    os.makedirs(to, exist_ok=True)
    way(source, os.path.join(to, f"{table}.parquet"))
    return os.path.basename(to)


def main(assay, work):
    want, export = score(assay, work, "original", index="index", windows="windows")
    export("gbt.predictions", os.path.join(work, "said"))
    read = lambda *path: pq.read_table(os.path.join(work, *path)).replace_schema_metadata(None)
    index, windows = read("index"), read("windows")
    said = read("said", "predictions.parquet")
    failed = 0
    for way in WAYS:
        sources = {"index": rewrite(work, "index", way, index), "windows": rewrite(work, "windows", way, windows)}
        predictions = rewrite(work, "predictions", way, said)
        shutil.copy(os.path.join(work, "said", "predictions.json"), os.path.join(work, predictions))
        for name, more in ("trained", {}), ("said", {"said": predictions}):
            try:
                got, _ = score(assay, work, f"{way.__name__}-{name}", **sources, **more)
                verdict = "same" if got == want else "DIFFERS"
            except subprocess.CalledProcessError as e:
                verdict = "FAILED " + e.stderr.decode()[-400:]
            failed += verdict != "same"
            print(f"{way.__name__}, {name}: {verdict}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1], os.path.abspath(sys.argv[2]))
