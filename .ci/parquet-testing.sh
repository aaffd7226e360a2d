#!/bin/sh
# Reads every Parquet file below a folder with assay's reader and with pyarrow, and
# compares them column by column. Made for github.com/apache/parquet-testing.
#
#   .ci/parquet-testing.sh FOLDER [MEGABYTES]
#
# A line for each file: equal, refused (by assay, with the reason, whole or some
# columns), alone (pyarrow cannot read it), DIFFERS, PANIC or MEMORY. The last three
# fail; so does a file of bad_data/ that only assay reads. MEGABYTES is what reading
# one file may take, 512 unless said.
set -eu
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
. "$here/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
(cd "$here/.." && go test -c -o "$work/parquet.test" ./steps/kit/parquet)
"$python" "$here/parquet-testing.py" "$work/parquet.test" "$folder" "${2:-512}"
