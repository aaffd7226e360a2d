#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time. go test now and then
# ends a run in which nothing was found with "context deadline exceeded": that is
# about its own clock, and no input was written, so it counts as well.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do
  for target in $(grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | cut -c6-); do
    printf '%s %s: ' "$(dirname "$file")" "$target"
    if ! go test -vet=off -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 1x "$(dirname "$file")" >"$log" 2>&1; then
      if grep -q 'Failing input written' "$log" || ! grep -q 'context deadline exceeded' "$log"; then
        echo "failed"; cat "$log"; exit 1
      fi
    fi
    { grep -oE 'execs: [0-9]+' "$log" || echo "no time but for what is known"; } | tail -n 1
  done
done
