"""Compares assay's reader with pyarrow's, file by file; see parquet-testing.sh.

usage: parquet-testing.py TEST-BINARY FOLDER MEGABYTES
"""

import collections
import decimal
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq


def read_assay(binary, path, out):
    """What assay reads, the way it ended and the megabytes it took."""
    env = dict(os.environ, ASSAY_DUMP=path, ASSAY_DUMP_TO=out)
    with tempfile.TemporaryFile() as log:
        p = subprocess.Popen([binary, "-test.run", "^TestDump$"], env=env, stdout=log, stderr=log)
        if p.wait() != 0:
            log.seek(0)
            return None, log.read().decode(errors="replace")[:500], 0
    with open(out) as f:
        dump = json.load(f)
    return dump, None, dump["peak"] / 1024


def plain(value, kind):
    """A value of pyarrow as the dump has it."""
    if value is None:
        return None
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [plain(v, kind.value_type) for v in value]
    if pa.types.is_dictionary(kind):
        return plain(value, kind.value_type)
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        return float(value)
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    return value


def values(column):
    """A column of pyarrow as the dump has it."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        tick = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[kind.unit]
        return [None if v is None else float(v * tick) for v in column.cast(pa.int64()).to_pylist()]
    return [plain(v, kind) for v in column.to_pylist()]


def same(ours, theirs):
    if ours is None or theirs is None:
        # A list that is empty has no value in the dump.
        return ours is None and (theirs is None or theirs == [])
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, float):
        try:
            v = float(ours)
        except (TypeError, ValueError):
            return False
        return v == theirs or math.isnan(v) and math.isnan(theirs)
    return ours == theirs


def compare(dump, path):
    """A verdict and why."""
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
    except Exception as e:
        why = dump.get("refused") or all(c.get("refused") for c in dump["columns"]) and dump["columns"][0]["refused"]
        return ("refused", why) if why else ("alone", f"pyarrow: {str(e)[:100]}")
    if dump.get("refused"):
        return "refused", dump["refused"]
    equal, refused, alone = 0, [], []
    for column in dump["columns"] or []:
        if column.get("refused"):
            refused.append(column["refused"])
            continue
        name = column["name"]
        if names.count(name) != 1:
            return "DIFFERS", f"pyarrow has {names.count(name)} columns {name}"
        try:
            table = pq.read_table(path, columns=[name], use_threads=False, partitioning=None)
            theirs = values(table.column(names[names.index(name)]))
        except Exception as e:
            alone.append(f"column {name}: pyarrow: {str(e)[:100]}")
            continue
        ours = column["values"] or []
        if len(ours) != len(theirs):
            return "DIFFERS", f"column {name}: {len(ours)} rows, pyarrow has {len(theirs)}"
        for i, (a, b) in enumerate(zip(ours, theirs)):
            if not same(a, b):
                return "DIFFERS", f"column {name}, row {i}: {a!r}, pyarrow has {b!r}"
        equal += 1
    if alone:
        return "alone", alone[0]
    if refused:
        return "refused", f"{len(refused)} of {equal + len(refused)} columns, the rest is equal; {refused[0]}"
    return "equal", f"{equal} columns"


def main(binary, folder, megabytes):
    files = sorted(glob.glob(os.path.join(glob.escape(folder), "**", "*.parquet"), recursive=True))
    if not files:
        sys.exit(f"there is no *.parquet below {folder}")
    counts, failed = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as work:
        for path in files:
            name = os.path.relpath(path, folder)
            dump, fault, peak = read_assay(binary, path, os.path.join(work, "dump.json"))
            if dump is None:
                verdict, why = "PANIC", fault
            elif peak > megabytes:
                verdict, why = "MEMORY", f"{peak:.0f} MB"
            else:
                verdict, why = compare(dump, path)
            counts[verdict] += 1
            failed += verdict.isupper() or verdict == "DIFFERS" or verdict == "alone" and name.startswith("bad_data")
            print(f"{verdict:8}  {name}  {peak:.0f} MB  {why}"[:260].replace("\n", " "), flush=True)
    print(", ".join(f"{n} {v}" for v, n in sorted(counts.items())))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
