#!/usr/bin/env bash
# Measures, intervals and adjusted p values against scikit-learn, scipy and statsmodels, on
# random and degenerate inputs, to 1e-12.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=measures packages="scikit-learn scipy statsmodels"
. .ci/python.sh
cases=$(mktemp)
trap 'rm -f "$cases"' EXIT
"$python" .ci/measures.py "$cases" 300
ASSAY_MEASURES=$cases go test -count=1 -run 'TestAgainst' ./steps/kit/measure ./steps/kit/bootstrap
"$python" -c 'import sklearn, scipy, statsmodels
print("scikit-learn", sklearn.__version__, "scipy", scipy.__version__, "statsmodels", statsmodels.__version__)'
