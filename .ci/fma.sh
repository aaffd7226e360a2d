#!/usr/bin/env bash
# Fails if the compiler fuses a product and a sum in our own code, on a machine
# that has such an instruction: the fused result is rounded once, not twice, and
# so is another number than elsewhere. The cure is float64(a*b) + c.
set -euo pipefail
cd "$(dirname "$0")/.."
fused() { # GOARCH GOAMD64 pattern
  GOARCH=$1 GOAMD64=$2 go build -gcflags='assay/...=-S' ./steps/... ./engine/... ./artifacts/... 2>&1 |
    grep -E "	($3)" | grep -oE '\([^()]*\.go:[0-9]+\)	[A-Z0-9]+' | sort -u || true
}
found=$(fused arm64 v1 'FN?M(ADD|SUB)[SD]'; fused amd64 v3 'VFN?M(ADD|SUB)[0-9]+[SP][SD]')
[ -z "$found" ] || { printf 'fused multiply-add:\n%s\n' "$found"; exit 1; }
echo "none on arm64, none on amd64 v3"
