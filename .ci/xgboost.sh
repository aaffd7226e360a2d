#!/bin/sh
# Checks that assay and XGBoost read each other's models and predict the same.
#
#   .ci/xgboost.sh                               models of several releases of XGBoost, both ways
#   .ci/xgboost.sh ASSAY STORE [RECIPE]          the same, and every train/gbt of a recipe that was run
#   .ci/xgboost.sh MODEL PREDICTIONS WINDOWS     one, its artifacts being folders
#
# ASSAY is the binary, STORE where it keeps what it made, RECIPE is the quick one
# by default. Python's packages go to virtual environments in the user's cache,
# made at the first call. The table has a line for each release and model: margins
# of 20,000 rows with missing values are equal to the bit, or the model is refused
# for a reason. Anything else fails.
set -eu

if [ $# -eq 1 ] || [ $# -gt 3 ] || { [ $# -gt 0 ] && [ -d "$1" ] && [ $# -ne 3 ]; }; then
	sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci"
latest=3.2.0
releases="${ASSAY_XGBOOST:-1.7.6 2.1.4 $latest}" # 3.0.5 and 3.1.3 read what these read

# python RELEASE prints the interpreter that has it. The package for CPUs has no
# library of 300 MB for GPUs; before 2.1 there is none, and none is needed then.
python() {
	venv="$cache/xgboost-$1"
	if [ ! -e "$venv/ready" ]; then
		name=xgboost-cpu
		case $1 in 1.*) name=xgboost ;; esac
		rm -rf "$venv"
		python3 -m venv "$venv"
		"$venv/bin/pip" install --quiet --disable-pip-version-check \
			'numpy>=1.26,<2' 'scipy>=1.11,<1.14' 'scikit-learn>=1.4,<1.6' 'pyarrow>=16,<20'
		"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$name==$1"
		touch "$venv/ready"
	fi
	echo "$venv/bin/python"
}

if [ $# -eq 3 ] && [ -d "$1" ]; then
	exec "$(python $latest)" "$here/xgboost.py" "$1" "$2" "$3"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# Both ways, for each release: it trains, assay reads and saves, it reads that.
sets() {
	dir="$work/$1"
	mkdir "$dir"
	py=$(python "$1")
	OMP_NUM_THREADS=1 PYTHONWARNINGS=ignore "$py" "$here/xgboost_sets.py" make "$dir" 2>"$work/said" ||
		{ cat "$work/said" >&2; return 1; }
	ASSAY_XGBOOST="$dir" "$work/gbt.test" -test.run '^TestXGBoost$' -test.v >"$work/said" 2>&1 ||
		{ cat "$work/said" >&2; return 1; }
	sed -n 's/^ *xgboost_test.go:[0-9]*: //p' "$work/said"
	ASSAY_XGBOOST="$dir" "$work/shap.test" -test.run '^TestXGBoost$' -test.v >"$work/said" 2>&1 ||
		{ cat "$work/said" >&2; return 1; }
	sed -n "s/^ *xgboost_test.go:[0-9]*: /$1    explained                    /p" "$work/said"
	OMP_NUM_THREADS=1 PYTHONWARNINGS=ignore "$py" "$here/xgboost_sets.py" check "$dir" || return 1
	rm -rf "$dir"
}
(cd "$here/.." && go test -c -o "$work/gbt.test" ./steps/kit/model/gbt &&
	go test -c -o "$work/shap.test" ./steps/kit/model/gbt/shap)
for release in $releases; do sets "$release"; done
[ $# -ge 2 ] || exit 0

assay=$1 store=$2 recipe=${3:-$here/../recipes/quick.yaml}
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
	"$(python $latest)" "$here/xgboost.py" "$work/model" "$work/predictions" "$work/windows"
done

# A model that was trained without assay: a source, predict, eval.
"$(python $latest)" "$here/xgboost_train.py" "$work/windows" "$work/model/model.json"
cat >"$work/foreign.yaml" <<EOF
name: foreign
extends: $(cd "$(dirname "$recipe")" && pwd)/$(basename "$recipe")
sources: {theirs: $work/model/model.json}
steps:
  foreign: {uses: predict, matrix: split, in: {model: theirs, windows: features.windows, split: split.assignment}}
  foreign-eval: {uses: eval, matrix: split, in: {predictions: foreign.predictions, split: split.assignment, windows: features.windows}}
outputs: null
EOF
"$assay" run "$work/foreign.yaml" foreign-eval --store "$store" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
for node in $("$assay" show "$work/foreign.yaml" --store "$store" | sed -n 's/^\([^ ]*\) *predict@.*/\1/p'); do
	"$assay" show "$work/foreign.yaml" "$node.predictions/predictions.parquet" --store "$store" \
		>"$work/predictions/predictions.parquet"
	printf '%s: ' "$node"
	"$(python $latest)" "$here/xgboost.py" "$work/model" "$work/predictions" "$work/windows"
done
