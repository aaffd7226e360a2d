#!/usr/bin/env bash
# Makes docs/report.png: the top of the paper's report in Chromium, after it was looked at.
#
#   docs/report.sh ASSAY STORE [RECIPE]    STORE has the results of the recipe, the paper's by default
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ASSAY_PICTURES=$work "$here/../.ci/report.sh" "$1" "$2" "${3:-recipes/paper.yaml}"
mv "$work/report.png" "$here/report.png"
