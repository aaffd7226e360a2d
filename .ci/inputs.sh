#!/usr/bin/env bash
# Tries small inputs that others wrote, each with its right answer.
#
#   .ci/inputs.sh ASSAY [FOLDER]
#
# FOLDER lies beside the repository by default; without it there is nothing to do.
set -euo pipefail
assay=$(realpath "$1")
folder=${2:-$(dirname "$0")/../../shared/inputs/data}
[ -d "$folder" ] || { echo "skipped: no folder $folder"; exit 0; }
folder=$(realpath "$folder")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# try NAME CODE WORDS RECIPE: run a recipe; want an exit code and words it says.
try() {
  local code=0
  printf '%s\n' "$4" >r.yaml
  "$assay" run r.yaml >said 2>&1 || code=$?
  if [ "$code" != "$2" ] || ! grep -qE -- "$3" said; then
    printf '%s: exit code %s, want %s and "%s":\n' "$1" "$code" "$2" "$3"
    cat said
    exit 1
  fi
  echo "$1: as it should be"
}
score() {
  try "$1" "$2" "$3" "{sources: {p: $folder/$1, s: $folder/assignment}, steps: {eval: {uses: eval, in: {predictions: p, split: s}}}}"
}
train() {
  try "$1" "$2" "$3" "{sources: {w: $folder/$1, s: $folder/assignment}, steps: {gbt: {uses: train/gbt, with: {view: oracle}, in: {windows: w, split: s}}}}"
}
score predictions-whole 0 'ran 1 node'
score predictions-tie 0 'ran 1 node'
score predictions-twice 1 'rows 0 and 12 .* are both of the window'
score predictions-null-phase 1 'column phase: null where a value is needed'
train windows-pandas-index 0 'ignored: "__index_level_0__"'
train windows-decimal 0 'ran 1 node'
try assignment-empty-pandas 1 'is not in the split' \
  "{sources: {w: $folder/windows-decimal, s: $folder/assignment-empty-pandas}, steps: {gbt: {uses: train/gbt, with: {view: oracle}, in: {windows: w, split: s}}}}"
try store 0 'accepted 3, rejected 1|rejected 1, accepted 3' \
  "{sources: {c: $folder/store}, steps: {validate: {uses: validate, in: {episodes: c}}}}"
