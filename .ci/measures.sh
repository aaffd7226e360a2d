#!/usr/bin/env bash
# Measures, intervals and adjusted p values against scikit-learn, scipy and statsmodels, on
# random and degenerate inputs, to 1e-12.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${ASSAY_VENV:-$HOME/.cache/assay-ci/measures}
if ! "$venv/bin/python" -c 'import sklearn, scipy, statsmodels' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet scikit-learn scipy statsmodels
fi
cases=$(mktemp)
trap 'rm -f "$cases"' EXIT
"$venv/bin/python" .ci/measures.py "$cases" 1000
ASSAY_MEASURES=$cases go test -count=1 -run 'TestAgainst' ./steps/kit/measure ./steps/kit/bootstrap
"$venv/bin/python" -c 'import sklearn, scipy, statsmodels as s
print("scikit-learn", sklearn.__version__, "scipy", scipy.__version__, "statsmodels", s.__version__)'
