#!/bin/sh
# Compares assay's channels, summaries, tensors, masks, labels, episode vectors and profiles (curves and envelopes) with the
# original's, bit for bit (the slope within its own gate), over the corpus and over made-up stores.
#
#   .ci/golden.sh [REFERENCE]
#
# REFERENCE is the folder with the original's golden.py and synth.py; it is not part of this repository and lies beside
# it by default. Needs Debian's python3-numpy and python3-zstandard. ASSAY_GOLDEN_SEEDS and ASSAY_GOLDEN_CLEAN name the seeds
# of the messy and of the clean stores, ASSAY_GOLDEN_EPISODES the episodes of a profile on each of a messy store's four
# hosts. The original takes nearly all of the time, about an eighth of a second an episode.
set -eu
cd "$(dirname "$0")/.."
reference=${1:-../shared/reference/python}
if [ ! -f "$reference/golden.py" ] || [ ! -f "$reference/synth.py" ]; then
	echo "golden: skipped, the original is not at $reference (name its folder: .ci/golden.sh REFERENCE)"
	exit 0
fi
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import numpy, zstandard' 2>/dev/null; then
	apt-get update -qq && apt-get install -y -qq python3-numpy python3-zstandard >/dev/null
fi
export PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# A level of the instruction set that has fused multiply-add must not change a bit. go build runs anywhere; the tests of
# level 3 run only where the CPU has it.
levels=v1
if grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo && grep -qw bmi2 /proc/cpuinfo; then
	levels="v1 v3"
fi
for level in $levels; do
	for package in episode signal profile; do
		GOAMD64=$level go test -c -o "$work/$package-$level.test" "./steps/kit/$package"
	done
done

# compare NAME STORE: makes the golden arrays of a store and runs the tests on them.
compare() {
	echo "golden: $1"
	"$python" "$reference/golden.py" "$2" "$work/golden-$1" >"$work/$1.log" || { cat "$work/$1.log"; exit 1; }
	for level in $levels; do
		echo "golden: $1, GOAMD64=$level"
		for package in signal profile; do
			(cd "steps/kit/$package" && ASSAY_GOLDEN_STORE=$2 ASSAY_GOLDEN_DIR=$work/golden-$1 \
				"$work/$package-$level.test" -test.run '^TestGoldenStore$' -test.v)
		done
	done
	rm -rf "$work/golden-$1"
}

seeds=${ASSAY_GOLDEN_SEEDS:-"1 2 3 4 5 6 7 8 9 10"}
episodes=${ASSAY_GOLDEN_EPISODES:-2}
for seed in $seeds; do
	"$python" "$reference/synth.py" --out "$work/messy-$seed" --hosts 4 --per-profile "$episodes" --seed "$seed" >/dev/null
	compare "messy-$seed" "$work/messy-$seed"
	rm -rf "$work/messy-$seed"
	"$python" .ci/golden_rows.py "$reference" "$seed" 20000 "$work/rows.txt"
	for level in $levels; do
		(cd steps/kit/episode && ASSAY_GOLDEN_ROWS=$work/rows.txt "$work/episode-$level.test" -test.run '^TestRows$' -test.v)
	done
done
clean=${ASSAY_GOLDEN_CLEAN:-"11 12 13"}
for seed in $clean; do
	"$python" "$reference/synth.py" --out "$work/clean-$seed" --hosts 2 --per-profile "$episodes" --seed "$seed" --clean >/dev/null
	compare "clean-$seed" "$work/clean-$seed"
	rm -rf "$work/clean-$seed"
done
compare corpus "$PWD/testdata/corpus"
echo "golden: all equal"
