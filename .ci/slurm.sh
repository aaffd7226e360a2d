#!/usr/bin/env bash
# Runs recipes on a real Slurm cluster of two nodes on this machine, and breaks it in many ways:
# each fault must end in the right result or a clear error, nothing that had finished may run
# twice, and no job may be left in the queue. Installs Debian's packages; skipped without the
# right to.
# Usage: .ci/slurm.sh [assay]
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
if ! command -v slurmctld > /dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || { echo "skipped: no Slurm here, and no right to install it"; exit 0; }
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; }
  { apt-get update && apt-get install -y --no-install-recommends slurmctld slurmd slurm-client munge; } > /dev/null 2>&1 ||
    { echo "skipped: Slurm's packages cannot be installed"; exit 0; }
fi
[ "$(id -u)" = 0 ] || { echo "skipped: a cluster on one machine needs root"; exit 0; }

work=$(mktemp -d /tmp/assay-slurm-XXXXXX)
stop() {
  [ -z "${head:-}" ] || kill -9 "$head" 2> /dev/null || true # of a fault that did not end
  "$repo/.ci/slurm/down.sh" "$work/slurm"
  # What a killed slurmd left behind goes on by itself.
  for pid in $(pgrep -f "$work/.*exec-step" || true); do kill -9 "$pid" 2> /dev/null || true; done
  umount "$work/disk" 2> /dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap stop EXIT
assay=${1:-}
if [ -z "$assay" ]; then assay=$work/assay; CGO_ENABLED=0 go build -o "$assay" ./cmd/assay; fi
assay=$(realpath "$assay")
eval "$(.ci/slurm/up.sh "$work/slurm" 2 8)"

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
die() { say "FAILED: $*"; tail -n 40 "$work/log" 2> /dev/null || true; squeue -t all -r | tail -n 20; exit 1; }
await() { # DESCRIPTION COMMAND…: waits until the command succeeds
  local i
  for i in $(seq 400); do "${@:2}" > /dev/null 2>&1 && return 0; sleep 0.1; done
  die "waited in vain: $1"
}
idle() { [ -z "$(squeue -h -t PD,R,CG)" ]; }
nodes_up() { [ "$(sinfo -h -N -o %t | grep -cE '^(idle|mix|alloc)$')" = 2 ]; }
arrays() { squeue -h -t all -o %F | sort -u | wc -l; }

# The profile asks often, since the gate is in a hurry.
cat > "$work/site.yaml" << YAML
poll: 1s
grace: 2s
beat: 1s
submissions: 600
tiny: 0s
group: 0s
steps: {shards: {together: 25}}
YAML
mkdir "$work/project"
ln -s "$repo/testdata" "$work/project/testdata"
cp recipes/quick.yaml "$repo"/.ci/slurm/*.yaml "$work/project/"
cd "$work/project"
run() { "$assay" run "$@" --executor slurm --profile "$work/site.yaml"; }

# Jobs of faults.yaml wait for the file go of a fault. starts tells how often each began.
fault() { # NAME: a fresh folder for a fault
  at=$work/faults/$1
  mkdir -p "$at"
  : > "$at/starts"
}
begin() { # not by the function run: $! must be the head itself
  "$assay" run faults.yaml work --set params.at="$at" --executor slurm --profile "$work/site.yaml" "$@" > "$work/log" 2>&1 &
  head=$!
}
begun() { [ "$(sort -u "$at/starts" | wc -l)" -ge "$1" ]; }
once() { # every job began once, but for those named
  local twice
  twice=$(sort "$at/starts" | uniq -d | tr '\n' ' ')
  [ "$twice" = "${1:-}" ] || die "began twice: '$twice', expected '${1:-}'"
}
again() { grep -q 'trying again, 1 of 3' "$(ls -t .assay/runs/*/events.jsonl | head -n 1)"; }
ended() { wait "$head" || die "the run failed"; await "the queue is empty" idle; }
on() { # NODE: the jobs that run there
  local pid
  for pid in $(pgrep -f "$work/.*exec-step"); do
    if grep -qzx "SLURMD_NODENAME=$1" "/proc/$pid/environ" 2> /dev/null; then echo "$pid"; fi
  done
}
parents() { local pid; for pid in "$@"; do awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status"; done | sort -u; } # of jobs: slurmstepd

# What needs no fault of the cluster runs beside quick.yaml, each with a log of its own.
beside() { # NAME COMMAND…: fails if the command does
  local name=$1
  (log=$work/log-$name; "${@:2}" > "$log" 2>&1 || { cp "$log" "$work/log"; die "$name"; }) &
  besides+=($!)
}
flaky() {
  run faults.yaml flaky --set params.at="$at"
  [ "$(wc -l < "$at/starts")" = 3 ] || die "$(wc -l < "$at/starts") tries"
  grep -q 'attempt 2 of 3 failed' "$log" || die "it does not say that it tried again"
}
greedy() {
  run faults.yaml greedy && die "too much memory was allowed"
  grep -q 'more memory than it asked for' "$log" || die "memory is not explained"
}
impossible() {
  run faults.yaml impossible && die "an impossible request was accepted"
  grep -q 'refused by Slurm.*step impossible asks for' "$log" || die "an impossible request is not explained"
}
full() {
  run faults.yaml big --store "$work/disk/store" && die "the disk was not full"
  grep -qi 'no space left on device' "$log" || die "a full disk is not explained"
  mount -o remount,size=400m "$work/disk"
  run faults.yaml big --store "$work/disk/store"
}
besides=()
fault twice
beside "a step that fails twice" flaky
beside "memory over the limit" greedy
beside "memory_growth" run faults.yaml growing
beside "an impossible request" impossible
mkdir "$work/disk"
if mount -t tmpfs -o size=80m tmpfs "$work/disk" 2> /dev/null; then
  beside "a full disk" full
else
  say "a full disk: skipped, no right to mount"
fi

run quick.yaml > "$work/log" 2>&1 || die "quick.yaml"
cmp quick.lock "$repo/recipes/quick.lock" || die "another lock than the local one"
say "quick.yaml on two nodes: the same lock"
for pid in "${besides[@]}"; do wait "$pid" || exit 1; done
say "a step that fails twice, memory over its limit, memory_growth, an impossible request, a full disk: as they should end"

mkdir -p many/h
tee many/h/{1..4000}.tar.zst < "$(ls -S "$repo"/testdata/corpus/*/*.tar.zst | tail -n 1)" > /dev/null
before=$(arrays)
run shards.yaml > "$work/log" 2>&1 || die "500 shards"
[ $(($(arrays) - before)) = 1 ] || die "$(($(arrays) - before)) arrays for 500 shards"
grep -q '500 of 500 shards' "$work/log" || die "not 500 shards"
say "500 shards: one array"

fault stop; begin; await "four jobs run" begun 4
kill $head; wait $head && die "an interrupted run succeeded"
await "its jobs are cancelled" idle
say "a stopped run: no job is left"

fault detach; begin --detach; await "four jobs run" begun 4
kill $head; wait $head && die "an interrupted run succeeded"
[ "$(squeue -h -t R | wc -l)" = 4 ] || die "--detach did not leave the jobs"
"$assay" status --profile "$work/site.yaml" > "$work/status"
[ "$(grep -c running "$work/status")" = 4 ] || { cat "$work/status"; die "status"; }
begin; sleep 1; touch "$at/go"; ended; once
say "--detach leaves the jobs, and the same command line finds them"

fault head; begin; await "four jobs run" begun 4
kill -9 $head; wait $head 2> /dev/null || true
begin; sleep 1; touch "$at/go"; ended; once
say "kill -9 of the head: the next one goes on, nothing began twice"

fault two; begin; first=$head; begin; await "four jobs run" begun 4; sleep 1
touch "$at/go"; ended; head=$first; ended; once
say "two heads: each job ran once"

fault job; begin; await "four jobs run" begun 4
victim=$(pgrep -f "$work/.*exec-step" | head -n 1)
kill -9 "$victim"; pkill -9 -P "$victim" || true
await "the job is tried again" again
touch "$at/go"; ended
[ "$(sort "$at/starts" | uniq -d | wc -l)" = 1 ] || die "not one job alone was tried again"
say "kill -9 of one job: it alone ran again"

fault controller; begin; await "four jobs run" begun 4
kill -9 "$(cat "$work/slurm/slurmctld.pid")"; sleep 3
touch "$at/go"
wait "$head" || die "the run failed"
once
# The controller forgot the newest jobs, and gives their numbers again. A slurmd that remembers
# these would drain itself at the next job: that is for the administrators.
for n in n1 n2; do kill -9 "$(cat "$work/slurm/slurmd-$n.pid")"; done
slurmctld -f "$SLURM_CONF"
for n in n1 n2; do slurmd -N $n -f "$SLURM_CONF"; done
await "both nodes are back" nodes_up
await "the queue is empty" idle
say "kill -9 of slurmctld: the run does not mind"

fault node; begin; await "four jobs run" begun 4
victims=$(on n1)
[ "$(wc -w <<< "$victims")" = 2 ] || die "not two jobs on n1: $victims"
kill -9 "$(cat "$work/slurm/slurmd-n1.pid")" $(parents $victims) $victims
await "the jobs of the node are tried again" again
touch "$at/go"; ended
[ "$(sort "$at/starts" | uniq -d | wc -l)" = 2 ] || die "not the jobs of the dead node alone ran again: $(sort "$at/starts" | uniq -c)"
say "kill -9 of a node: its jobs alone ran again"
slurmd -N n1 -f "$SLURM_CONF"; await "the node is back" nodes_up

fault orphans; begin; await "four jobs run" begun 4
kill -9 "$(cat "$work/slurm/slurmd-n2.pid")" $(parents $(on n1) $(on n2))
sleep 2; touch "$at/go"; ended; once
say "kill -9 of slurmd and every slurmstepd: the jobs go on by themselves, and count"
slurmd -N n2 -f "$SLURM_CONF"; await "the node is back" nodes_up

await "the queue is empty" idle
left=$(find .assay/cluster -mindepth 1 -maxdepth 1 -not -name bin | wc -l)
[ "$left" = 0 ] || die "$left folders of jobs are left in the store"
"$assay" fsck > "$work/log" 2>&1 || die "fsck"
say "no job is left in the queue or in the store, which is whole"
