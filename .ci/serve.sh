#!/usr/bin/env bash
# The dashboard under load and in a real Chromium: 2,000 readers and 5,000 events a second;
# frames and memory at 200 events a second; a killed server; two browsers.
# Usage: .ci/serve.sh [ASSAY STORE]     check, with the results that are in the store
#        .ci/serve.sh pictures [ASSAY STORE]   make the pictures in docs again
set -euo pipefail
cd "$(dirname "$0")/.."
what=check
if [ "${1:-}" = pictures ]; then what=pictures; shift; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
assay=${1:-$work/assay}
store=${2:-$work/store}
[ -n "${1:-}" ] || CGO_ENABLED=0 go build -o "$assay" ./cmd/assay
"$assay" run recipes/paper.yaml profiles eval knn-eval mlp-eval --store "$store" >"$work/run" 2>&1 || { cat "$work/run"; exit 1; }

if [ $what = check ]; then
  echo "2,000 readers, 5,000 events a second"
  # Others may use the machine for a moment, so there is a second try.
  load() { ASSAY_LOAD=1 go test ./cmd/assay/internal/serve -count=1 -run TestLoad -v | grep -v '^===' || return 1; }
  load || load
fi

if ! command -v chromium chromium-browser google-chrome >/dev/null; then
  apt-get install -y -q chromium >"$work/apt" 2>&1 ||
    { echo "skipped: there is no Chromium, and it cannot be installed"; tail -3 "$work/apt"; exit 0; }
fi
python3 .ci/serve.py $what "$assay" "$store"
