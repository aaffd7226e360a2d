# Read by other scripts with ". python.sh": makes a virtual environment with the
# tools that read and write Parquet, once, and sets $python.
venv="${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci/tables"
if [ ! -e "$venv/ready" ]; then
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check 'pyarrow>=16' 'pandas>=2' 'duckdb>=1' 'polars>=1'
	touch "$venv/ready"
fi
python="$venv/bin/python"
