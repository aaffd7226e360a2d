#!/usr/bin/env bash
# Opens a report in Chromium: nothing on the console, nothing wider than the window at 1280 and 400 px,
# contrast of WCAG AA in light and dark, everything within reach of the keyboard, and paper of
# A4 that cuts nothing off. Then LaTeX sets its tables, and pandas reads its CSV files.
#
#   .ci/report.sh ASSAY STORE [RECIPE]    the report of a recipe that was run: the quick one by default
#
# With ASSAY_PICTURES set to a folder, pictures of the page and the PDF are kept there.
# docs/report.sh makes the picture of the documentation in this way.
set -euo pipefail
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
assay=$(realpath "$1") store=$(realpath "$2") recipe=${3:-recipes/quick.yaml}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/.."

has() { command -v "$1" >/dev/null; }
install() { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
has chromium || install chromium
"$assay" export "$recipe" report.page "$work/page" --store "$store" >/dev/null
(cd "$here/browser" && REPORT=$work/page/report.html PICTURES=${ASSAY_PICTURES:-} go test -count=1 .)

has kpsewhich && kpsewhich booktabs.sty >/dev/null || install texlive-latex-base texlive-latex-recommended || { echo "skipped: no LaTeX"; exit 0; }
{
  printf '\\documentclass[a3paper,landscape]{article}\n\\usepackage[margin=5mm]{geometry}\n\\usepackage{booktabs}\n'
  printf '\\begin{document}\\tiny\n'
  for table in "$work"/page/*.tex; do printf '\\input{%s}\n\n' "$table"; done
  printf '\\end{document}\n'
} >"$work/tables.tex"
(cd "$work" && pdflatex -halt-on-error -interaction=nonstopmode tables.tex >log) || { tail -n 30 "$work/log"; exit 1; }
echo "LaTeX set $(ls "$work"/page/*.tex | wc -l) tables"

tools=report packages="pandas>=2"
. "$here/python.sh"
"$python" - "$work"/page/*.csv <<'END'
import sys
import pandas
for path in sys.argv[1:]:
    table = pandas.read_csv(path)
    assert len(table) > 0, path
    for column in ("macro_f1", "f1", "difference"):
        assert column not in table or table[column].dtype.kind == "f", (path, column)
    print(path.rsplit("/", 1)[1], *table.shape)
END
