#!/usr/bin/env bash
# Trains all five networks with other numbers of cores, other kernels and binaries
# for other processors, arm64 under emulation among them. Each must make the models
# and predictions whose digests are in the lock of the first run.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v qemu-aarch64-static >/dev/null; then
  apt-get update -qq && apt-get install -y -qq qemu-user-static >/dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { GOARCH=$1 GOAMD64=$2 go build -o "$work/$3" ./cmd/assay; }
build amd64 v1 v1
build amd64 v3 v3
build arm64 v1 arm64
for host in testdata/corpus/*/; do
  mkdir -p "$work/corpus/$(basename "$host")"
  for f in $(ls "$host"*.tar.zst | head -n 8); do cp "$f" "$f.sha256" "$work/corpus/$(basename "$host")/"; done
done
cp cmd/assay/testdata/nets.yaml "$work/r.yaml"
cd "$work"

# same NAME COMMAND: the command makes what the lock says, from nothing.
same() {
  local name=$1 began=$SECONDS
  shift
  "$@" --store store >log 2>&1 || { echo "$name:"; cat log; exit 1; }
  grep -q '^done  transformer' log || { echo "$name: nothing was trained"; cat log; exit 1; }
  rm -rf store
  echo "$name: the same  [$((SECONDS - began)) s]"
}

same "the lock" ./v1 run r.yaml
digests=$(grep -cE ' (mlp|cnn|gru|lstm|transformer)\.(model|predictions) ' r.lock)
[ "$digests" = 10 ] || { echo "the lock has $digests digests of networks, want 10: this check is broken"; exit 1; }
for n in 1 2 3; do
  same "GOMAXPROCS=$n, $n cores for each step" env GOMAXPROCS=$n ./v1 verify r.yaml -j $n --set params.cores=$n
done
same "one processor, three workers" env GOMAXPROCS=1 ./v1 verify r.yaml -j 3 --set params.cores=3
same "plain kernels" env ASSAY_KERNEL=plain ./v1 verify r.yaml
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then
  same "avx2 kernels" env ASSAY_KERNEL=avx2 ./v1 verify r.yaml
  same "GOAMD64=v3" ./v3 verify r.yaml
  same "GOAMD64=v3, plain kernels" env ASSAY_KERNEL=plain ./v3 verify r.yaml
else
  echo "skipped: avx2 and GOAMD64=v3, which this processor does not have"
fi
# Plain kernels take minutes under emulation; .ci/arm64.sh compares them with NEON's.
same "arm64" qemu-aarch64-static ./arm64 verify r.yaml --set params.cores=2 -j 2

# The comparison can fail: another seed is another network.
sed 's/hidden: 32,/hidden: 32, seed: 2,/' r.yaml >other.yaml
cp r.lock other.lock
if ./v1 verify other.yaml --store store >log 2>&1; then echo "another seed was not noticed: this check is broken"; exit 1; fi
grep -q 'gru.model' log || { cat log; exit 1; }

# Kernels that there are not are a mistake, and no reason to take others.
rm -rf store
if ASSAY_KERNEL=nonsense ./v1 run r.yaml --store store >log 2>&1; then echo "ASSAY_KERNEL=nonsense was not refused"; exit 1; fi
grep 'ASSAY_KERNEL=nonsense: this machine has no such kernels' log | tail -n 1
