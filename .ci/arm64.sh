#!/usr/bin/env bash
# Runs the tests of the kernels, of random convolutions, of trees, of figures and of live
# detection, and the small recipe of the tests, under emulation, as arm64 binaries, and compares the recipe's
# lock with the one made natively. The trees of amd64 v3 are compared, too.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v qemu-aarch64-static >/dev/null; then
  apt-get update -qq && apt-get install -y -qq qemu-user-static >/dev/null
fi
command -v zstd >/dev/null || { apt-get update -qq && apt-get install -y -qq zstd >/dev/null; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/native" ./cmd/assay
GOARCH=arm64 go build -o "$work/arm64" ./cmd/assay
for room in kernel kernel/f32 kernel/i8 model/gbt model/knn model/rocket figure live; do
  GOARCH=arm64 go test -c -o "$work/kernel.test" "./steps/kit/$room"
  (cd "steps/kit/$room" && qemu-aarch64-static "$work/kernel.test" -test.short)
done
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then
  GOAMD64=v3 go test -run 'Golden|Reference' ./steps/kit/model/gbt
fi
for host in testdata/corpus/*/; do
  mkdir -p "$work/corpus/$(basename "$host")"
  for f in $(ls "$host"*.tar.zst | head -n 14); do cp "$f" "$f.sha256" "$work/corpus/$(basename "$host")/"; done
done
cp cmd/assay/testdata/small.yaml "$work/r.yaml"
(cd "$work" && ./native run r.yaml --store native.store >/dev/null 2>&1)
(cd "$work" && qemu-aarch64-static ./arm64 verify r.yaml --store arm64.store)

# A live detector says what the recipe predicted, of every family, and the same on both.
GOARCH=arm64 go test -c -o "$work/live.test" ./steps
(cd steps && qemu-aarch64-static "$work/live.test" -test.run DetectSays)
mkdir "$work/episode"
(cd "$work/episode" && zstd -dc "$(find ../corpus/lab-d4 -name '*.tar.zst' | sort | head -n 1)" | tar -x)
cd "$work"
detect=(detect r.yaml 'gbt[hold=host-lab-d4,view=realistic]' --follow episode --store native.store)
./native "${detect[@]}" >native.jsonl
qemu-aarch64-static ./arm64 "${detect[@]}" >arm64.jsonl
[ -s native.jsonl ]
cmp native.jsonl arm64.jsonl
