#!/bin/sh
# Checks that XGBoost itself reads the models of train/gbt and predicts the same.
#
#   .ci/xgboost.sh ASSAY STORE [RECIPE]          every train/gbt of a recipe that was run
#   .ci/xgboost.sh MODEL PREDICTIONS WINDOWS     one, its artifacts being folders
#
# ASSAY is the binary, STORE where it keeps what it made, RECIPE is the quick one
# by default. Python's packages go to a virtual environment in the user's cache,
# made at the first call.
set -eu

# The two forms differ in what comes first: a program or a folder.
if [ $# -lt 2 ] || [ $# -gt 3 ] || { [ -d "$1" ] && [ $# -ne 3 ]; }; then
	sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)

venv="${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci/xgboost"
if [ ! -e "$venv/ready" ]; then
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check 'numpy>=1.26,<3' 'scipy>=1.11,<2' 'pyarrow>=16'
	# Without its dependencies: one of them is 300 MB of GPU library that no
	# prediction on a CPU needs.
	"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps 'xgboost>=2,<4'
	touch "$venv/ready"
fi
if [ -d "$1" ]; then
	exec "$venv/bin/python" "$here/xgboost.py" "$1" "$2" "$3"
fi

assay=$1 store=$2 recipe=${3:-$here/../recipes/quick.yaml}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
show() { "$assay" show "$recipe" "$@" --store "$store"; }

mkdir "$work/windows"
n=0
for part in $(show features.windows | sed -n 's/^[0-9a-f]\{64\}  \(.*\.parquet\)$/\1/p'); do
	n=$((n + 1))
	show "features.windows/$part" >"$work/windows/$n.parquet"
done
nodes=$(show | sed -n 's/^\([^ ]*\) *train\/gbt@.*/\1/p')
[ -n "$nodes" ] || { echo "no train/gbt in $recipe" >&2; exit 1; }
for node in $nodes; do
	mkdir -p "$work/model" "$work/predictions"
	show "$node.model/model.json" >"$work/model/model.json"
	show "$node.predictions/predictions.parquet" >"$work/predictions/predictions.parquet"
	printf '%s: ' "$node"
	"$venv/bin/python" "$here/xgboost.py" "$work/model" "$work/predictions" "$work/windows"
done
