#!/bin/sh
# Checks that ONNX Runtime predicts with exported models as the models themselves do.
#
#   .ci/onnx.sh                          networks, trees and a regression that are made up
#   .ci/onnx.sh ASSAY STORE [RECIPE]     and every model of a recipe that was run: the quick one by
#                                        default, and then those of onnx.yaml, which it runs
#
# ASSAY is the binary, STORE where it keeps what it made. Python's packages go to a virtual
# environment in the user's cache, made at the first call.
set -eu
if [ $# -eq 1 ] || [ $# -gt 3 ]; then
	sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
tools=onnx packages='onnx>=1.17 onnxruntime>=1.20 numpy>=1.26'
. "$here/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

test_go() { (cd "$here/.." && go test -count=1 -run "^$1\$" ./steps/kit/model/onnx >"$work/log" || { cat "$work/log"; exit 1; }); }

mkdir "$work/made"
ASSAY_ONNX_DIR=$work/made test_go TestDump
"$python" "$here/onnx.py" "$work/made"
[ $# -gt 0 ] || exit 0

# check RECIPE STEP...: the models of some steps.
check() {
	recipe=$1
	shift
	run=$(mktemp -d "$work/run.XXXXXX")
	export_() { "$assay" export "$@" --store "$store" >/dev/null; }
	export_ "$recipe" features.windows "$run.windows"
	for node in "$@"; do
		mkdir "$run/$node"
		export_ --onnx "$run/$node.onnx" "$recipe" "$node"
		export_ "$recipe" "$node.model" "$run/$node/model"
		export_ "$recipe" "$node.predictions" "$run/$node/predictions"
		split=split$(printf %s "$node" | sed -n 's/.*\(\[hold=[^],]*\).*/\1]/p')
		export_ "$recipe" "$split.assignment" "$run/$node/split"
		ln -s "$run.windows" "$run/$node/windows"
	done
	ASSAY_ONNX_RUN=$run ASSAY_ONNX_EPISODES=$here/../testdata/corpus test_go TestTrained
	"$python" "$here/onnx.py" "$run"
}

assay=$(realpath "$1") store=$(realpath "$2")
trained() { "$assay" show "$1" --store "$store" | sed -n 's/^\([^ ]*\) *train\/[a-z]*@.*/\1/p'; }
if [ $# -eq 3 ]; then
	check "$3" $(trained "$3")
	exit 0
fi
cd "$here/.."
check recipes/quick.yaml $(trained recipes/quick.yaml)
cp .ci/onnx.yaml "$work/onnx.yaml" # its lock is written beside it
"$assay" run "$work/onnx.yaml" --store "$store" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
check "$work/onnx.yaml" logistic mlp cnn gru lstm transformer
