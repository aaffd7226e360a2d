#!/usr/bin/env bash
# Runs the small recipe of the tests natively and, under emulation, as an arm64
# binary, and compares the two locks.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v qemu-aarch64-static >/dev/null; then
  apt-get update -qq && apt-get install -y -qq qemu-user-static >/dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/native" ./cmd/assay
GOARCH=arm64 go build -o "$work/arm64" ./cmd/assay
for host in testdata/corpus/*/; do
  mkdir -p "$work/corpus/$(basename "$host")"
  for f in $(ls "$host"*.tar.zst | head -n 14); do cp "$f" "$f.sha256" "$work/corpus/$(basename "$host")/"; done
done
cp cmd/assay/testdata/small.yaml "$work/r.yaml"
(cd "$work" && ./native run r.yaml --store native.store >/dev/null 2>&1)
(cd "$work" && qemu-aarch64-static ./arm64 verify r.yaml --store arm64.store)
