#!/bin/sh
# Checks that ONNX Runtime predicts with exported models as the models themselves do.
#
#   .ci/onnx.sh                          networks and boosted trees with random weights
#   .ci/onnx.sh ASSAY STORE [RECIPE]     and every model of summaries of a recipe that was run
#
# ASSAY is the binary, STORE where it keeps what it made, RECIPE is the quick one by default.
# Python's packages go to a virtual environment in the user's cache, made at the first call.
set -eu
if [ $# -eq 1 ] || [ $# -gt 3 ]; then
	sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
tools=onnx packages='onnx>=1.17 onnxruntime>=1.20 numpy>=1.26 pyarrow>=16'
. "$here/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

mkdir "$work/made"
(cd "$here/.." && ASSAY_ONNX_DIR=$work/made go test -count=1 -run '^TestDump$' ./steps/kit/model/onnx >/dev/null)
"$python" "$here/onnx.py" "$work/made"
[ $# -gt 0 ] || exit 0

assay=$1 store=$2 recipe=${3:-$here/../recipes/quick.yaml}
show() { "$assay" show "$recipe" "$@" --store "$store"; }

mkdir "$work/windows"
n=0
for part in $(show features.windows | sed -n 's/^[0-9a-f]\{64\}  \(.*\.parquet\)$/\1/p'); do
	n=$((n + 1))
	show "features.windows/$part" >"$work/windows/$n.parquet"
done
nodes=$(show | sed -n 's/^\([^ ]*\) *train\/\(gbt\|mlp\)@.*/\1/p')
[ -n "$nodes" ] || { echo "no train/gbt or train/mlp in $recipe" >&2; exit 1; }
for node in $nodes; do
	mkdir -p "$work/predictions"
	show "$node.predictions/predictions.parquet" >"$work/predictions/predictions.parquet"
	"$assay" export --onnx "$work/model.onnx" "$recipe" "$node.model" --store "$store" --force >/dev/null
	printf '%s: ' "$node"
	"$python" "$here/onnx.py" "$work/model.onnx" "$work/predictions" "$work/windows"
done
