#!/usr/bin/env bash
# Compares the networks with PyTorch's: logits, gradients and running statistics of a
# trained network of each family. ASSAY_BENCH_PYTHON names a Python that has torch,
# which is too large to be installed for a check.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${ASSAY_BENCH_PYTHON:-python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "left out: $python has no torch (ASSAY_BENCH_PYTHON names one that has)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ASSAY_TWINS=$work go test -count=1 -run TestWriteTwins ./steps/kit/model/nn
for family in mlp cnn gru lstm transformer; do
  "$python" bench/nn/twin.py "$work/$family" 1e-5 1e-4
done
