#!/usr/bin/env bash
# Runs the tests of what shares memory among goroutines under the race detector: the
# engine, the store, the verbs, the kinds as the engine calls them, and every package of
# the domain that starts goroutines or keeps locks. The rest cannot race.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v gcc >/dev/null; then echo "skipped: no C compiler"; exit 0; fi
shared=$(grep -rlE --include='*.go' '"sync(/atomic)?"|x/sync/|\bgo (func\b|[a-z][A-Za-z.]*\()' steps | xargs -n1 dirname | sort -u)
[ "$(wc -w <<<"$shared")" -gt 9 ] || { echo "no package shares memory: this check is broken"; exit 1; }
CGO_ENABLED=1 go test -race -short -timeout 30m ./engine/... ./artifacts/... ./cmd/... $(sed 's,^,./,' <<<"$shared")
