#!/usr/bin/env bash
# Fails if the assembly of the kernels is not what its generator makes.
set -euo pipefail
cd "$(dirname "$0")/../steps/kit/kernel/f32"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
(cd gen && go vet . && go run . "$made")
for file in asm_amd64.s asm_arm64.s stubs_amd64.go stubs_arm64.go; do
  diff -q "$made/$file" "$file" >/dev/null || {
    echo "steps/kit/kernel/f32/$file is not what gen makes: cd steps/kit/kernel/f32/gen && go run ."; exit 1; }
done
echo "the assembly is what its generator makes"
