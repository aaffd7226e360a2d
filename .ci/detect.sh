#!/usr/bin/env bash
# Trains a model of every family on a few episodes, feeds each a stream of half an hour, and fails
# if live detection takes more than 50 MB of memory or 5 ms of CPU a window.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v zstd >/dev/null || { apt-get update -qq && apt-get install -y -qq zstd >/dev/null; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/assay" ./cmd/assay
for host in testdata/corpus/*/; do
  mkdir -p "$work/corpus/$(basename "$host")" "$work/episode"
  for f in $(find "$host" -name '*.tar.zst' | sort | head -n 10); do
    cp "$f" "$f.sha256" "$work/corpus/$(basename "$host")/"
  done
done
cd "$work"
summaries='windows: features.windows, split: split.assignment'
{
  printf '%s\n' 'name: live' 'sources: {corpus: corpus}' 'shards: 4' 'steps:' \
    '  validate: {uses: validate, in: {episodes: corpus}}' \
    '  features: {uses: features, in: {episodes: corpus, index: validate.index}}' \
    '  split: {uses: split, in: {index: validate.index}, with: {hold: {by: host, test: [lab-d4]}}}'
  for m in gbt logistic knn; do echo "  $m: {uses: train/$m, in: {$summaries}}"; done
  echo "  mlp: {uses: train/mlp, in: {$summaries}, with: {epochs: 1}}"
  echo "  rocket: {uses: train/rocket, in: {episodes: corpus, $summaries}}"
  for m in cnn gru lstm transformer; do
    echo "  $m: {uses: train/$m, in: {episodes: corpus, $summaries}, with: {epochs: 1}}"
  done
} >r.yaml
./assay run r.yaml >run.log 2>&1 || { cat run.log; exit 1; }
zstd -dc "$(find corpus/lab-b2 -name '*.tar.zst' | sort | head -n 1)" | tar -x -C episode
python3 - <<'PYTHON'
import json, os, subprocess, sys

SOURCES = {"proc": "telemetry-proc.jsonl", "guest": "telemetry-guest.jsonl", "qmp": "telemetry-qmp.jsonl",
           "netflow": "netflow.jsonl"}
rows = sorted(((row["t_wall_ns"], source, row) for source, name in SOURCES.items()
               for row in map(json.loads, open("episode/" + name))), key=lambda r: r[0])
span = rows[-1][0] - rows[0][0] + 10**8
names = {"short": 60 * 10**9 // span + 1, "long": 1800 * 10**9 // span + 1}
for name, times in names.items():
    with open(name, "w") as out:
        for k in range(times):
            for wall, source, row in rows:
                out.write(json.dumps({"source": source, **row, "t_wall_ns": wall + k * span}) + "\n")

def detect(model, name):
    with open(name) as lines, open("out", "w") as out:
        p = subprocess.Popen(["./assay", "detect", "r.yaml", model], stdin=lines, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"{model}: assay detect failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, sum(1 for _ in open("out"))

bad = False
for model in "gbt logistic knn mlp cnn gru lstm transformer rocket".split():
    cpu, _, few = detect(model, "short")
    more, memory, many = detect(model, "long")
    each = (more - cpu) / (many - few) * 1000
    print(f"{model:12} {many} windows, {each:.2f} ms of CPU each, {memory:.0f} MB")
    bad |= each > 5 or memory > 50
sys.exit("live detection takes more than 5 ms a window or 50 MB" if bad else 0)
PYTHON
