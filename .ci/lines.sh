#!/usr/bin/env bash
# Fails on a line of Go that is over 120 columns wide, a tab being four. Texts do
# not count, since they are better searched for whole, nor do tests, and the
# tables and generated files named below.
set -euo pipefail
cd "$(dirname "$0")/.."
tables='steps/kit/channel/channels.go|steps/synth/programs.go|cmd/assay/hints.go|cmd/assay/internal/diagram/svg.go|steps/kit/kernel/f32/stubs_[a-z0-9]*.go'
found=$(git ls-files '*.go' | grep -v _test.go | grep -vE "^($tables)$" | xargs awk '{
  line = $0; gsub(/\t/, "    ", line); gsub(/"([^"\\]|\\.)*"/, "\"\"", line); gsub(/`[^`]*`/, "``", line)
  if (length(line) > 120) print FILENAME ":" FNR ": " length(line) " columns" }')
[ -z "$found" ] || { printf 'over 120 columns:\n%s\n' "$found"; exit 1; }
