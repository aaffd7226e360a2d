#!/bin/sh
# Checks that no rewrite of a table by pandas, polars, DuckDB or pyarrow changes a
# score: the tables of the quick recipe are rewritten in many ways, a model is
# trained and scored on each, and metrics.json must be the same to the bit.
#
#   .ci/rewrites.sh ASSAY STORE      STORE has the results of recipes/quick.yaml
set -eu
if [ $# -ne 2 ]; then
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
assay=$1 store=$2 recipe=$here/../recipes/quick.yaml
. "$here/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$here/.."
"$assay" export "$recipe" validate.index "$work/index" --store "$store" >/dev/null
"$assay" export "$recipe" features.windows "$work/windows" --store "$store" >/dev/null
"$python" "$here/rewrites.py" "$assay" "$work"
