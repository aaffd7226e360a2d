#!/usr/bin/env bash
# Fails if the compiler fuses a product and a sum in our own code, on a machine
# that has such an instruction: the fused result is rounded once, not twice, and
# so is another number than elsewhere. The cure is float64(a*b) + c.
set -euo pipefail
cd "$(dirname "$0")/.."
listing=$(mktemp)
trap 'rm -f "$listing"' EXIT
assemble() { # GOARCH GOAMD64
  GOARCH=$1 GOAMD64=$2 go build -gcflags='assay/...=-S' ./steps/... ./engine/... ./artifacts/... >>"$listing" 2>&1 || { grep -v '^	' "$listing"; exit 1; }
}
assemble arm64 v1
assemble amd64 v3
grep -q 'FMULD\|MULSD' "$listing" || { echo "the compiler's listing holds no floating point at all: this check is broken"; exit 1; }
found=$(grep -E '	(FN?M(ADD|SUB)[SD]|VFN?M(ADD|SUB)[0-9]+[SP][SD])	' "$listing" | grep -oE '\([^()]*\.go:[0-9]+\)	[A-Z0-9]+' | sort -u || true)
[ -z "$found" ] || { printf 'fused multiply-add:\n%s\n' "$found"; exit 1; }
echo "none on arm64, none on amd64 v3"
