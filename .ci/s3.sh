#!/usr/bin/env bash
# Remotes on two real servers: versitygw, a gateway to a file system that checks signatures, and gofakes3, which
# is anybody's. Push, wipe, pull, verify; a cold run with a warm remote trains nothing; damage, denial, a hanging
# server, a push that is killed. Then the speed beside a bare copy.
# The servers are built once, into ASSAY_S3_SERVERS (by default a folder of the user's caches).
# Usage: .ci/s3.sh [ASSAY]
set -euo pipefail
cd "$(dirname "$0")/.."
servers=${ASSAY_S3_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/assay-s3-servers}
mkdir -p "$servers"
for of in versitygw:github.com/versity/versitygw/cmd/versitygw@v1.8.0 \
  gofakes3:github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0; do
  [ -x "$servers/${of%%:*}" ] || (cd "$servers" && GOFLAGS=-mod=mod GOBIN=$servers go install "${of#*:}")
done

work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT
assay=$(realpath "${1:-$work/assay}")
[ -n "${1:-}" ] || CGO_ENABLED=0 go build -o "$assay" ./cmd/assay
export AWS_ACCESS_KEY_ID=AKIDCI AWS_SECRET_ACCESS_KEY=secret-of-ci HOME=$work/home
export GOPATH=${GOPATH:-$(HOME=~ go env GOPATH)} GOCACHE=${GOCACHE:-$(HOME=~ go env GOCACHE)}
mkdir -p "$work/home" "$work/posix/lab"

fails() { echo "failed: $*"; exit 1; }
# want FILE PATTERN…: every pattern is in the file.
want() { local f=$1 p; shift; for p in "$@"; do grep -qE -- "$p" "$f" || { cat "$f"; fails "no \"$p\""; }; done; }
lack() { ! grep -qE -- "$2" "$1" || { cat "$1"; fails "\"$2\" is there"; }; }
port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }

one=$(port)
ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
  "$servers/versitygw" --port "127.0.0.1:$one" --quiet posix "$work/posix" >"$work/one.log" 2>&1 & pids+=($!)
two=$(port)
"$servers/gofakes3" -host "127.0.0.1:$two" -backend memory -initialbucket lab >"$work/two.log" 2>&1 & pids+=($!)
for p in $one $two; do
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null && break; sleep 0.05; done
done

run() { # run LOG ARGS…: assay with quick.yaml, whose outputs go to a folder of this script
  local log=$1; shift
  "$assay" "$@" >"$log" 2>&1 || { cat "$log"; fails "assay $*"; }
}
here=$work/here
run "$work/log" verify recipes/quick.yaml --store "$here"

for server in "versitygw $one" "gofakes3 $two"; do
  set -- $server
  at=s3+http://127.0.0.1:$2/lab/ci
  echo "== $1: push, wipe, pull, verify"
  run "$work/log" push recipes/quick.yaml --store "$here" --remote "$at"
  want "$work/log" '^pushed [0-9]+ results'
  run "$work/log" push --store "$here" --remote "$at"
  want "$work/log" 'sent 0 objects|the rest was there'
  run "$work/log" pull recipes/quick.yaml --store "$work/$1-pull" --remote "$at"
  run "$work/log" verify recipes/quick.yaml --store "$work/$1-pull"
  lack "$work/log" '^run '
  run "$work/log" fsck --store "$work/$1-pull"
  run "$work/log" pull recipes/quick.lock --store "$work/$1-lock" --remote "$at"

  echo "== $1: a cold run with a warm remote"
  run "$work/log" verify recipes/quick.yaml --store "$work/$1-cold" --remote "$at"
  lack "$work/log" '^run '
  want "$work/log" '^verified: ' '^remote: found [0-9]+ results'
  run "$work/log" plan recipes/quick.yaml --store "$work/$1-lazy" --remote "$at"
  want "$work/log" 'everything is up to date'
  n=$(find "$work/$1-lazy/blobs" -type f | wc -l)
  all=$(find "$work/$1-cold/blobs" -type f | wc -l)
  [ $((2 * n)) -lt "$all" ] || fails "plan fetched $n of $all blobs"

  echo "== $1: what it can do"
  run "$work/log" doctor --store "$here" --remote "$at"
  for word in read list write ranges delete; do want "$work/log" "^remote: $word +ok"; done
