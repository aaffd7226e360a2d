#!/usr/bin/env bash
# Runs the small recipe of the tests with its store on a file system that is too
# small: a clear error, and a later run with more room completes; then on one
# that is read-only. Needs the right to mount; skipped without it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/disk"
mount -t tmpfs -o size=300k tmpfs "$work/disk" 2>/dev/null || { echo "skipped: no right to mount"; exit 0; }
go build -o "$work/assay" ./cmd/assay
for host in testdata/corpus/*/; do
  mkdir -p "$work/corpus/$(basename "$host")"
  for f in $(ls "$host"*.tar.zst | head -n 14); do cp "$f" "$f.sha256" "$work/corpus/$(basename "$host")/"; done
done
cp cmd/assay/testdata/small.yaml "$work/r.yaml"
cd "$work"
if ./assay run r.yaml --store disk/store >full.log 2>&1; then echo "the disk was large enough: this check is broken"; exit 1; fi
grep -q 'no space left on device' full.log || { cat full.log; exit 1; }
grep 'no space left on device' full.log | tail -n 1
mount -o remount,size=64m "$work/disk"
./assay run r.yaml --store disk/store >/dev/null 2>&1
./assay fsck --store disk/store
cp r.lock full.lock
./assay run r.yaml --store whole >/dev/null 2>&1
cmp r.lock full.lock && echo "with room, the run completes with the same lock"

# A store that cannot be written to serves who needs nothing new of it.
cp r.yaml again.yaml
cp r.lock again.lock
mount -o remount,ro "$work/disk"
./assay run again.yaml --store disk/store >read-only.log 2>&1 || { cat read-only.log; exit 1; }
grep -q 'everything is up to date' read-only.log && echo "a read-only store is enough for what is made"
