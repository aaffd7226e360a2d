"""Rewrites small tables as other tools write them, for the tests of the reader.

usage: foreign-tables.py FOLDER, which is steps/kit/table/testdata. It reads
NAME-arrow.parquet there and writes NAME-TOOL.parquet for every other tool and
way of writing. Needs pandas, pyarrow, polars and duckdb; python.sh makes them.
"""

import datetime
import decimal
import os
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


def odd(table):
    """The table with columns that no table here has, of every nested kind."""
    n = table.num_rows
    extra = {
        "a_struct": pa.array([{"x": i, "y": {"z": [i]}} for i in range(n)]),
        "a_list": pa.array([[{"k": i}] for i in range(n)]),
        "a_map": pa.array([[("k", i)] for i in range(n)], pa.map_(pa.string(), pa.int64())),
        "lists": pa.array([[[i], []] for i in range(n)]),
        "a_date": pa.array([datetime.date(2024, 1, 1)] * n),
        "a_bool": pa.array([i % 2 == 0 for i in range(n)]),
        "a_decimal": pa.array([decimal.Decimal(i) / 10 for i in range(n)], pa.decimal128(20, 1)),
        "a_duration": pa.array([datetime.timedelta(seconds=i) for i in range(n)]),
        "a_null": pa.nulls(n),
    }
    for name, column in extra.items():
        table = table.append_column(name, column)
    return table


def main(folder):
    for name in "index", "assignment", "windows", "predictions":
        path = lambda how: os.path.join(folder, f"{name}-{how}.parquet")
        table = pq.read_table(path("arrow"))
        table.to_pandas().to_parquet(path("pandas"))
        pl.from_arrow(table).write_parquet(path("polars"))
        source = f"select * from '{path('arrow')}'"
        duckdb.sql(f"copy ({source}) to '{path('duckdb')}' (format parquet)")
        duckdb.sql(f"copy ({source}) to '{path('duckdb2')}' (format parquet, parquet_version v2)")
        pq.write_table(odd(table), path("odd"), compression="none")
        plain = dict(use_dictionary=False, write_statistics=False, data_page_version="2.0")
        strings = [f.name for f in table.schema if f.type == pa.string()]
        numbers = [f.name for f in table.schema if pa.types.is_integer(f.type) or pa.types.is_timestamp(f.type)]
        floats = [f.name for f in table.schema if pa.types.is_floating(f.type)]
        pq.write_table(table, path("delta"), compression="gzip", **plain, column_encoding={
            **{c: "DELTA_BYTE_ARRAY" for c in strings}, **{c: "DELTA_BINARY_PACKED" for c in numbers},
            **{c: "BYTE_STREAM_SPLIT" for c in floats}})
        pq.write_table(table, path("lz4"), compression="lz4", row_group_size=5, data_page_size=64, **{**plain, "data_page_version": "1.0"},
                       column_encoding={c: "DELTA_LENGTH_BYTE_ARRAY" for c in strings})


if __name__ == "__main__":
    main(sys.argv[1])
