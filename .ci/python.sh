# Read by other scripts with ". python.sh": makes a virtual environment, once, and sets
# $python. A script may set $tools, its name, and $packages before; else it is one with
# the tools that read and write Parquet.
tools=${tools:-tables}
packages=${packages:-pyarrow>=16 pandas>=2 duckdb>=1 polars>=1}
venv="${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci/$tools"
if [ ! -e "$venv/ready" ]; then
	python3 -m venv "$venv"
	# shellcheck disable=SC2086
	"$venv/bin/pip" install --quiet --disable-pip-version-check $packages
	touch "$venv/ready"
fi
python="$venv/bin/python"
