#!/usr/bin/env bash
# Stops what up.sh started below a folder, by the files with the numbers of the processes.
# Usage: down.sh DIR
dir=$(realpath -m "$1")
for signal in TERM KILL; do
  for file in "$dir"/slurmd-*.pid "$dir"/slurmctld.pid "$dir"/munge/pid; do
    [ -s "$file" ] && kill -s "$signal" "$(cat "$file")" 2>/dev/null
  done
  sleep 0.3
done
true
