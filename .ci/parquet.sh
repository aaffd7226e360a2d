#!/bin/sh
# Checks that DuckDB, pandas and pyarrow open every table as it is, and find the
# same names, types, rows and values in it, and those that the CSV and JSON files
# beside it tell of.
#
#   .ci/parquet.sh ASSAY STORE [RECIPE]     the tables of a recipe that was run
#   .ci/parquet.sh FOLDER                   tables that are there already
#
# ASSAY is the binary, STORE where it keeps what it made, RECIPE is the quick one
# by default. FOLDER holds a folder for each artifact, NODE.OUTPUT. Python's
# packages go to a virtual environment in the user's cache, made at the first call.
set -eu

if [ $# -lt 1 ] || [ $# -gt 3 ]; then
	sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)

venv="${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci/parquet"
if [ ! -e "$venv/ready" ]; then
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check 'pyarrow>=16,<24' 'pandas>=2,<3' 'duckdb>=1,<2'
	touch "$venv/ready"
fi
if [ $# -eq 1 ]; then
	exec "$venv/bin/python" "$here/parquet.py" "$1"
fi

assay=$1 store=$2 recipe=${3:-$here/../recipes/quick.yaml}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# The nodes of each kind that makes a table, and of eval, which counts one. The
# last word of a line of "show" is its last artifact; names are taken from the
# node's own page, "NODE.OUTPUT digest, n files". A "=" in the name of a folder
# would be taken for a partition of the table.
"$assay" show "$recipe" --store "$store" | sed -n 's/^\([^ ]*\)  *\(validate\|features\|split\|train\/[a-z]*\|eval\)@.*/\1/p' |
	while read -r node; do
		"$assay" show "$recipe" "$node" --store "$store" | sed -n 's/^\([^ ]*\) [0-9a-f]\{64\}, [0-9]* files\{0,1\}$/\1/p' |
			while read -r artifact; do
				"$assay" export "$recipe" "$artifact" "$work/$(printf %s "$artifact" | tr = :)" --store "$store" >/dev/null 2>&1 ||
					{ echo "$artifact cannot be exported; run the recipe first" >&2; exit 1; }
			done
	done
"$venv/bin/python" "$here/parquet.py" "$work"
