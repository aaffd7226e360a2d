#!/usr/bin/env bash
# Reads many randomly damaged episodes: nothing may panic or take much memory,
# and every verdict but "accepted" needs a reason.
# Usage: .ci/mutations.sh [NUMBER]    200,000 unless said
set -euo pipefail
cd "$(dirname "$0")/.."
ASSAY_MUTATIONS=${1:-200000} go test -count=1 -timeout 60m -run '^TestMutations$' -v ./steps/validate