done

echo "== anyone reads what is public, as S3 and as plain files"
for at in "s3+http://127.0.0.1:$two/lab/ci" "http://127.0.0.1:$two/lab/ci"; do
  env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY "$assay" verify recipes/quick.yaml --store "$work/anyone-${at%%:*}" \
    --remote "$at" >"$work/log" 2>&1 || { cat "$work/log"; fails anyone; }
  lack "$work/log" '^run '
done

at=s3+http://127.0.0.1:$one/lab/ci
blobs=$work/posix/lab/ci/blobs
echo "== damage: another byte, cut short, gone; what made it runs here, and mends the remote"
list=$("$assay" show recipes/quick.yaml features.windows --store "$here" | cut -c1-64)
set -- $list
printf X | dd of="$blobs/${1:0:2}/$1" bs=1 seek=100 conv=notrunc 2>/dev/null
truncate -s 50 "$blobs/${2:0:2}/$2"
rm "$blobs/${3:0:2}/$3"
run "$work/log" verify recipes/quick.yaml --store "$work/damage" --remote "$at"
want "$work/log" 'warning: file [0-9a-f]+ in the remote is damaged' 'warning: the remote lacks file' '^run +features' '^verified: '
lack "$work/log" '^run +validate'
run "$work/log" verify recipes/quick.yaml --store "$work/mended" --remote "$at"
lack "$work/log" '^run |warning'

echo "== denial: an explicit verb fails with a remedy, a run warns once"
for verb in push pull; do
  ! AWS_SECRET_ACCESS_KEY=wrong "$assay" $verb recipes/quick.yaml --store "$here" --remote "$at" >"$work/log" 2>&1 || fails "$verb"
  want "$work/log" 'denies it \(403' 'AWS_ACCESS_KEY_ID'
  lack "$work/log" 'secret-of-ci|wrong'
done
AWS_SECRET_ACCESS_KEY=wrong run "$work/log" plan recipes/quick.yaml --store "$work/denied" --remote "$at"
[ "$(grep -c '^warning' "$work/log")" = 1 ] || { cat "$work/log"; fails "want one warning"; }

echo "== a server that says nothing costs seconds"
python3 -c '
import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(99); print(s.getsockname()[1], flush=True); time.sleep(600)' >"$work/mute" & pids+=($!)
for _ in $(seq 100); do [ -s "$work/mute" ] && break; sleep 0.05; done
began=$SECONDS
run "$work/log" plan recipes/quick.yaml --store "$work/muted" --remote "s3+http://127.0.0.1:$(cat "$work/mute")/lab/x"
want "$work/log" 'warning: the remote .* cannot be used, and is not asked again' 'will run'
[ $((SECONDS - began)) -lt 30 ] || fails "it took $((SECONDS - began)) s"

echo "== a push that is killed goes on"
at=s3+http://127.0.0.1:$one/lab/killed
there() { find "$work/posix/lab/killed/$1" -type f 2>/dev/null | wc -l; }
"$assay" push --store "$here" --remote "$at" >"$work/log" 2>&1 & p=$!
for _ in $(seq 2000); do [ "$(there blobs)" -lt 40 ] || break; sleep 0.01; done
kill -9 $p; wait $p 2>/dev/null || true
before=$(there blobs)
[ "$(there actions)" = 0 ] || fails "a record came before its blobs"
run "$work/log" push --store "$here" --remote "$at"
sent=$(grep -oE 'sent [0-9]+' "$work/log" | cut -c6-)
total=$(($(there blobs) + $(there actions)))
echo "   $before blobs were there, $sent of $total objects were sent after that"
[ "$before" -ge 40 ] && [ "$sent" -le $((total - before + 16)) ] || fails "it sent again what was there"
run "$work/log" verify recipes/quick.yaml --store "$work/resumed" --remote "$at"
lack "$work/log" '^run '

[ -n "${ASSAY_S3_BENCH:-}" ] || { echo "== no problems  [$SECONDS s]"; exit 0; }
echo "== beside a bare copy with minio-go: above 1 ours takes longer"
for p in $one $two; do
  ASSAY_BENCH_REMOTE=s3+http://127.0.0.1:$p/lab go test -run XXX -bench Copy -benchtime 1x ./bench/remote | grep Benchmark
done
echo "== no problems  [$SECONDS s]"
